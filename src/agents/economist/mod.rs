//! The economist: what kind of day it is, which regime rules, how much risk the economy leaves.

mod cross;
mod economy;
mod events;
mod fomc;
mod next_day;
mod regime;

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] = &[
    ("event_calendar", events::events),
    ("regime_classify", regime::classify),
    ("macro_assessment", economy::assess),
    ("cross_asset_check", cross::check),
    ("fomc_brief", fomc::brief),
    ("fomc_reaction", cross::reaction),
    ("next_day_prep", next_day::prepare),
];
