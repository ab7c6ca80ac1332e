//! The task `construct_targets`: target weights from ranked ideas, scaled by volatility, regime and
//! economy.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun, format_percent},
        returns,
        task_output::{AsOf, TaskOutput},
        tighten,
        upstream::{GapsInput, Idea, RankingInput, TargetInput},
    },
    market::Regime,
    trading::{
        money::to_f64,
        risk::{self, Covariance},
        symbol::Symbol,
        targets::{self, TargetLimits, Targets},
        weighting::{self, MeanVariance},
    },
};
use engine::Failure;

/// Share of each limit that targets use, leaving room for price moves before the orders are sent.
const MARGIN: f64 = 0.95;
/// Default risk aversion of the mean-variance method.
const GAMMA: f64 = 4.0;

/// The chosen names, and the excluded ones with reasons.
struct NameSelection {
    chosen: Vec<Idea>,
    /// Held positions to close, with reasons.
    exits: Vec<(Symbol, String)>,
    left: Vec<(Symbol, String)>,
}

pub(in crate::agents) fn construct_targets(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let ranked: RankingInput = job.need(&["rank_ideas"])?;
    let gaps: GapsInput = job.optional_upstream(&["gap_scan"])?.unwrap_or_default();
    let regime = ranked.regime.multipliers;
    let factors = crate::market::RegimeMultipliers {
        gross: regime.gross,
        order_notional: regime.order_notional,
        participation: regime.participation,
        ..ranked.regime.regime.multipliers()
    };
    tighten::regime(job, factors.into());
    let book = job.valuation()?;
    let now = returns::book_weights(&book);
    let choice = choose(job, &ranked, &now)?;
    let (raw, method) = weigh(job, &choice)?;
    let gross = to_f64(job.desk().regime().gross);
    let (limits, _) = job.desk().limits();
    let bounds = TargetLimits {
        vol_target: job.param_or("vol_target", 0.10)?,
        multipliers: vec![
            ("regime".into(), gross),
            ("economy".into(), ranked.economy.risk_budget_scale),
        ],
        name_cap: to_f64(limits.position_max) * MARGIN,
        sector_cap: to_f64(limits.sector_max) * gross * MARGIN,
        gross_cap: to_f64(limits.gross_max) * MARGIN,
    };
    let wrong = |error: risk::RiskError| bad_data(error.to_string());
    let built = if raw.is_empty() {
        Targets { weights: BTreeMap::new(), vol_forecast: 0.0, scale_applied: Vec::new() }
    } else {
        let returns = returns::common_returns(job, &raw.keys().cloned().collect())?;
        let cov = Covariance::from_returns(&returns).map_err(wrong)?;
        targets::construct_targets(&raw, &cov, &job.instruments(), &bounds).map_err(wrong)?
    };
    Ok(targets_output(job, (&choice, &built), (&method, &gaps), &now))
}

/// Returns the best ideas with a positive alpha; a nervous regime allows few new names, a crisis
/// none.
fn choose(
    job: &TaskContext<'_>,
    ranked: &RankingInput,
    now: &BTreeMap<Symbol, f64>,
) -> Result<NameSelection, Failure> {
    let top_k: usize = job.param_or("top_k", 8)?;
    let new_names = match (ranked.regime.regime, ranked.regime.multipliers.new_names) {
        (Regime::Crisis, _) => 0,
        (_, Some(most)) => usize::try_from(most).unwrap_or(usize::MAX),
        (_, None) => usize::MAX,
    };
    let mut choice = NameSelection { chosen: Vec::new(), exits: Vec::new(), left: Vec::new() };
    let mut new = 0;
    for idea in &ranked.ranking {
        let held = now.contains_key(&idea.symbol);
        let good = idea.alpha_1d.is_some_and(|alpha| alpha > 0.0);
        if idea.vetoed {
            choice.left.push((idea.symbol.clone(), format!("{}: left as it is", idea.why)));
        } else if good && choice.chosen.len() < top_k && (held || new < new_names) {
            new += usize::from(!held);
            choice.chosen.push(idea.clone());
        } else if held {
            let why = if good { "not among the best" } else { "no positive alpha" };
            choice.exits.push((idea.symbol.clone(), format!("exit: {why}, {}", idea.why)));
        } else if good && choice.chosen.len() < top_k {
            choice.left.push((idea.symbol.clone(), format!("at most {new_names} new names today")));
        }
    }
    let known: BTreeSet<&Symbol> = ranked.ranking.iter().map(|idea| &idea.symbol).collect();
    for name in now.keys().filter(|name| !known.contains(name)) {
        choice.left.push((name.clone(), "held and not ranked: left as it is".into()));
    }
    Ok(choice)
}

