//! The task `next_day_prep`: tomorrow's calendar, today's open items, and data gaps to look at
//! first.

use serde_json::{Value, json};

use super::event_calendar;
use crate::agents::{
    job::{TaskContext, count_noun, not_found},
    open_desk::volatility,
    task_output::TaskOutput,
};
use engine::Failure;
use planning::{
    calendar,
    plan::{MorningVolatility, PlanningFacts, WorkflowLibrary, select_overlays},
    workflow::AgentCatalog,
};

pub(in crate::agents) fn next_day_prep(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let unknown = |error: calendar::UnknownYearError| not_found(error.to_string());
    let next = calendar::next_session(job.date()).map_err(unknown)?;
    let mut facts = PlanningFacts::for_date(next.date).map_err(unknown)?;
    facts.volatility = tomorrow(job, next.date);
    // `select_overlays` reads the names of overlays, not their contents.
    let overlays = WorkflowLibrary::builtin(&AgentCatalog::builtin())
        .map(|library| select_overlays(&facts, &library))
        .unwrap_or_default();
    let specials: Vec<String> = facts
        .specials
        .iter()
        .filter(|special| special.is_scheduled())
        .map(event_calendar::in_words)
        .collect();
    let gaps = gaps(job);
    let carried: Vec<Value> = job
        .desk()
        .orders(job.now())
        .iter()
        .filter(|order| !order.state.is_final())
        .map(|order| json!({ "id": order.order.id, "symbol": order.order.intent.symbol, "leaves": order.leaves }))
        .collect();
    let names: Vec<&str> = overlays.iter().map(|overlay| overlay.overlay.as_str()).collect();
    let checklist = checklist(&specials, &gaps, carried.len());
    let kinds = if names.is_empty() { "an ordinary day".to_owned() } else { names.join(", ") };
    let regime = match &facts.volatility {
        Some(volatility) => format!("regime {}", volatility.describe()),
        None => "regime not known yet".into(),
    };
    let summary =
        format!("{} {}: {kinds}; {regime}", next.date, event_calendar::session_text(&next));
    let data = json!({
        "session": next.date,
        "open": next.open,
        "close": next.close,
        "day": event_calendar::session_text(&next),
        "events": specials,
        "regime": facts.volatility.as_ref().map(|volatility| &volatility.regime),
        "overlays": overlays.iter().map(|o| json!({ "overlay": o.overlay, "why": o.why, "symbols": o.symbols })).collect::<Vec<_>>(),
        "corporate_actions": splits(job, next.date),
        "data_gaps": gaps,
        "carry_over": carried,
        "checklist": checklist,
        "next_sessions": event_calendar::next_sessions(job.date(), 5),
    });
    let mut done = TaskOutput::new(summary, data).with_degraded(!gaps.is_empty());
    if facts.volatility.is_none() {
        let msg = "no VIX close of the last session: the overlay of the regime may still come";
        done.add_warning("volatility_unknown", None, msg);
    }
    if !gaps.is_empty() {
        let msg = format!("{} without a bar for the last session", count_noun(gaps.len(), "name"));
        done.add_warning("data_gap", None, msg);
    }
    Ok(done)
}

/// Returns the regime of the next session's morning, once the closes it depends on are known.
fn tomorrow(job: &TaskContext<'_>, next: chrono::NaiveDate) -> Option<MorningVolatility> {
    let last = job.market_view().vix().last().map(|bar| bar.date);
    (job.session_is_over() && last.is_some() && last == job.last_day())
        .then(|| volatility(job.data(), next))
}

/// Returns held or tradable names whose last bar is older than the last session.
fn gaps(job: &TaskContext<'_>) -> Vec<String> {
    let Some(expected) = job.last_day() else { return Vec::new() };
    let mut names = job.tradable_symbols().unwrap_or_default();
    names.extend(job.held_symbols());
    names.sort();
    names.dedup();
    let view = job.market_view();
    names.retain(|name| view.last_bar(name).is_none_or(|bar| bar.date < expected));
    names
}

fn splits(job: &TaskContext<'_>, day: chrono::NaiveDate) -> Vec<String> {
    let view = job.market_view();
    job.held_symbols().into_iter().filter(|name| view.split_on(name, day)).collect()
}

fn checklist(specials: &[String], gaps: &[String], carried: usize) -> Vec<String> {
    let mut all: Vec<String> = specials.iter().map(|what| format!("prepare for: {what}")).collect();
    if !gaps.is_empty() {
        all.push(format!("get the missing bars of {}", gaps.join(", ")));
    }
    if carried > 0 {
        all.push(format!("{} carried over: confirm with the broker", count_noun(carried, "order")));
    }
    all.push("reconcile before the first task".into());
    all
}
