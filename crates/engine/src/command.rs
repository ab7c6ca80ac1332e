//! What a person, or a policy acting for one, may ask of the engine.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    approval_terms::ApprovalTerms,
    event_types::{Gate, PauseMode},
    late_start::{CatchUpChoice, ExcusedTask},
    task_state::TaskState,
    trading_state::TradingState,
};
use planning::{
    plan::{StageIx, TaskIx},
    workflow::TaskPriority,
};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person at a console or a command line, by name.
    Operator(String),
    /// A rule of the program acting for a person, by name: `simulated-approver`.
    Policy(String),
}

/// The first words that name a part of the program in records, and so no operator.
const RESERVED: [&str; 4] = ["engine", "policy", "agent", "signal"];

impl Actor {
    /// Returns whether an operator may not have this name, because records use it for a part of the
    /// program: `engine`, `policy …`, `agent …`, `signal …`.
    #[must_use]
    pub fn is_reserved_name(name: &str) -> bool {
        let first = name.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        first.is_some_and(|first| RESERVED.iter().any(|word| word.eq_ignore_ascii_case(first)))
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(name) => f.pad(name),
            Self::Policy(name) => f.pad(&format!("policy {name}")),
        }
    }
}

/// A command with who gives it and why.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandRequest {
    /// Given once; the same id a second time is answered as the first time was and does nothing.
    pub id: u64,
    /// Who.
    pub by: Actor,
    /// Why, if they say. Some commands demand it.
    pub reason: Option<String>,
    /// What.
    pub command: Command,
}

/// How far a retry reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryScope {
    /// The task alone; what it blocked frees itself.
    Task,
    /// The task, and whatever downstream of it ended badly by itself (missed, failed, cancelled).
    #[serde(rename = "with_blocked")]
    WithDownstream,
}

/// What the truth about an effect in doubt turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It happened; the evidence is named.
    Happened {
        /// An external reference: a broker's order id.
        evidence: String,
    },
    /// It provably did not happen; the task may be tried again under the same key.
    DidNotHappen,
    /// Nobody will find out; the task is given up and its key stays burned.
    #[serde(rename = "abandoned")]
    GaveUp,
}

/// What is asked. Targets are places in the plan, never rows of a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Command {
    /// Close a gate.
    Pause {
        /// Which.
        gate: Gate,
        /// What it stops.
        mode: PauseMode,
        /// When it opens by itself.
        until: Option<DateTime<Utc>>,
    },
    /// Open a gate.
    Resume {
        /// Which.
        gate: Gate,
    },
    /// Hold a waiting task back.
    Hold {
        /// Which.
        task: TaskIx,
    },
    /// Let a held task wait like any other again.
    Release {
        /// Which.
        task: TaskIx,
    },
    /// Try a failed task again; a retrying one at once.
    Retry {
        /// Which.
        task: TaskIx,
        /// How far.
        scope: RetryScope,
    },
    /// Try every failed or timed-out task of a stage again.
    #[serde(rename = "retry_failed")]
    RetryStage {
        /// Which stage.
        stage: StageIx,
    },
    /// Do a finished task again, as a new generation.
    Rerun {
        /// Which.
        task: TaskIx,
    },
    /// Start a waiting task before its window opens; all else still holds.
    RunNow {
        /// Which.
        task: TaskIx,
    },
    /// Start a task though some of its conditions do not hold.
    Force {
        /// Which.
        task: TaskIx,
        /// What exactly is waived.
        waivers: Vec<Waiver>,
    },
    /// Open a stage and start its tasks though conditions do not hold.
    ForceStage {
        /// Which.
        stage: StageIx,
        /// What exactly is waived, for each of its tasks.
        waivers: Vec<Waiver>,
    },
    /// Decide that a task will not run.
    Skip {
        /// Which.
        task: TaskIx,
        /// Whether dependants may go on as if it had succeeded.
        satisfies: bool,
    },
    /// Take a skip back.
    Unskip {
        /// Which.
        task: TaskIx,
    },
    /// Stop a task, or call it off.
    Cancel {
        /// Which.
        task: TaskIx,
    },
    /// Say that a task that ended badly is done after all. Taints what follows.
    #[serde(rename = "set_ok")]
    SetCompleted {
        /// Which.
        task: TaskIx,
    },
    /// Say that a task's result is wrong. Taints what used it.
    SetFailed {
        /// Which.
        task: TaskIx,
    },
    /// Answer an approval.
    Approve {
        /// Which.
        task: TaskIx,
        /// For which part of it.
        #[serde(default, skip_serializing_if = "ApprovalTerms::is_empty")]
        terms: ApprovalTerms,
    },
    /// Answer an approval.
    Reject {
        /// Which.
        task: TaskIx,
    },
    /// Say what became of an effect in doubt.
    Resolve {
        /// Which.
        task: TaskIx,
        /// What was found.
        finding: Resolution,
    },
    /// Ask the outside now what became of an effect in doubt.
    Probe {
        /// Which.
        task: TaskIx,
    },
    /// Do what is decided about each task of a run that is taken up, and go on.
    Recover {
        /// Whether the engine is paused at once: nothing new starts until somebody resumes.
        paused: bool,
    },
    /// Give a task that has not started another priority.
    SetPriority {
        /// Which.
        task: TaskIx,
        /// The new one.
        priority: TaskPriority,
    },
    /// Say what becomes of work that was missed because the run began, or went on, late.
    CatchUp {
        /// Which of the four choices this is.
        choice: CatchUpChoice,
        /// What is caught up, though its window is over: never what has an effect.
        tasks: Vec<TaskIx>,
        /// What is excused, and why. With `tasks` it holds every missed task.
        left: Vec<ExcusedTask>,
    },
    /// Close positions: start the task that stands ready for it.
    Flatten {
        /// The one position to close; all of them where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        symbol: Option<String>,
    },
    /// End the run: call off what waits, stop what runs.
    CancelRun,
    /// Be the one operator whose acts beyond the brakes are taken. Takes over from whoever was.
    Arm,
    /// Let nobody be that operator.
    Disarm,
    /// Say that an alert was seen.
    Acknowledge {
        /// The number of the event that raised it.
        alert: u64,
    },
    /// Make the trading state stricter: less may be sent, or nothing.
    #[serde(rename = "tighten")]
    TightenTrading {
        /// To which state.
        to: TradingState,
    },
    /// Make the trading state looser, one rung below KILLED at a time.
    #[serde(rename = "rearm")]
    ReEnableTrading {
        /// To which state.
        to: TradingState,
    },
}

