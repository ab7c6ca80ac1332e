//! Loader of tables, row by row, which keeps file and line of each row for problem reports.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};

use super::{
    accepted::nearest_table,
    bar::{Bar, Observation},
    cells::{cell_at, parse_number, price, read_date, require_number, shorten, trim_cell},
    data_problem::{DataProblem, DataProblemKind},
    dialect::{CellKind, Dialect, canonical_header, canonical_symbol},
    format::{self, Frequency, TableFormat, VIX, VIX3M, assumed_release, series_id},
    universe::{Listing, Universe},
};

/// A value with its file and line.
#[derive(Debug, Clone)]
pub(super) struct SourcedRow<T> {
    pub(super) file: usize,
    pub(super) line: u64,
    pub(super) value: T,
}

/// All rows of all files so far, in reading order.
#[derive(Debug, Default)]
pub(super) struct Loader {
    pub(super) files: Vec<String>,
    pub(super) bars: BTreeMap<String, Vec<SourcedRow<Bar>>>,
    pub(super) series: BTreeMap<String, Vec<SourcedRow<Observation>>>,
    pub(super) splits: BTreeMap<String, Vec<NaiveDate>>,
    pub(super) universe: Universe,
    pub(super) problems: Vec<DataProblem>,
    /// Columns of the current file with values that nothing uses: column → line and day of the first.
    pub(super) unused: BTreeMap<&'static str, (u64, NaiveDate)>,
    /// Empty cells of the current file: column → first line, and the days of all.
    blanks: BTreeMap<String, (u64, Vec<NaiveDate>)>,
}

