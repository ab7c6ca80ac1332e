//! The exchange's calendar: which days trade, from when to when, and what makes a day special.
//!
//! Sessions follow from rules and a short table of exceptions; FOMC days and earnings are tables;
//! expirations are rules. Known for [`FIRST_YEAR`] to [`LAST_YEAR`], both included, and refused
//! outside. Where each fact comes from: `assets/calendar/PROVENANCE.md`.

mod day;
mod exchange_time;
mod expiration;
mod local_zone;
mod rules;
mod sessions;
mod special_days;
mod tables;

pub use day::{DayKind, DeclareError, ExchangeDay, exchange_day};
pub use exchange_time::{ClockChange, exchange_local, exchange_moment, exchange_offset_change};
pub use expiration::ExpirationKind;
pub use local_zone::LocalZone;
pub use sessions::{
    CalendarCertainty, FIRST_YEAR, LAST_YEAR, UnknownYearError, confirmed_until, next_session,
    previous_session, session_certainty, sessions, sessions_between, valid_until,
};
pub use special_days::{
    EarningsReaction, ReportTiming, SpecialEvent, StatementTimeBasis, earnings_coverage,
    earnings_reactions, fomc_coverage, reaction_session, special_events,
};
