//! The trading desk: book, risk, sizing, orders, gate, simulated broker, reconciliation, results.
//!
//! Money is exact (`rust_decimal`, USD), statistics are `f64`. Nothing here reads a clock or touches
//! the outside world: every moment is an argument, every price comes from a
//! `PriceSource`, so equal questions at equal moments get equal answers.

pub mod attribution;
pub mod book_csv;
pub mod book_file;
pub mod broker;
pub mod desk;
pub mod desk_book;
pub mod durable_log;
pub mod instruments;
pub mod limit_usage;
pub mod limits;
pub mod money;
pub mod opening_book;
pub mod order;
pub mod performance;
pub mod portfolio;
pub mod pretrade;
pub mod reconcile;
pub mod risk;
pub mod session_prices;
pub mod sizing;
pub mod slippage;
pub mod stress;
pub mod symbol;
pub mod targets;
pub mod tca;
#[cfg(test)]
pub(crate) mod testing;
pub mod trade_plan;
pub mod twap;
pub mod valuation;
pub mod weighting;
