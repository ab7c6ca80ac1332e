//! The portfolio manager: targets, trades, pre-trade checks of a plan, limits and risk numbers.

mod construct_targets;
mod generate_trades;
mod intraday_risk_check;
mod limit_headroom;
mod portfolio_review;
mod rebalance_check;
mod risk_assessment;
mod task_types;
mod validate_trades;

pub(super) use self::{
    generate_trades::mode, intraday_risk_check::live_regime, task_types::ROWS,
    validate_trades::expected_cost_bps,
};
