//! The trading desk: book, risk, sizing, orders, gate, simulated broker, reconciliation, results.
//!
//! Money is exact (`rust_decimal`, USD), statistics are `f64`. Nothing here reads a clock or touches
//! the outside world: every moment is an argument, every price comes from a
//! [`PriceSource`](market_facts::PriceSource), so equal questions at equal moments get equal answers.

pub mod attribution;
pub mod book;
pub mod broker;
pub mod desk;
pub mod facts;
pub mod feed;
pub mod gate;
pub mod limits;
pub mod market_facts;
pub mod money;
pub mod optimise;
pub mod order;
pub mod performance;
pub mod plan;
pub mod portfolio;
pub mod reconcile;
pub mod risk;
pub mod sizing;
pub mod slippage;
pub mod stress;
pub mod symbol;
pub mod targets;
pub mod tca;
#[cfg(test)]
pub(crate) mod testing;
pub mod twap;
pub mod usage;
pub mod valuation;
