//! What can happen in a run: facts, past tense, in an envelope.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    answer::{Failure, Outcome},
    command::{Actor, Command, Refusal, Waiver},
};
use crate::{
    definition::TaskPriority,
    plan::{AgentIx, Plan, StageIx, TaskIx},
};

/// A fact with its place in the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Position in the run, from 1, without gaps.
    pub seq: u64,
    /// When it became known, UTC.
    pub at: DateTime<Utc>,
    /// Ties together what belongs together: one task's generation, or one command.
    pub corr: Corr,
    /// The fact.
    pub event: Event,
}

/// Correlation id of an event; equal for the events of one generation of one task, or of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corr(pub u64);

impl Corr {
    /// Of the run as a whole.
    pub const RUN: Self = Self(0);

    /// Of one generation of one task.
    #[must_use]
    pub const fn task(task: TaskIx, generation: u32) -> Self {
        #[expect(clippy::as_conversions, reason = "u32 to u64 in a const fn loses nothing")]
        Self(1 << 40 | (generation as u64 & 0xff) << 32 | task.0 as u64)
    }

    /// Of a command, by the number of the event that recorded it.
    #[must_use]
    pub const fn command(seq: u64) -> Self {
        Self(2 << 40 | (seq & 0xff_ffff_ffff))
    }
}

impl std::fmt::Display for Corr {
    /// Four to six hexadecimal digits: `t` and the task, `c` and the command, or `run`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let low = self.0 & 0xffff_ffff;
        match self.0 >> 40 {
            0 => f.pad("run"),
            1 => f.pad(&format!("t{low:02x}.{}", self.0 >> 32 & 0xff)),
            _ => f.pad(&format!("c{:x}", self.0 & 0xff_ffff_ffff)),
        }
    }
}

/// How a task came to be COMPLETED.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// An agent did it in this run.
    Ran,
    /// A person approved.
    Approved,
    /// A person said it is done.
    SetOk,
    /// It was in doubt, and evidence showed it happened.
    Reconciled,
}

/// Why a failed task is not tried again by the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRetry {
    /// The failure is of a kind that repeats itself: bad input, permission, refusal.
    NonRetryable,
    /// All attempts are used up.
    AttemptsExhausted,
    /// The next attempt would start after the window closes.
    Deadline,
    /// The agent's answer was no valid result.
    BadOutput,
    /// The task must not happen twice, and this attempt provably did nothing.
    NotIdempotent,
    /// A person said so.
    Operator,
    /// A person rejected it.
    Rejected,
}

/// The clock that ended a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Waited too long for a slot; no attempt existed.
    Queue,
    /// The attempt took too long.
    Run,
    /// The window closed while it waited for a retry, or for a person.
    StageClose,
    /// The run stood still for too long.
    Workflow,
}

/// Why a task was decided not to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipWhy {
    /// A person said so.
    Operator,
    /// Its `when` does not hold.
    Condition,
    /// A task it needs was itself skipped without satisfying it.
    Upstream,
    /// Its stage closed with `on_close: cancel_rest`, or the day ended.
    Superseded,
}

/// What closes a part of the engine to new starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Every task.
    Engine,
    /// The tasks of a stage.
    Stage(StageIx),
    /// The tasks of an agent.
    Agent(AgentIx),
}

/// What a closed gate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseMode {
    /// Nothing new starts but CRITICAL tasks; what runs may end.
    Drain,
    /// As `Drain`, and running pure tasks are cancelled.
    SoftStop,
    /// The kill switch: nothing starts at all, pure tasks are cancelled, effectful ones are asked to stop.
    Halt,
}

/// How loud an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must look.
    Critical,
}

/// How a whole day ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayEnd {
    /// Every task succeeded or was skipped as planned.
    Completed,
    /// Every required task did; some other did not.
    CompletedWithIssues,
}

