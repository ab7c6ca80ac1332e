//! Trade execution: is everything ready, do the books agree, send, watch, finish.

mod books;
mod checks;
mod closing;
mod orders;
mod send;
mod watch;

use super::builtin::Row;

pub(super) use send::stop;

/// What it does.
pub(super) const ROWS: &[Row] = &[
    ("pre_open_checks", checks::check),
    ("reconcile", books::reconcile),
    ("execute_orders", send::execute),
    ("monitor_orders", watch::watch),
    ("closing_plan", closing::plan),
];
