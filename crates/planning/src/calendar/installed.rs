//! The calendar of this process: one exchange and the files of one's own laid over it.
//!
//! A process serves one exchange. The calendar is installed once, when the configuration is read,
//! and never changes afterwards; without that it is New York's.

use std::sync::{Arc, LazyLock, OnceLock};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::{
    day::{DayKind, ExchangeDay, LunchBreak},
    exchange::Exchange,
    exchange_time::{local_in, moment_in},
    own_calendar::{OwnCalendar, OwnSession},
    rules::{self, DayRule},
    tables::{ExceptionKind, FACTS},
};

/// An exchange and the files of one's own that take precedence over it.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub(super) exchange: Exchange,
    pub(super) own: OwnCalendar,
}

static INSTALLED: OnceLock<Calendar> = OnceLock::new();
static NEW_YORK: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::new(Exchange::new_york(), OwnCalendar::default()));

/// Makes `calendar` the one of this process; returns whether it was the first.
pub fn install_calendar(calendar: Calendar) -> bool {
    INSTALLED.set(calendar).is_ok()
}

/// Returns the calendar of this process.
pub fn current_calendar() -> &'static Calendar {
    INSTALLED.get().unwrap_or(&NEW_YORK)
}

/// Returns the name of the exchange's clock on screens: `ET` in New York.
#[must_use]
pub fn clock_name() -> &'static str {
    &current_calendar().exchange.clock
}

/// Returns the name of the exchange's zone in texts: `New York`, else as the database has it.
#[must_use]
pub fn zone_text() -> &'static str {
    let calendar = current_calendar();
    if calendar.exchange.zone == chrono_tz::America::New_York {
        "New York"
    } else {
        calendar.zone_name()
    }
}

/// The hours of one day on the exchange's clock.
struct DayHours {
    kind: DayKind,
    open: NaiveTime,
    close: NaiveTime,
}

impl Calendar {
    /// Creates the calendar of `exchange`, with `own` taking precedence.
    #[must_use]
    pub const fn new(exchange: Exchange, own: OwnCalendar) -> Self {
        Self { exchange, own }
    }

