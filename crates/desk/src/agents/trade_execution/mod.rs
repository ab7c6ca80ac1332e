//! Trade execution: pre-open checks, reconciliation, sending orders, monitoring them, the closing plan.

mod approval;
mod closing_plan;
mod emergency_exit;
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
    emergency_exit::{is_exit, lookup_exit, settle as settle_exit, stop as stop_exit},
    execute_orders::{settle, stop_sending},
    lookup::lookup,
    task_types::ROWS,
};
