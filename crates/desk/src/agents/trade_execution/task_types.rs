//! The task types of trade execution, and who does each.

use super::{
    closing_plan, emergency_exit, execute_orders, monitor_orders, pre_open_checks, reconcile,
};
use crate::agents::builtin::TaskTypeEntry;

/// What it does.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("pre_open_checks", pre_open_checks::pre_open_checks),
    ("reconcile", reconcile::reconcile_task),
    ("execute_orders", execute_orders::execute_orders),
    ("emergency_exit", emergency_exit::emergency_exit),
    ("monitor_orders", monitor_orders::monitor_orders),
    ("closing_plan", closing_plan::closing_plan),
];
