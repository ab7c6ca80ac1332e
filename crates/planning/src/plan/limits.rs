//! The bounds the engine keeps, and how it spaces retries.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// How long to wait before trying again.
///
/// Source: specification, "Retry Strategy".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RetryStrategy {
    /// Delay before the first retry.
    pub base_delay: Span,
    /// No delay is longer.
    pub max_delay: Span,
    /// Each delay is so many times the one before.
    pub exponential_base: f64,
}

impl Default for RetryStrategy {
    /// 1 s, doubling, at most 60 s.
    fn default() -> Self {
        Self { base_delay: Span::secs(1), max_delay: Span::secs(60), exponential_base: 2.0 }
    }
}

impl RetryStrategy {
    /// Delay after failed attempt `attempt`, counted from 0: with the defaults
    /// 1, 2, 4, 8, 16, 32, 60, 60 … seconds. No jitter, so that a replay waits the same.
    #[must_use]
    pub fn get_retry_delay(&self, attempt: u32) -> Span {
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let factor = self.exponential_base.powi(exponent);
        self.base_delay.scaled(factor).min(self.max_delay)
    }
}

/// The bounds the engine keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EngineLimits {
    /// Tasks running at once, all agents together. One more is kept for CRITICAL tasks alone.
    pub max_concurrent_tasks: u32,
    /// Slots only CRITICAL tasks may take, beyond `max_concurrent_tasks`.
    pub critical_reserve: u32,
    /// How retries are spaced.
    pub retry: RetryStrategy,
    /// Longest the run may stand still with work that could run (specification: `WORKFLOW_TIMEOUT`).
    pub workflow_timeout: Span,
    /// How long an agent may take to confirm a cancellation.
    pub cancel_timeout: Span,
    /// Infrastructure failures of one agent inside `breaker_window` that open its breaker.
    pub breaker_failures: u32,
    /// See `breaker_failures`.
    pub breaker_window: Span,
    /// How long an open breaker waits before it lets one pure task probe.
    pub breaker_cooldown: Span,
    /// Failed rounds in a row after which a monitoring loop raises an alert.
    pub loop_failures: u32,
    // Journals of before the recovery lack these two; such a run can be taken up all the same.
    /// How often in a row an attempt may be lost with the program before its task fails.
    #[serde(default = "EngineLimits::recovery_attempts")]
    pub recovery_attempts: u32,
    /// How often in ten minutes a run is taken up before only a person may let it go on; 0: for ever.
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
    /// The specification's configuration section where it says; else `engine.md`'s figures.
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
    fn limits_written_before_there_was_a_recovery_have_its_defaults_and_lack_nothing_else() {
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
