//! Trade execution: pre-open checks, reconciliation, sending orders, monitoring them, the closing plan.

mod approval;
mod closing_plan;
mod execute_orders;
mod lookup;
mod monitor_orders;
mod plan_orders;
mod pre_open_checks;
mod reconcile;
mod rejections;
mod remainder;
mod task_types;

pub(super) use self::{
    execute_orders::{settle, stop_sending},
    lookup::lookup,
    task_types::ROWS,
};
