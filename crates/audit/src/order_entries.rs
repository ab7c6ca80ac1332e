//! Audit entries for orders in a task's result: pre-trade checks and order states.

use serde_json::{Map, Value, json};

use super::entry::{ActorType, EntryDraft};
use engine::{Event, RecordedEvent};
use planning::plan::DayPlan;

/// The kind of entry for the pre-trade checks of one order.
const GATE: &str = "gate_verdict";
/// The kind of entry for the state of one order.
const ORDER: &str = "order_state";

/// Returns the entries about orders of a completed task: one for each verdict of the pre-trade
/// checks and for each order.
///
/// They are read from the result's `data`: `verdicts` (a checked trade plan), `gate` (a sent one),
/// `held` (orders waiting for the end of a blackout), `cancelled` and `states`.
pub(super) fn order_entries(recorded: &RecordedEvent, plan: &DayPlan) -> Vec<EntryDraft> {
    let Event::TaskCompleted { task, outcome, .. } = &recorded.event else { return Vec::new() };
    let Some(data) = outcome.data() else { return Vec::new() };
    let id = &plan.task(*task).id;
    let by = &plan.agents[plan.task(*task).agent.at()].id;
    let about = |kind: &str, subject: String, after: Value| EntryDraft {
        ts_utc: recorded.at,
        run: plan.run.clone(),
        event_seq: Some(recorded.seq),
        actor: format!("agent {by}"),
        actor_type: Some(ActorType::Agent),
        kind: kind.into(),
        subject,
        before: None,
        after: Some(after),
        reason: None,
        cause_seq: None,
    };
    let hash = outcome.plan_hash();
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

/// Returns `order S181219…`, or `intent 3 AAPL` before the order has an id.
fn subject(fields: &Map<String, Value>) -> String {
    let id = ["id", "clordid"].into_iter().find_map(|name| fields.get(name)?.as_str());
    if let Some(id) = id {
        return format!("order {id}");
    }
    let number = fields.get("intent_id").map_or_else(String::new, |id| format!(" {id}"));
    let symbol = fields.get("symbol").and_then(Value::as_str).unwrap_or_default();
    format!("intent{number} {symbol}").trim_end().to_owned()
}
