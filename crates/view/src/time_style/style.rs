//! The four styles of time, and a moment in each.

use chrono::{DateTime, FixedOffset, Utc};

use crate::{event_line::EventLine, format};
use planning::time::Span;

/// The style of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TimeStyle {
    /// On the exchange's clock.
    #[default]
    Market,
    /// In UTC.
    Utc,
    /// On the operator's clock.
    Local,
    /// As the time that has passed.
    Relative,
}

impl TimeStyle {
    /// The style after this one, round and round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Market => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Local,
            Self::Local => Self::Market,
        }
    }
}

/// The operator's clock: how far from UTC, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalOffset {
    /// The offset from UTC.
    pub offset: FixedOffset,
    /// The name in column heads: `CET`, `+01:00`.
    pub name: String,
}

impl LocalOffset {
    /// A clock so far east of UTC, called by its distance; `None` from 24 hours on.
    #[must_use]
    pub fn from_offset_seconds(seconds: i32) -> Option<Self> {
        let offset = FixedOffset::east_opt(seconds)?;
        Some(Self { offset, name: offset.to_string() })
    }
}

/// A style with what it needs: the moment that "ago" counts from, and the operator's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFormat {
    pub style: TimeStyle,
    /// The present moment of the run.
    pub now: DateTime<Utc>,
    /// The operator's zone; without one, Local shows UTC and says so.
    pub zone: Option<LocalOffset>,
}

impl TimeFormat {
    /// Returns what stands above a column of times: `TIME(ET)`, `TIME(UTC)`, `AGO`.
    #[must_use]
    pub fn column_heading(&self) -> String {
        match (self.style, &self.zone) {
            (TimeStyle::Market, _) => "TIME(ET)".into(),
            (TimeStyle::Relative, _) => "AGO".into(),
            (TimeStyle::Local, Some(zone)) => format!("TIME({})", format::safe_to(&zone.name, 8)),
            (TimeStyle::Utc, _) | (TimeStyle::Local, None) => "TIME(UTC)".into(),
        }
    }

    /// A heading of eight columns at most: `TIME` on the exchange's clock, else `UTC`, `LOCAL`,
    /// `AGO`.
    #[must_use]
    pub const fn short_heading(&self) -> &'static str {
        match (self.style, &self.zone) {
            (TimeStyle::Market, _) => "TIME",
            (TimeStyle::Relative, _) => "AGO",
            (TimeStyle::Local, Some(_)) => "LOCAL",
            (TimeStyle::Utc, _) | (TimeStyle::Local, None) => "UTC",
        }
    }

    /// Returns the name of that zone: `ET`, `UTC`, or the operator's.
    #[must_use]
    pub fn zone_label(&self) -> String {
        match (self.style, &self.zone) {
            (TimeStyle::Market | TimeStyle::Relative, _) => planning::calendar::clock_name().into(),
            (TimeStyle::Local, Some(zone)) => format::safe_to(&zone.name, 8).into_owned(),
            (TimeStyle::Utc, _) | (TimeStyle::Local, None) => "UTC".into(),
        }
    }

    /// Returns the zone of every other time on the screen; `None` is the exchange's. Ages need none.
    #[must_use]
    pub fn offset(&self) -> Option<FixedOffset> {
        match (self.style, &self.zone) {
            (TimeStyle::Market | TimeStyle::Relative, _) => None,
            (TimeStyle::Local, Some(zone)) => Some(zone.offset),
            (TimeStyle::Utc, _) | (TimeStyle::Local, None) => FixedOffset::east_opt(0),
        }
    }

    /// A moment to the second: `10:42:07`, `3m ago`.
    #[must_use]
    pub fn time(&self, at: DateTime<Utc>) -> String {
        self.format_at(at, "%H:%M:%S")
    }

    /// A moment to the millisecond: `10:42:07.113`; `3m ago` all the same.
    #[must_use]
    pub fn time_ms(&self, at: DateTime<Utc>) -> String {
        self.format_at(at, "%H:%M:%S%.3f")
    }

    /// Returns when an event of the stream happened, to the millisecond.
    #[must_use]
    pub fn event_time(&self, line: &EventLine) -> String {
        self.time_ms(line.at)
    }

    fn format_at(&self, at: DateTime<Utc>, format: &str) -> String {
        match (self.style, &self.zone) {
            (TimeStyle::Market, _) => format::local_time(at).format(format).to_string(),
            (TimeStyle::Relative, _) => relative(at, self.now),
            (TimeStyle::Local, Some(zone)) => {
                at.with_timezone(&zone.offset).format(format).to_string()
            }
            (TimeStyle::Utc, _) | (TimeStyle::Local, None) => at.format(format).to_string(),
        }
    }
}

/// Returns how long ago, or in how long, in the largest whole unit: `now`, `12s ago`, `3m ago`, `in
/// 2h`.
fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let ahead = at > now;
    let span = if ahead { Span::between(&now, &at) } else { Span::between(&at, &now) };
    let amount = match span.as_secs() {
        0 => return "now".into(),
        s @ 1..60 => format!("{s}s"),
        s @ 60..3_600 => format!("{}m", s / 60),
        s @ 3_600..86_400 => format!("{}h", s / 3_600),
        s => format!("{}d", s / 86_400),
    };
    if ahead { format!("in {amount}") } else { format!("{amount} ago") }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use testkit::sample::exchange_time;

    #[test]
    fn one_moment_is_shown_in_four_ways() {
        let mut clock = TimeFormat {
            style: TimeStyle::Market,
            now: exchange_time("10:45:10"),
            zone: LocalOffset::from_offset_seconds(3_600),
        };
        let mut shown = Vec::new();
        for _ in 0..4 {
            shown.push(format!(
                "{} {} {}",
                clock.column_heading(),
                clock.time(exchange_time("10:42:07")),
                clock.time_ms(exchange_time("10:42:07"))
            ));
            clock.style = clock.style.next();
        }
        assert_eq!(
            shown,
            [
                "TIME(ET) 10:42:07 10:42:07.000",
                "TIME(UTC) 15:42:07 15:42:07.000",
                "AGO 3m ago 3m ago",
                "TIME(+01:00) 16:42:07 16:42:07.000",
            ]
        );
        assert_eq!(clock.style, TimeStyle::Market);
        let nowhere = TimeFormat { style: TimeStyle::Local, zone: None, ..clock };
        assert_eq!(
            (nowhere.column_heading(), nowhere.time(exchange_time("10:42"))),
            ("TIME(UTC)".into(), "15:42:00".into())
        );
        assert_eq!(LocalOffset::from_offset_seconds(90_000), None);
    }

    #[test]
    fn what_lies_ahead_and_long_ago_is_told_in_one_unit() {
        let now = exchange_time("10:00");
        let told = |seconds: i64| relative(now - TimeDelta::seconds(seconds), now);
        let spans = [0, 1, 59, 60, 3_599, 3_600, 86_399, 86_400, -90, 1_000_000_000_000].map(told);
        let expected = [
            "now", "1s ago", "59s ago", "1m ago", "59m ago", "1h ago", "23h ago", "1d ago",
            "in 1m", "366d ago",
        ];
        assert_eq!(spans, expected);
    }
}
