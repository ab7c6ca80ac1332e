//! The task `gap_scan`: opens against the last close. The data have no quotes before the open, so
//! a scan before it sees no gap and says so.

use serde_json::json;

use crate::{
    agents::{
        job::{TaskContext, count_noun},
        task_output::{AsOf, TaskOutput},
    },
    market::{self, Features, Gap},
};
use engine::Failure;

pub(in crate::agents) fn gap_scan(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let market = job.features(&benchmark).and_then(|index| quoted_gap(job, &index));
    let mut gaps: Vec<Gap> = Vec::new();
    let mut unquoted: Vec<String> = Vec::new();
    for name in job.tradable_symbols()? {
        match job.features(&name).and_then(|found| quoted_gap(job, &found)) {
            Some(gap) => gaps.push(gap),
            None => unquoted.push(name),
        }
    }
    let flagged: Vec<&str> = gaps.iter().filter(|g| g.flag).map(|g| g.symbol.as_str()).collect();
    let market_flag = market.as_ref().is_some_and(|gap| market::market_gap_flag(gap.gap_pct));
    let data = json!({
        "gaps": gaps,
        "flagged": flagged,
        "unquoted": unquoted,
        "benchmark": benchmark,
        "market_gap_pct": market.as_ref().map(|gap| gap.gap_pct),
        "market_flag": market_flag,
    });
    let index = market
        .as_ref()
        .map_or("market not quoted".into(), |gap| format!("market {:+.2} %", gap.gap_pct * 100.0));
    let summary = format!("{} flagged, {} unquoted, {index}", flagged.len(), unquoted.len());
    let mut done =
        TaskOutput::new(summary, data).with_degraded(!unquoted.is_empty() || market.is_none());
    if !unquoted.is_empty() {
        let names = count_noun(unquoted.len(), "name");
        let msg = if job.session_has_begun() {
            format!("{names} without an open: {}", unquoted.join(", "))
        } else {
            format!("the data have no quotes before the open: {names} without one")
        };
        done.add_warning("no_quote", None, msg);
    }
    if market_flag {
        done.add_warning("market_gap", Some(&benchmark), "the market gaps by 1 % or more");
    }
    for gap in gaps.iter().chain(&market) {
        let words = (format!("{}.gap", gap.symbol), format!("{} gap at the open", gap.symbol));
        done.add_fact(words, Some(gap.gap_pct), ("fraction", AsOf::Moment(job.now())));
    }
    Ok(done)
}

/// Returns the gap of a name whose open is known by now.
fn quoted_gap(job: &TaskContext<'_>, found: &Features) -> Option<Gap> {
    market::opening_gap(found, job.opening_price(&found.symbol)?)
}
