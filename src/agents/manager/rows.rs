//! The task types of the portfolio manager, and who does each.

use super::{monitor, rebalance, review, risk, targets, trades, verdict};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] = &[
    ("portfolio_review", review::review),
    ("risk_assessment", risk::assess),
    ("earnings_exposure", risk::earnings),
    ("construct_targets", targets::construct),
    ("generate_trades", trades::generate),
    ("validate_trades", verdict::validate),
    ("intraday_risk_check", monitor::check),
    ("rebalance_check", rebalance::check),
];
