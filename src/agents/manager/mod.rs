//! The portfolio manager: targets, trades, the gate's verdicts, limits and risk numbers.

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] = &[];
