//! Cleaning of the loaded rows: sorting, removal of duplicates, and flags for implausible moves,
//! each reported.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    bar::{Bar, Observation, long_gap},
    data_problem::{DataProblem, DataProblemKind},
    format::{VIX, VIX3M},
    load::{Loader, SourcedRow},
};

/// One-day move that is always plausible.
const BELIEVABLE: f64 = 0.25;
/// Standard deviations of a day up to which a larger move is plausible.
const SIGMAS: f64 = 8.0;

/// A test for implausible moves, which uses only earlier bars.
///
/// The volatility is the EWMA of F8 (λ 0.94, seeded with the first 20 squares) known the evening
/// before; for the first 20 returns the limit is 0.25.
#[derive(Debug, Clone)]
pub(super) struct JumpTest {
    seen: u32,
    variance: f64,
}

impl JumpTest {
    pub(super) const fn new() -> Self {
        Self { seen: 0, variance: 0.0 }
    }

    /// Tests the move between two prices; returns the move and the limit if it is too large.
    pub(super) fn next(&mut self, from: f64, to: f64) -> Option<(f64, f64)> {
        const SEED: u32 = 20;
        let limit = if self.seen < SEED {
            BELIEVABLE
        } else {
            BELIEVABLE.max(SIGMAS * self.variance.sqrt())
        };
        let ret = to / from - 1.0;
        let square = (to / from).ln().powi(2);
        self.variance = if self.seen < SEED {
            self.variance + square / f64::from(SEED)
        } else {
            0.94 * self.variance + 0.06 * square
        };
        self.seen = self.seen.saturating_add(1);
        (ret.abs() > limit).then_some((ret, limit))
    }
}

/// Bars by symbol and observations by series, sorted and without duplicates.
#[derive(Debug, Default)]
pub(super) struct CleanedData {
    pub(super) bars: BTreeMap<String, Vec<Bar>>,
    pub(super) series: BTreeMap<String, Vec<Observation>>,
}

/// Cleans everything in the loader; adds its findings to the loader's problems.
pub(super) fn clean_rows(loader: &mut Loader) -> CleanedData {
    let mut out = CleanedData::default();
    for (symbol, rows) in std::mem::take(&mut loader.bars) {
        let rows = check_order(
            loader,
            &symbol,
            rows,
            &RowPolicy { key: |b: &Bar| (b.date, b.date), better },
        );
        if symbol != VIX && symbol != VIX3M {
            jumps(loader, &symbol, &rows);
        }
        out.bars.insert(symbol, rows.into_iter().map(|row| row.value).collect());
    }
    for (id, rows) in std::mem::take(&mut loader.series) {
        let kind = RowPolicy { key: |o: &Observation| (o.date, o.release), better: |_, _| false };
        let rows = check_order(loader, &id, rows, &kind);
        out.series.insert(id, rows.into_iter().map(|row| row.value).collect());
    }
    out
}

/// The comparison of rows of one kind.
struct RowPolicy<T> {
    key: fn(&T) -> (NaiveDate, NaiveDate),
    better: fn(&T, &T) -> bool,
}

/// Prefers a bar with open, high and low to one without.
const fn better(new: &Bar, old: &Bar) -> bool {
    new.range.is_some() && old.range.is_none()
}

fn check_order<T>(
    loader: &mut Loader,
    symbol: &str,
    mut rows: Vec<SourcedRow<T>>,
    kind: &RowPolicy<T>,
) -> Vec<SourcedRow<T>> {
    let key = kind.key;
    for own in rows.chunk_by(|a, b| a.file == b.file) {
        // Several vendors write the newest row first.
        if own.windows(2).all(|pair| key(&pair[1].value).0 <= key(&pair[0].value).0) {
            continue;
        }
        let older = own.windows(2).filter(|pair| key(&pair[1].value).0 < key(&pair[0].value).0);
        // The one that is known first, so that the report does not depend on later rows.
        if let Some(pair) = older.min_by_key(|pair| key(&pair[1].value).0) {
            let place = (pair[1].file, Some(pair[1].line));
            report(loader, symbol, place, (Some(key(&pair[1].value).0), DataProblemKind::Unsorted));
        }
    }
    rows.sort_by_key(|row| (key(&row.value), row.file, row.line));
    let mut kept: Vec<SourcedRow<T>> = Vec::with_capacity(rows.len());
    let mut overlaps: BTreeMap<(usize, bool), Vec<NaiveDate>> = BTreeMap::new();
    for row in rows {
        let Some(last) = kept.last_mut().filter(|last| key(&last.value) == key(&row.value)) else {
            kept.push(row);
            continue;
        };
        if last.file == row.file {
            let found = (Some(key(&row.value).0), DataProblemKind::DuplicateDate);
            report(loader, symbol, (row.file, Some(row.line)), found);
            continue;
        }
        let replaces = (kind.better)(&row.value, &last.value);
        overlaps.entry((row.file, replaces)).or_default().push(key(&row.value).0);
        if replaces {
            *last = row;
        }
    }
    for ((file, replaces), days) in overlaps {
        let kept = if replaces {
            "this file's rows count, having open, high and low"
        } else {
            "the other file's rows count"
        };
        let found = DataProblemKind::Overlap { count: days.len(), kept, days };
        report(loader, symbol, (file, None), (None, found));
    }
    kept
}

fn jumps(loader: &mut Loader, symbol: &str, rows: &[SourcedRow<Bar>]) {
    let mut test = JumpTest::new();
    for pair in rows.windows(2) {
        let date = pair[1].value.date;
        let place = (pair[1].file, Some(pair[1].line));
        if let Some(days) = long_gap(pair[0].value.date, date) {
            report(loader, symbol, place, (Some(date), DataProblemKind::Gap { days }));
            test = JumpTest::new();
            continue;
        }
        let split = loader.splits.get(symbol).is_some_and(|days| days.contains(&date));
        let (from, to) = if pair[0].value.adj_close.is_some() == pair[1].value.adj_close.is_some() {
            (pair[0].value.return_price(), pair[1].value.return_price())
        } else {
            (pair[0].value.close, pair[1].value.close)
        };
        if let Some((ret, limit)) = test.next(from, to)
            && !split
        {
            report(loader, symbol, place, (Some(date), DataProblemKind::PriceJump { ret, limit }));
        }
    }
}

fn report(
    loader: &mut Loader,
    symbol: &str,
    (file, row): (usize, Option<u64>),
    (date, reason): (Option<NaiveDate>, DataProblemKind),
) {
    let file = loader.files.get(file).cloned().unwrap_or_default();
    loader.problems.push(DataProblem { file, symbol: Some(symbol.to_owned()), row, date, reason });
}
