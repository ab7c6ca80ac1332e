//! The book of the evening as the book of the next morning: recorded, found again, and settled.

mod entry;
mod keeper;
mod morning;
mod opening;
mod record;
mod settle;

pub(crate) use entry::{BookEntry, BookMode};
pub(crate) use keeper::BookKeeper;
pub(crate) use morning::MorningBook;
pub(crate) use opening::{OpeningBook, carries, dated, opening_book, read_book_file};
pub use record::BooksError;
pub(crate) use record::{BookRecord, RecordedBook};
pub(crate) use settle::settle_runs;
