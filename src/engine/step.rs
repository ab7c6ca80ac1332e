//! What the engine is told, and what it says follows: facts to be recorded, and then work to be done.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most of the forty kinds of event ask nothing of the world"
)]

use super::{
    answer::{Answer, Lookup},
    command::{Order, Refusal},
    event::Event,
    fact::{Recorded, Severity},
    ladder::Tightening,
    state::RunState,
};
use crate::{definition::Effect, plan::TaskIx};

/// Something the engine is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Time has passed; whatever is due is decided.
    Wake,
    /// An agent ended an attempt. Dropped, but recorded, when that attempt no longer lives.
    Answer {
        /// Which task.
        task: TaskIx,
        /// Which attempt: the one of the event that started it.
        attempt: u32,
        /// What it says.
        answer: Answer,
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
        lookup: Lookup,
    },
    /// A person, or a policy, asks for something.
    Order(Order),
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
        severity: Severity,
        /// A stable word for the kind.
        code: String,
        /// In words.
        text: String,
    },
    /// Something below or beside the engine makes the trading state stricter. Changes nothing when it is
    /// as strict already.
    Tightened(Tightening),
    /// What the desk says of its own orders after the trading state changed.
    Withdrawn {
        /// How many were withdrawn.
        withdrawn: u32,
        /// How many may still fill.
        working: u32,
    },
}

/// Something the outside world must now do, because of an event that is already recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
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
pub fn work_of(event: &Event, state: &RunState) -> Option<Work> {
    match event {
        Event::TaskStarted { task, attempt }
        | Event::TaskTakenUp { task, attempt, again_at: None, .. } => {
            Some(Work::Start { task: *task, attempt: *attempt })
        }
        Event::TaskProbing { task, probe } => Some(Work::Probe { task: *task, probe: *probe }),
        Event::TaskCancelling { task }
        | Event::TaskTimedOut { task, .. }
        | Event::TaskRetrying { task, .. }
        | Event::TaskRoundFailed { task, .. }
        | Event::TaskRejected { task, .. }
        | Event::TaskInDoubt { task, .. } => {
            // An attempt that answered has nothing left to stop; stopping it again does no harm.
            let attempt = state.task(*task).attempt;
            (attempt > 0).then_some(Work::Stop { task: *task, attempt })
        }
        _quiet => None,
    }
}

/// What follows from one input: facts, in order, and what they ask of the world.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// To be recorded before any of `work` begins.
    pub events: Vec<Recorded>,
    /// To be done once `events` are recorded.
    pub work: Vec<Work>,
    /// Why an order was refused, when it was.
    pub refusal: Option<Refusal>,
}

/// Whether a task may be repeated by the machine without harm.
#[must_use]
pub const fn repeatable(effect: Effect) -> bool {
    matches!(effect, Effect::Pure | Effect::Keyed)
}
