//! The task types of the economist, and who does each.

use super::{cross, economy, events, fomc, next_day, regime};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] = &[
    ("event_calendar", events::events),
    ("regime_classify", regime::classify),
    ("macro_assessment", economy::assess),
    ("cross_asset_check", cross::check),
    ("fomc_brief", fomc::brief),
    ("fomc_reaction", cross::reaction),
    ("next_day_prep", next_day::prepare),
];
