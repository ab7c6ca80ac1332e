//! Quality check of the bars: complete, late, missing or implausible ones, and a verdict.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    as_of::MarketView,
    bar::since_last_gap,
    clean::JumpTest,
    data_problem::{DataProblem, DataProblemKind, RowTreatment},
};
use engine::math::{checked_div, count_to_f64};

/// Share of the expected bars below which the check fails.
const COVERAGE: f64 = 0.95;

/// The inputs of a quality check.
#[derive(Debug, Clone)]
pub struct QualityRequest<'a> {
    pub symbols: &'a [String],
    /// The index used for comparison.
    pub benchmark: &'a str,
    /// Names in the portfolio, which must be usable.
    pub held: &'a BTreeSet<String>,
    /// Number of sessions to check, usually 260.
    pub lookback: usize,
    /// All sessions of the calendar, in order; those later than the view are ignored.
    pub sessions: &'a [NaiveDate],
}

/// The state of one symbol's bars, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BarStatus {
    /// The symbol has no bars.
    Missing,
    /// The most recent completed session has no bar.
    Stale,
    /// Open, high or low contradict each other or the close.
    BadOhlc,
    /// Sessions in the lookback have no bar.
    Gap,
    /// A move is implausible without a split record.
    Outlier,
    Ok,
}

/// The findings for one symbol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SymbolQuality {
    pub symbol: String,
    /// The worst state that applies.
    pub status: BarStatus,
    /// Session of the most recent bar.
    pub last_session: Option<NaiveDate>,
    /// Number of completed sessions after it; weekends and holidays do not count.
    pub lag_sessions: usize,
    /// Number of sessions of the lookback without a bar, before the most recent bar.
    pub missing_sessions: usize,
    /// Largest absolute return of the lookback.
    pub max_abs_ret: Option<f64>,
}

/// The verdict on the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataVerdict {
    Ok,
    /// There are findings, but the data are usable.
    Degraded,
    /// The benchmark or a held name is unusable, or too many bars are missing.
    Fail,
}

/// The result of a quality check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityReport {
    /// Number of bars of all symbols in the lookback.
    pub rows: usize,
    /// Fraction of the expected bars that exists; null if none is expected.
    pub coverage: Option<f64>,
    /// One entry per symbol, the benchmark first.
    pub symbols: Vec<SymbolQuality>,
    /// The verdict on all symbols together.
    pub verdict: DataVerdict,
    /// The reasons for the verdict, in words.
    pub reasons: Vec<String>,
    /// Gaps, lags and implausible moves, in the form of data problems.
    pub problems: Vec<DataProblem>,
}

/// Checks bars against the calendar's sessions as known in the view.
#[must_use]
pub fn check_quality(view: &MarketView<'_>, request: &QualityRequest<'_>) -> QualityReport {
    let known = request.sessions.partition_point(|day| view.includes(*day));
    let from = known.saturating_sub(request.lookback);
    let expected = request.sessions.get(from..known).unwrap_or_default();
    let mut out = QualityReport {
        rows: 0,
        coverage: None,
        symbols: Vec::new(),
        verdict: DataVerdict::Ok,
        reasons: Vec::new(),
        problems: Vec::new(),
    };
    let others = request.symbols.iter().map(String::as_str).filter(|s| *s != request.benchmark);
    let held =
        request.held.iter().map(String::as_str).filter(|s| {
            *s != request.benchmark && !request.symbols.iter().any(|symbol| symbol == s)
        });
    for symbol in std::iter::once(request.benchmark).chain(others).chain(held) {
        let found = check(view, symbol, expected, &mut out);
        out.symbols.push(found);
    }
    out.coverage =
        checked_div(count_to_f64(out.rows), count_to_f64(out.symbols.len() * expected.len()));
    apply_verdict(request, &mut out);
    out
}

