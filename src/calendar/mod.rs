//! The exchange's calendar: which days trade, from when to when, and what makes a day special.
//!
//! Sessions follow from rules and a short table of exceptions; FOMC days and earnings are tables;
//! expirations are rules. Known for [`FIRST_YEAR`] to [`LAST_YEAR`], both included, and refused
//! outside. Where each fact comes from: `assets/calendar/PROVENANCE.md`.

mod day;
mod expiration;
mod facts;
mod local;
mod rule;
mod session;
mod special;
mod zone;

pub use day::{Day, DayKind, DeclareError, day};
pub use expiration::ExpirationKind;
pub use local::LocalZone;
pub use session::{
    FIRST_YEAR, LAST_YEAR, Standing, UnknownYear, confirmed_until, next_session, previous_session,
    sessions, sessions_between, standing, valid_until,
};
pub use special::{
    HourBasis, Reaction, Special, Timing, earnings_known, earnings_reactions, fomc_known,
    reaction_session, specials,
};
pub use zone::{OffsetChange, exchange_local, exchange_moment, exchange_offset_change};
