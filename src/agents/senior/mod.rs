//! The senior analyst: judgement on few names, ranked, each with the price that proves it wrong.

mod dive;
mod rank;

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] =
    &[("deep_dive", dive::dive), ("earnings_review", dive::earnings), ("rank_ideas", rank::rank)];
