//! The task `performance_analysis`: the day's profit and loss, computed in two ways that must
//! agree, and its attribution.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, format_percent, format_usd},
        task_output::{AsOf, TaskOutput},
    },
    stats,
    trading::{
        attribution::{Brinson, SectorSleeve, brinson_attribution},
        money::{ratio_to_f64, to_f64},
        performance::{DayPnl, factor_split, hit_rate, profit_factor, sharpe, sortino},
        symbol::Symbol,
    },
};
use engine::{Failure, math};

/// The sector name of uninvested cash.
const CASH: &str = "Cash";

pub(in crate::agents) fn performance_analysis(
    job: &TaskContext<'_>,
) -> Result<TaskOutput, Failure> {
    if !job.session_is_over() {
        let task = &job.request.task_id;
        return Err(bad_input(format!("{task}: the session is not over at {}", job.now())));
    }
    // The bundled closes are adjusted for dividends, so there are none to book.
    let day = job
        .desk()
        .day_pnl(job.now(), &BTreeMap::new())
        .map_err(|error| bad_data(error.to_string()))?;
    let book = job.valuation()?;
    let before = job.desk().valuation_reference().equity_previous.unwrap_or(book.equity);
    let ret = ratio_to_f64(day.pnl.total, before);
    let (benchmark, _) = job.benchmark();
    let market = job.features(&benchmark).filter(|f| Some(f.as_of) == job.last_day());
    let market = market.and_then(|f| f.ret_1d);
    let beta = opening_beta(job, before);
    let split = ret.zip(market).map(|(ret, market)| factor_split(ret, beta, market));
    let sectors = attribution(job, before);
    let active = ret.zip(market).map(|(ret, market)| ret - market);
    let returns: Vec<f64> = ret.into_iter().collect();
    let fills = job.desk().fills(job.now()).len();
    let data = json!({
        "session": job.date(), "pnl": day.pnl, "residual": day.residual, "ret_1d": ret,
        "equity_open": before, "equity_close": book.equity, "cash_close": book.cash,
        "benchmark": benchmark, "benchmark_ret": market, "vs_benchmark": active,
        "beta": beta, "beta_adj_alpha": split.map(|split| split.residual),
        "attribution": {
            "brinson": sectors, "brinson_against": "the tradable names, equally weighted",
            "factor": split, "by_symbol": by_symbol(&day),
        },
        "rolling": {
            "sharpe": sharpe(&returns, 0.0), "sortino": sortino(&returns), "vol": stats::std_dev(&returns),
            "mdd": null, "hit_rate": hit_rate(&returns), "profit_factor": profit_factor(&returns),
        },
        "n_obs": returns.len(), "fills": fills,
    });
    let percent_of =
        |x: Option<f64>| x.map_or("unknown".into(), |x| format!("{:+.2} %", x * 100.0));
    let summary = format!(
        "P&L {} ({}), market {}, residual ${:.2}",
        format_usd(day.pnl.total),
        percent_of(ret),
        percent_of(market),
        day.residual
    );
    let mut done = TaskOutput::new(summary, data).with_degraded(market.is_none());
    done.add_warning("one_day", None, "one session of results: rolling ratios need 60");
    facts(job, &mut done, &day, (book.equity, ret, market));
    Ok(done)
}

fn facts(
    job: &TaskContext<'_>,
    done: &mut TaskOutput,
    day: &DayPnl,
    (equity, ret, market): (Decimal, Option<f64>, Option<f64>),
) {
    let at = AsOf::Date(job.date());
    for (id, label, amount) in [
        ("pnl", "profit of the day", day.pnl.total),
        ("pnl_holding", "profit on what was held", day.pnl.holding),
        ("pnl_trading", "profit on what was traded", day.pnl.trading),
        ("fees", "fees", day.pnl.fees),
        ("equity_close", "equity at the close", equity),
    ] {
        done.add_fact((id.into(), label.into()), Some(to_f64(amount)), ("USD", at));
    }
    done.add_fact(("ret_1d".into(), "return of the day".into()), ret, ("fraction", at));
    done.add_fact(
        ("benchmark_ret".into(), "return of the market".into()),
        market,
        ("fraction", at),
    );
    for (name, own) in &day.by_symbol {
        let words = (format!("{name}.pnl"), format!("{name} profit of the day"));
        done.add_fact(words, Some(to_f64(own.total)), ("USD", at));
    }
}

fn by_symbol(day: &DayPnl) -> Vec<Value> {
    let lines = day.by_symbol.iter();
    lines
        .map(|(name, own)| {
            json!({
                "symbol": name, "holding": own.holding, "trading": own.trading,
                "dividend": own.dividend, "fees": own.fees, "total": own.total,
            })
        })
        .collect()
}

/// Returns the weights at the open of the day, at the previous closes.
fn opening_weights(job: &TaskContext<'_>, equity: Decimal) -> BTreeMap<Symbol, f64> {
    let closes = job.desk().valuation_reference().previous_close;
    job.desk()
        .opening()
        .positions
        .iter()
        .filter_map(|(name, held)| {
            let mv = Decimal::from(held.qty) * closes.get(name)?;
            Some((name.clone(), ratio_to_f64(mv, equity)?))
        })
        .collect()
}

/// Returns the beta of the opening book; a name without a beta counts as 1.
fn opening_beta(job: &TaskContext<'_>, equity: Decimal) -> f64 {
    let weights = opening_weights(job, equity);
    let beta = |name: &Symbol| job.features(name.as_str()).and_then(|f| f.beta120).unwrap_or(1.0);
    weights.iter().map(|(name, w)| w * beta(name)).sum()
}

/// Returns the attribution of the opening book against an equally weighted portfolio of all
/// tradable names, by sector.
fn attribution(job: &TaskContext<'_>, equity: Decimal) -> Brinson {
    let prices = job.desk().prices(job.now());
    let closes = job.desk().valuation_reference().previous_close;
    let ret = |name: &Symbol| -> Option<f64> {
        ratio_to_f64(*prices.get(name)? - *closes.get(name)?, *closes.get(name)?)
    };
    let known: BTreeMap<Symbol, f64> =
        job.instruments().keys().filter_map(|name| Some((name.clone(), ret(name)?))).collect();
    let equal = math::checked_div(1.0, math::count_to_f64(known.len())).unwrap_or(0.0);
    let market: BTreeMap<Symbol, f64> = known.keys().map(|name| (name.clone(), equal)).collect();
    let sleeves = |weights: &BTreeMap<Symbol, f64>| {
        let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for (name, w) in weights {
            let sum = sums.entry(job.sector(name)).or_default();
            sum.0 += w;
            sum.1 += w * known.get(name).copied().unwrap_or(0.0);
        }
        let invested: f64 = sums.values().map(|(w, _)| w).sum();
        let sleeve = |(weight, gain): (f64, f64)| SectorSleeve {
            weight,
            ret: math::checked_div(gain, weight).unwrap_or(0.0),
        };
        let mut all: BTreeMap<String, SectorSleeve> =
            sums.into_iter().map(|(name, sum)| (name, sleeve(sum))).collect();
        all.insert(CASH.into(), SectorSleeve { weight: 1.0 - invested, ret: 0.0 });
        all
    };
    brinson_attribution(&sleeves(&opening_weights(job, equity)), &sleeves(&market))
}

/// Formats a return for use in other results.
pub(super) fn pnl_phrase(ret: Option<f64>) -> String {
    ret.map_or("unknown".into(), format_percent)
}
