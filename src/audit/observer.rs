//! Watching a run step by step: what was before each act, and which command brought it about.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    act::{entry_of, written},
    entry::Draft,
};
use crate::engine::{Actor, Command, Event, Recorded, ResetCause, RunState, TaskState};

/// Makes entries of the steps of one run, and remembers as much of the run as they need.
#[derive(Debug, Clone, Default)]
pub struct Observer {
    /// Where each task stands, as far as events have told.
    states: Vec<TaskState>,
}

impl Observer {
    /// An observer of a run that begins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An observer of a run that goes on from `run`.
    #[must_use]
    pub fn resume(run: &RunState) -> Self {
        Self { states: run.tasks().map(|(_, task)| task.state).collect() }
    }

    /// What is to be entered of one step, in order. `after` is the run after the whole step.
    ///
    /// What a command brought about in its step is entered under the name of who gave it, with the
    /// command's number as cause. A task's `before` is where it stood before the step.
    pub fn step(&mut self, events: &[Arc<Recorded>], after: &RunState) -> Vec<Draft> {
        let mut cause: Option<(u64, &Actor, &Command)> = None;
        let mut drafts = Vec::new();
        for recorded in events {
            let Some(mut draft) = entry_of(recorded, after) else { continue };
            draft.before = draft.before.or_else(|| self.before(&recorded.event));
            if let Event::OperatorActed { by, command, .. } = &recorded.event {
                cause = Some((recorded.seq, by, command));
            } else if let Some((seq, by, command)) = cause
                && brings(command, &recorded.event)
            {
                draft.cause_seq = Some(seq);
                draft.actor = by.to_string();
            }
            drafts.push(draft);
        }
        self.learn(events, after);
        drafts
    }

    fn before(&self, event: &Event) -> Option<Value> {
        let task = if let Event::OperatorActed { command, .. } = event {
            command.task()
        } else {
            event.task()
        }?;
        self.states.get(task.at()).map(written).map(|state| json!({ "state": state }))
    }

    fn learn(&mut self, events: &[Arc<Recorded>], after: &RunState) {
        if self.states.len() != after.tasks().len() {
            *self = Self::resume(after);
            return;
        }
        for task in events.iter().filter_map(|recorded| recorded.event.task()) {
            if let Some(state) = self.states.get_mut(task.at()) {
                *state = after.task(task).state;
            }
        }
    }
}

/// Whether an event that follows a command in its step is what the command asked for.
fn brings(command: &Command, event: &Event) -> bool {
    if let (Some(asked), Some(told)) = (command.task(), event.task())
        && asked == told
    {
        return true;
    }
    match (command, event) {
        (Command::Pause { gate: asked, .. }, Event::GateClosed { gate: told, .. })
        | (Command::Resume { gate: asked }, Event::GateOpened { gate: told }) => asked == told,
        pair => matches!(
            pair,
            (
                Command::Retry { .. } | Command::RetryFailed { .. },
                Event::TaskReset { cause: ResetCause::Retry, .. }
            ) | (
                Command::ForceStage { .. },
                Event::StageForced { .. } | Event::TaskForced { .. } | Event::TaskReset { .. }
            ) | (Command::CancelRun, Event::WorkflowCancelled)
                | (Command::Tighten { .. } | Command::Rearm { .. }, Event::TradingChanged { .. })
                | (Command::Arm, Event::OperatorArmed { .. })
                | (Command::Disarm, Event::OperatorDisarmed { .. })
        ),
    }
}
