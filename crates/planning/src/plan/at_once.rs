//! A workflow that runs when it is asked for, whatever the hours of a trading day.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::model::DayPlan;
use crate::{
    id::{StageId, TaskId},
    workflow::WorkflowDefinition,
};

/// How long work without hours of its own may begin. It ends with its last task; this only bounds
/// the wait for a slot.
const OPEN_FOR: TimeDelta = TimeDelta::days(7);

/// What of a definition has no hours of its own.
#[derive(Debug, Clone, Default)]
pub struct Hourless {
    stages: BTreeSet<StageId>,
    tasks: BTreeSet<TaskId>,
}

impl Hourless {
    /// The stages whose hours no file gives, and their tasks without a window.
    #[must_use]
    pub fn of(definition: &WorkflowDefinition) -> Self {
        let stages = definition.stages.iter().filter(|stage| !stage.own_hours);
        let tasks = stages.clone().flat_map(|stage| &stage.tasks);
        let tasks = tasks.filter(|task| task.window.is_none()).map(|task| task.id.clone());
        Self { tasks: tasks.collect(), stages: stages.map(|stage| stage.id.clone()).collect() }
    }

    /// Opens these stages and tasks at `now`.
    pub fn open(&self, plan: &mut DayPlan, now: DateTime<Utc>) {
        let until = now + OPEN_FOR;
        for stage in plan.stages.iter_mut().filter(|stage| self.stages.contains(&stage.id)) {
            (stage.opens_at, stage.closes_at) = (now, until);
        }
        for task in plan.tasks.iter_mut().filter(|task| self.tasks.contains(&task.id)) {
            (task.opens_at, task.closes_at, task.deadline) = (now, until, until);
        }
    }
}
