//! `intraday_scan`: what moves unusually right now, and whether prices still come at all.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    agents::{
        done::{At, Done},
        job::{Job, plural},
    },
    engine::Failure,
    market::{self, Alert, AlertKind, IntradayInput, IntradayScan},
};

pub(in crate::agents) fn scan(job: &Job<'_>) -> Result<Done, Failure> {
    match job.param::<String>("session")?.as_deref() {
        Some("after_hours") => after_hours(job),
        Some(_) | None => session(job),
    }
}

fn session(job: &Job<'_>) -> Result<Done, Failure> {
    job.expected()?;
    let (benchmark, _) = job.benchmark();
    let mut names: BTreeSet<String> = job.symbols()?.into_iter().collect();
    names.extend(job.held());
    names.insert(benchmark.clone());
    let scans: Vec<IntradayScan> =
        names.iter().map(|name| market::intraday(name, &seen(job, name))).collect();
    let alerts: Vec<Value> = scans.iter().flat_map(|scan| &scan.alerts).map(alert).collect();
    let index = scans.iter().find(|scan| scan.symbol == benchmark).and_then(|scan| scan.ret_open);
    let silent = scans.iter().filter(|scan| scan.ret_open.is_none()).count();
    let market = index.map_or("unknown".into(), |ret| format!("{:+.2} %", ret * 100.0));
    let summary = format!("market {market}, {}", plural(alerts.len(), "alert"));
    let data = json!({
        "alerts": alerts,
        "symbols": scans,
        "benchmark": benchmark,
        "elapsed": job.elapsed(job.at()),
        "blackout_until": job.entry_blackout(&benchmark).map(|(to, _)| to),
    });
    let mut done = Done::new(summary, data).degraded(silent > 0);
    for scan in scans.iter().filter(|scan| scan.ret_open.is_none()) {
        done.warn("stale_feed", Some(&scan.symbol), "no price came");
    }
    let words = (format!("{benchmark}.ret_open"), format!("{benchmark} since its first price"));
    done.fact(words, index, ("fraction", At::Moment(job.at())));
    done.metric("alerts", alerts.len());
    Ok(done)
}

/// An alert with the words people read: the driver passes them on, once for each multiple of the
/// threshold that is reached.
fn alert(found: &Alert) -> Value {
    let kind = serde_json::to_value(found.kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or("alert").to_owned();
    let (name, limit) = (&found.symbol, found.threshold);
    let text = match (found.kind, found.value) {
        (AlertKind::StaleFeed, None) => format!("{name}: no price comes"),
        (AlertKind::StaleFeed, Some(age)) => format!("{name}: the last price is {age:.0} s old"),
        (AlertKind::Move, Some(sd)) => {
            format!("{name}: {sd:+.1} standard deviations since the open (alert at {limit:.1})")
        }
        (AlertKind::Volume | AlertKind::Spread, Some(times)) => {
            format!("{name}: {kind} {times:.1} times the usual (alert at {limit:.1})")
        }
        (AlertKind::Move | AlertKind::Volume | AlertKind::Spread, None) => {
            format!("{name}: {kind} unknown")
        }
    };
    let level = found.value.and_then(|value| crate::math::div(value, limit)).map(f64::trunc);
    json!({
        "symbol": name, "kind": kind, "value": found.value, "threshold": limit,
        "key": format!("{:+.0}", level.unwrap_or_default()),
        "severity": "warning", "code": format!("intraday_{kind}"), "text": text,
    })
}

fn seen(job: &Job<'_>, name: &str) -> IntradayInput {
    let elapsed = job.elapsed(job.at());
    let path = job.path(name);
    let now = job.price(name, job.at());
    let first = path.as_ref().and_then(market::DayPath::premarket).map(market::Price::usd);
    let known = job.features(name);
    IntradayInput {
        ret_open: now.zip(first).and_then(|(now, first)| crate::math::div(now - first, first)),
        elapsed,
        rv20: known.as_ref().and_then(|f| f.rv20),
        volume: path.as_ref().and_then(|path| path.volume_at(elapsed)),
        adv: known.as_ref().and_then(|f| f.adv20_shares),
        spread: None,
        age_s: None,
    }
}

/// After the close there is no feed: it says so, and shows the closes it would be measured against.
pub(in crate::agents) fn after_hours(job: &Job<'_>) -> Result<Done, Failure> {
    job.expected()?;
    let names = job.reporting();
    let closes: Vec<_> = names
        .iter()
        .map(|name| json!({ "symbol": name, "close": job.price(name, job.at()) }))
        .collect();
    let data = json!({ "alerts": [], "symbols": closes, "session": "after_hours" });
    let summary = format!("no feed after hours; {} reported", plural(names.len(), "name"));
    let mut done = Done::new(summary, data).degraded(true);
    done.warn("no_feed", None, "no prices after the close are bundled");
    Ok(done)
}