impl Loader {
    /// Loads one file; returns its number of data rows.
    pub(super) fn load_file(&mut self, name: &str, text: &str) -> usize {
        self.files.push(name.to_owned());
        let text = text.trim_start_matches('\u{feff}');
        let mut dialect = Dialect::detect(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(dialect.delimiter)
            .quoting(dialect.quoting)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let (format, header) = match table_format(name, text, &mut dialect, &mut reader) {
            Ok(found) => found,
            Err(problem) => {
                self.report(None, None, None, problem);
                return 0;
            }
        };
        let kinds = if format == TableFormat::Universe {
            Vec::new()
        } else {
            CellKind::of_columns(&header)
        };
        self.unknown_columns(&format, &header);
        let mut rows = 0;
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => self.row(&format, &header, &dialect.plain(&kinds, &record)),
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    let detail = shorten(&error.to_string());
                    self.report(None, line, None, DataProblemKind::Malformed { detail });
                }
            }
            rows += 1;
        }
        if rows == 0 {
            self.report(None, None, None, DataProblemKind::Empty);
        }
        for (column, (line, day)) in std::mem::take(&mut self.unused) {
            let found = DataProblemKind::NotUsed { column: column.to_owned() };
            self.report(None, Some(line), Some(day), found);
        }
        for (column, (line, days)) in std::mem::take(&mut self.blanks) {
            let found = DataProblemKind::EmptyValues { count: days.len(), days };
            self.report(Some(&column), Some(line), None, found);
        }
        rows
    }

    /// Returns the oldest and most recent date among the usable rows of a file, given by its index
    /// in reading order.
    pub(super) fn date_range(&self, file: usize) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let bars = self.bars.values().flatten().filter(|row| row.file == file);
        let series = self.series.values().flatten().filter(|row| row.file == file);
        let days = || {
            let bars = bars.clone().map(|row| row.value.date);
            bars.chain(series.clone().map(|row| row.value.date))
        };
        (days().min(), days().max())
    }

    pub(super) fn report(
        &mut self,
        symbol: Option<&str>,
        row: Option<u64>,
        date: Option<NaiveDate>,
        reason: DataProblemKind,
    ) {
        let file = self.files.last().cloned().unwrap_or_default();
        let symbol = symbol.map(str::to_owned);
        self.problems.push(DataProblem { file, symbol, row, date, reason });
    }

    fn unknown_columns(&mut self, format: &TableFormat, header: &[String]) {
        let TableFormat::MacroWide(frequency) = format else { return };
        for column in header.iter().skip(1).filter(|c| series_id(*frequency, c).is_none()) {
            let reason = DataProblemKind::UnknownColumn { column: shorten(column) };
            self.report(None, Some(1), None, reason);
        }
    }

    fn row(&mut self, format: &TableFormat, header: &[String], record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let reason = DataProblemKind::Fields { found: record.len(), expected: header.len() };
            self.report(None, Some(line), known_on(format, record), reason);
            return;
        }
        let outcome = match format {
            TableFormat::LongBars(columns) => self.bar(None, columns, (line, record)),
            TableFormat::SymbolBars(symbols) => self.symbol_bars(symbols, (line, record)),
            TableFormat::WideCloses => self.closes(header, line, record),
            TableFormat::VixTerm { close, vix3m } => {
                self.vix(&[(VIX, *close), (VIX3M, *vix3m)], line, record)
            }
            TableFormat::MacroLong { series, obs, release, value } => {
                self.observation([*series, *obs, *release, *value], line, record)
            }
            TableFormat::MacroWide(frequency) => {
                self.observations(*frequency, header, (line, record))
            }
            TableFormat::Universe => self.listing(header, record),
            TableFormat::Splits { date, symbol, ratio } => {
                self.split([*date, *symbol, *ratio], record)
            }
            TableFormat::NamelessBars | TableFormat::Unknown => Ok(()),
        };
        if let Err((symbol, reason)) = outcome {
            let date = known_on(format, record);
            self.report(symbol.as_deref(), Some(line), date, reason);
        }
    }

    fn observations(
        &mut self,
        frequency: Frequency,
        header: &[String],
        (line, record): (u64, &StringRecord),
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let text = cell_at(record, 0);
        let date = format::parse_period(text)
            .ok_or_else(|| (None, DataProblemKind::BadDate { text: shorten(text) }))?;
        let release = assumed_release(frequency, date);
        for (at, column) in header.iter().enumerate().skip(1) {
            let Some(id) = series_id(frequency, column) else { continue };
            match parse_number(cell_at(record, at), column) {
                Ok(Some(value)) => {
                    self.push_observation(id, line, Observation { date, release, value });
                }
                Ok(None) => self.report_empty_cell(id, (line, release)),
                Err(reason) => self.report(Some(id), Some(line), Some(date), reason),
            }
        }
        Ok(())
    }

    fn observation(
        &mut self,
        [series, obs, release, value]: [usize; 4],
        line: u64,
        record: &StringRecord,
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let id = cell_at(record, series).to_owned();
        let fail = |reason| (Some(id.clone()), reason);
        let date = read_date(cell_at(record, obs)).map_err(fail)?;
        let release = read_date(cell_at(record, release)).map_err(fail)?;
        let value =
            require_number(parse_number(cell_at(record, value), "value"), "value").map_err(fail)?;
        self.push_observation(&id, line, Observation { date, release, value });
        Ok(())
    }

    fn listing(
        &mut self,
        header: &[String],
        record: &StringRecord,
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let get = |name: &str| {
            let at = header.iter().position(|h| h.eq_ignore_ascii_case(name));
            at.map_or("", |at| cell_at(record, at))
        };
        let symbol = canonical_symbol(get("symbol"));
        if symbol.is_empty() {
            return Err((None, DataProblemKind::EmptyValue { column: "symbol".to_owned() }));
        }
        let whole = |name: &str, default: u64| match get(name) {
            "" => Ok(default),
            text => text.parse::<u64>().ok().ok_or_else(|| {
                let (column, text) = (name.to_owned(), shorten(text));
                (Some(symbol.clone()), DataProblemKind::BadNumber { column, text })
            }),
        };
        let lot = u32::try_from(whole("lot", 1)?).unwrap_or(u32::MAX).max(1);
        let tier = u8::try_from(whole("tier", 1)?).unwrap_or(u8::MAX);
        let adv = whole("adv_override", 0)?;
        let sector = if get("sector").is_empty() { get("gics_sector") } else { get("sector") };
        let added = self.universe.insert(Listing {
            name: get("name").to_owned(),
            sector: sector.to_owned(),
            lot,
            tier,
            adv_override: (adv > 0).then_some(adv),
            shortable: matches!(get("shortable"), "1" | "true" | "yes"),
            symbol: symbol.clone(),
        });
        if added { Ok(()) } else { Err((Some(symbol), DataProblemKind::DuplicateSymbol)) }
    }

    fn split(
        &mut self,
        [date, symbol, ratio]: [usize; 3],
        record: &StringRecord,
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let symbol = canonical_symbol(cell_at(record, symbol));
        let fail = |reason| (Some(symbol.clone()), reason);
        let date = read_date(cell_at(record, date)).map_err(fail)?;
        require_number(price(record, "ratio", ratio), "ratio").map_err(fail)?;
        self.splits.entry(symbol).or_default().push(date);
        Ok(())
    }

    pub(super) fn push_bar(&mut self, symbol: &str, line: u64, value: Bar) {
        let row = SourcedRow { file: self.files.len() - 1, line, value };
        match self.bars.get_mut(symbol) {
            Some(rows) => rows.push(row),
            None => drop(self.bars.insert(symbol.to_owned(), vec![row])),
        }
    }

    fn push_observation(&mut self, id: &str, line: u64, value: Observation) {
        let row = SourcedRow { file: self.files.len() - 1, line, value };
        match self.series.get_mut(id) {
            Some(rows) => rows.push(row),
            None => drop(self.series.insert(id.to_owned(), vec![row])),
        }
    }

    pub(super) fn report_empty_cell(&mut self, column: &str, (line, day): (u64, NaiveDate)) {
        let found = self.blanks.entry(column.to_owned()).or_insert_with(|| (line, Vec::new()));
        found.1.push(day);
    }
}

