//! Types for durations, session anchors and windows, with their written forms.
//!
//! A [`Span`] is a duration (`5m`), a [`SessionAnchor`] a moment tied to the session (`open-3h30`)
//! or to the exchange's clock (`09:30`), a [`Window`] two anchors (`open .. open+1h`). Dates and
//! time zones belong to `calendar`, which resolves anchors to moments.

use std::{fmt, str::FromStr, time::Duration};

use chrono::{NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// A duration in whole milliseconds, never negative, at most [`Span::MAX`].
///
/// Written as `250ms`, `90s`, `5m`, `3h30` (minutes), `1h30m`, `2d`; a bare number means seconds,
/// as in the specification (`timeout: 300`, `RETRY_BASE_DELAY=1.0`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(u64);

impl Span {
    pub const ZERO: Self = Self(0);
    /// The longest duration: 366 days.
    pub const MAX: Self = Self(366 * 86_400_000);

    /// Creates a duration of `ms` milliseconds, capped at [`Span::MAX`].
    #[must_use]
    pub const fn millis(ms: u64) -> Self {
        if ms > Self::MAX.0 { Self::MAX } else { Self(ms) }
    }

    /// Creates a duration of `s` seconds, capped at [`Span::MAX`].
    #[must_use]
    pub const fn secs(s: u64) -> Self {
        Self::millis(s.saturating_mul(1_000))
    }

    /// Creates a duration of `m` minutes, capped at [`Span::MAX`].
    #[must_use]
    pub const fn mins(m: u64) -> Self {
        Self::secs(m.saturating_mul(60))
    }

    /// Returns the time between two moments; zero if `to` is not after `from`.
    #[must_use]
    pub fn between<T: chrono::TimeZone>(
        from: &chrono::DateTime<T>,
        to: &chrono::DateTime<T>,
    ) -> Self {
        let ms = to.clone().signed_duration_since(from.clone()).num_milliseconds();
        Self::millis(u64::try_from(ms).unwrap_or(0))
    }

    /// Returns the duration in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns the duration in whole seconds, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000
    }

    /// Returns the duration in seconds, with fraction.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        Duration::from_millis(self.0).as_secs_f64()
    }

    /// Converts the duration for arithmetic with moments.
    #[must_use]
    pub fn to_delta(self) -> TimeDelta {
        // `MAX` fits in an `i64` with room to spare.
        TimeDelta::milliseconds(i64::try_from(self.0).unwrap_or(i64::MAX / 2))
    }

    /// Converts the duration to the type of the standard library.
    #[must_use]
    pub const fn to_duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// Returns this duration times `factor`, rounded to the millisecond, capped at [`Span::MAX`].
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let scaled = Duration::from_millis(self.0).mul_f64_saturating(factor);
        Self::millis(u64::try_from(scaled.as_millis()).unwrap_or(u64::MAX))
    }
}

/// A `Duration::mul_f64` that neither panics nor goes below zero.
trait MulSaturating {
    fn mul_f64_saturating(self, factor: f64) -> Self;
}

impl MulSaturating for Duration {
    fn mul_f64_saturating(self, factor: f64) -> Self {
        let seconds = self.as_secs_f64() * factor;
        let max = Span::MAX.to_duration();
        if seconds.is_nan() || seconds <= 0.0 {
            Self::ZERO
        } else if seconds >= max.as_secs_f64() {
            max
        } else {
            Self::from_secs_f64(seconds)
        }
    }
}

impl fmt::Display for Span {
    /// Writes the shortest exact form, largest unit first: `1h30m`, `5m`, `1.5s`, `250ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, ms) = (self.0 / 3_600_000, self.0 / 60_000 % 60, self.0 % 60_000);
        let part = |n: u64, unit: &str| if n > 0 { format!("{n}{unit}") } else { String::new() };
        let mut text = part(h, "h") + &part(m, "m");
        if ms > 0 && ms < 1_000 && text.is_empty() {
            text = format!("{ms}ms");
        } else if ms > 0 || text.is_empty() {
            let fraction = format!("{:03}", ms % 1_000);
            let fraction = fraction.trim_end_matches('0');
            let dot = if fraction.is_empty() { "" } else { "." };
            text = format!("{text}{}{dot}{fraction}s", ms / 1_000);
        }
        f.pad(&text)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The reason for which a text is not a duration, anchor or window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not a valid duration.
    #[error("`{0}` is not a duration: write `90s`, `5m`, `1h30` or a number of seconds")]
    Span(String),
    /// A duration longer than [`Span::MAX`].
    #[error("`{0}` is longer than 366 days")]
    Long(String),
    /// Not a valid anchor.
    #[error("`{0}` is not a moment of a day: write `open-3h30`, `close+15m`, `open` or `09:30`")]
    Anchor(String),
    /// Not a window of two anchors.
    #[error(
        "`{0}` is not a window: write two moments with `..` between, as in `open-3h30 .. open`"
    )]
    Window(String),
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError::Span(text.into());
        let trimmed = text.trim();
        if trimmed.is_empty() || !trimmed.is_ascii() {
            return Err(bad());
        }
        let (mut total, mut rest, mut last_unit) = (0.0_f64, trimmed, f64::INFINITY);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, tail) = rest.split_at(digits);
            let number: f64 = number.parse().map_err(|_unparsable| bad())?;
            let letters = tail.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(letters);
            let unit = match unit {
                "ms" => 1.0,
                "s" => 1_000.0,
                "m" | "min" => 60_000.0,
                "h" => 3_600_000.0,
                "d" => 86_400_000.0,
                // The trailing number of `3h30` means minutes, a bare number seconds.
                "" if last_unit.is_infinite() => 1_000.0,
                "" if last_unit >= 3_600_000.0 && last_unit.is_finite() => 60_000.0,
                _ => return Err(bad()),
            };
            if unit >= last_unit {
                return Err(bad());
            }
            total += number * unit;
            (last_unit, rest) = (unit, tail);
        }
        let max = Self::MAX.to_duration().as_secs_f64() * 1_000.0;
        if total > max {
            return Err(TimeError::Long(text.into()));
        }
        let length = Duration::from_secs_f64(total / 1_000.0);
        Ok(Self::millis(u64::try_from(length.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)))
    }
}

