//! Hours of the day in which only critical notifications are sent.

use std::str::FromStr;

use chrono::NaiveTime;
use serde::Deserialize;

/// A span of the day, in the time of the exchange: `22:00-06:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct QuietHours {
    from: NaiveTime,
    to: NaiveTime,
}

impl QuietHours {
    /// Returns whether a time of the day lies inside; the end does not.
    #[must_use]
    pub fn contains(&self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

impl FromStr for QuietHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no span of hours: write 22:00-06:00");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let time =
            |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_unread| wrong());
        let (from, to) = (time(from)?, time(to)?);
        if from == to { Err(wrong()) } else { Ok(Self { from, to }) }
    }
}

impl TryFrom<String> for QuietHours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_pass_midnight() {
        let night: QuietHours = "22:00-06:00".parse().expect("a span");
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).expect("a time");
        let quiet = [at(22, 0), at(23, 59), at(0, 0), at(5, 59)].map(|t| night.contains(t));
        assert_eq!(quiet, [true; 4]);
        assert_eq!([at(6, 0), at(12, 0), at(21, 59)].map(|t| night.contains(t)), [false; 3]);
        for wrong in ["", "22:00", "22:00-22:00", "25:00-06:00", "22-6"] {
            assert!(wrong.parse::<QuietHours>().is_err(), "{wrong}");
        }
    }
}
