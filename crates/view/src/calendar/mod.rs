//! The exchange's calendar in words: a day, a month or a year as text of at most 78 columns.

mod day_facts;
mod grid;
mod pages;

pub use day_facts::CalendarDayFacts;
pub use pages::{MonthError, WIDTH, month_page, year_page};
