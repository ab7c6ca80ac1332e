//! Analytics and reporting: what happened, why, what it cost, and the proof.

mod costs;
mod keep;
mod paper;
mod performance;
mod report;

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] = &[
    ("performance_analysis", performance::analyse),
    ("tca", costs::measure),
    ("daily_report", report::write),
    ("maintenance", keep::maintain),
];
