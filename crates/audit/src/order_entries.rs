//! The order side of a result: what the gate said of each order, and where each order ended.

use serde_json::{Map, Value, json};

use super::entry::EntryDraft;
use engine::{Event, RecordedEvent};
use planning::plan::DayPlan;

/// The kind of entry that tells what the gate said of one order.
const GATE: &str = "gate_verdict";
/// The kind of entry that tells where an order stands.
const ORDER: &str = "order_state";

/// What a completed task says of orders: one draft for each verdict of the gate and for each order.
///
/// Read from the result's `data`: `verdicts` (a plan that was checked), `gate` (a plan that was
/// sent), `held` (what waits for a blackout to end), `cancelled` and `states`.
pub(super) fn order_entries(recorded: &RecordedEvent, plan: &DayPlan) -> Vec<EntryDraft> {
    let Event::TaskCompleted { task, outcome, .. } = &recorded.event else { return Vec::new() };
    let Some(data) = outcome.output.get("data") else { return Vec::new() };
    let id = &plan.task(*task).id;
    let by = &plan.agents[plan.task(*task).agent.at()].id;
    let about = |kind: &str, subject: String, after: Value| EntryDraft {
        ts_utc: recorded.at,
        run: plan.run.clone(),
        event_seq: Some(recorded.seq),
        actor: format!("agent {by}"),
        kind: kind.into(),
        subject,
        before: None,
        after: Some(after),
        reason: None,
        cause_seq: None,
    };
    let hash = data.get("plan_hash").cloned().unwrap_or(Value::Null);
    let mut drafts = Vec::new();
    for (name, kind) in [
        ("verdicts", GATE),
        ("gate", GATE),
        ("held", GATE),
        ("cancelled", ORDER),
        ("states", ORDER),
    ] {
        for one in data.get(name).and_then(Value::as_array).into_iter().flatten() {
            let Some(fields) = one.as_object() else { continue };
            let after = json!({ "task": id, "plan_hash": hash, "said": name, "what": one });
            drafts.push(about(kind, subject(fields), after));
        }
    }
    drafts
}

/// `order S181219…`, or before it has an id, `intent 3 AAPL`.
fn subject(fields: &Map<String, Value>) -> String {
    let id = ["id", "clordid"].into_iter().find_map(|name| fields.get(name)?.as_str());
    if let Some(id) = id {
        return format!("order {id}");
    }
    let number = fields.get("intent_id").map_or_else(String::new, |id| format!(" {id}"));
    let symbol = fields.get("symbol").and_then(Value::as_str).unwrap_or_default();
    format!("intent{number} {symbol}").trim_end().to_owned()
}
