//! Ways in which vendors write the same table: separator, decimal sign, order of day and month,
//! names of columns and symbols.

use std::borrow::Cow;

use csv::StringRecord;

use super::{
    cells::{cell_at, trim_cell},
    data_problem::DataProblemKind,
};

/// The order of day and month in dates with slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateOrder {
    MonthFirst,
    DayFirst,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Text,
    Date,
    Number,
}

impl CellKind {
    /// Returns the kinds of the columns with these names.
    pub(super) fn of_columns(header: &[String]) -> Vec<Self> {
        let kind = |name: &String| match name.to_ascii_lowercase().as_str() {
            "symbol" | "name" | "series" => Self::Text,
            "date" | "obs_date" | "release_date" => Self::Date,
            _ => Self::Number,
        };
        header.iter().map(kind).collect()
    }
}

/// The sign before the fraction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecimalSign {
    Point,
    Comma,
}

/// How one file writes its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// The byte between two cells.
    pub(super) delimiter: u8,
    /// Whether quotes enclose cells.
    pub(super) quoting: bool,
    decimal: DecimalSign,
    dates: DateOrder,
}

impl Dialect {
    /// Detects separator and quotes of a text.
    pub(super) fn detect(text: &str) -> Self {
        let header = lines(text).next().unwrap_or_default();
        let count = |sign: char| header.matches(sign).count();
        let delimiter = if count(';') > count(',') {
            b';'
        } else if count('\t') > count(',') {
            b'\t'
        } else {
            b','
        };
        // A stray quote in a table of numbers must invalidate only its own line, not the rest of
        // the file.
        let balanced = || text.lines().all(|line| line.matches('"').count() % 2 == 0);
        let quoting = text.contains('"') && (text.contains("sector") || balanced());
        Self { delimiter, quoting, decimal: DecimalSign::Point, dates: DateOrder::MonthFirst }
    }

    /// Learns decimal sign and order of dates from the rows below a header.
    ///
    /// # Errors
    ///
    /// The problem of a file whose rows are not days, or whose dates can be read in two ways.
    pub(super) fn learn(&mut self, text: &str, header: &[String]) -> Result<(), DataProblemKind> {
        let rows = Rows { text, header, delimiter: char::from(self.delimiter) };
        if rows.are_parts_of_days() {
            return Err(DataProblemKind::NotDaily);
        }
        if self.delimiter != b',' && rows.have_decimal_commas() {
            self.decimal = DecimalSign::Comma;
        }
        self.dates = rows.date_order()?;
        Ok(())
    }

    /// Returns a row with dates as `YYYY-MM-DD` and numbers with a point; what cannot be understood
    /// is left as it is, to be reported.
    pub(super) fn plain<'a>(
        self,
        kinds: &[CellKind],
        record: &'a StringRecord,
    ) -> Cow<'a, StringRecord> {
        let plain = |at: usize| -> Option<String> {
            let text = cell_at(record, at);
            match kinds.get(at)? {
                CellKind::Text => None,
                CellKind::Date => self.plain_date(text),
                CellKind::Number => self.plain_number(text),
            }
        };
        let changed: Vec<Option<String>> = (0..record.len()).map(plain).collect();
        if changed.iter().all(Option::is_none) {
            return Cow::Borrowed(record);
        }
        let cells = changed.into_iter().enumerate();
        let mut row: StringRecord =
            cells.map(|(at, new)| new.unwrap_or_else(|| cell_at(record, at).to_owned())).collect();
        row.set_position(record.position().cloned());
        Cow::Owned(row)
    }

    fn plain_date(self, text: &str) -> Option<String> {
        let (day, time) = split_time(text);
        if text.as_bytes().get(4) == Some(&b'-') {
            return (day.len() < text.len() && is_midnight(time)).then(|| day.to_owned());
        }
        if day.len() == 8
            && let Ok(number) = day.parse::<u32>()
        {
            return Some(iso(number / 10_000, number / 100 % 100, number % 100));
        }
        if let Some([first, second, year]) = slashed(day) {
            return Some(match self.dates {
                DateOrder::MonthFirst => iso(year, first, second),
                DateOrder::DayFirst => iso(year, second, first),
            });
        }
        let [date, month, year] = numbers(day, '.')?;
        Some(iso(year, month, date))
    }

    fn plain_number(self, text: &str) -> Option<String> {
        const MISSING: [&str; 4] = ["null", "n/a", "-", "--"];
        if MISSING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            return Some(String::new());
        }
        let bare = text.trim_start_matches(['$', '€', '£']).trim();
        if self.decimal == DecimalSign::Comma {
            let (whole, part) = bare.split_once(',').unwrap_or((bare, ""));
            let whole =
                if whole.contains('.') { without_groups(whole, '.')? } else { whole.to_owned() };
            let plain = if part.is_empty() { whole } else { format!("{whole}.{part}") };
            return (plain != text).then_some(plain);
        }
        if !bare.contains(',') {
            return (bare.len() < text.len()).then(|| bare.to_owned());
        }
        let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
        let whole = without_groups(whole, ',')?;
        Some(if part.is_empty() { whole } else { format!("{whole}.{part}") })
    }
}

