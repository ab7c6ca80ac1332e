//! `rebalance_check`: how far the book is from its targets, and whether that is worth trading for.

use std::collections::BTreeMap;

use serde_json::json;

use super::monitor;
use crate::{
    agents::{
        done::{At, Done},
        history,
        inputs::{TargetIn, TargetsIn},
        job::{Job, percent},
        tighten,
    },
    engine::Failure,
    market::{Regime, Shocks, regime_on},
    math,
    trading::{
        money::ratio,
        symbol::Symbol,
        targets::{self, Drift},
    },
};

/// Gross exposure this far from its target is worth a rebalance.
const GROSS_OFF: f64 = 0.05;

pub(in crate::agents) fn check(job: &Job<'_>) -> Result<Done, Failure> {
    let book = job.valuation()?;
    let wanted = match job.may::<TargetsIn>(&["construct_targets"])? {
        Some(upstream) => upstream.targets,
        None => remembered(job),
    };
    let live = monitor::live(job)?;
    tighten::regime(job, live.multipliers.into());
    let (benchmark, _) = job.benchmark();
    let morning = regime_on(&job.view(), &benchmark, Some(job.expected()?), Shocks::default());
    let factor = shrink(live.regime, morning.regime);
    let wanted: Vec<TargetIn> = wanted
        .into_iter()
        .map(|target| TargetIn { w_target: target.w_target * factor, ..target })
        .collect();
    let now = history::weights(&book);
    // A name without a target is left alone, so it cannot drift.
    let aims: BTreeMap<Symbol, f64> =
        wanted.iter().map(|t| (t.symbol.clone(), t.w_target)).collect();
    let known = now.iter().filter(|(name, _)| aims.contains_key(*name));
    let drift = targets::drifts(&known.map(|(n, w)| (n.clone(), *w)).collect(), &aims);
    let mut reasons: Vec<String> = drift.iter().filter(|d| d.exceeds).map(words).collect();
    let gross: f64 = drift.iter().map(|d| d.w.abs()).sum();
    let aim: f64 = drift.iter().map(|d| d.w_target.abs()).sum();
    if (gross - aim).abs() > GROSS_OFF {
        reasons.push(format!("gross {} is off its target {}", percent(gross), percent(aim)));
    }
    if live.regime > morning.regime {
        reasons.push(format!(
            "regime went from {} to {}",
            morning.regime.word(),
            live.regime.word()
        ));
    }
    let needed = !reasons.is_empty();
    let data = json!({
        "needed": needed, "rebalance_needed": needed, "reasons": reasons, "drift": drift,
        "targets": wanted, "regime": live.regime, "regime_morning": morning.regime,
    });
    let worst = drift.iter().map(|d| d.drift.abs()).fold(0.0, f64::max);
    let verdict = if needed { "needed" } else { "not needed" };
    let mut done =
        Done::new(format!("rebalance {verdict}: largest drift {}", percent(worst)), data);
    for d in &drift {
        let words = (format!("{}.drift", d.symbol), format!("{} weight less target", d.symbol));
        done.fact(words, Some(d.drift), ("fraction", At::Moment(job.at())));
    }
    Ok(done)
}

fn words(drift: &Drift) -> String {
    format!("{} at {}, target {}", drift.symbol, percent(drift.w), percent(drift.w_target))
}

/// A regime that got worse shrinks all targets by what it leaves of the morning's exposure.
fn shrink(live: Regime, morning: Regime) -> f64 {
    if live <= morning {
        return 1.0;
    }
    math::div(live.multipliers().gross, morning.multipliers().gross).unwrap_or(0.0)
}

/// The targets of today's plans, where the targets themselves are not handed over: a name that was
/// traded has its plan's target, a name that was not has the weight it opened with.
fn remembered(job: &Job<'_>) -> Vec<TargetIn> {
    let (opening, reference) = (job.desk().opening(), job.desk().reference());
    let mut aims: BTreeMap<Symbol, f64> = opening
        .positions
        .iter()
        .filter_map(|(name, held)| {
            let px = reference.previous_close.get(name)?;
            let mv = rust_decimal::Decimal::from(held.qty) * px;
            Some((name.clone(), ratio(mv, reference.equity_previous?)?))
        })
        .collect();
    for (plan, approval) in job.desk().plans() {
        if approval.is_none() {
            continue;
        }
        for intent in &plan.orders {
            aims.insert(intent.symbol.clone(), intent.parent_target_w);
        }
    }
    let why = "from today's plans";
    aims.into_iter()
        .map(|(symbol, w_target)| TargetIn { symbol, w_target, why: why.to_owned() })
        .collect()
}
