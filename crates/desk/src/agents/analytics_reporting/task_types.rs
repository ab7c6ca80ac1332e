//! Table of the task types of analytics and reporting.

use super::{daily_report, maintenance, performance_analysis, tca};
use crate::agents::builtin::TaskTypeEntry;

/// The task types with their functions.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("performance_analysis", performance_analysis::performance_analysis),
    ("tca", tca::tca),
    ("daily_report", daily_report::daily_report),
    ("maintenance", maintenance::maintenance),
];