    /// Returns the exchange's code: `XNYS`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.exchange.code
    }

    /// Returns the files of one's own.
    #[must_use]
    pub const fn own_calendar(&self) -> &OwnCalendar {
        &self.own
    }

    /// Returns the exchange's name: `London Stock Exchange`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.exchange.name
    }

    /// Returns the IANA name of the exchange's zone.
    #[must_use]
    pub fn zone_name(&self) -> &'static str {
        self.exchange.zone.name()
    }

    /// Returns whether the exchange is New York's, to which the built-in data belongs.
    #[must_use]
    pub fn is_new_york(&self) -> bool {
        self.exchange.is_new_york()
    }

    /// Returns the day `date`, whatever its year.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> ExchangeDay {
        let full = self.exchange.hours_of(date);
        let DayHours { kind, open, close } = self.hours(date);
        let (open_at, close_at) = self.session(date, open, close);
        let lunch =
            full.lunch.filter(|(_, to)| *to < close && !matches!(kind, DayKind::Closed { .. }));
        let lunch = lunch.map(|(from, to)| LunchBreak {
            from: self.moment(date, from),
            to: self.moment(date, to),
        });
        let lunch = lunch.filter(|lunch| open_at < lunch.from && lunch.to < close_at);
        ExchangeDay { date, kind, open: open_at, close: close_at, lunch }
    }

    /// Returns the moments of a session; one whose close is not after its open ends the next day.
    pub(super) fn session(
        &self,
        date: NaiveDate,
        open: NaiveTime,
        close: NaiveTime,
    ) -> (DateTime<Utc>, DateTime<Utc>) {
        let next = date.checked_add_days(Days::new(1)).filter(|_| close <= open);
        (self.moment(date, open), self.moment(next.unwrap_or(date), close))
    }

    /// Returns the moments of a full session on `date`.
    pub(super) fn full_session(&self, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let full = self.exchange.hours_of(date);
        self.session(date, full.open, full.close)
    }

    fn moment(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        moment_in(self.exchange.zone, date, time)
    }

    /// Returns whether the exchange opens on `date`.
    pub(super) fn is_session(&self, date: NaiveDate) -> bool {
        !matches!(self.hours(date).kind, DayKind::Closed { .. })
    }

    /// Returns the hours of `date`: a row of one's own, else the exchange's exceptions, else its
    /// rules.
    fn hours(&self, date: NaiveDate) -> DayHours {
        let full = self.exchange.hours_of(date);
        let regular = DayHours { kind: DayKind::Regular, open: full.open, close: full.close };
        let Some(row) = self.own.sessions.get(&date) else { return self.exchange_hours(date) };
        let reason = || Arc::clone(&row.reason);
        match row.session {
            OwnSession::Closed => {
                DayHours { kind: DayKind::Closed { reason: reason() }, ..regular }
            }
            OwnSession::Early(close) => {
                DayHours { kind: DayKind::EarlyClose { reason: reason() }, close, ..regular }
            }
            OwnSession::Late(open) => {
                DayHours { kind: DayKind::LateOpen { reason: reason() }, open, ..regular }
            }
            OwnSession::Full { open, close } => DayHours {
                open: open.unwrap_or(full.open),
                close: close.unwrap_or(full.close),
                ..regular
            },
        }
    }

    /// Returns the hours that the exchange gives `date`, without files of one's own.
    fn exchange_hours(&self, date: NaiveDate) -> DayHours {
        let full = self.exchange.hours_of(date);
        let (kind, close) = if self.is_new_york() {
            new_york_kind(date)
        } else if let Some(reason) = self.exchange.closed_reason(date) {
            (DayKind::Closed { reason }, None)
        } else if let Some((close, reason)) = self.exchange.early_close(date) {
            (DayKind::EarlyClose { reason }, Some(close))
        } else {
            (DayKind::Regular, None)
        };
        // A close configured before the early one makes the day a regular one.
        match close {
            Some(close) if full.open < full.close && full.close <= close => {
                DayHours { kind: DayKind::Regular, open: full.open, close: full.close }
            }
            close => DayHours { kind, open: full.open, close: close.unwrap_or(full.close) },
        }
    }

    /// Returns the rule that decides the session of `date`, and what it takes precedence over.
    #[must_use]
    pub fn session_source(&self, date: NaiveDate) -> Option<String> {
        let row = self.own.sessions.get(&date)?;
        let DayHours { kind, open, close } = self.exchange_hours(date);
        let hours = format!("{} to {}", open.format("%H:%M"), close.format("%H:%M"));
        let built_in = match kind {
            DayKind::Regular | DayKind::LateOpen { .. } => hours,
            DayKind::EarlyClose { reason } => format!("{hours}, {reason}"),
            DayKind::Closed { reason } => format!("closed, {reason}"),
        };
        Some(format!("{} decides the session, over {}: {built_in}", row.place, self.code()))
    }

    /// Returns the date on the exchange's clock at `at`.
    #[must_use]
    pub fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        local_in(self.exchange.zone, at).date()
    }
}

/// Returns the kind of `date` in New York, and its close if it is early. Exceptions take
/// precedence over rules.
fn new_york_kind(date: NaiveDate) -> (DayKind, Option<NaiveTime>) {
    if let Some(exception) = FACTS.exceptions.get(&date) {
        let reason = Arc::clone(&exception.reason);
        return match exception.session {
            ExceptionKind::Closed => (DayKind::Closed { reason }, None),
            ExceptionKind::EarlyClose => (DayKind::EarlyClose { reason }, exception.close_et),
        };
    }
    match rules::day_rule(date) {
        DayRule::Regular => (DayKind::Regular, None),
        DayRule::EarlyClose { close, reason } => {
            (DayKind::EarlyClose { reason: reason.into() }, Some(close))
        }
        DayRule::Closed { reason } => (DayKind::Closed { reason: reason.into() }, None),
    }
}
