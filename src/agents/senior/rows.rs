//! The task types of the senior analyst, and who does each.

use super::{dive, rank};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] =
    &[("deep_dive", dive::dive), ("earnings_review", dive::earnings), ("rank_ideas", rank::rank)];
