//! `next_day_prep`: tomorrow's calendar, what is still open today, and what to look at first.

use serde_json::{Value, json};

use super::events;
use crate::{
    agents::{
        done::Done,
        job::{Job, not_found, plural},
        opening::volatility,
    },
    calendar,
    definition::Registry,
    engine::Failure,
    plan::{DayFacts, Library, Volatility, choose},
};

pub(in crate::agents) fn prepare(job: &Job<'_>) -> Result<Done, Failure> {
    let unknown = |error: calendar::UnknownYear| not_found(error.to_string());
    let next = calendar::next_session(job.date()).map_err(unknown)?;
    let mut facts = DayFacts::on(next.date).map_err(unknown)?;
    facts.volatility = tomorrow(job, next.date);
    // `choose` reads the names of overlays, not their contents.
    let overlays = Library::builtin(&Registry::builtin())
        .map(|library| choose(&facts, &library))
        .unwrap_or_default();
    let specials: Vec<String> = facts
        .specials
        .iter()
        .filter(|special| special.known_beforehand())
        .map(events::in_words)
        .collect();
    let gaps = gaps(job);
    let carried: Vec<Value> = job
        .desk()
        .orders(job.at())
        .iter()
        .filter(|order| !order.state.is_final())
        .map(|order| json!({ "id": order.order.id, "symbol": order.order.intent.symbol, "leaves": order.leaves }))
        .collect();
    let names: Vec<&str> = overlays.iter().map(|overlay| overlay.overlay.as_str()).collect();
    let checklist = checklist(&specials, &gaps, carried.len());
    let kinds = if names.is_empty() { "an ordinary day".to_owned() } else { names.join(", ") };
    let regime = match &facts.volatility {
        Some(volatility) => format!("regime {}", volatility.words()),
        None => "regime not known yet".into(),
    };
    let summary = format!("{} {}: {kinds}; {regime}", next.date, events::session(&next));
    let data = json!({
        "session": next.date,
        "open": next.open,
        "close": next.close,
        "day": events::session(&next),
        "events": specials,
        "regime": facts.volatility.as_ref().map(|volatility| &volatility.regime),
        "overlays": overlays.iter().map(|o| json!({ "overlay": o.overlay, "why": o.why, "symbols": o.symbols })).collect::<Vec<_>>(),
        "corporate_actions": splits(job, next.date),
        "data_gaps": gaps,
        "carry_over": carried,
        "checklist": checklist,
        "next_sessions": events::next_sessions(job.date(), 5),
    });
    let mut done = Done::new(summary, data).degraded(!gaps.is_empty());
    if facts.volatility.is_none() {
        let msg = "no VIX close of the last session: the overlay of the regime may still come";
        done.warn("volatility_unknown", None, msg);
    }
    if !gaps.is_empty() {
        let msg = format!("{} without a bar for the last session", plural(gaps.len(), "name"));
        done.warn("data_gap", None, msg);
    }
    Ok(done)
}

/// The regime of the next session's morning, once the closes it follows from are there.
fn tomorrow(job: &Job<'_>, next: chrono::NaiveDate) -> Option<Volatility> {
    let last = job.view().vix().last().map(|bar| bar.date);
    (job.closed() && last.is_some() && last == job.last_day()).then(|| volatility(job.data(), next))
}

/// Held or tradable names whose last bar is older than the last session.
fn gaps(job: &Job<'_>) -> Vec<String> {
    let Some(expected) = job.last_day() else { return Vec::new() };
    let mut names = job.symbols().unwrap_or_default();
    names.extend(job.held());
    names.sort();
    names.dedup();
    let view = job.view();
    names.retain(|name| view.last_bar(name).is_none_or(|bar| bar.date < expected));
    names
}

fn splits(job: &Job<'_>, day: chrono::NaiveDate) -> Vec<String> {
    let view = job.view();
    job.held().into_iter().filter(|name| view.split_on(name, day)).collect()
}

fn checklist(specials: &[String], gaps: &[String], carried: usize) -> Vec<String> {
    let mut all: Vec<String> = specials.iter().map(|what| format!("prepare for: {what}")).collect();
    if !gaps.is_empty() {
        all.push(format!("get the missing bars of {}", gaps.join(", ")));
    }
    if carried > 0 {
        all.push(format!("{} carried over: confirm with the broker", plural(carried, "order")));
    }
    all.push("reconcile before the first task".into());
    all
}
