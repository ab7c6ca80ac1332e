//! The portfolio manager: targets, trades, the gate's verdicts, limits and risk numbers.

mod monitor;
mod rebalance;
mod review;
mod risk;
mod room;
mod targets;
mod trades;
mod verdict;

use super::{builtin::Row, job::Job};
use crate::market::Regime;

pub(super) use self::{trades::mode, verdict::cost};

/// What it does.
pub(super) const ROWS: &[Row] = &[
    ("portfolio_review", review::review),
    ("risk_assessment", risk::assess),
    ("earnings_exposure", risk::earnings),
    ("construct_targets", targets::construct),
    ("generate_trades", trades::generate),
    ("validate_trades", verdict::validate),
    ("intraday_risk_check", monitor::check),
    ("rebalance_check", rebalance::check),
];

/// The volatility regime of this moment, where the day is known.
pub(super) fn live_regime(job: &Job<'_>) -> Option<Regime> {
    monitor::live(job).ok().map(|report| report.regime)
}
