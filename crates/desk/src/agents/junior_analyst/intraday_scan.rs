//! The task `intraday_scan`: unusual moves at this moment, and stalled prices.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, count_noun},
        task_output::{AsOf, TaskOutput},
    },
    market::{self, IntradayInput, IntradayScan, ScanAlert, ScanAlertKind},
};
use engine::Failure;

pub(in crate::agents) fn intraday_scan(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    match job.param::<String>("session")?.as_deref() {
        Some("after_hours") => ah_watch(job),
        Some(_) | None => session(job),
    }
}

fn session(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let mut names: BTreeSet<String> = job.tradable_symbols()?.into_iter().collect();
    names.extend(job.held_symbols());
    names.insert(benchmark.clone());
    let scans: Vec<IntradayScan> =
        names.iter().map(|name| market::scan_intraday(name, &intraday_input(job, name))).collect();
    let alerts: Vec<Value> = scans.iter().flat_map(|scan| &scan.alerts).map(alert).collect();
    let index = scans.iter().find(|scan| scan.symbol == benchmark).and_then(|scan| scan.ret_open);
    let silent = scans.iter().filter(|scan| scan.ret_open.is_none()).count();
    let market = index.map_or("unknown".into(), |ret| format!("{:+.2} %", ret * 100.0));
    let summary = format!("market {market}, {}", count_noun(alerts.len(), "alert"));
    let data = json!({
        "alerts": alerts,
        "symbols": scans,
        "benchmark": benchmark,
        "elapsed": job.session_elapsed(job.now()),
        "blackout_until": job.entry_blackout(&benchmark).map(|(to, _)| to),
    });
    let mut done = TaskOutput::new(summary, data).with_degraded(silent > 0);
    for scan in scans.iter().filter(|scan| scan.ret_open.is_none()) {
        done.add_warning("stale_feed", Some(&scan.symbol), "no price came");
    }
    let words = (format!("{benchmark}.ret_open"), format!("{benchmark} since its first price"));
    done.add_fact(words, index, ("fraction", AsOf::Moment(job.now())));
    done.add_metric("alerts", alerts.len());
    Ok(done)
}

/// Returns an alert with its text. The driver forwards it once for each multiple of the threshold
/// that is reached.
fn alert(found: &ScanAlert) -> Value {
    let kind = serde_json::to_value(found.kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or("alert").to_owned();
    let (name, limit) = (&found.symbol, found.threshold);
    let text = match (found.kind, found.value) {
        (ScanAlertKind::StaleFeed, None) => format!("{name}: no price comes"),
        (ScanAlertKind::StaleFeed, Some(age)) => {
            format!("{name}: the last price is {age:.0} s old")
        }
        (ScanAlertKind::Move, Some(sd)) => {
            format!("{name}: {sd:+.1} standard deviations since the open (alert at {limit:.1})")
        }
        (ScanAlertKind::Volume | ScanAlertKind::Spread, Some(times)) => {
            format!("{name}: {kind} {times:.1} times the usual (alert at {limit:.1})")
        }
        (ScanAlertKind::Move | ScanAlertKind::Volume | ScanAlertKind::Spread, None) => {
            format!("{name}: {kind} unknown")
        }
    };
    let level =
        found.value.and_then(|value| engine::math::checked_div(value, limit)).map(f64::trunc);
    json!({
        "symbol": name, "kind": kind, "value": found.value, "threshold": limit,
        "key": format!("{:+.0}", level.unwrap_or_default()),
        "severity": "warning", "code": format!("intraday_{kind}"), "text": text,
    })
}

fn intraday_input(job: &TaskContext<'_>, name: &str) -> IntradayInput {
    let elapsed = job.session_elapsed(job.now());
    let path = job.path(name);
    let now = job.price(name, job.now());
    let first = path.as_ref().and_then(market::DayPath::first_price).map(market::Price::to_f64);
    let known = job.features(name);
    IntradayInput {
        ret_open: now
            .zip(first)
            .and_then(|(now, first)| engine::math::checked_div(now - first, first)),
        elapsed,
        rv20: known.as_ref().and_then(|f| f.rv20),
        volume: path.as_ref().and_then(|path| path.volume_at(elapsed)),
        adv: known.as_ref().and_then(|f| f.adv20_shares),
        spread: None,
        age_s: None,
    }
}

/// Performs `ah_watch`: there is no feed after the close, so the result says so and lists the
/// reference closes.
pub(in crate::agents) fn ah_watch(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.last_completed_session()?;
    let names = job.earnings_names();
    let closes: Vec<_> = names
        .iter()
        .map(|name| json!({ "symbol": name, "close": job.price(name, job.now()) }))
        .collect();
    let data = json!({ "alerts": [], "symbols": closes, "session": "after_hours" });
    let summary = format!("no feed after hours; {} reported", count_noun(names.len(), "name"));
    let mut done = TaskOutput::new(summary, data).with_degraded(true);
    done.add_warning("no_feed", None, "no prices after the close are bundled");
    Ok(done)
}
