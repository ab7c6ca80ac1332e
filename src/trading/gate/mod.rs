//! The pre-trade gate: one pure function every order and every slice passes, without a way around.

mod admission;
mod check;
mod code;
mod context;
mod exposure;
mod flow;
mod size;

pub use check::{check, passes};
pub use code::{Code, Severity, Violation};
pub use context::{
    AutoPlan, Context, History, ParentUse, Quote, Sent, Session, Working, is_reducing,
};
