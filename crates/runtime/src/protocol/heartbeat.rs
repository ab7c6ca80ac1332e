//! Heartbeat of a run, sent once a second: a count, the time of the run, and its pace.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The pace of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockPace {
    /// Real time: one second per second, from the system clock.
    Real,
    /// A factor above 0 on real time, from a given start.
    Times(f64),
    /// From one moment with work to the next, without waiting.
    Max,
}

impl ClockPace {
    /// Largest factor; the configuration has the same limit.
    pub const TIMES_MAX: f64 = 100_000.0;

    /// Returns whether the pace is valid: a factor must be above 0 and at most
    /// [`ClockPace::TIMES_MAX`].
    #[must_use]
    pub fn is_sound(self) -> bool {
        match self {
            Self::Real | Self::Max => true,
            Self::Times(factor) => factor > 0.0 && factor <= Self::TIMES_MAX,
        }
    }
}

/// One heartbeat of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Increases by one about once a second of wall time while the run is driven.
    pub count: u64,
    /// The time of the run, UTC.
    pub now: DateTime<Utc>,
    /// The pace of the run's clock.
    pub pace: ClockPace,
}
