//! Limits of the engine, and the delays between retries.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// The delays between automatic retries.
///
/// Source: specification, "Retry Strategy".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RetryStrategy {
    /// Delay before the first retry.
    pub base_delay: Span,
    /// Upper limit of every delay.
    pub max_delay: Span,
    /// Ratio of each delay to the previous one.
    pub exponential_base: f64,
}

impl Default for RetryStrategy {
    /// Returns a base of 1 s, doubling, at most 60 s.
    fn default() -> Self {
        Self { base_delay: Span::secs(1), max_delay: Span::secs(60), exponential_base: 2.0 }
    }
}

impl RetryStrategy {
    /// Returns the delay after failed attempt `attempt`, counted from 0: 1, 2, 4, 8, 16, 32, 60, 60
    /// … seconds by default. There is no jitter, so that a rebuilt run has the same delays.
    #[must_use]
    pub fn get_retry_delay(&self, attempt: u32) -> Span {
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let factor = self.exponential_base.powi(exponent);
        self.base_delay.scaled(factor).min(self.max_delay)
    }
}

/// The limits that the engine enforces.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EngineLimits {
    /// Most tasks running at once, across all agents, not counting `critical_reserve`.
    pub max_concurrent_tasks: u32,
    /// Slots beyond `max_concurrent_tasks` that only CRITICAL tasks may take.
    pub critical_reserve: u32,
    /// The delays between automatic retries.
    pub retry: RetryStrategy,
    /// Longest stretch of work without a break (specification: `WORKFLOW_TIMEOUT`); waiting for a
    /// window, an operator or the end of a pause is a break, and so are approvals and monitors.
    pub workflow_timeout: Span,
    /// Longest time an agent may take to confirm a cancellation.
    pub cancel_timeout: Span,
    /// Number of infrastructure failures of one agent within `breaker_window` that opens its
    /// circuit breaker.
    pub breaker_failures: u32,
    /// The time in which `breaker_failures` are counted.
    pub breaker_window: Span,
    /// Time from the opening of a circuit breaker until one task is allowed as a trial.
    pub breaker_cooldown: Span,
    /// Number of failed rounds in a row after which a monitor raises an alert.
    pub loop_failures: u32,
    // Journals from before the recovery feature lack the next two fields; such a run can still be
    // recovered.
    /// Number of attempts in a row that may be lost with the process before the task fails.
    #[serde(default = "EngineLimits::recovery_attempts")]
    pub recovery_attempts: u32,
    /// Number of recoveries within ten minutes after which an operator must confirm; 0 means no
    /// limit.
    #[serde(default = "EngineLimits::crash_loop")]
    pub crash_loop: u32,
}

impl EngineLimits {
    fn recovery_attempts() -> u32 {
        Self::default().recovery_attempts
    }

    fn crash_loop() -> u32 {
        Self::default().crash_loop
    }
}

impl Default for EngineLimits {
    /// Returns the values of the specification's configuration section, otherwise those of
    /// `engine.md`.
    fn default() -> Self {
        Self {
            max_concurrent_tasks: 5,
            critical_reserve: 1,
            retry: RetryStrategy::default(),
            workflow_timeout: Span::secs(3_600),
            cancel_timeout: Span::secs(10),
            breaker_failures: 5,
            breaker_window: Span::mins(10),
            breaker_cooldown: Span::secs(60),
            loop_failures: 3,
            recovery_attempts: 3,
            crash_loop: 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_limits_without_recovery_fields_with_defaults() {
        let fixed = EngineLimits { crash_loop: 9, recovery_attempts: 9, ..EngineLimits::default() };
        let mut old = serde_json::to_value(fixed).unwrap();
        let fields = old.as_object_mut().unwrap();
        for later in ["recovery_attempts", "crash_loop"] {
            assert!(fields.remove(later).is_some());
        }
        assert_eq!(
            serde_json::from_value::<EngineLimits>(old.clone()).unwrap(),
            EngineLimits::default()
        );
        for field in old.as_object().unwrap().keys() {
            let mut torn = old.clone();
            torn.as_object_mut().unwrap().remove(field);
            assert!(serde_json::from_value::<EngineLimits>(torn).is_err(), "{field} is made up");
        }
    }

    #[test]
    fn retry_delays_double_from_one_second_and_stop_at_sixty() {
        let strategy = RetryStrategy::default();
        let delays: Vec<_> = (0..9).map(|k| strategy.get_retry_delay(k).as_secs()).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(strategy.get_retry_delay(u32::MAX), Span::secs(60));
    }
}