/// The rows of a file, split only where a question about all of them asks for it.
struct Rows<'a> {
    text: &'a str,
    header: &'a [String],
    delimiter: char,
}

impl<'a> Rows<'a> {
    fn columns(&self, names: &[&str]) -> Vec<usize> {
        let header = self.header.iter().enumerate();
        let wanted = |name: &str| names.iter().any(|one| name.eq_ignore_ascii_case(one));
        header.filter(|(_, name)| wanted(name)).map(|(at, _)| at).collect()
    }

    /// Returns the cells of a column.
    fn cells(&self, at: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let delimiter = self.delimiter;
        let rows = lines(self.text).skip(1);
        rows.map(move |line| trim_cell(line.split(delimiter).nth(at).unwrap_or_default()))
    }

    /// Returns whether the first row is no whole day: it has a time or another period.
    fn are_parts_of_days(&self) -> bool {
        let first = |name: &str| {
            let at = self.columns(&[name]).first().copied()?;
            self.cells(at).next()
        };
        first("time").is_some_and(|time| !is_midnight(time))
            || first("per").is_some_and(|period| period != "D")
            || first("date").is_some_and(|date| !is_midnight(split_time(date).1))
    }

    /// Returns whether prices have commas, and none has a point that must be the decimal sign.
    fn have_decimal_commas(&self) -> bool {
        let mut prices = self.columns(&["open", "high", "low", "close", "close_last"]);
        if prices.is_empty() {
            prices = (1..self.header.len()).collect(); // One column for each symbol or series
        }
        let decimal_point = |cell: &str| {
            let before_comma = |dot: usize| cell.rfind(',').is_some_and(|comma| dot < comma);
            cell.rfind('.').is_some_and(|dot| !before_comma(dot))
                && without_groups(cell, '.').is_none()
        };
        let cells = || prices.iter().flat_map(|at| self.cells(*at));
        cells().any(|cell| cell.contains(',')) && !cells().any(decimal_point)
    }

    /// Returns the order of day and month.
    fn date_order(&self) -> Result<DateOrder, DataProblemKind> {
        let at = self.columns(&["date", "obs_date"]).first().copied();
        let first = at.and_then(|at| self.cells(at).next()).filter(|date| date.contains('/'));
        let Some((at, first)) = at.zip(first) else { return Ok(DateOrder::MonthFirst) };
        let any = |part: usize| {
            let mut dates = self.cells(at).filter_map(slashed);
            dates.any(|parts| parts.get(part).is_some_and(|number| (13..=31).contains(number)))
        };
        let american = self.header.iter().any(|name| name == "close_last");
        if american || any(1) {
            Ok(DateOrder::MonthFirst)
        } else if any(0) {
            Ok(DateOrder::DayFirst)
        } else if slashed(first).is_some() {
            Err(DataProblemKind::AmbiguousDates { text: first.to_owned() })
        } else {
            Ok(DateOrder::MonthFirst)
        }
    }
}

/// Returns the lines that are not comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// Returns a date and the time behind it, if there is one.
fn split_time(text: &str) -> (&str, &str) {
    text.split_once(['T', ' ']).unwrap_or((text, ""))
}

/// Returns whether a time, with or without an offset, is the start of a day.
fn is_midnight(time: &str) -> bool {
    let clock = time.split(['+', '-', 'Z', '.']).next().unwrap_or_default();
    clock.chars().all(|sign| sign == '0' || sign == ':' || sign == ' ')
}

