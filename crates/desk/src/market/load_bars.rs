//! Rows of the loader that hold prices of symbols.

use chrono::NaiveDate;
use csv::StringRecord;

use super::{
    bar::{Bar, BarRange},
    cells::{cell_at, parse_number, parse_volume, price, read_date, require_number, wrong_range},
    data_problem::DataProblemKind,
    dialect::canonical_symbol,
    format::BarColumns,
    load::Loader,
};

impl Loader {
    /// Loads the bars of a row whose columns name the symbols, or of a file that names one.
    pub(super) fn symbol_bars(
        &mut self,
        symbols: &[(String, BarColumns)],
        (line, record): (u64, &StringRecord),
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        if cell_at(record, 0).eq_ignore_ascii_case("date") {
            return Ok(()); // The third row of a header of yfinance
        }
        if let [(symbol, columns)] = symbols {
            return self.bar(Some(symbol), columns, (line, record));
        }
        for (symbol, columns) in symbols {
            if cell_at(record, columns.close).is_empty() {
                let date = read_date(cell_at(record, columns.date)).map_err(|r| (None, r))?;
                self.report_empty_cell(symbol, (line, date));
            } else if let Err((symbol, reason)) = self.bar(Some(symbol), columns, (line, record)) {
                self.report(symbol.as_deref(), Some(line), None, reason);
            }
        }
        Ok(())
    }

    /// Takes the splits of a row; remembers that its dividends are not used.
    fn actions(
        &mut self,
        symbol: &str,
        columns: &BarColumns,
        (line, date, record): (u64, NaiveDate, &StringRecord),
    ) -> Result<(), DataProblemKind> {
        let number = |column, at: Option<usize>| match at {
            Some(at) => parse_number(cell_at(record, at), column),
            None => Ok(None),
        };
        let split = number("split_coefficient", columns.split)?.unwrap_or(1.0);
        if split > 0.0 && (split - 1.0).abs() > f64::EPSILON {
            self.splits.entry(symbol.to_owned()).or_default().push(date);
        }
        if number("dividends", columns.dividend)?.is_some_and(|paid| paid > 0.0) {
            self.unused.entry("dividends").or_insert((line, date));
        }
        Ok(())
    }

    pub(super) fn bar(
        &mut self,
        symbol: Option<&String>,
        columns: &BarColumns,
        (line, record): (u64, &StringRecord),
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let symbol = match columns.symbol {
            Some(at) => canonical_symbol(cell_at(record, at)),
            None => symbol.cloned().unwrap_or_default(),
        };
        if symbol.is_empty() {
            return Err((None, DataProblemKind::EmptyValue { column: "symbol".to_owned() }));
        }
        let fail = |reason| (Some(symbol.clone()), reason);
        let date = read_date(cell_at(record, columns.date)).map_err(fail)?;
        let close = require_number(price(record, "close", columns.close), "close").map_err(fail)?;
        let optional = |name, at: Option<usize>| at.map_or(Ok(None), |at| price(record, name, at));
        let adj_close = optional("adj_close", columns.adj_close).map_err(fail)?;
        self.actions(&symbol, columns, (line, date, record)).map_err(fail)?;
        let open = optional("open", columns.open).map_err(fail)?;
        let high = optional("high", columns.high).map_err(fail)?;
        let low = optional("low", columns.low).map_err(fail)?;
        let volume =
            columns.volume.map_or(Ok(None), |at| parse_volume(record, at)).map_err(fail)?;
        let given = open.zip(high).zip(low);
        let range = given.map(|((open, high), low)| BarRange { open, high, low });
        if columns.open.and(columns.high).and(columns.low).is_some() && range.is_none() {
            self.report_empty_cell(&format!("{symbol} open/high/low"), (line, date));
        }
        if columns.volume.is_some() && volume.is_none() {
            self.report_empty_cell(&format!("{symbol} volume"), (line, date));
        }
        let range = range.and_then(|range| match wrong_range(range, close) {
            None => Some(range),
            Some(reason) => {
                self.report(Some(&symbol), Some(line), Some(date), reason);
                None
            }
        });
        self.push_bar(&symbol, line, Bar { date, range, close, adj_close, volume });
        Ok(())
    }

    pub(super) fn closes(
        &mut self,
        header: &[String],
        line: u64,
        record: &StringRecord,
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let date = read_date(cell_at(record, 0)).map_err(|r| (None, r))?;
        for (at, symbol) in header.iter().enumerate().skip(1) {
            let symbol = canonical_symbol(symbol);
            let symbol = symbol.as_str();
            match price(record, symbol, at) {
                Ok(Some(close)) => self.push_bar(symbol, line, Bar::close_only(date, close)),
                Ok(None) => self.report_empty_cell(symbol, (line, date)),
                Err(reason) => self.report(Some(symbol), Some(line), Some(date), reason),
            }
        }
        Ok(())
    }

    pub(super) fn vix(
        &mut self,
        columns: &[(&str, usize)],
        line: u64,
        record: &StringRecord,
    ) -> Result<(), (Option<String>, DataProblemKind)> {
        let date = read_date(cell_at(record, 0)).map_err(|r| (None, r))?;
        for (symbol, at) in columns {
            match price(record, symbol, *at) {
                Ok(Some(close)) => self.push_bar(symbol, line, Bar::close_only(date, close)),
                Ok(None) => self.report_empty_cell(symbol, (line, date)),
                Err(reason) => self.report(Some(symbol), Some(line), Some(date), reason),
            }
        }
        Ok(())
    }
}
