//! The morning's check of the bars: who is complete, late, missing or odd, and whether one can work.

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

/// Less of the bars than this and the collection fails.
const COVERAGE: f64 = 0.95;

/// What is to be checked.
#[derive(Debug, Clone)]
pub struct QualityRequest<'a> {
    /// Names to trade.
    pub symbols: &'a [String],
    /// The index they are measured against.
    pub benchmark: &'a str,
    /// Names in the portfolio: these must be usable.
    pub held: &'a BTreeSet<String>,
    /// Sessions to look back, 260 as a rule.
    pub lookback: usize,
    /// Every session of the calendar, in order; later ones than the view knows are not looked at.
    pub sessions: &'a [NaiveDate],
}

/// State of one symbol's bars, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BarStatus {
    /// No bar at all.
    Missing,
    /// The newest completed session has no bar.
    Stale,
    /// Open, high or low contradict each other or the close.
    BadOhlc,
    /// Sessions without a bar in the lookback.
    Gap,
    /// A move too large to be believed without a split record.
    Outlier,
    /// Nothing to say.
    Ok,
}

/// One symbol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SymbolQuality {
    /// Ticker.
    pub symbol: String,
    /// The worst that is true of it.
    pub status: BarStatus,
    /// Session of the newest bar.
    pub last_session: Option<NaiveDate>,
    /// Completed sessions after it; weekends and holidays do not count.
    pub lag_sessions: usize,
    /// Sessions of the lookback without a bar, before the newest bar.
    pub missing_sessions: usize,
    /// Largest absolute return of the lookback.
    pub max_abs_ret: Option<f64>,
}

/// Whether one can work with what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataVerdict {
    /// Everything is in order.
    Ok,
    /// Something is not, yet work can go on.
    Degraded,
    /// The benchmark or a held name is unusable, or too little is there.
    Fail,
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityReport {
    /// Bars of all symbols in the lookback.
    pub rows: usize,
    /// Of the bars expected, the fraction that is there; null when none is expected.
    pub coverage: Option<f64>,
    /// One entry a symbol, the benchmark first.
    pub symbols: Vec<SymbolQuality>,
    /// Whether one can work with it.
    pub verdict: DataVerdict,
    /// Why not, in words.
    pub reasons: Vec<String>,
    /// Gaps, lags and odd moves in the form the data's other problems have.
    pub problems: Vec<DataProblem>,
}

/// Checks bars against the calendar's sessions as the view knows them.
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

/// What makes work impossible comes first: lists are cut where they are shown.
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
    /// The word in files and on screen.
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
