//! What is known of one task: where it stands, how it got there, and every attempt it took.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    command::Waiver,
    event_types::{ApprovalRejection, NoRetryReason, Provenance, SkipReason, TimeoutCause},
    outcome::{Failure, TaskResult},
    task_state::TaskState,
};
use planning::{
    plan::{PlannedTask, TaskIx},
    workflow::TaskPriority,
};

/// How a task ended, with what its state alone does not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEnding {
    /// It succeeded.
    Completed(Provenance),
    /// It failed.
    Failed(Box<Failure>, NoRetryReason),
    /// A clock ended it.
    TimedOut(TimeoutCause),
    /// Its effect is in doubt.
    InDoubt(Box<Failure>),
    /// It was stopped; whether the agent said so.
    Cancelled {
        /// Whether the agent said that it stopped.
        confirmed: bool,
    },
    /// It was decided not to run.
    Skipped {
        /// Why.
        why: SkipReason,
        /// Whether dependants may go on.
        satisfies: bool,
    },
    /// What it asked was answered with no: it is SKIPPED, and does not satisfy dependants.
    Rejected(Box<ApprovalRejection>),
    /// Something it needs ended badly.
    UpstreamFailed(TaskIx),
    /// Its window closed before it started.
    Missed,
}

/// One attempt that ended, for the inspector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// Generation of the task, from 1.
    pub generation: u32,
    /// Number among all attempts of the task, from 1.
    pub number: u32,
    /// When the agent was asked.
    pub started_at: DateTime<Utc>,
    /// When the attempt ended.
    pub ended_at: DateTime<Utc>,
    /// The state the task went to.
    pub ended_as: TaskState,
    /// What was said, in a line.
    pub said: String,
}

/// What is known of one task.
///
/// The fields lie as written, those that most steps read or write first, so that a task costs
/// three cache lines of its four: runs of 100,000 tasks are as fast as memory is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct TaskRun {
    /// Where it stands.
    pub state: TaskState,
    /// Its priority now.
    pub priority: TaskPriority,
    /// Whether a waiver or a word of a person stands behind its inputs, however far up.
    pub tainted: bool,
    /// Dependencies not yet decided.
    pub waiting: u32,
    /// Hard dependencies that ended without success.
    pub broken: u32,
    /// Attempts of all generations, the living one included: no retry and no rerun forgets them.
    pub attempt: u32,
    /// Conditions a person set aside.
    pub waivers: Vec<Waiver>,
    /// Since when it stands there.
    pub since: DateTime<Utc>,
    /// When it was first ready for a slot; kept over a lost place, for fairness.
    pub ready_at: Option<DateTime<Utc>>,

    /// How often it was begun anew after it had ended well, from 1.
    pub generation: u32,
    /// The attempt after which the present budget of retries began; a person's retry moves it.
    pub budget_from: u32,
    /// Rounds of a monitoring loop that ended well or badly.
    pub rounds: u32,
    /// Bad rounds in a row.
    pub bad_rounds: u32,
    /// When the last attempt started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the next attempt or round may start, once one has ended.
    pub next_at: Option<DateTime<Utc>>,
    /// What it gave last.
    pub outcome: Option<Arc<TaskResult>>,

    /// Ended attempts, oldest first, at most [`TaskRun::HISTORY_MAX`].
    pub history: VecDeque<AttemptRecord>,
    /// How it ended.
    pub ending: Option<TaskEnding>,
    /// Who holds it and why, in words, while it is HELD.
    pub held_by: Option<Box<str>>,

    /// What an agent said of its progress: per cent and words.
    pub progress: Option<(u8, String)>,
    /// Attempts of all generations that failed, took too long or ended in doubt.
    pub failures: u32,
    /// How often in a row the program ended while the present attempt was at work.
    pub recoveries: u32,
}

impl TaskRun {
    /// Ended attempts remembered; older ones stand in the events only. A loop of one round a
    /// minute has some 400 a day.
    pub const HISTORY_MAX: usize = 64;

    pub(super) fn new(task: &PlannedTask, at: DateTime<Utc>) -> Self {
        Self {
            state: TaskState::Pending,
            priority: task.priority,
            tainted: false,
            waiting: u32::try_from(task.dependencies.len()).unwrap_or(u32::MAX),
            broken: 0,
            attempt: 0,
            waivers: Vec::new(),
            since: at,
            ready_at: None,
            generation: 1,
            budget_from: 0,
            rounds: 0,
            bad_rounds: 0,
            started_at: None,
            ended_at: None,
            next_at: None,
            outcome: None,
            history: VecDeque::new(),
            ending: None,
            held_by: None,
            progress: None,
            failures: 0,
            recoveries: 0,
        }
    }

    /// Whether a person set this condition aside.
    #[must_use]
    pub fn has_waiver_for(&self, waiver: Waiver) -> bool {
        self.waivers.contains(&waiver)
    }

    /// Whether what it asked was answered with no, by a person or by silence.
    #[must_use]
    pub const fn is_rejected(&self) -> bool {
        matches!(self.ending, Some(TaskEnding::Rejected(_)))
    }

    /// Whether it was skipped only since something it needs was: it comes back when that does.
    #[must_use]
    pub const fn skipped_with_upstream(&self) -> bool {
        matches!(self.ending, Some(TaskEnding::Skipped { why: SkipReason::Upstream, .. }))
    }

    /// Returns whether it ended by a timeout of this cause.
    #[must_use]
    pub fn ending_is_timeout(&self, cause: TimeoutCause) -> bool {
        self.ending == Some(TaskEnding::TimedOut(cause))
    }

    /// Attempts counted against the present budget of retries.
    #[must_use]
    pub const fn attempts_used(&self) -> u32 {
        self.attempt.saturating_sub(self.budget_from)
    }

    /// Remembers an attempt, and forgets the oldest when there are too many.
    pub(super) fn push_attempt(&mut self, attempt: AttemptRecord) {
        if self.history.is_empty() {
            // Most tasks have one attempt, and room for four is what a queue takes by itself.
            self.history.reserve_exact(1);
        } else if self.history.len() >= Self::HISTORY_MAX {
            self.history.pop_front();
        }
        self.history.push_back(attempt);
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{offset_of, size_of};

    use super::*;

    #[test]
    fn what_a_plain_task_touches_lies_in_three_cache_lines() {
        assert_eq!(offset_of!(TaskRun, generation), 64);
        assert_eq!(offset_of!(TaskRun, history), 128);
        assert_eq!(offset_of!(TaskRun, progress), 192);
        assert_eq!(size_of::<TaskRun>(), 256);
    }
}