impl TryFrom<String> for Span {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

/// A moment of a trading day, resolved once the session of the day is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SessionAnchor {
    /// Milliseconds after (or, if negative, before) the open: `open-3h30`.
    Open(i64),
    /// Milliseconds after (or, if negative, before) the close: `close+15m`.
    Close(i64),
    /// A time on the exchange's clock: `09:30` or `09:30:15`. Does not move with the session.
    Clock(NaiveTime),
}

impl FromStr for SessionAnchor {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError::Anchor(text.into());
        let trimmed = text.trim();
        let (edge, rest): (fn(i64) -> Self, _) = if let Some(rest) = trimmed.strip_prefix("open") {
            (Self::Open, rest)
        } else if let Some(rest) = trimmed.strip_prefix("close") {
            (Self::Close, rest)
        } else {
            let seconds = trimmed.matches(':').count() == 2;
            let format = if seconds { "%H:%M:%S" } else { "%H:%M" };
            return NaiveTime::parse_from_str(trimmed, format)
                .map(Self::Clock)
                .map_err(|_unparsable| bad());
        };
        let rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(edge(0));
        }
        let (sign, span) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
            (Some(span), _) => (1, span),
            (_, Some(span)) => (-1, span),
            (None, None) => return Err(bad()),
        };
        let span: Span = span.trim().parse().map_err(|_inner| bad())?;
        Ok(edge(sign * i64::try_from(span.as_millis()).map_err(|_overflow| bad())?))
    }
}

impl fmt::Display for SessionAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (edge, ms) = match self {
            Self::Open(ms) => ("open", *ms),
            Self::Close(ms) => ("close", *ms),
            Self::Clock(time) => {
                let format =
                    if time.format("%S").to_string() == "00" { "%H:%M" } else { "%H:%M:%S" };
                return f.pad(&time.format(format).to_string());
            }
        };
        let sign = if ms < 0 { "-" } else { "+" };
        match ms {
            0 => f.pad(edge),
            _ => f.pad(&format!("{edge}{sign}{}", Span::millis(ms.unsigned_abs()))),
        }
    }
}

impl fmt::Debug for SessionAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for SessionAnchor {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<SessionAnchor> for String {
    fn from(anchor: SessionAnchor) -> Self {
        anchor.to_string()
    }
}

/// The allowed start times of work: `from` is included, `to` is not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    /// First moment inside the window.
    pub from: SessionAnchor,
    /// First moment after the window.
    pub to: SessionAnchor,
}

impl FromStr for Window {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (from, to) = text.split_once("..").ok_or_else(|| TimeError::Window(text.into()))?;
        Ok(Self { from: from.parse()?, to: to.parse()? })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} .. {}", self.from, self.to))
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Window {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Option<u64> {
        text.parse::<Span>().ok().map(Span::as_millis)
    }

    #[test]
    fn spans_read_as_people_write_them() {
        for (text, ms) in [
            ("300", 300_000),
            ("1.0", 1_000),
            ("0.5", 500),
            ("250ms", 250),
            ("90s", 90_000),
            ("5m", 300_000),
            ("3h30", 12_600_000),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
        ] {
            assert_eq!(span(text), Some(ms), "{text}");
        }
        for text in ["", "m", "5x", "5m3h", "5m5m", "-3", "1e9", "1..5", "5 m", "５m", "30m5"] {
            assert_eq!(span(text), None, "{text} was taken");
        }
        assert_eq!("999999999".parse::<Span>(), Err(TimeError::Long("999999999".into())));
    }

    #[test]
    fn a_span_reads_back_as_it_was_written() {
        for ms in [0, 1, 999, 1_000, 1_500, 59_999, 60_000, 61_001, 5_400_000, 31_622_400_000] {
            assert_eq!(span(&Span::millis(ms).to_string()), Some(ms), "{}", Span::millis(ms));
        }
    }

    #[test]
    fn anchors_and_windows_read_back_as_they_were_written() {
        for text in ["open", "close", "open-3h30m", "close+15m", "09:30", "13:55:30"] {
            assert_eq!(text.parse::<SessionAnchor>().unwrap().to_string(), text);
        }
        let window: Window = "open-3h30..open".parse().unwrap();
        assert_eq!(window.to_string(), "open-3h30m .. open");
        for bad in ["opening", "open 3h", "24:00", "9:75", "noon", "open+-5m", ""] {
            assert!(bad.parse::<SessionAnchor>().is_err(), "{bad} was taken");
        }
        assert!("open".parse::<Window>().is_err());
    }
}
