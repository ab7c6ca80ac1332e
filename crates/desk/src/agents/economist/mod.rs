//! The economist: kind of day, volatility regime, and the risk that the economy allows.

mod cross_asset_check;
mod event_calendar;
mod fomc_brief;
mod macro_assessment;
mod next_day_prep;
mod regime_classify;
mod task_types;

pub(super) use self::task_types::ROWS;
