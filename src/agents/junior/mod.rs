//! The junior analyst: data quality, features, screen, gaps and alerts.

mod analysis;
mod collect;
mod gaps;
mod news;
mod scan;
mod screen;

use super::builtin::Row;

/// What it does.
pub(super) const ROWS: &[Row] = &[
    ("collect_market_data", collect::collect),
    ("market_analysis", analysis::analyse),
    ("screen_universe", screen::screen),
    ("news_digest", news::digest),
    ("gap_scan", gaps::scan),
    ("intraday_scan", scan::scan),
    ("ah_watch", scan::after_hours),
];
