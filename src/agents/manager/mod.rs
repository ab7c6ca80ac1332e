//! The portfolio manager: targets, trades, the gate's verdicts, limits and risk numbers.

mod monitor;
mod rebalance;
mod review;
mod risk;
mod room;
mod rows;
mod targets;
mod trades;
mod verdict;

pub(super) use self::{monitor::live_regime, rows::ROWS, trades::mode, verdict::cost};
