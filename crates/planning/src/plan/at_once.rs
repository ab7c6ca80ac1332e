//! Windows for stages and tasks of a workflow that is started on demand, outside trading hours.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::model::DayPlan;
use crate::{
    id::{StageId, TaskId},
    workflow::WorkflowDefinition,
};

/// Length of the window given to work without hours of its own. The run ends with its last task, so
/// this only bounds the wait for a slot.
const OPEN_FOR: TimeDelta = TimeDelta::days(7);

/// The stages and tasks of a workflow without hours of their own.
#[derive(Debug, Clone, Default)]
pub struct Hourless {
    stages: BTreeSet<StageId>,
    tasks: BTreeSet<TaskId>,
}

impl Hourless {
    /// Collects the stages for which the file gives no window, and their tasks without a window.
    #[must_use]
    pub fn of(definition: &WorkflowDefinition) -> Self {
        let stages = definition.stages.iter().filter(|stage| !stage.own_hours);
        let tasks = stages.clone().flat_map(|stage| &stage.tasks);
        let tasks = tasks.filter(|task| task.window.is_none()).map(|task| task.id.clone());
        Self { tasks: tasks.collect(), stages: stages.map(|stage| stage.id.clone()).collect() }
    }

    /// Returns whether the workflow has no hours at all, so that it can run on any day.
    #[must_use]
    pub fn covers(&self, definition: &WorkflowDefinition) -> bool {
        let mut tasks = definition.stages.iter().flat_map(|stage| &stage.tasks);
        definition.stages.iter().all(|stage| self.stages.contains(&stage.id))
            && tasks.all(|task| self.tasks.contains(&task.id))
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
