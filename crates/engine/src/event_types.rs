//! The envelope of an event, and the small words events are told in: causes, clocks, gates, ends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{command::Actor, event::Event};
use planning::plan::{AgentIx, StageIx, TaskIx};

/// A fact with its place in the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// Position in the run, from 1, without gaps.
    pub seq: u64,
    /// When it became known, UTC.
    pub at: DateTime<Utc>,
    /// Ties together what belongs together: one task's generation, or one command.
    pub corr: CorrelationId,
    /// The fact.
    pub event: Event,
}

/// Correlation id of an event; equal for the events of one generation of one task, or of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CorrelationId(pub u64);

impl CorrelationId {
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

impl std::fmt::Display for CorrelationId {
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
    #[serde(rename = "set_ok")]
    SetByOperator,
    /// It was in doubt, and evidence showed it happened.
    Reconciled,
}

/// Why a failed task is not tried again by the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRetryReason {
    /// The failure is of a kind that repeats itself: bad input, permission, refusal.
    NonRetryable,
    /// All attempts are used up.
    AttemptsExhausted,
    /// The next attempt would start after the window closes.
    #[serde(rename = "deadline")]
    PastDeadline,
    /// The agent's answer was no valid result.
    BadOutput,
    /// The task must not happen twice, and this attempt provably did nothing.
    NotIdempotent,
    /// The run has used up its automatic retries for now: too much fails at once.
    BudgetExhausted,
    /// The program ended too often while it was at work.
    RecoveryExhausted,
    /// A person said so.
    Operator,
}

/// A no to what a task asked. What it asked about is not done; the day goes on without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRejection {
    /// Who said no; nobody when it is silence that did.
    pub by: Option<Actor>,
    /// Why, in their words (unsafe to print), if they said; of silence, how long it lasted.
    pub reason: Option<String>,
}

/// The clock that ended a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeoutCause {
    /// Waited too long for a slot; no attempt existed.
    Queue,
    /// The attempt took too long.
    Run,
    /// The window closed while it waited for a retry.
    StageClose,
    /// The run stood still for too long.
    Workflow,
}

/// Why a task was decided not to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A person said so.
    Operator,
    /// Its `when` does not hold.
    Condition,
    /// Its `when` asks for a field that the result does not have.
    MissingField,
    /// A task it needs was itself skipped without satisfying it.
    Upstream,
    /// Its stage closed with `on_close: cancel_rest`, or the day ended.
    Superseded,
    /// It is on demand, and nobody asked for it.
    NotNeeded,
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
    /// No new task starts but CRITICAL ones; running tasks finish.
    Drain,
    /// As `Drain`, and running pure tasks that are not CRITICAL are cancelled.
    #[serde(rename = "soft_stop")]
    CancelPure,
    /// The word `halt` of journals written before *halt* meant a trading state alone. A gate closed
    /// by it is paused as by `Drain`; the command halts trading. The word is kept as it was recorded,
    /// because the audit trail of such a run is verified against its journal. Nothing writes it anew.
    #[serde(rename = "halt")]
    RecordedHalt,
}

/// How loud an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
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
pub enum RunEnd {
    /// Every task succeeded or was skipped as planned.
    Completed,
    /// Every required task did; some other did not, or a question was answered with no.
    CompletedWithIssues,
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
    /// A person asserts that an attempt in doubt had no effect.
    #[serde(rename = "proven_absent")]
    OperatorResolved,
    /// The outside, asked once things had settled, knows nothing of an attempt in doubt.
    #[serde(rename = "found_absent")]
    ProbeFoundNothing,
    /// An attempt that was lost with its program did a part of its work at most; the rest is still to do.
    FoundUnfinished,
}
