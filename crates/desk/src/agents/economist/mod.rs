//! The economist: what kind of day it is, which regime rules, how much risk the economy leaves.

mod cross_asset_check;
mod event_calendar;
mod fomc_brief;
mod macro_assessment;
mod next_day_prep;
mod regime_classify;
mod task_types;

pub(super) use self::task_types::ROWS;
