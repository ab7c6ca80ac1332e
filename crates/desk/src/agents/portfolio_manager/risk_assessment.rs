//! The task `risk_assessment`: possible losses of the current weights, their sources, and the
//! limits they break.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, format_percent, format_usd},
        returns,
        task_output::{AsOf, TaskOutput},
    },
    stats,
    trading::{
        instruments::Instrument,
        limit_usage::limit_usage,
        money::{from_f64, to_f64},
        risk::{self, Covariance, TailLoss},
        stress::StressExposure,
        symbol::Symbol,
        valuation::Valuation,
    },
};
use engine::{Failure, math};

/// Default limit on the 95 % value at risk of one session.
const VAR_MAX: f64 = 0.02;
/// Typical ranges that a report moves a price, if no options give an implied move.
const IMPLIED_RANGES: f64 = 2.5;
/// Share of the usual cap for a name that reports after the close.
const EARNINGS_CAP: f64 = 0.5;

pub(in crate::agents) fn risk_assessment(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    match job.param::<String>("focus")?.as_deref() {
        Some("earnings") => earnings_exposure(job),
        Some(_) | None => assess_book(job),
    }
}

/// The risk figures of the whole book.
struct BookRisk {
    vol: f64,
    beta: f64,
    tails: [Option<TailLoss>; 2],
    contributions: Vec<(Symbol, f64)>,
    closest: Option<(Symbol, Symbol, f64)>,
    sessions: usize,
}

fn assess_book(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let book = job.valuation()?;
    let weights = returns::book_weights(&book);
    if weights.is_empty() {
        return Ok(TaskOutput::new("a book of cash: no risk to assess", empty()));
    }
    let found = compute(job, &weights)?;
    let exposure = exposure(job, &book, found.vol);
    let days = liquidity(job, &book);
    let p95 = stats::quantile(&days, 0.95);
    let most = job.param_or("var_max", VAR_MAX)?;
    let breaches = breaches(job, &book, (&found, most));
    let [at95, at99] = found.tails;
    let data = json!({
        "port_vol_ann": found.vol, "beta": found.beta,
        "var95_1d": loss(&book, at95.map(|t| t.var)), "es95_1d": loss(&book, at95.map(|t| t.es)),
        "var99_1d": loss(&book, at99.map(|t| t.var)), "es99_1d": loss(&book, at99.map(|t| t.es)),
        "mcr": found.contributions.iter().map(|(s, pct)| json!({ "symbol": s, "pct": pct })).collect::<Vec<_>>(),
        "corr_max_pair": found.closest.as_ref().map(|(a, b, c)| json!({ "a": a, "b": b, "corr": c })),
        "stress": exposure.scenarios(), "liquidity_days_p95": p95,
        "sessions": found.sessions, "breaches": breaches, "focus": job.request.params.get("focus"),
    });
    let var = at95.map_or("unknown".into(), |t| format_percent(t.var));
    let summary = format!(
        "vol {}, VaR 95 % {var}, beta {:.2}, {} over limit",
        format_percent(found.vol),
        found.beta,
        breaches.len()
    );
    let mut done = TaskOutput::new(summary, data).with_degraded(!breaches.is_empty());
    for text in &breaches {
        done.add_warning("limit", None, text.clone());
    }
    let at = AsOf::Moment(job.now());
    let mut fact = |id: &str, label: &str, value: Option<f64>| {
        done.add_fact((id.into(), label.into()), value, ("fraction", at));
    };
    fact("port_vol_ann", "volatility of the book, annual", Some(found.vol));
    fact("var95_1d", "loss of a session not exceeded in 95 of 100", at95.map(|t| t.var));
    fact("es95_1d", "mean of the losses beyond it", at95.map(|t| t.es));
    fact("var99_1d", "loss of a session not exceeded in 99 of 100", at99.map(|t| t.var));
    fact("beta", "beta of the book", Some(found.beta));
    Ok(done)
}

fn empty() -> Value {
    json!({
        "port_vol_ann": 0.0, "beta": 0.0, "mcr": [], "stress": [], "breaches": [],
        "var95_1d": null, "es95_1d": null, "var99_1d": null, "es99_1d": null,
    })
}

fn loss(book: &Valuation, part: Option<f64>) -> Value {
    let dollars = part.and_then(from_f64).map(|part| (part * book.equity).round_dp(2));
    json!({ "pct": part, "usd": dollars })
}

