//! Table of the task types of the economist.

use super::{
    cross_asset_check, event_calendar, fomc_brief, macro_assessment, next_day_prep, regime_classify,
};
use crate::agents::builtin::TaskTypeEntry;

/// The task types with their functions.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("event_calendar", event_calendar::event_calendar),
    ("regime_classify", regime_classify::regime_classify),
    ("macro_assessment", macro_assessment::assess_macro),
    ("cross_asset_check", cross_asset_check::cross_asset_check),
    ("fomc_brief", fomc_brief::fomc_brief),
    ("fomc_reaction", cross_asset_check::fomc_reaction),
    ("next_day_prep", next_day_prep::next_day_prep),
];
