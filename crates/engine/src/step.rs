//! What the engine is told, and what it says follows: facts to be recorded, and then work to be done.

use super::{
    command::{CommandRefusal, CommandRequest},
    event::Event,
    event_types::{AlertSeverity, RecordedEvent},
    outcome::{AttemptOutcome, ProbeResult},
    run_state::RunState,
    trading_state::TighteningRequest,
};
use planning::{plan::TaskIx, workflow::EffectClass};

/// Something the engine is told.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineInput {
    /// Time has passed; whatever is due is decided.
    Tick,
    /// An agent ended an attempt. Dropped, but recorded, when that attempt no longer lives.
    AttemptEnded {
        /// Which task.
        task: TaskIx,
        /// Which attempt: the one of the event that started it.
        attempt: u32,
        /// What it says.
        answer: AttemptOutcome,
    },
    /// An agent says how far it is.
    Progress {
        /// Which task.
        task: TaskIx,
        /// Which attempt.
        attempt: u32,
        /// Per cent done.
        percent: u8,
        /// In words.
        note: String,
    },
    /// The outside says what became of an effect in doubt.
    Probed {
        /// Which task.
        task: TaskIx,
        /// Which probe: the one of the event that asked.
        probe: u32,
        /// What it says.
        lookup: ProbeResult,
    },
    /// A person, or a policy, asks for something.
    Command(CommandRequest),
    /// Something happened in the market.
    Market {
        /// A stable word for the kind.
        code: String,
        /// In words.
        text: String,
    },
    /// Another part of the program has something people should know.
    Alert {
        /// How loud.
        severity: AlertSeverity,
        /// A stable word for the kind.
        code: String,
        /// In words.
        text: String,
    },
    /// Something below or beside the engine makes the trading state stricter. Changes nothing when it is
    /// as strict already.
    TradingTightened(TighteningRequest),
    /// What the desk says of its own orders after the trading state changed.
    OrdersCancelled {
        /// How many were withdrawn.
        withdrawn: u32,
        /// How many may still fill.
        working: u32,
    },
}

/// Something the outside world must now do, because of an event that is already recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkItem {
    /// Hand a task to its agent (or, for a human task, ask the person).
    Start {
        /// Which task.
        task: TaskIx,
        /// Which attempt; the answer must carry it.
        attempt: u32,
    },
    /// Ask the outside what became of a task's last attempt.
    Probe {
        /// Which task.
        task: TaskIx,
        /// Which probe; the answer must carry it.
        probe: u32,
    },
    /// Ask an agent to stop an attempt.
    Stop {
        /// Which task.
        task: TaskIx,
        /// Which attempt.
        attempt: u32,
    },
}

/// What an event asks of the outside world. Kept apart from deciding, so that a replay can show it
/// without doing it.
#[must_use]
pub fn work_of(event: &Event, state: &RunState) -> Option<WorkItem> {
    match event {
        Event::TaskStarted { task, attempt }
        | Event::TaskRecovered { task, attempt, again_at: None, .. } => {
            Some(WorkItem::Start { task: *task, attempt: *attempt })
        }
        Event::TaskProbeStarted { task, probe } => {
            Some(WorkItem::Probe { task: *task, probe: *probe })
        }
        Event::TaskCancelling { task }
        | Event::TaskTimedOut { task, .. }
        | Event::TaskRetrying { task, .. }
        | Event::TaskRoundFailed { task, .. }
        | Event::TaskRejected { task, .. }
        | Event::TaskInDoubt { task, .. } => {
            // An attempt that answered has nothing left to stop; stopping it again does no harm.
            let attempt = state.task(*task).attempt;
            (attempt > 0).then_some(WorkItem::Stop { task: *task, attempt })
        }
        Event::TaskRecovered { again_at: Some(_), .. }
        | Event::TaskQueued { .. }
        | Event::TaskDequeued { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskExcused { .. }
        | Event::TaskProgress { .. }
        | Event::TaskProbeCompleted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskRoundCompleted { .. }
        | Event::TaskFailed { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskMissed { .. }
        | events!(task_priority)
        | events!(run, stage_end, stage_change, gate, agent, notice, recovery, operator) => None,
    }
}

/// What follows from one input: facts, in order, and what they ask of the world.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EngineStep {
    /// To be recorded before any of `work` begins.
    pub events: Vec<RecordedEvent>,
    /// To be done once `events` are recorded.
    pub work: Vec<WorkItem>,
    /// Why an order was refused, when it was.
    pub refusal: Option<CommandRefusal>,
}

/// Whether a task may be repeated by the machine without harm.
#[must_use]
pub const fn is_repeatable(effect: EffectClass) -> bool {
    matches!(effect, EffectClass::Pure | EffectClass::Idempotent)
}
