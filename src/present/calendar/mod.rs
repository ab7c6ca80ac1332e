//! The exchange's calendar in words: a day, a month or a year as text of at most 78 columns.

mod facts;
mod grid;
mod view;

pub use facts::DayFacts;
pub use view::{MonthError, WIDTH, month, year};
