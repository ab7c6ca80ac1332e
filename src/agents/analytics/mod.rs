//! Analytics and reporting: what happened, why, what it cost, and the proof.

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] = &[];
