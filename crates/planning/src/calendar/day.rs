//! Types and functions for one day at the exchange: its session and the moments of its anchors.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    exchange_time::{exchange_local, exchange_moment},
    installed::current_calendar,
    sessions::{self, UnknownYearError},
};
use crate::time::{SessionAnchor, Window};

/// A calendar date at the exchange, with its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeDay {
    /// The date at the exchange.
    pub date: NaiveDate,
    /// The kind of session.
    pub kind: DayKind,
    /// First moment of the session. On a closed day that of a full session, so that anchors
    /// resolve.
    pub open: DateTime<Utc>,
    /// End of the session. On a closed day that of a full session, so that anchors resolve.
    pub close: DateTime<Utc>,
    /// The break in the middle of the session, where the exchange has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lunch: Option<LunchBreak>,
}

/// The part of a session in which the exchange does not trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LunchBreak {
    /// First moment of the break.
    pub from: DateTime<Utc>,
    /// First moment after the break.
    pub to: DateTime<Utc>,
}

/// The kind of session of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "session", rename_all = "snake_case")]
pub enum DayKind {
    /// The full hours of the exchange.
    Regular,
    /// A session that begins late; [`ExchangeDay::open`] is its begin.
    LateOpen {
        /// The cause.
        reason: Arc<str>,
    },
    /// A session that ends early; [`ExchangeDay::close`] is its end.
    EarlyClose {
        /// The cause, such as `Christmas Eve`.
        reason: Arc<str>,
    },
    /// A day without a session.
    Closed {
        /// The cause, such as `weekend` or `Good Friday`.
        reason: Arc<str>,
    },
}

/// The reason for which a day cannot be declared to close early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeclareError {
    /// The day has no session that could end early.
    #[error("{date} has no session to close early: {reason}")]
    NoSession {
        date: NaiveDate,
        /// The reason for which the exchange is closed.
        reason: Arc<str>,
    },
    /// The close requested is not inside the current session.
    #[error("{date} cannot close early at {close}: write a time after {open} and before {latest}")]
    OutsideSession {
        date: NaiveDate,
        /// The close requested, in exchange time.
        close: NaiveTime,
        /// The open, in exchange time.
        open: NaiveTime,
        /// The current close, in exchange time.
        latest: NaiveTime,
    },
}

/// Returns the day `date` at the exchange.
///
/// # Errors
///
/// [`UnknownYearError`] outside the years covered by the calendar.
pub fn exchange_day(date: NaiveDate) -> Result<ExchangeDay, UnknownYearError> {
    sessions::ensure_known_year(date)?;
    Ok(exchange_day_unbounded(date))
}

/// Returns the day `date` without the check of its year, for look-ahead beyond the covered years.
pub(super) fn exchange_day_unbounded(date: NaiveDate) -> ExchangeDay {
    current_calendar().day(date)
}

impl DayKind {
    /// Returns the reason for a closed or shortened day, or `None` for a regular one.
    #[must_use]
    pub const fn reason(&self) -> Option<&Arc<str>> {
        match self {
            Self::Regular => None,
            Self::LateOpen { reason } | Self::EarlyClose { reason } | Self::Closed { reason } => {
                Some(reason)
            }
        }
    }
}

impl ExchangeDay {
    /// Returns whether the exchange opens on this day.
    #[must_use]
    pub const fn is_session(&self) -> bool {
        match self.kind {
            DayKind::Regular | DayKind::LateOpen { .. } | DayKind::EarlyClose { .. } => true,
            DayKind::Closed { .. } => false,
        }
    }

    /// Returns the end of the session in exchange time.
    #[must_use]
    pub fn close_et(&self) -> NaiveTime {
        exchange_local(self.close).time()
    }

    /// Returns the moment of `anchor` on this day. An offset out of range is cut to the range.
    #[must_use]
    pub fn resolve_anchor(&self, anchor: SessionAnchor) -> DateTime<Utc> {
        let (edge, ms) = match anchor {
            SessionAnchor::Open(ms) => (self.open, ms),
            SessionAnchor::Close(ms) => (self.close, ms),
            SessionAnchor::Clock(time) => return exchange_moment(self.date, time),
        };
        let end = if ms < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        TimeDelta::try_milliseconds(ms)
            .and_then(|delta| edge.checked_add_signed(delta))
            .unwrap_or(end)
    }