/// Returns the day from which a row can be known: its session or its release.
fn known_on(format: &TableFormat, record: &StringRecord) -> Option<NaiveDate> {
    match format {
        TableFormat::MacroLong { release, .. } => format::date(cell_at(record, *release)),
        TableFormat::MacroWide(frequency) => {
            let period = format::parse_period(cell_at(record, 0))?;
            Some(assumed_release(*frequency, period))
        }
        TableFormat::LongBars(columns) => format::date(cell_at(record, columns.date)),
        TableFormat::SymbolBars(symbols) => {
            format::date(cell_at(record, symbols.first().map_or(0, |(_, columns)| columns.date)))
        }
        TableFormat::NamelessBars
        | TableFormat::WideCloses
        | TableFormat::VixTerm { .. }
        | TableFormat::Splits { .. }
        | TableFormat::Universe
        | TableFormat::Unknown => format::date(cell_at(record, 0)),
    }
}

/// Reads the header of a file; returns the format and the columns by the program's own names.
fn table_format(
    name: &str,
    text: &str,
    dialect: &mut Dialect,
    reader: &mut csv::Reader<&[u8]>,
) -> Result<(TableFormat, Vec<String>), DataProblemKind> {
    let mut next = || -> Vec<String> {
        let mut record = StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(true) => record.iter().map(|c| trim_cell(c).to_owned()).collect(),
            // An unreadable header is one that no format has.
            Ok(false) | Err(_) => Vec::new(),
        }
    };
    let given = next();
    if ["price", "ticker", ""]
        .iter()
        .any(|one| given.first().is_some_and(|h| h.eq_ignore_ascii_case(one)))
        && given.len() > 1
    {
        let second = next();
        if let Some(format) = format::two_row_header(&given, &second) {
            let mut header = given;
            "date".clone_into(&mut header[0]);
            return Ok((format, header));
        }
    }
    let header = canonical_header(&given);
    let format = format::detect_format(name, &header);
    match &format {
        TableFormat::Unknown => Err(DataProblemKind::UnknownFormat {
            nearest: nearest_table(&given),
            header: shorten(&given.join(",")),
        }),
        TableFormat::NamelessBars => Err(DataProblemKind::NoSymbol),
        TableFormat::Universe => Ok((format, header)),
        TableFormat::LongBars(_)
        | TableFormat::SymbolBars(_)
        | TableFormat::WideCloses
        | TableFormat::VixTerm { .. }
        | TableFormat::MacroLong { .. }
        | TableFormat::MacroWide(_)
        | TableFormat::Splits { .. } => {
            dialect.learn(text, &header)?;
            Ok((format, header))
        }
    }
}
