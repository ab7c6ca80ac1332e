//! Types and functions for the exchange calendar: sessions, early closes and special days.
//!
//! Sessions follow from rules and a short table of exceptions; FOMC days and earnings are tables;
//! expirations are rules. Years from [`FIRST_YEAR`] to [`LAST_YEAR`] are covered, others refused;
//! years after [`LAST_ANNOUNCED_YEAR`] are by rule, not announced.
//! Sources of the data: `assets/calendar/PROVENANCE.md`.

mod day;
mod exchange;
mod exchange_time;
mod expiration;
mod holiday_rule;
mod installed;
mod local_zone;
mod own_calendar;
mod rules;
mod sessions;
mod special_days;
mod tables;

pub use day::{DayKind, DeclareError, ExchangeDay, LunchBreak, exchange_day};
pub use exchange::{DEFAULT_EXCHANGE, EXCHANGE_CODES, Exchange, ExchangeFileError, HoursOverride};
pub use exchange_time::{ClockChange, exchange_local, exchange_moment, exchange_offset_change};
pub use expiration::ExpirationKind;
pub use installed::{Calendar, clock_name, current_calendar, install_calendar, zone_text};
pub use local_zone::LocalZone;
pub use own_calendar::{CALENDAR_FILES, OwnCalendar, OwnCalendarProblem};
pub use sessions::{
    CalendarCertainty, FIRST_YEAR, LAST_ANNOUNCED_YEAR, LAST_YEAR, UnknownYearError,
    announced_until, announcement_remark, confirmed_until, first_year, next_session,
    previous_session, session_certainty, sessions, sessions_between, valid_until,
};
pub use special_days::{
    EarningsReaction, ReportTiming, SpecialEvent, StatementTimeBasis, earnings_coverage,
    earnings_reactions, fomc_coverage, reaction_session, special_events,
};
