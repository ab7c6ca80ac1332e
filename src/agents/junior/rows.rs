//! The task types of the junior analyst, and who does each.

use super::{analysis, collect, gaps, news, scan, screen};
use crate::agents::builtin::Row;

/// What it does.
pub(in crate::agents) const ROWS: &[Row] = &[
    ("collect_market_data", collect::collect),
    ("market_analysis", analysis::analyse),
    ("screen_universe", screen::screen),
    ("news_digest", news::digest),
    ("gap_scan", gaps::scan),
    ("intraday_scan", scan::scan),
    ("ah_watch", scan::after_hours),
];
