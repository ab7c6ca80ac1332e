//! Answering what a task asks a person: a yes to all of it or to a part, or a no.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::refusal::{refuse_state, refuse_task};
use crate::{
    approval_terms::ApprovalTerms,
    command::{CommandRefusal, CommandRequest},
    event::Event,
    event_types::{ApprovalRejection, Provenance},
    outcome::TaskResult,
    run_state::RunState,
    task_state::TaskState,
};
use planning::plan::TaskIx;

pub(super) fn approve(
    state: &RunState,
    order: &CommandRequest,
    task: TaskIx,
    terms: &ApprovalTerms,
) -> Result<Vec<Event>, CommandRefusal> {
    ensure_awaiting_approval(state, task)?;
    if let Some((why, remedy)) = terms.validate() {
        return Err(refuse_task(state, task, &why, remedy));
    }
    let part = terms.describe().map(|words| format!(" ({words})")).unwrap_or_default();
    let because = order.reason.as_deref().map(|r| format!(": {r}")).unwrap_or_default();
    let outcome = TaskResult {
        output: Arc::new(output(order, terms)),
        ..TaskResult::without_data(format!("by {}{part}{because}", order.by))
    };
    let outcome = Arc::new(outcome);
    Ok(vec![Event::TaskCompleted { task, provenance: Provenance::Approved, outcome }])
}

pub(super) fn reject(
    state: &RunState,
    order: &CommandRequest,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    ensure_awaiting_approval(state, task)?;
    let rejection = ApprovalRejection { by: Some(order.by.clone()), reason: order.reason.clone() };
    Ok(vec![Event::TaskRejected { task, rejection: Box::new(rejection) }])
}

fn ensure_awaiting_approval(state: &RunState, task: TaskIx) -> Result<(), CommandRefusal> {
    if !state.is_human_task(task) {
        return Err(refuse_state(state, task, "it is not an approval"));
    }
    if state.task(task).state != TaskState::Running {
        return Err(refuse_state(state, task, "it is not waiting for an answer"));
    }
    Ok(())
}

/// Whoever acts on the approval needs to know whose it is, `{"approved_by": {"policy": …}}`, and for
/// what: `intents` and `trims` by number, and the plan they were read on.
fn output(order: &CommandRequest, terms: &ApprovalTerms) -> Value {
    let mut part = Map::new();
    part.insert("approved_by".into(), json!(order.by));
    part.insert("reason".into(), json!(order.reason));
    if let Some(of) = &terms.of {
        part.insert("of".into(), json!(of));
    }
    if let Some(only) = &terms.only {
        part.insert("intents".into(), json!(only));
    }
    if !terms.trims.is_empty() {
        part.insert("trims".into(), json!(terms.trims));
    }
    Value::Object(part)
}
