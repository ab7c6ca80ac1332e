//! Clock of the time for which a run has had work without a break, which `workflow_timeout` bounds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    event_types::TimeoutCause, run_state::RunState, task_state::TaskState,
    trading_state::TradingState,
};

/// A clock that runs while the run has work that could go on: while a task, other than an approval
/// or a monitor, is queued, at work or between two attempts. It stands while the run only waits for
/// a window or an operator, while something is paused or
/// trading is halted, and while recovery is undecided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WorkClock {
    /// The start of the present stretch of work, or of the last one.
    since: Option<DateTime<Utc>>,
    /// The end of the last stretch; `None` while one lasts.
    until: Option<DateTime<Utc>>,
}

impl WorkClock {
    /// Returns the start of the present stretch of work.
    pub(super) fn working_since(&self) -> Option<DateTime<Utc>> {
        self.since.filter(|_| self.until.is_none())
    }

    /// Records whether there is work from `at` on. A break of no length is none.
    fn set_working(&mut self, working: bool, at: DateTime<Utc>) {
        if !working {
            self.until = self.until.or(self.since.map(|_| at));
        } else if self.until.is_some_and(|until| until < at) || self.since.is_none() {
            *self = Self { since: Some(at), until: None };
        } else {
            self.until = None;
        }
    }
}

/// Returns whether a task in this state is work that could go on.
pub(super) const fn is_work(state: TaskState) -> bool {
    match state {
        TaskState::Queued | TaskState::Running | TaskState::Retrying | TaskState::Cancelling => {
            true
        }
        TaskState::Pending
        | TaskState::Held
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => false,
    }
}

impl RunState {
    /// Brings the clock of work up to date after an event.
    pub(super) fn settle_work_clock(&mut self) {
        let halted = self.trading_status().state >= TradingState::Halted;
        let paused = !self.gates.is_empty() || halted;
        let waits = paused || self.recovery.since.is_some() || self.has_ended();
        let working = self.working_tasks > 0 && !waits;
        self.work_clock.set_working(working, self.at);
    }

    /// Returns whether nothing more starts: an operator, or its timeout, ends the run.
    pub(crate) const fn is_ending(&self) -> bool {
        self.cancelling || self.timed_out
    }

    /// Returns why the run has failed, if it was given up after `workflow_timeout`.
    pub(crate) fn workflow_timeout_text(&self) -> Option<String> {
        if !self.timed_out {
            return None;
        }
        let given_up = self.tasks().filter(|(_, run)| {
            run.state == TaskState::Cancelled || run.ending_is_timeout(TimeoutCause::Workflow)
        });
        let limit = self.plan.limits.workflow_timeout;
        let tasks = match given_up.count() {
            1 => "1 task was".to_owned(),
            n => format!("{n} tasks were"),
        };
        Some(format!(
            "work went on for {limit} without a break (workflow_timeout): {tasks} stopped"
        ))
    }
}
