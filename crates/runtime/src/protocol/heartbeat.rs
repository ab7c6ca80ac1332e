//! What a running day says once a second: that it lives, what time it is in it, how fast that goes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockPace {
    /// With the wall: one second a second, from the wall's own time.
    Real,
    /// So many seconds a second, above 0, from a moment of its own.
    Times(f64),
    /// From one moment with work to the next, without waiting.
    Max,
}

impl ClockPace {
    /// Fastest a clock may be told to go; the configuration has the same bound.
    pub const TIMES_MAX: f64 = 100_000.0;

    /// Whether a clock can go so: a factor is a number above 0 and not above [`Pace::TIMES_MAX`].
    #[must_use]
    pub fn is_sound(self) -> bool {
        match self {
            Self::Real | Self::Max => true,
            Self::Times(factor) => factor > 0.0 && factor <= Self::TIMES_MAX,
        }
    }
}

/// One beat of a driver's heart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Grows by one about once a second of the wall while the run is driven.
    pub count: u64,
    /// What time it was in the run, UTC.
    pub now: DateTime<Utc>,
    /// How the run's clock goes.
    pub pace: ClockPace,
}
