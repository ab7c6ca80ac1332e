//! The time in which no process drove a run, and which tasks it missed meanwhile.

use chrono::{DateTime, Utc};

use super::catch_up::catch_up_plan;
use crate::{CatchUpChoice, RunState, missed_tasks};
use planning::{
    calendar::exchange_local,
    plan::{DayPlan, TaskIx},
};

/// The time in which nobody drove a run, and what its day missed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downtime {
    /// When the run was left.
    pub from: DateTime<Utc>,
    /// When it was looked at again.
    pub to: DateTime<Utc>,
    /// The tasks whose windows closed meanwhile, in the order of the plan.
    pub missed: Vec<TaskIx>,
    /// What the least risky choice would catch up.
    pub suggested: Vec<TaskIx>,
}

impl Downtime {
    /// What a run that is being taken up, or about to be, would miss if it went on at `at`; nothing where
    /// its clock stood still.
    #[must_use]
    pub fn at(run: &RunState, at: DateTime<Utc>) -> Option<Self> {
        let left_at = run.recovery().left_at.filter(|_| run.is_recovering());
        Self::between(run, left_at.unwrap_or(run.last_event_at()), at)
    }

    /// What a run missed that was left at `from` and goes on at `to`.
    #[must_use]
    pub fn between(run: &RunState, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        if run.plan().mode.has_virtual_clock() || to <= from {
            return None;
        }
        let meanwhile = |ix: &TaskIx| {
            run.plan().task(*ix).closes_at > from && run.late_start_outcome(*ix).is_none()
        };
        let missed: Vec<_> = missed_tasks(run, to).into_iter().filter(meanwhile).collect();
        let suggested = if missed.is_empty() {
            Vec::new()
        } else {
            catch_up_plan(run, to, CatchUpChoice::Minimal).tasks
        };
        Some(Self { from, to, missed, suggested })
    }

    /// Returns the downtime as text: `41m (10:04-10:45), 2 tasks were missed: gap_scan, execute_open`.
    #[must_use]
    pub fn describe(&self, plan: &DayPlan) -> String {
        let minutes = (self.to - self.from).num_minutes();
        let long = match minutes {
            0 => "less than a minute".to_owned(),
            1..60 => format!("{minutes}m"),
            _hours => format!("{}h{:02}m", minutes / 60, minutes % 60),
        };
        let clock = |at| exchange_local(at).format("%H:%M");
        let span = format!("{}-{}", clock(self.from), clock(self.to));
        let missed = match self.missed.len() {
            0 => "no task was missed".to_owned(),
            1 => format!("1 task was missed: {}", names(plan, &self.missed)),
            n => format!("{n} tasks were missed: {}", names(plan, &self.missed)),
        };
        format!("{long} ({span}), {missed}")
    }

    /// What to do about it, where something was missed.
    #[must_use]
    pub fn suggestion(&self, plan: &DayPlan) -> Option<String> {
        if self.missed.is_empty() {
            return None;
        }
        let caught_up = &self.suggested;
        Some(if caught_up.is_empty() {
            "suggested: no catch-up; nothing still to come needs it".into()
        } else {
            format!("suggested: minimal, which catches up {}", names(plan, caught_up))
        })
    }
}

fn names(plan: &DayPlan, tasks: &[TaskIx]) -> String {
    let names: Vec<_> = tasks.iter().map(|ix| plan.task(*ix).id.as_str()).collect();
    names.join(", ")
}
