//! The task types of analytics and reporting, and who does each.

use super::{costs, keep, performance, report};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] = &[
    ("performance_analysis", performance::analyse),
    ("tca", costs::measure),
    ("daily_report", report::write),
    ("maintenance", keep::maintain),
];
