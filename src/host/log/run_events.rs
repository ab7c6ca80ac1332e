//! The events of a run as lines of the log.

use std::sync::Arc;

use serde_json::Value;

use super::process_log::{holds_events, name_run};
use engine::event_json;
use planning::plan::DayPlan;
use runtime::{RunHandle, SubscriptionItem};

/// The target of these lines, for filters: `bellwether::event=off`.
const TARGET: &str = "bellwether::event";

/// Words in the names of events that are warnings.
const BAD: [&str; 5] = ["failed", "timed_out", "in_doubt", "alert", "breaker_opened"];

/// Logs every event of a run from now on. A log that is slow misses events and says so.
pub(crate) fn log_events(handle: &RunHandle, plan: &Arc<DayPlan>) {
    name_run(&plan.run);
    if !holds_events() {
        return;
    }
    let (mut events, plan) = (handle.subscribe_from_start(), Arc::clone(plan));
    tokio::spawn(async move {
        while let Some(item) = events.next().await {
            match item {
                SubscriptionItem::Event(recorded) => log_event(&event_json(&recorded, &plan)),
                SubscriptionItem::Snapshot(_) if events.missed_count() > 0 => {
                    let missed = events.missed_count();
                    tracing::warn!(target: TARGET, "{missed} events so far are not in the log");
                }
                SubscriptionItem::Snapshot(_) => {}
            }
        }
    });
}

fn log_event(event: &Value) {
    let word = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    let (action, created) = (word("event"), word("at"));
    let sequence = event.get("seq").and_then(Value::as_u64).unwrap_or_default();
    let subject = [word("task"), word("stage"), word("agent")];
    let subject = subject.into_iter().find(|it| !it.is_empty()).unwrap_or("run");
    let said = ["summary", "text", "why", "reason"].map(word);
    let said = said.into_iter().find(|it| !it.is_empty()).map(|it| format!(": {it}"));
    let said = said.unwrap_or_default();
    let (task, agent) = (word("task"), word("agent"));
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: TARGET,
                action,
                created,
                sequence,
                kind = "event",
                task,
                agent,
                "{subject} {action}{said}"
            )
        };
    }
    if BAD.iter().any(|word| action.contains(word)) { line!(warn) } else { line!(info) }
}
