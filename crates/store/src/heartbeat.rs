//! The sign of life in the state folder, dated by the wall clock and by the machine's monotonic clock.

use std::{fmt, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

/// The machine's monotonic clock. Setting the wall clock does not change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uptime {
    /// The boot it counts from.
    pub boot: String,
    /// The time since then, without the time in which the machine slept.
    pub passed: Duration,
}

/// The moment of a heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeartbeatStamp {
    /// By the wall clock.
    pub at: DateTime<Utc>,
    /// By the monotonic clock, where the machine tells it.
    pub uptime: Option<Uptime>,
}

impl HeartbeatStamp {
    /// Reads a stamp as its `Display` writes it; one without a monotonic clock is valid too.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let at = DateTime::parse_from_rfc3339(words.next()?).ok()?.to_utc();
        let uptime = words.next().zip(words.next()).and_then(|(boot, passed)| {
            let passed = Duration::from_millis(passed.parse().ok()?);
            Some(Uptime { boot: boot.to_owned(), passed })
        });
        Some(Self { at, uptime })
    }

    /// Returns the time since the heartbeat at `now`: by the monotonic clock if both stamps are of the same
    /// boot, else by the wall clock.
    #[must_use]
    pub fn age(&self, now: &Self) -> TimeDelta {
        let monotonic = match (&self.uptime, &now.uptime) {
            (Some(then), Some(now)) if then.boot == now.boot => {
                TimeDelta::from_std(now.passed.saturating_sub(then.passed)).ok()
            }
            _ => None,
        };
        monotonic.unwrap_or(now.at - self.at)
    }
}

impl fmt::Display for HeartbeatStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.at.to_rfc3339())?;
        match &self.uptime {
            Some(Uptime { boot, passed }) => write!(f, " {boot} {}", passed.as_millis()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(at: i64, uptime: Option<(&str, u64)>) -> HeartbeatStamp {
        HeartbeatStamp {
            at: DateTime::from_timestamp(at, 0).unwrap(),
            uptime: uptime.map(|(boot, passed)| Uptime {
                boot: boot.into(),
                passed: Duration::from_secs(passed),
            }),
        }
    }

    #[test]
    fn a_set_wall_clock_makes_no_heartbeat_older_or_newer() {
        let beat = stamp(1_000, Some(("a", 50)));
        assert_eq!(HeartbeatStamp::parse(&format!("{beat}\n")), Some(beat.clone()));
        for wall in [0, 1_000, 9_000] {
            assert_eq!(beat.age(&stamp(wall, Some(("a", 53)))), TimeDelta::seconds(3));
        }
        for other in [Some(("b", 53)), None] {
            assert_eq!(beat.age(&stamp(1_040, other)), TimeDelta::seconds(40), "another boot");
        }
        let old = HeartbeatStamp::parse("2018-12-19T15:00:00Z\n").unwrap();
        assert_eq!(old.uptime, None);
    }
}
