//! Report on the regime of a day: history, overrides, and a precaution without a VIX.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    as_of::MarketView,
    features::{DataWarning, DataWarningCode, features},
    format::VIX,
    regime::{Regime, RegimeMachine, RegimeMultipliers},
};
use crate::stats::{last_n, pct_rank};
use engine::math::checked_div;

/// A reason for a regime one level above that of the closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegimeOverride {
    /// The VIX rose 20% or more from one close to the next.
    VixJump,
    /// Near-term volatility is above that of three months.
    Backwardation,
    /// The benchmark moved 3% or more within the day.
    BenchmarkMove,
    /// A market-wide circuit breaker tripped.
    CircuitBreaker,
}

/// Events of today that the closes do not include yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct IntradayShocks {
    /// Current VIX in index points.
    pub vix_now: Option<f64>,
    /// The benchmark's return today so far.
    pub benchmark_ret: Option<f64>,
    /// True if a market-wide circuit breaker tripped.
    pub circuit_breaker: bool,
}

/// The regime with its inputs. VIX in index points, volatilities as annualized fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegimeReport {
    /// Latest known VIX close.
    pub vix: Option<f64>,
    /// Session of that close.
    pub vix_date: Option<NaiveDate>,
    /// Share of the last 252 closes at or below it.
    pub vix_pct_rank_252: Option<f64>,
    /// Change from the previous close, as a fraction.
    pub vix_chg_1d: Option<f64>,
    /// VIX over VIX3M of the same session.
    pub term_ratio: Option<f64>,
    /// The `rv20` of the benchmark.
    pub rv20_bench: Option<f64>,
    /// Variance risk premium, `vix/100 − rv20_bench`.
    pub vrp: Option<f64>,
    /// The regime of the closes.
    pub base: Regime,
    /// The regime in force: the base, one level up for overrides, at least elevated without a VIX.
    pub regime: Regime,
    /// Number of closes in the base regime.
    pub streak: u32,
    /// The reasons for a regime above its base.
    pub overrides: Vec<RegimeOverride>,
    /// The effect on the limits.
    pub multipliers: RegimeMultipliers,
    /// True if the VIX is missing or stale, so that the regime is a precaution and needs review.
    pub blind: bool,
    pub warnings: Vec<DataWarning>,
}

/// Returns the regime known in a view: the state machine after every VIX close, then today's
/// events.
///
/// `expected` is the last completed session of the calendar; an older VIX is stale. Overrides add
/// one level in total, not one each, and do not affect the history.
#[must_use]
pub fn regime_on(
    view: &MarketView<'_>,
    benchmark: &str,
    expected: Option<NaiveDate>,
    shocks: IntradayShocks,
) -> RegimeReport {
    let history = view.vix();
    let mut machine = RegimeMachine::default();
    for bar in history {
        machine.close(bar.close);
    }
    let closes: Vec<f64> = history.iter().map(|bar| bar.close).collect();
    let last = history.last();
    let stale = last.is_some_and(|bar| expected.is_some_and(|day| bar.date < day));
    let blind = last.is_none() || stale;
    let change = closes.len().checked_sub(2).and_then(|at| closes.get(at..));
    let vix_chg_1d = change.and_then(|two| Some(checked_div(*two.last()?, *two.first()?)? - 1.0));
    let term_ratio = last.and_then(|bar| {
        let later = view.vix3m().iter().rev().find(|b| b.date == bar.date)?;
        checked_div(bar.close, later.close)
    });
    let rv20_bench = features(view, benchmark, benchmark).and_then(|f| f.rv20);
    let vix = last.map(|bar| bar.close);
    let live = shocks.vix_now.filter(|v| v.is_finite());
    let base = live.map_or(machine.regime(), |vix| machine.with_live_vix(vix));
    let live_jump = live.zip(vix).and_then(|(now, close)| Some(checked_div(now, close)? - 1.0));
    let jump = if stale { live_jump } else { live_jump.or(vix_chg_1d) };
    let overrides = overrides(jump, term_ratio.filter(|_| !stale), shocks);
    let mut regime = if overrides.is_empty() { base } else { base.next_higher() };
    if blind {
        regime = regime.max(Regime::Elevated);
    }
    RegimeReport {
        vix,
        vix_date: last.map(|bar| bar.date),
        vix_pct_rank_252: last_n(&closes, 252).zip(vix).and_then(|(sample, v)| pct_rank(sample, v)),
        vix_chg_1d,
        term_ratio,
        rv20_bench,
        vrp: vix.zip(rv20_bench).map(|(vix, vol)| vix / 100.0 - vol),
        base,
        regime,
        streak: machine.closes_in_regime(),
        overrides,
        multipliers: regime.multipliers(),
        blind,
        warnings: remarks(last.map(|bar| bar.date), blind, term_ratio),
    }
}

fn overrides(jump: Option<f64>, term: Option<f64>, shocks: IntradayShocks) -> Vec<RegimeOverride> {
    let tests = [
        (RegimeOverride::VixJump, jump.is_some_and(|change| change >= 0.20)),
        (RegimeOverride::Backwardation, term.is_some_and(|ratio| ratio > 1.0)),
        (RegimeOverride::BenchmarkMove, shocks.benchmark_ret.is_some_and(|ret| ret.abs() >= 0.03)),
        (RegimeOverride::CircuitBreaker, shocks.circuit_breaker),
    ];
    tests.into_iter().filter(|(_, on)| *on).map(|(which, _)| which).collect()
}

fn remarks(last: Option<NaiveDate>, blind: bool, term: Option<f64>) -> Vec<DataWarning> {
    let mut out = Vec::new();
    match last {
        None => {
            let msg = "no VIX: the regime is at least elevated as a precaution";
            out.push(DataWarning::new(DataWarningCode::MissingSeries, VIX, msg));
        }
        Some(day) if blind => {
            let msg =
                format!("the VIX ends {day}: the regime is at least elevated as a precaution");
            out.push(DataWarning::new(DataWarningCode::StaleSeries, VIX, msg));
        }
        Some(_) => {}
    }
    if term.is_none() {
        let msg = "no VIX3M: the term structure is not used";
        out.push(DataWarning::new(DataWarningCode::MissingSeries, "VIX3M", msg));
    }
    out
}
