//! The book with which a day opens: the evening's, a file's, or the demo desk's.

use std::path::Path;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{BookMode, BookRecord, BooksError};
use crate::host::{days::DayFactory, input_file::read_input_text};
use config::Config;
use desk::{
    agents::Holdings,
    market::Dataset,
    trading::{
        book_file::{BookFile, parse_book},
        desk_book::DeskBook,
        money,
        symbol::Symbol,
    },
};
use planning::{calendar, plan::RunMode};
use view::format::count_noun;

/// The word of the setting `book` for the book of the evening before.
const CARRY: &str = "carry";

/// The book of a morning.
#[derive(Debug)]
pub(crate) struct OpeningBook {
    pub(crate) holdings: Holdings,
    /// Hash of the recorded book it is.
    pub(crate) rests_on: Option<String>,
    /// What it rests on, in words.
    pub(crate) rests_on_text: String,
}

impl OpeningBook {
    /// Returns a line for the operator.
    pub(crate) fn to_line(&self) -> String {
        let Self { holdings, rests_on_text, .. } = self;
        let Holdings::Book(book) = holdings else {
            return format!("the book rests on {rests_on_text}");
        };
        let count = u64::try_from(book.positions.len()).unwrap_or(u64::MAX);
        let cash = money::round_to_cents(book.cash);
        let positions = count_noun(count, "position");
        format!("the book has ${cash} in cash and {positions}; it rests on {rests_on_text}")
    }

    /// Returns a line for each position whose shares are from before a recorded split: a carried book is not
    /// converted by itself.
    pub(crate) fn split_warnings(&self, data: &Dataset, date: NaiveDate) -> Vec<String> {
        let Holdings::Book(book) = &self.holdings else { return Vec::new() };
        let warning = |symbol: &Symbol| {
            let day = *data.splits_between(symbol.as_str(), book.as_of, date).first()?;
            Some(format!(
                "{symbol} was split on {day}, and the book of {} has its shares from before: correct \
                 them with `bellwether book adjust` before orders are sent",
                book.as_of
            ))
        };
        book.positions.keys().filter_map(warning).collect()
    }

    /// Returns the book if it is one of shares.
    pub(crate) fn shares(&self) -> Option<DeskBook> {
        match &self.holdings {
            Holdings::Book(book) => Some(book.clone()),
            Holdings::Weights(_) | Holdings::Shares(_) => None,
        }
    }
}

/// Returns whether the book of a run is carried to the next day.
pub(crate) fn carries(config: &Config, mode: RunMode) -> Option<BookMode> {
    let mode = BookMode::of_run(mode)?;
    let asked = config.day.book.as_deref() == Some(Path::new(CARRY));
    (mode == BookMode::Paper || asked).then_some(mode)
}

/// Returns the book with which a day opens.
pub(crate) fn opening_book(
    days: &DayFactory,
    date: NaiveDate,
    mode: RunMode,
) -> Result<OpeningBook, BooksError> {
    let config = &days.config;
    if let Some(mode) = carries(config, mode) {
        let record = BookRecord::read(&config.places.state)?;
        if let Some(found) = record.for_day(mode, date)
            && let Some(book) = found.entry.standing_book()
        {
            return Ok(OpeningBook {
                holdings: Holdings::Book(book.clone()),
                rests_on: Some(found.hash.clone()),
                rests_on_text: found.rests_on_text(),
            });
        }
    }
    let file = config.day.book.as_deref().filter(|file| *file != Path::new(CARRY));
    let (holdings, rests_on_text) = if let Some(file) = file {
        let holdings = match read_book_file(file)? {
            BookFile::Weights(book) => Holdings::Weights(book),
            BookFile::Shares(book) => Holdings::Book(dated(book, date)),
        };
        (holdings, format!("the file `{}`", file.display()))
    } else {
        let (book, _missing) = days.opening_book(date).map_err(BooksError::Demo)?;
        (Holdings::Weights(book), "the demo desk's book".into())
    };
    Ok(OpeningBook { holdings, rests_on: None, rests_on_text })
}

/// Reads the file of a book, with every problem and its place.
pub(crate) fn read_book_file(file: &Path) -> Result<BookFile, BooksError> {
    let name = file.display().to_string();
    let text =
        read_input_text(file).map_err(|source| BooksError::Read { file: name.clone(), source })?;
    let problems = parse_book(&name, &text).map_err(|error| error.to_string());
    problems.map_err(|problems| BooksError::File { file: name, problems })
}

/// A book without a date is that of the evening before the day it is for.
pub(crate) fn dated(mut book: DeskBook, date: NaiveDate) -> DeskBook {
    if book.as_of == NaiveDate::MIN {
        let before = calendar::previous_session(date).map_or(date, |day| day.date);
        book.as_of = before;
    }
    book.equity = book.equity.filter(|equity| *equity > Decimal::ZERO);
    book
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_that_was_split_since_the_book_is_told() {
        let prices = "date,symbol,close\n2020-08-28,AAPL,499.23\n2020-08-31,AAPL,129.04\n";
        let splits = "date,symbol,ratio\n2020-08-31,AAPL,4\n";
        let files =
            [("bars.csv".to_owned(), prices.to_owned()), ("splits.csv".into(), splits.into())];
        let (data, _) = Dataset::parse(files.into_iter());
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let text = "as_of: 2020-08-28\ncash: 100\npositions:\n  - {symbol: AAPL, qty: 10, avg_cost: 400}\n";
        let Ok(BookFile::Shares(book)) = parse_book("book.yaml", text) else {
            unreachable!("a sound book")
        };
        let opening = OpeningBook {
            holdings: Holdings::Book(book),
            rests_on: None,
            rests_on_text: String::new(),
        };
        let told = opening.split_warnings(&data, date("2020-08-31"));
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("AAPL was split on 2020-08-31"), "{told:?}");
        assert!(opening.split_warnings(&data, date("2020-08-30")).is_empty());
    }
}
