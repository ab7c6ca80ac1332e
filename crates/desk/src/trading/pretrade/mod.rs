//! The pre-trade gate: one pure function every order and every slice passes, without a way around.

mod admission;
mod check;
mod code;
mod context;
mod exposure;
mod flow;
mod size;

pub use check::{check_order, is_admissible};
pub use code::{CheckCode, Enforcement, Violation};
pub use context::{
    AutoPlan, CheckContext, OrderHistory, ParentUse, Quote, SentOrder, TradingSession,
    WorkingOrder, is_reducing,
};
