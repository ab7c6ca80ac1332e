//! Table of the task types of the portfolio manager.

use super::{
    construct_targets, generate_trades, intraday_risk_check, portfolio_review, rebalance_check,
    risk_assessment, validate_trades,
};
use crate::agents::builtin::TaskTypeEntry;

/// The task types with their functions.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("portfolio_review", portfolio_review::portfolio_review),
    ("risk_assessment", risk_assessment::risk_assessment),
    ("earnings_exposure", risk_assessment::earnings_exposure),
    ("construct_targets", construct_targets::construct_targets),
    ("generate_trades", generate_trades::generate_trades),
    ("validate_trades", validate_trades::validate_trades),
    ("intraday_risk_check", intraday_risk_check::intraday_risk_check),
    ("rebalance_check", rebalance_check::rebalance_check),
];