fn check(
    view: &MarketView<'_>,
    symbol: &str,
    expected: &[NaiveDate],
    out: &mut QualityReport,
) -> SymbolQuality {
    let bars = since_last_gap(view.bars(symbol));
    let start = expected.first().copied().unwrap_or(view.date());
    let there: BTreeSet<NaiveDate> =
        bars.iter().map(|bar| bar.date).filter(|day| *day >= start).collect();
    let last_session = bars.last().map(|bar| bar.date);
    let absent: Vec<NaiveDate> =
        expected.iter().copied().filter(|day| !there.contains(day)).collect();
    let lag_sessions = absent.iter().filter(|day| last_session.is_none_or(|l| **day > l)).count();
    let missing_sessions = absent.len() - lag_sessions;
    out.rows += expected.len() - absent.len();
    let mut found: Vec<(Option<NaiveDate>, DataProblemKind)> = Vec::new();
    if let (Some(first), true) = (absent.first().copied(), missing_sessions > 0) {
        found.push((
            Some(first),
            DataProblemKind::MissingSessions { count: missing_sessions, first },
        ));
    }
    if lag_sessions > 0 {
        found.push((last_session, DataProblemKind::Stale { lag: lag_sessions }));
    }
    let mut largest: Option<f64> = None;
    let mut test = JumpTest::new();
    for pair in bars.windows(2) {
        let (from, to) = (pair[0].return_price(), pair[1].return_price());
        let jump = test.next(from, to);
        if pair[1].date < start {
            continue;
        }
        largest = Some(largest.unwrap_or(0.0).max((to / from - 1.0).abs()));
        if let Some((ret, limit)) = jump.filter(|_| !view.split_on(symbol, pair[1].date)) {
            found.push((Some(pair[1].date), DataProblemKind::PriceJump { ret, limit }));
        }
    }
    let outlier =
        found.iter().any(|(_, reason)| matches!(reason, DataProblemKind::PriceJump { .. }));
    let bad = view.problems(symbol).any(|problem| {
        problem.date.is_some_and(|day| day >= start)
            && problem.reason.treatment() == RowTreatment::PartDropped
    });
    let tests = [
        (bars.is_empty(), BarStatus::Missing),
        (lag_sessions > 0, BarStatus::Stale),
        (bad, BarStatus::BadOhlc),
        (missing_sessions > 0, BarStatus::Gap),
        (outlier, BarStatus::Outlier),
    ];
    let status = tests.into_iter().find(|(on, _)| *on).map_or(BarStatus::Ok, |(_, status)| status);
    out.problems.extend(found.into_iter().map(|(date, reason)| DataProblem {
        file: "bars".to_owned(),
        symbol: Some(symbol.to_owned()),
        row: None,
        date,
        reason,
    }));
    SymbolQuality {
        symbol: symbol.to_owned(),
        status,
        last_session,
        lag_sessions,
        missing_sessions,
        max_abs_ret: largest,
    }
}

/// Sets the verdict. Fatal reasons come first, because displays cut long lists.
fn apply_verdict(request: &QualityRequest<'_>, out: &mut QualityReport) {
    let mut fatal = Vec::new();
    let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    if out.coverage.is_none_or(|share| share < COVERAGE) {
        let share = out.coverage.unwrap_or(0.0) * 100.0;
        fatal.push(format!("{share:.1}% of the bars expected are there; 95% are needed"));
    }
    for symbol in &out.symbols {
        let unusable = matches!(symbol.status, BarStatus::Missing | BarStatus::Stale);
        let needed = symbol.symbol == request.benchmark || request.held.contains(&symbol.symbol);
        if unusable && needed {
            let last = symbol.last_session.map_or("never".to_owned(), |day| day.to_string());
            fatal.push(format!("{} is needed, but its last bar is {last}", symbol.symbol));
        } else if symbol.status != BarStatus::Ok {
            others.entry(symbol.status.as_str()).or_default().push(&symbol.symbol);
        }
    }
    let others: Vec<_> =
        others.iter().map(|(status, names)| format!("{status}: {}", names.join(", "))).collect();
    out.verdict = match (fatal.is_empty(), others.is_empty()) {
        (false, _) => DataVerdict::Fail,
        (true, false) => DataVerdict::Degraded,
        (true, true) => DataVerdict::Ok,
    };
    out.reasons = fatal.into_iter().chain(others).collect();
}

impl BarStatus {
    /// Returns the word used in files and on screens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::BadOhlc => "bad_ohlc",
            Self::Gap => "gap",
            Self::Outlier => "outlier",
            Self::Ok => "ok",
        }
    }
}