/// Returns the raw weights of the chosen names, and the weighting method used.
fn weigh(
    job: &TaskContext<'_>,
    choice: &NameSelection,
) -> Result<(BTreeMap<Symbol, f64>, String), Failure> {
    let method = job.param_or("method", "inverse_vol".to_owned())?;
    let names: BTreeSet<Symbol> = choice.chosen.iter().map(|idea| idea.symbol.clone()).collect();
    if names.is_empty() {
        return Ok((BTreeMap::new(), method));
    }
    let mut vols = BTreeMap::new();
    for name in &names {
        let vol = job.features(name.as_str()).and_then(|f| f.rv60);
        let vol =
            vol.ok_or_else(|| bad_data(format!("{name} has no volatility over 60 sessions")))?;
        vols.insert(name.clone(), vol);
    }
    let plain = weighting::inverse_vol(&vols)
        .ok_or_else(|| bad_data("a chosen name has no positive volatility"))?;
    let cov = || {
        let returns = returns::common_returns(job, &names)?;
        Covariance::from_returns(&returns).map_err(|error| bad_data(error.to_string()))
    };
    let found = match method.as_str() {
        "inverse_vol" => Some(plain.clone()),
        "risk_parity" => weighting::risk_parity(&cov()?),
        "mean_variance" => {
            let (limits, _) = job.desk().limits();
            let gamma = job.param_or("gamma", GAMMA)?;
            let solver = MeanVariance { gamma, gross: 1.0, cap: to_f64(limits.position_max) };
            let yearly = crate::stats::SESSIONS_PER_YEAR;
            let alphas =
                choice.chosen.iter().filter_map(|i| Some((i.symbol.clone(), i.alpha_1d? * yearly)));
            solver.solve(&alphas.collect(), &cov()?, &plain)
        }
        other => {
            let task = &job.request.task_id;
            return Err(bad_input(format!(
                "{task}: task_data.method: `{other}` is none of inverse_vol, risk_parity, mean_variance"
            )));
        }
    };
    Ok(found.map_or((plain, "inverse_vol".into()), |weights| (weights, method)))
}

fn targets_output(
    job: &TaskContext<'_>,
    (choice, built): (&NameSelection, &Targets),
    (method, gaps): (&str, &GapsInput),
    now: &BTreeMap<Symbol, f64>,
) -> TaskOutput {
    let mut targets: Vec<TargetInput> = choice
        .chosen
        .iter()
        .map(|idea| TargetInput {
            symbol: idea.symbol.clone(),
            w_target: built.weights.get(&idea.symbol).copied().unwrap_or(0.0),
            why: idea.why.clone(),
        })
        .collect();
    let exits = choice.exits.iter().map(|(symbol, why)| TargetInput {
        symbol: symbol.clone(),
        w_target: 0.0,
        why: why.clone(),
    });
    targets.extend(exits);
    targets.sort_by(|a, b| a.symbol.cmp(&b.symbol));
    let alpha = |name: &Symbol| {
        choice.chosen.iter().find(|idea| idea.symbol == *name).and_then(|idea| idea.alpha_1d)
    };
    let lines: Vec<Value> = targets
        .iter()
        .map(|t| {
            json!({
                "symbol": t.symbol, "w_target": t.w_target, "why": t.why, "alpha": alpha(&t.symbol),
                "w_now": now.get(&t.symbol).copied().unwrap_or(0.0),
                "gap_flagged": gaps.flagged.iter().any(|name| name == t.symbol.as_str()),
            })
        })
        .collect();
    let gross: f64 = targets.iter().map(|t| t.w_target).sum();
    let before: f64 = now.values().sum();
    let data = json!({
        "targets": lines, "method": method, "vol_forecast": built.vol_forecast,
        "scale_applied": built.scale_applied, "gross_target": gross, "gross_now": before,
        "infeasible": choice.left.iter().map(|(s, why)| json!({ "symbol": s, "reason": why })).collect::<Vec<_>>(),
    });
    let summary = format!(
        "{}, gross {} from {}, vol {}",
        count_noun(choice.chosen.len(), "target"),
        format_percent(gross),
        format_percent(before),
        format_percent(built.vol_forecast)
    );
    let mut done = TaskOutput::new(summary, data);
    for (name, why) in &choice.left {
        done.add_warning("left_out", Some(name.as_str()), why.clone());
    }
    for target in &targets {
        let words =
            (format!("{}.w_target", target.symbol), format!("{} target weight", target.symbol));
        done.add_fact(words, Some(target.w_target), ("fraction", AsOf::Moment(job.now())));
    }
    done
}
