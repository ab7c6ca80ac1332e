//! Historical returns on common sessions, as known now: the basis of risk figures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::job::{TaskContext, bad_data};
use crate::{
    stats,
    trading::{
        risk::{self, TailLoss},
        symbol::Symbol,
        valuation::Valuation,
    },
};
use engine::Failure;

/// Number of sessions used for risk figures.
pub(super) const SESSIONS: usize = 250;
/// Fewest common sessions required.
const LEAST: usize = 60;

/// Returns the simple returns of every name over the most recent sessions common to all, oldest
/// first.
///
/// # Errors
///
/// Bad data if the names have fewer than 60 common sessions; the message names the one with the
/// fewest.
pub(super) fn common_returns(
    job: &TaskContext<'_>,
    names: &BTreeSet<Symbol>,
) -> Result<BTreeMap<Symbol, Vec<f64>>, Failure> {
    let view = job.market_view();
    let lines: BTreeMap<&Symbol, BTreeMap<NaiveDate, f64>> = names
        .iter()
        .map(|name| {
            let bars = view.bars(name.as_str()).iter().rev().take(SESSIONS + 30);
            (name, bars.map(|bar| (bar.date, bar.return_price())).collect())
        })
        .collect();
    let mut shared: Option<BTreeSet<NaiveDate>> = None;
    for line in lines.values() {
        let days: BTreeSet<NaiveDate> = line.keys().copied().collect();
        shared = Some(match shared {
            Some(so_far) => so_far.intersection(&days).copied().collect(),
            None => days,
        });
    }
    let shared: Vec<NaiveDate> = shared.unwrap_or_default().into_iter().collect();
    let days = shared.get(shared.len().saturating_sub(SESSIONS + 1)..).unwrap_or_default();
    if !names.is_empty() && days.len() < LEAST + 1 {
        let least = lines.iter().min_by_key(|(_, line)| line.len());
        let least =
            least.map_or(String::new(), |(name, line)| format!("; {name} has {}", line.len()));
        return Err(bad_data(format!(
            "{} shared sessions are too few for risk, {LEAST} are needed{least}",
            days.len()
        )));
    }
    let series = |line: &BTreeMap<NaiveDate, f64>| {
        let prices: Vec<f64> = days.iter().filter_map(|day| line.get(day).copied()).collect();
        stats::simple_returns(&prices)
    };
    lines
        .into_iter()
        .map(|(name, line)| {
            let own =
                series(&line).ok_or_else(|| bad_data(format!("{name} has no sound returns")))?;
            Ok((name.clone(), own))
        })
        .collect()
}

/// Returns the weights of a valued book.
pub(super) fn book_weights(book: &Valuation) -> BTreeMap<Symbol, f64> {
    book.positions.iter().map(|held| (held.symbol.clone(), held.w)).collect()
}

/// Returns the 95 % losses of one session for the current weights; `None` for a book of cash.
pub(super) fn var95(job: &TaskContext<'_>, book: &Valuation) -> Result<Option<TailLoss>, Failure> {
    let weights = book_weights(book);
    if weights.is_empty() {
        return Ok(None);
    }
    let returns = common_returns(job, &weights.keys().cloned().collect())?;
    let past = risk::weighted_returns(&returns, &weights).map_err(|e| bad_data(e.to_string()))?;
    Ok(risk::tail_loss(&past, 0.95))
}