    /// Returns the first moment inside `window` and the first moment after it.
    ///
    /// A window that a short session reverses (`14:00 .. close` when the close is at 13:00) is
    /// empty: both moments are its start.
    #[must_use]
    pub fn resolve_window(&self, window: Window) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.resolve_anchor(window.from);
        (from, self.resolve_anchor(window.to).max(from))
    }

    /// Returns this day with the exchange closed by an operator's declaration.
    #[must_use]
    pub fn declared_closed(self, reason: impl Into<Arc<str>>) -> Self {
        let (open, close) = current_calendar().full_session(self.date);
        Self { kind: DayKind::Closed { reason: reason.into() }, open, close, lunch: None, ..self }
    }

    /// Returns this day with the session ending at `close`, in exchange time, by an operator's
    /// declaration.
    ///
    /// # Errors
    ///
    /// [`DeclareError`] if the day has no session, or `close` is not within it: a session may be
    /// declared shorter, not longer.
    pub fn declared_early(
        self,
        close: NaiveTime,
        reason: impl Into<Arc<str>>,
    ) -> Result<Self, DeclareError> {
        let (date, latest) = (self.date, self.close_et());
        let open = exchange_local(self.open).time();
        if let DayKind::Closed { reason } = self.kind {
            return Err(DeclareError::NoSession { date, reason });
        }
        let at = exchange_moment(date, close);
        let at = if at <= self.open { at + TimeDelta::days(1) } else { at };
        if at >= self.close {
            return Err(DeclareError::OutsideSession { date, close, open, latest });
        }
        let lunch = self.lunch.filter(|lunch| lunch.to < at);
        Ok(Self { kind: DayKind::EarlyClose { reason: reason.into() }, close: at, lunch, ..self })
    }

    /// Returns a full session of the same date.
    #[must_use]
    pub fn full(&self) -> Self {
        let (open, close) = current_calendar().full_session(self.date);
        Self { kind: DayKind::Regular, open, close, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(date: &str) -> ExchangeDay {
        exchange_day(date.parse().unwrap()).unwrap()
    }

    fn at(day: &ExchangeDay, anchor: &str) -> String {
        day.resolve_anchor(anchor.parse().unwrap()).format("%H:%M").to_string()
    }

    #[test]
    fn a_half_day_moves_every_anchor_tied_to_the_close() {
        let (half, full) = (on("2018-12-24"), on("2018-12-19"));
        assert_eq!(half.kind, DayKind::EarlyClose { reason: "Christmas Eve".into() });
        for (anchor, on_half, on_full) in [
            ("open-3h30", "11:00", "11:00"),
            ("open+1h", "15:30", "15:30"),
            ("close-1h", "17:00", "20:00"),
            ("close+2h", "20:00", "23:00"),
            ("14:00", "19:00", "19:00"),
        ] {
            assert_eq!((at(&half, anchor), at(&full, anchor)), (on_half.into(), on_full.into()));
        }
    }

    #[test]
    fn a_closed_day_still_resolves_its_anchors() {
        let day = on("2018-12-25");
        assert!(!day.is_session());
        assert_eq!((at(&day, "open"), at(&day, "close")), ("14:30".into(), "21:00".into()));
    }

    #[test]
    fn a_window_turned_inside_out_is_empty() {
        let (from, to) = on("2018-12-24").resolve_window("14:00 .. close".parse().unwrap());
        assert_eq!(from, to);
    }

    #[test]
    fn an_offset_beyond_time_ends_with_time() {
        let day = on("2018-12-24");
        assert_eq!(day.resolve_anchor(SessionAnchor::Open(i64::MAX)), DateTime::<Utc>::MAX_UTC);
        assert_eq!(day.resolve_anchor(SessionAnchor::Close(i64::MIN)), DateTime::<Utc>::MIN_UTC);
    }

    #[test]
    fn an_operator_may_close_or_shorten_a_day_but_not_lengthen_it() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let closed = on("2018-12-24").declared_closed("storm");
        assert!(!closed.is_session());
        assert_eq!(at(&closed, "close"), "21:00", "a closed day has the nominal close");
        let early = on("2018-12-19").declared_early(time(12), "storm").unwrap();
        assert_eq!(at(&early, "close"), "17:00");
        assert_eq!(early.kind.reason().map(AsRef::as_ref), Some("storm"));
        for hour in [9, 13, 16] {
            let refused = on("2018-12-24").declared_early(time(hour), "storm").unwrap_err();
            assert!(refused.to_string().contains("before 13:00"), "{refused}");
        }
        let refused = on("2018-12-25").declared_early(time(12), "storm").unwrap_err();
        assert_eq!(refused.to_string(), "2018-12-25 has no session to close early: Christmas Day");
    }

    #[test]
    fn a_day_reads_back_as_it_was_written() {
        for date in ["2018-12-19", "2018-12-24", "2018-12-25"] {
            let text = serde_json::to_string(&on(date)).unwrap();
            assert_eq!(serde_json::from_str::<ExchangeDay>(&text).unwrap(), on(date), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_window_never_ends_before_it_begins(
            days in 0_u64..13_879,
            from in any::<i64>(),
            to in any::<i64>(),
            minute in 0_u32..1_440,
        ) {
            let date = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::Days::new(days);
            let day = exchange_day(date).unwrap();
            let clock = SessionAnchor::Clock(NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap());
            let anchors = [SessionAnchor::Open(from), SessionAnchor::Close(to), clock];
            for from in anchors {
                for to in anchors {
                    let (from, to) = day.resolve_window(Window { from, to });
                    prop_assert!(from <= to);
                }
            }
            prop_assert!(day.open < day.close);
        }
    }
}
