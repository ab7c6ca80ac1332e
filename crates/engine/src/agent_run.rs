//! What is known of one agent: its load, its failures, its breaker and how long it takes.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use planning::{plan::TaskIx, time::Span};

/// Whether an agent's breaker lets work through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaker {
    /// All work.
    Closed,
    /// None until then.
    Open {
        /// When one task may probe.
        until: DateTime<Utc>,
    },
    /// One task, on trial: a pure one first.
    HalfOpen {
        /// The probing task, once it runs.
        probe: Option<TaskIx>,
    },
}

/// How well an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentHealth {
    /// Works.
    Healthy,
    /// Failed lately, still works.
    Degraded,
    /// Did not confirm a cancellation in time.
    Unresponsive,
    /// A person paused it.
    Paused,
    /// Gets no work: failed too often.
    BreakerOpen,
    /// Gets one task, to see whether it works again.
    BreakerHalfOpen,
}

impl AgentHealth {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Healthy,
        Self::Degraded,
        Self::Unresponsive,
        Self::Paused,
        Self::BreakerOpen,
        Self::BreakerHalfOpen,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "HEALTHY",
            Self::Degraded => "DEGRADED",
            Self::Unresponsive => "UNRESPONSIVE",
            Self::Paused => "PAUSED",
            Self::BreakerOpen => "BREAKER_OPEN",
            Self::BreakerHalfOpen => "BREAKER_HALF_OPEN",
        }
    }
}

/// What is known of one agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRun {
    /// Tasks it works on now, human ones not counted.
    pub running: u32,
    /// Attempts that ended well.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Whether its breaker lets work through.
    pub breaker: Breaker,
    /// Trials that failed since its breaker opened.
    #[serde(default)]
    pub failed_trials: u32,
    /// Whether it left a cancellation unconfirmed and has not answered since.
    pub unresponsive: bool,
    /// When it failed lately, at most [`AgentRun::FAILURES_MAX`].
    pub failures: VecDeque<DateTime<Utc>>,
    /// What it said last when it failed, and when.
    pub last_error: Option<(DateTime<Utc>, String)>,
    /// How long its last attempts took, oldest first, at most [`AgentRun::TOOK_MAX`].
    pub took: VecDeque<Span>,
    /// When it last answered.
    pub last_answer: Option<DateTime<Utc>>,
}

impl AgentRun {
    /// Failures remembered for the breaker.
    pub const FAILURES_MAX: usize = 32;
    /// Durations remembered for the percentiles.
    pub const TOOK_MAX: usize = 64;

    pub(super) const fn new() -> Self {
        Self {
            running: 0,
            done: 0,
            failed: 0,
            breaker: Breaker::Closed,
            failed_trials: 0,
            unresponsive: false,
            failures: VecDeque::new(),
            last_error: None,
            took: VecDeque::new(),
            last_answer: None,
        }
    }

    /// The duration below which a share `q` (0 to 1) of the remembered attempts stayed.
    #[must_use]
    pub fn duration_quantile(&self, q: f64) -> Option<Span> {
        let mut sorted: Vec<_> = self.took.iter().copied().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        let rank = sorted.iter().enumerate().position(|(i, _)| {
            let i = u32::try_from(i).unwrap_or(u32::MAX);
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            f64::from(i) >= q * f64::from(last)
        });
        sorted.get(rank.unwrap_or(last)).copied()
    }
}