fn iso(year: u32, month: u32, day: u32) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns the parts of `06/30/2025` in the order of the text.
fn slashed(text: &str) -> Option<[u32; 3]> {
    numbers(text, '/')
}

fn numbers(text: &str, sign: char) -> Option<[u32; 3]> {
    let mut parts = text.split(sign);
    let mut next = |longest| {
        let part = parts.next().filter(|part| part.len() <= longest)?;
        part.parse::<u32>().ok()
    };
    let found = [next(2)?, next(2)?, next(4)?];
    (parts.next().is_none() && found[2] > 999).then_some(found)
}

/// Returns a whole number without the signs between its groups of three digits.
fn without_groups(text: &str, sign: char) -> Option<String> {
    let mut groups = text.split(sign);
    let first = groups.next()?;
    let digits = |group: &str| group.chars().all(|c| c.is_ascii_digit());
    let right = (1..=3).contains(&first.len()) && digits(first);
    let mut more = groups.peekable();
    (right && more.peek().is_some() && more.all(|group| group.len() == 3 && digits(group)))
        .then(|| text.replace(sign, ""))
}

/// Returns the header with the program's own names, if it is one of bars.
pub(super) fn canonical_header(header: &[String]) -> Vec<String> {
    let own: Vec<String> = header.iter().map(|name| canonical_column(name)).collect();
    let has = |name: &str| own.iter().any(|one| one == name);
    let close = has("close") || has("close_last");
    if has("date") && close { own } else { header.to_vec() }
}

/// Returns the program's name of a column of bars: `Adj Close` → `adj_close`, `<VOL>` → `volume`.
pub(super) fn canonical_column(name: &str) -> String {
    let bare = name.trim_matches(['<', '>', '*', '.', ' ']).to_ascii_lowercase();
    let bare = bare.replace([' ', '/'], "_");
    match bare.as_str() {
        "timestamp" | "datetime" => "date".into(),
        "ticker" => "symbol".into(),
        "adjclose" | "adjusted_close" => "adj_close".into(),
        "vol" => "volume".into(),
        "stock_splits" => "split_coefficient".into(),
        "dividend_amount" => "dividends".into(),
        _ => bare,
    }
}

/// Returns the program's name of a symbol: upper case, without Stooq's `.US`, and indices by their
/// own names.
pub(super) fn canonical_symbol(symbol: &str) -> String {
    let upper = symbol.to_ascii_uppercase();
    match upper.as_str() {
        "^VIX" => "VIX".into(),
        "^VIX3M" => "VIX3M".into(),
        "^GSPC" | "^SPX" => "SPX".into(),
        _ => upper.strip_suffix(".US").map_or_else(|| upper.clone(), str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(decimal: DecimalSign) -> Dialect {
        Dialect { decimal, ..Dialect::detect("date,close") }
    }

    #[test]
    fn numbers_of_vendors_become_plain_ones() {
        let point = |text: &str| dialect(DecimalSign::Point).plain_number(text);
        assert_eq!(point("$201.70").as_deref(), Some("201.70"));
        assert_eq!(point("1,234,567.5").as_deref(), Some("1234567.5"));
        assert_eq!(point("201,70"), None, "no group of three digits: it is reported");
        assert_eq!(point("N/A").as_deref(), Some(""));
        assert_eq!(point("201.70"), None);
        let comma = |text: &str| dialect(DecimalSign::Comma).plain_number(text);
        assert_eq!(comma("1.201,70").as_deref(), Some("1201.70"));
        assert_eq!(comma("35.423.294").as_deref(), Some("35423294"));
        assert_eq!(comma("201"), None);
    }

    #[test]
    fn dates_of_vendors_become_plain_ones() {
        let plain = |text: &str| dialect(DecimalSign::Point).plain_date(text);
        assert_eq!(plain("2025-06-02 00:00:00-04:00").as_deref(), Some("2025-06-02"));
        assert_eq!(plain("20250602").as_deref(), Some("2025-06-02"));
        assert_eq!(plain("06/30/2025").as_deref(), Some("2025-06-30"));
        assert_eq!(plain("30.06.2025").as_deref(), Some("2025-06-30"));
        assert_eq!(plain("2025-06-02"), None);
        assert_eq!(plain("2025-06-02 09:30:00"), None, "a bar within the day is not that day");
    }
}
