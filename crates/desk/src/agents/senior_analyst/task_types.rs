//! Table of the task types of the senior analyst.

use super::{deep_dive, rank_ideas};
use crate::agents::builtin::TaskTypeEntry;

/// The task types with their functions.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("deep_dive", deep_dive::deep_dive),
    ("earnings_review", deep_dive::earnings_review),
    ("rank_ideas", rank_ideas::rank_ideas),
];
