//! The junior analyst: data quality, features, screening, gaps and alerts.

mod collect_market_data;
mod gap_scan;
mod intraday_scan;
mod market_analysis;
mod news_digest;
mod screen_universe;
mod task_types;

pub(super) use self::task_types::ROWS;
