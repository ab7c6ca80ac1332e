//! Watching a run step by step: what was before each act, and which command brought it about.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    act::{ENGINE, entry_of, written},
    entry::Draft,
};
use crate::engine::{Event, Recorded, RunState, TaskState};

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
    /// What follows a command in its step is entered under its name and with its number as cause.
    /// A task's `before` is where it stood before the step.
    pub fn step(&mut self, events: &[Arc<Recorded>], after: &RunState) -> Vec<Draft> {
        let mut cause: Option<(u64, String)> = None;
        let mut drafts = Vec::new();
        for recorded in events {
            let Some(mut draft) = entry_of(recorded, after) else { continue };
            draft.before = draft.before.or_else(|| self.before(&recorded.event));
            if let Event::OperatorActed { .. } = recorded.event {
                cause = Some((recorded.seq, draft.actor.clone()));
            } else if let Some((seq, actor)) = &cause {
                draft.cause_seq = draft.cause_seq.or(Some(*seq));
                draft.actor = Some(draft.actor).filter(|by| by != ENGINE).unwrap_or(actor.clone());
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
