//! The task types of trade execution, and who does each.

use super::{books, checks, closing, send, watch};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] = &[
    ("pre_open_checks", checks::check),
    ("reconcile", books::reconcile),
    ("execute_orders", send::execute),
    ("monitor_orders", watch::watch),
    ("closing_plan", closing::plan),
];
