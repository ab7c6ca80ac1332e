//! How many automatic retries a run may take in ten minutes: what keeps one cause from becoming a
//! storm of attempts.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The retries of the last ten minutes, against what the run's starts allow. A person's retry is
/// not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryBudget {
    /// When the machine decided on each retry that still counts, oldest first; never more of them
    /// than are allowed.
    recent: VecDeque<DateTime<Utc>>,
    /// Attempts begun, first ones and retries.
    starts: usize,
    /// Whether people know that the budget is used up.
    told: bool,
    /// The largest `max_retries` of a task of the day.
    #[serde(default)]
    task_retries: usize,
}

impl RetryBudget {
    /// Code of the alert that the budget is used up.
    pub const ALERT: &str = "retry_budget";
    /// Minutes for which a retry counts.
    pub const MINUTES: i64 = 10;
    /// Retries every run may take, however few tasks it has started.
    pub const LEAST: usize = 10;

    /// Returns the budget of a run, one of whose tasks may be retried up to `most` times.
    pub(super) fn with_task_retries(most: u32) -> Self {
        Self { task_retries: usize::try_from(most).unwrap_or(usize::MAX), ..Self::default() }
    }

    /// Retries allowed in ten minutes: one for five attempts begun so far, and at least
    /// [`RetryBudget::LEAST`] or the largest `max_retries` of a task.
    #[must_use]
    pub fn attempts_allowed(&self) -> usize {
        (self.starts / 5).max(Self::LEAST).max(self.task_retries)
    }

    /// Retries that count at `at`.
    #[must_use]
    pub fn used_at(&self, at: DateTime<Utc>) -> usize {
        self.recent.len() - self.expired(at)
    }

    /// Whether the alert was raised since the budget last recovered.
    pub(super) const fn alert_raised(&self) -> bool {
        self.told
    }

    fn expired(&self, at: DateTime<Utc>) -> usize {
        let horizon = at - TimeDelta::minutes(Self::MINUTES);
        self.recent.partition_point(|moment| *moment <= horizon)
    }

    pub(super) const fn record_attempt(&mut self) {
        self.starts += 1;
    }

    pub(super) const fn record_alert(&mut self) {
        self.told = true;
    }

    /// Counts a retry. The budget has recovered once half of it is free: in a storm that goes on,
    /// single places come free all the time, and none of them is news.
    pub(super) fn record_retry(&mut self, at: DateTime<Utc>) {
        self.recent.drain(..self.expired(at));
        self.told &= self.recent.len() * 2 > self.attempts_allowed();
        if self.recent.len() >= self.attempts_allowed() {
            self.recent.pop_front();
        }
        self.recent.push_back(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_starts_is_allowed_and_never_fewer_than_ten() {
        let mut budget = RetryBudget::default();
        for (starts, allowed) in [(0, 10), (54, 10), (55, 11), (1_000, 200)] {
            while budget.starts < starts {
                budget.record_attempt();
            }
            assert_eq!(budget.attempts_allowed(), allowed, "after {starts} starts");
        }
    }

    #[test]
    fn no_more_moments_are_kept_than_retries_are_allowed_whatever_is_folded_in() {
        let mut budget = RetryBudget::default();
        let noon = DateTime::UNIX_EPOCH + TimeDelta::hours(12);
        for second in 0..1_000 {
            budget.record_retry(noon + TimeDelta::milliseconds(second));
        }
        assert_eq!(budget.recent.len(), RetryBudget::LEAST);
        assert_eq!(budget.used_at(noon + TimeDelta::minutes(9)), RetryBudget::LEAST);
        assert_eq!(budget.used_at(noon + TimeDelta::minutes(11)), 0);
    }
}