/// A fact about a run. Past tense; never a wish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run began with this plan.
    WorkflowStarted {
        /// What will be done.
        plan: Arc<Plan>,
    },
    /// The run ended, all required work done.
    WorkflowCompleted {
        /// How well.
        end: DayEnd,
    },
    /// The run ended, and required work was not done.
    WorkflowFailed {
        /// What was not done, or why the run was given up.
        why: String,
    },
    /// A person ended the run.
    WorkflowCancelled,

    /// A stage opened.
    StageStarted {
        /// Which.
        stage: StageIx,
    },
    /// Every task of a stage ended, all required ones well.
    StageCompleted {
        /// Which.
        stage: StageIx,
        /// How many of its tasks ended badly, required or not.
        issues: u32,
    },
    /// A stage ended with a required task not done.
    StageFailed {
        /// Which.
        stage: StageIx,
        /// How many of its tasks ended badly.
        issues: u32,
    },
    /// A stage's window closed before any of its tasks started.
    StageMissed {
        /// Which.
        stage: StageIx,
    },
    /// A stage is open, nothing of it is active, and nothing can start without a person.
    StageStuck {
        /// Which.
        stage: StageIx,
    },
    /// A stuck stage moves again.
    StageUnstuck {
        /// Which.
        stage: StageIx,
    },
    /// A person forced a stage open past its window.
    StageForced {
        /// Which.
        stage: StageIx,
        /// What was waived.
        waivers: Vec<Waiver>,
    },

    /// Everything a task waits for is there but a slot.
    TaskQueued {
        /// Which.
        task: TaskIx,
    },
    /// What a queued task waited for is no longer there.
    TaskUnqueued {
        /// Which.
        task: TaskIx,
    },
    /// An agent was asked to work on a task.
    TaskStarted {
        /// Which.
        task: TaskIx,
        /// Which attempt of this generation, from 1. An answer must carry it.
        attempt: u32,
    },
    /// A task succeeded; its last word.
    TaskCompleted {
        /// Which.
        task: TaskIx,
        /// How it came to be.
        provenance: Provenance,
        /// What it gave.
        outcome: Box<Outcome>,
    },
    /// One round of a monitoring loop ended well; another follows.
    TaskTicked {
        /// Which.
        task: TaskIx,
        /// What the round gave.
        outcome: Box<Outcome>,
        /// When the next round may start.
        next_at: DateTime<Utc>,
    },
    /// One round of a monitoring loop failed for good; another follows all the same.
    TaskRoundFailed {
        /// Which.
        task: TaskIx,
        /// What went wrong.
        failure: Box<Failure>,
        /// Failed rounds in a row, this one included.
        in_a_row: u32,
        /// When the next round may start.
        next_at: DateTime<Utc>,
    },
    /// An attempt failed and another will follow. Never the last word on a task.
    TaskRetrying {
        /// Which.
        task: TaskIx,
        /// The attempt that failed.
        attempt: u32,
        /// What went wrong.
        failure: Box<Failure>,
        /// When the next attempt may start.
        retry_at: DateTime<Utc>,
    },
    /// A task failed; its last word unless a person retries it.
    TaskFailed {
        /// Which.
        task: TaskIx,
        /// What went wrong.
        failure: Box<Failure>,
        /// Why no other attempt follows.
        why: NoRetry,
    },
    /// A clock ended a task.
    TaskTimedOut {
        /// Which.
        task: TaskIx,
        /// Which clock.
        clock: Clock,
    },
    /// Whether an attempt had its effect is not known. Blocks dependants; never tried again blindly.
    TaskInDoubt {
        /// Which.
        task: TaskIx,
        /// Why it is not known.
        failure: Box<Failure>,
    },
    /// An agent was asked to stop.
    TaskCancelling {
        /// Which.
        task: TaskIx,
    },
    /// A task was stopped, or called off before it started.
    TaskCancelled {
        /// Which.
        task: TaskIx,
        /// Whether the agent said that it stopped; true when none was at work.
        confirmed: bool,
    },
    /// A task was decided not to run.
    TaskSkipped {
        /// Which.
        task: TaskIx,
        /// Why.
        why: SkipWhy,
        /// Whether dependants may go on as if it had succeeded.
        satisfies: bool,
    },
    /// A task cannot run, since something it needs ended badly. Lifts by itself when that changes.
    TaskUpstreamFailed {
        /// Which.
        task: TaskIx,
        /// What it needs.
        culprit: TaskIx,
    },
    /// A task's window closed before it started.
    TaskMissed {
        /// Which.
        task: TaskIx,
    },
    /// A person holds a task back.
    TaskHeld {
        /// Which.
        task: TaskIx,
        /// Who and why, in words.
        by: String,
    },
    /// A held task waits like any other again.
    TaskReleased {
        /// Which.
        task: TaskIx,
    },
    /// A task waits anew: retried by a person, freed by its upstream, or run again.
    TaskReset {
        /// Which.
        task: TaskIx,
        /// Why.
        cause: ResetCause,
    },
    /// A person waived conditions of a task.
    TaskForced {
        /// Which.
        task: TaskIx,
        /// What was waived.
        waivers: Vec<Waiver>,
    },
    /// A task got another priority.
    TaskPrioritySet {
        /// Which.
        task: TaskIx,
        /// The new one.
        priority: TaskPriority,
    },
    /// An agent reported how far it is; for display only.
    TaskProgress {
        /// Which.
        task: TaskIx,
        /// The attempt.
        attempt: u32,
        /// Per cent done, 0 to 100.
        percent: u8,
        /// In words.
        note: String,
    },
    /// An answer came for an attempt that is no longer running. Changes nothing.
    LateResult {
        /// Which task.
        task: TaskIx,
        /// The attempt that answered.
        attempt: u32,
        /// What it said, in a line.
        said: String,
    },

    /// A gate closed.
    GateClosed {
        /// Which.
        gate: Gate,
        /// What it stops.
        mode: PauseMode,
        /// When it opens by itself, if it does.
        until: Option<DateTime<Utc>>,
        /// Who closed it and why, in words.
        by: String,
    },
    /// A gate opened.
    GateOpened {
        /// Which.
        gate: Gate,
    },
    /// An agent failed at a task, or failed to answer.
    AgentError {
        /// Which agent.
        agent: AgentIx,
        /// At which task.
        task: TaskIx,
        /// In a line.
        error: String,
        /// Failures inside the breaker's window, this one included.
        recent: u32,
    },
    /// An agent failed too often and gets no work for a while.
    BreakerOpened {
        /// Which agent.
        agent: AgentIx,
        /// When one task may probe it.
        until: DateTime<Utc>,
    },
    /// An agent with an open breaker may be probed with one pure task.
    BreakerHalfOpened {
        /// Which agent.
        agent: AgentIx,
    },
    /// An agent with an open breaker works again.
    BreakerClosed {
        /// Which agent.
        agent: AgentIx,
    },

    /// Something somebody should know.
    SystemAlert {
        /// How loud.
        severity: Severity,
        /// A stable word for the kind of alert: `loop_failing`, `stage_stuck`, `pause_forgotten`, …
        code: String,
        /// In words.
        text: String,
    },
    /// Something happened in the market.
    MarketEvent {
        /// A stable word for the kind: `open`, `close`, `vix`, `halt`, `fomc_statement`, …
        code: String,
        /// In words.
        text: String,
    },
    /// A person's (or another machine's) command was accepted.
    OperatorActed {
        /// The command's id; a second command with it does nothing.
        id: u64,
        /// Who.
        by: Actor,
        /// What.
        command: Box<Command>,
        /// Why, if they said.
        reason: Option<String>,
    },
    /// A command was refused; nothing changed.
    CommandRefused {
        /// Who.
        by: Actor,
        /// What.
        command: Box<Command>,
        /// What state things are in, why it does not apply, and what does.
        refusal: Refusal,
    },
}

/// Why a task waits anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetCause {
    /// A person retried it.
    Retry,
    /// A person wants a finished task done again; a new generation.
    Rerun,
    /// What it needs no longer stands in its bad state.
    UpstreamChanged,
    /// A person took a skip back.
    Unskip,
    /// A gate closed, or what it waited for went, between two attempts.
    Requeued,
    /// Evidence shows that an attempt in doubt had no effect.
    ProvenAbsent,
}