fn compute(job: &TaskContext<'_>, weights: &BTreeMap<Symbol, f64>) -> Result<BookRisk, Failure> {
    let wrong = |error: risk::RiskError| bad_data(error.to_string());
    let returns = returns::common_returns(job, &weights.keys().cloned().collect())?;
    let cov = Covariance::from_returns(&returns).map_err(wrong)?;
    let w = cov.weights_vector(weights).map_err(wrong)?;
    let past = risk::weighted_returns(&returns, weights).map_err(wrong)?;
    let shares = cov.variance_shares(&w).unwrap_or_default();
    Ok(BookRisk {
        vol: cov.volatility(&w),
        beta: weights
            .iter()
            .map(|(name, w)| w * job.features(name.as_str()).and_then(|f| f.beta120).unwrap_or(1.0))
            .sum(),
        tails: [0.95, 0.99].map(|level| risk::tail_loss(&past, level)),
        contributions: cov.names.iter().cloned().zip(shares).collect(),
        closest: cov.closest_pair(),
        sessions: cov.observations,
    })
}

fn exposure(job: &TaskContext<'_>, book: &Valuation, vol: f64) -> StressExposure {
    let names = book.positions.iter().map(|held| &held.symbol);
    let of = |name: &Symbol| job.features(name.as_str());
    let betas = names.clone().filter_map(|n| Some((n.clone(), of(n)?.beta120?)));
    let ranges = names.clone().filter_map(|n| {
        let found = of(n)?;
        Some((n.clone(), math::checked_div(found.typical_range()?.usd, found.close)?))
    });
    StressExposure {
        equity: to_f64(book.equity),
        weights: returns::book_weights(book),
        betas: betas.collect(),
        atr_frac: ranges.collect(),
        vol_ann: Some(vol),
        usd_per_bp: None,
    }
}

fn liquidity(job: &TaskContext<'_>, book: &Valuation) -> Vec<f64> {
    let universe = job.instruments();
    let days = book.positions.iter().filter_map(|held| {
        let adv = universe.get(&held.symbol).and_then(Instrument::average_daily_volume)?;
        risk::liquidity_days(held.qty, adv)
    });
    days.collect()
}

fn breaches(
    job: &TaskContext<'_>,
    book: &Valuation,
    (found, most): (&BookRisk, f64),
) -> Vec<String> {
    let (limits, _) = job.desk().limits();
    let uses = limit_usage(book, &job.instruments(), &limits, &job.desk().regime());
    let over = uses.iter().filter(|one| one.is_breached()).map(|one| {
        format!(
            "{}: {} of equity, at most {}",
            one.limit,
            format_percent(one.used),
            format_percent(one.cap)
        )
    });
    let var = found.tails[0].map(|tail| tail.var).filter(|var| *var > most);
    let var = var
        .map(|var| format!("VaR 95 %: {}, at most {}", format_percent(var), format_percent(most)));
    over.chain(var).collect()
}

/// Reports the possible loss from names that report tonight, against the reduced cap for such
/// nights.
pub(in crate::agents) fn earnings_exposure(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let book = job.valuation()?;
    let (limits, _) = job.desk().limits();
    let times = job.param_or("cap_times", EARNINGS_CAP)?;
    let cap = to_f64(limits.position_max) * times;
    let names: BTreeSet<String> = job.earnings_names();
    let mut lines = Vec::new();
    let mut over = Vec::new();
    for name in &names {
        let Some(held) = book.positions.iter().find(|h| h.symbol.as_str() == name) else {
            continue;
        };
        let found = job.features(name);
        let range = found.and_then(|f| math::checked_div(f.typical_range()?.usd, f.close));
        let implied = range.map(|range| range * IMPLIED_RANGES);
        let at_risk = implied.and_then(|m| from_f64(m * held.w.abs())).map(|m| m * book.equity);
        if held.w.abs() > cap {
            over.push(name.clone());
        }
        lines.push(json!({
            "symbol": name, "w": held.w, "cap": cap, "implied_move": implied,
            "loss_usd": at_risk.map(|usd| usd.round_dp(2)), "exceeds": held.w.abs() > cap,
        }));
    }
    let summary = match over.as_slice() {
        [] => format!(
            "{} held of {} that report, none over {}",
            lines.len(),
            names.len(),
            format_percent(cap)
        ),
        _ => format!("over {} before its report: {}", format_percent(cap), over.join(", ")),
    };
    let data = json!({
        "exposures": lines, "cap": cap, "over": over, "breaches": over, "equity": format_usd(book.equity),
    });
    let mut done = TaskOutput::new(summary, data).with_degraded(!over.is_empty());
    for name in &over {
        let msg = "reduce it, or explicitly approve holding it through the report";
        done.add_warning("earnings_exposure", Some(name), msg);
    }
    Ok(done)
}
