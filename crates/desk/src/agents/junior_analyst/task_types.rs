//! Table of the task types of the junior analyst.

use super::{
    collect_market_data, gap_scan, intraday_scan, market_analysis, news_digest, screen_universe,
};
use crate::agents::builtin::TaskTypeEntry;

/// The task types with their functions.
pub(in crate::agents) const ROWS: &[TaskTypeEntry] = &[
    ("collect_market_data", collect_market_data::collect_market_data),
    ("market_analysis", market_analysis::market_analysis),
    ("screen_universe", screen_universe::screen_universe),
    ("news_digest", news_digest::news_digest),
    ("gap_scan", gap_scan::gap_scan),
    ("intraday_scan", intraday_scan::intraday_scan),
    ("ah_watch", intraday_scan::ah_watch),
];