impl Command {
    /// Returns the command in the form that the hash of a preview covers: its recorded form, which
    /// does not change with the names in the code.
    pub(crate) fn canonical_text(&self) -> String {
        canonical_text(self)
    }
}

/// Returns the canonical text of a value: JSON with the fields in the order of their declaration.
pub(crate) fn canonical_text(value: &impl Serialize) -> String {
    // Commands and waivers have no map with keys other than text, the only thing JSON refuses.
    serde_json::to_string(value).unwrap_or_else(|error| format!("not JSON: {error}"))
}

/// One condition a person may set aside when forcing. What is not here is never waivable: slots,
/// the kill switch, an effect in doubt upstream of an effectful task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiver {
    /// The window has not opened, or has closed.
    Window,
    /// A dependency has not succeeded. Taints.
    Dependency(TaskIx),
    /// A dependency's result is too old. Taints.
    Freshness(TaskIx),
    /// A pause of the engine (not a halt), of the stage or of the agent.
    #[serde(rename = "gate")]
    Pause(Gate),
    /// The agent's breaker is open.
    Breaker,
    /// The `when` condition does not hold.
    Condition,
    /// A person holds it.
    Hold,
    /// All attempts are used up.
    Attempts,
    /// It is on demand, and no operator has asked for it yet.
    OnDemand,
}

/// Why a command does nothing, what state things are in, and what would apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}: {why}{}", remedy.as_deref().map(|r| format!("; {r}")).unwrap_or_default())]
pub struct CommandRefusal {
    /// The target and its state: `risk_assessment is COMPLETED`.
    pub what: String,
    /// The target task's state, when the target is a task.
    pub state: Option<TaskState>,
    /// Why the verb does not apply.
    pub why: String,
    /// Which verb does: `rerun it to have it done again`.
    pub remedy: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_preview_covers_the_recorded_form() {
        let command = Command::TightenTrading { to: TradingState::ReduceOnly };
        assert_eq!(command.canonical_text(), r#"{"verb":"tighten","to":"REDUCE_ONLY"}"#);
        let command = Command::Skip { task: TaskIx(3), satisfies: true };
        assert_eq!(command.canonical_text(), r#"{"verb":"skip","task":3,"satisfies":true}"#);
    }
}
