//! The task `rebalance_check`: the distance of the book from its targets, and whether a rebalance
//! is worth its cost.

use std::collections::BTreeMap;

use serde_json::json;

use super::intraday_risk_check;
use crate::{
    agents::{
        job::{TaskContext, format_percent},
        returns,
        task_output::{AsOf, TaskOutput},
        tighten,
        upstream::{TargetInput, TargetsInput},
    },
    market::{IntradayShocks, Regime, regime_on},
    trading::{
        money::ratio_to_f64,
        symbol::Symbol,
        targets::{self, WeightDrift},
    },
};
use engine::{Failure, math};

/// Deviation of gross exposure from its target that justifies a rebalance.
const GROSS_OFF: f64 = 0.05;

pub(in crate::agents) fn rebalance_check(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let book = job.valuation()?;
    let wanted = match job.optional_upstream::<TargetsInput>(&["construct_targets"])? {
        Some(upstream) => upstream.targets,
        None => last_targets(job),
    };
    let live = intraday_risk_check::intraday_regime(job)?;
    tighten::regime(job, live.multipliers.into());
    let (benchmark, _) = job.benchmark();
    let morning = regime_on(
        &job.market_view(),
        &benchmark,
        Some(job.last_completed_session()?),
        IntradayShocks::default(),
    );
    let factor = shrink(live.regime, morning.regime);
    let wanted: Vec<TargetInput> = wanted
        .into_iter()
        .map(|target| TargetInput { w_target: target.w_target * factor, ..target })
        .collect();
    let now = returns::book_weights(&book);
    // A name without a target is not traded and so cannot drift.
    let aims: BTreeMap<Symbol, f64> =
        wanted.iter().map(|t| (t.symbol.clone(), t.w_target)).collect();
    let known = now.iter().filter(|(name, _)| aims.contains_key(*name));
    let drift = targets::weight_drifts(&known.map(|(n, w)| (n.clone(), *w)).collect(), &aims);
    let mut reasons: Vec<String> = drift.iter().filter(|d| d.exceeds).map(drift_text).collect();
    let gross: f64 = drift.iter().map(|d| d.w.abs()).sum();
    let aim: f64 = drift.iter().map(|d| d.w_target.abs()).sum();
    if (gross - aim).abs() > GROSS_OFF {
        reasons.push(format!(
            "gross {} is off its target {}",
            format_percent(gross),
            format_percent(aim)
        ));
    }
    if live.regime > morning.regime {
        reasons.push(format!(
            "regime went from {} to {}",
            morning.regime.as_str(),
            live.regime.as_str()
        ));
    }
    let needed = !reasons.is_empty();
    let data = json!({
        "needed": needed, "rebalance_needed": needed, "reasons": reasons, "drift": drift,
        "targets": wanted, "regime": live.regime, "regime_morning": morning.regime,
    });
    let worst = drift.iter().map(|d| d.drift.abs()).fold(0.0, f64::max);
    let verdict = if needed { "needed" } else { "not needed" };
    let mut done = TaskOutput::new(
        format!("rebalance {verdict}: largest drift {}", format_percent(worst)),
        data,
    );
    for d in &drift {
        let words = (format!("{}.drift", d.symbol), format!("{} weight less target", d.symbol));
        done.add_fact(words, Some(d.drift), ("fraction", AsOf::Moment(job.now())));
    }
    Ok(done)
}

fn drift_text(drift: &WeightDrift) -> String {
    format!(
        "{} at {}, target {}",
        drift.symbol,
        format_percent(drift.w),
        format_percent(drift.w_target)
    )
}

/// Returns the factor by which a worse regime reduces all targets, relative to the morning's
/// exposure.
fn shrink(live: Regime, morning: Regime) -> f64 {
    if live <= morning {
        return 1.0;
    }
    math::checked_div(live.multipliers().gross, morning.multipliers().gross).unwrap_or(0.0)
}

/// Returns the targets implied by today's approved plans, if the targets themselves are not an
/// input: a traded name has its plan's target, any other its opening weight.
fn last_targets(job: &TaskContext<'_>) -> Vec<TargetInput> {
    let (opening, reference) = (job.desk().opening(), job.desk().valuation_reference());
    let mut aims: BTreeMap<Symbol, f64> = opening
        .positions
        .iter()
        .filter_map(|(name, held)| {
            let px = reference.previous_close.get(name)?;
            let mv = rust_decimal::Decimal::from(held.qty) * px;
            Some((name.clone(), ratio_to_f64(mv, reference.equity_previous?)?))
        })
        .collect();
    for (plan, approval) in job.desk().trade_plans() {
        if approval.is_none() {
            continue;
        }
        for intent in &plan.orders {
            aims.insert(intent.symbol.clone(), intent.parent_target_w);
        }
    }
    let why = "from today's plans";
    aims.into_iter()
        .map(|(symbol, w_target)| TargetInput { symbol, w_target, why: why.to_owned() })
        .collect()
}
