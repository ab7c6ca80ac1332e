//! Screening of names for further analysis: hard filters, then a cross-sectional score.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{features::Features, universe::Universe};
use crate::stats::z_scores;
use engine::math::checked_div;

/// The limits of the filters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScreenParams {
    /// Number of names to keep, in addition to held ones.
    pub top_k: usize,
    /// Lowest close, USD a share.
    pub min_price: f64,
    /// Lowest turnover, USD a day.
    pub min_adv_usd: f64,
    /// Highest typical daily range over close.
    pub max_atr_pct: f64,
}

impl Default for ScreenParams {
    fn default() -> Self {
        Self { top_k: 10, min_price: 5.0, min_adv_usd: 5e6, max_atr_pct: 0.08 }
    }
}

/// The z-scores of which a score consists, each within ±3; null if the feature is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Components {
    /// z-score of `mom_12_1`, weight 0.5.
    pub momentum: Option<f64>,
    /// z-score of `mom_20 / rv20`, weight 0.3.
    pub recent: Option<f64>,
    /// z-score of `−|rsi14 − 50|`, weight 0.2.
    pub calm: Option<f64>,
}

impl Components {
    fn score(&self) -> f64 {
        let z = |x: Option<f64>| x.unwrap_or(0.0);
        (0.5 * z(self.momentum) + 0.3 * z(self.recent) + 0.2 * z(self.calm)).tanh()
    }

    const fn any(&self) -> bool {
        self.momentum.is_some() || self.recent.is_some() || self.calm.is_some()
    }
}

/// A name that passed, or is held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    pub symbol: String,
    /// Score from −1 to 1.
    pub score: f64,
    /// Rank, 1 for the best.
    pub rank: usize,
    /// The parts of the score; a missing part counts as 0.
    pub components: Components,
    /// True for held names, which pass all filters.
    pub held: bool,
    /// Reasons in words, derived from the numbers.
    pub reasons: Vec<String>,
}

/// The filter that rejected a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The close is below `min_price`.
    MinPrice,
    /// The turnover is below `min_adv_usd`.
    MinAdvUsd,
    /// Neither measured nor assumed volumes exist, so the turnover is unknown.
    UnknownAdv,
    /// The typical range is above `max_atr_pct`.
    MaxAtrPct,
    /// No part of the score can be computed.
    ShortHistory,
    /// Passed, but not among the best `top_k`.
    BelowTopK,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedName {
    pub symbol: String,
    /// The first filter it failed.
    pub rule: RejectReason,
}

/// The result of a screen; every name is in one of the lists.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ScreenResult {
    /// The candidates, best first, ties by symbol.
    pub candidates: Vec<Candidate>,
    /// The rejected names, sorted by symbol.
    pub rejected: Vec<RejectedName>,
}

/// Screens names: score = `tanh(0.5·z(mom_12_1) + 0.3·z(mom_20/rv20) + 0.2·z(−|rsi−50|))` across
/// those that pass the filters or are held.
#[must_use]
pub fn screen_names(
    all: &[Features],
    universe: &Universe,
    held: &BTreeSet<String>,
    params: &ScreenParams,
) -> ScreenResult {
    let mut out = ScreenResult::default();
    let mut kept: Vec<&Features> = Vec::new();
    for found in all {
        match refuse(found, universe, params) {
            Some(rule) if !held.contains(&found.symbol) => {
                out.rejected.push(RejectedName { symbol: found.symbol.clone(), rule });
            }
            Some(_) | None => kept.push(found),
        }
    }
    let mut scored = score(&kept, held);
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.symbol.cmp(&b.symbol)));
    let mut room = params.top_k;
    for (at, mut candidate) in scored.into_iter().enumerate() {
        candidate.rank = at + 1;
        let rule = if !candidate.components.any() {
            Some(RejectReason::ShortHistory)
        } else if room == 0 {
            Some(RejectReason::BelowTopK)
        } else {
            None
        };
        match rule {
            Some(rule) if !candidate.held => {
                out.rejected.push(RejectedName { symbol: candidate.symbol, rule });
            }
            Some(_) | None => {
                room -= usize::from(!candidate.held);
                out.candidates.push(candidate);
            }
        }
    }
    out.rejected.sort_by(|a, b| a.symbol.cmp(&b.symbol));
    out
}

fn refuse(found: &Features, universe: &Universe, params: &ScreenParams) -> Option<RejectReason> {
    if found.close < params.min_price {
        return Some(RejectReason::MinPrice);
    }
    let assumed = universe.get(&found.symbol).and_then(|listing| listing.adv_override);
    let adv = found.adv20_usd.or_else(|| found.adv_or(assumed).map(|shares| shares * found.close));
    match adv {
        None => return Some(RejectReason::UnknownAdv),
        Some(usd) if usd < params.min_adv_usd => return Some(RejectReason::MinAdvUsd),
        Some(_) => {}
    }
    // With closes only, the substitute for the ATR is tested: the filter always applies.
    let range = found.typical_range().and_then(|range| checked_div(range.usd, found.close));
    range.filter(|range| *range > params.max_atr_pct).map(|_| RejectReason::MaxAtrPct)
}

fn score(kept: &[&Features], held: &BTreeSet<String>) -> Vec<Candidate> {
    let column = |of: fn(&Features) -> Option<f64>| {
        let values: Vec<Option<f64>> = kept.iter().map(|f| of(f)).collect();
        z_scores(&values, 3.0)
    };
    let momentum = column(|f| f.mom_12_1);
    let recent = column(|f| f.mom_20.zip(f.rv20).and_then(|(m, v)| checked_div(m, v)));
    let calm = column(|f| f.rsi14.map(|rsi| -(rsi - 50.0).abs()));
    let zs = momentum.into_iter().zip(recent).zip(calm);
    kept.iter()
        .zip(zs)
        .map(|(found, ((momentum, recent), calm))| {
            let components = Components { momentum, recent, calm };
            Candidate {
                symbol: found.symbol.clone(),
                score: components.score(),
                rank: 0,
                components,
                held: held.contains(&found.symbol),
                reasons: reasons(found, held.contains(&found.symbol)),
            }
        })
        .collect()
}

fn reasons(found: &Features, held: bool) -> Vec<String> {
    let mut out = Vec::new();
    if held {
        out.push("held".to_owned());
    }
    if let Some(momentum) = found.mom_12_1 {
        out.push(format!("12-1 month momentum {:+.1}%", momentum * 100.0));
    }
    if let Some(trend) = found.trend {
        out.push(format!("trend {trend:+}"));
    }
    if let Some(rsi) = found.rsi14 {
        out.push(format!("RSI {rsi:.0}"));
    }
    out
}
