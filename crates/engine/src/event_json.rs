//! One event as a JSON object, with names where the event itself has places.

use chrono::SecondsFormat;
use planning::plan::{AgentIx, DayPlan, StageIx, TaskIx};
use serde_json::{Map, Value, json as object};

use crate::{Event, RecordedEvent, SkipReason};

/// An event as one JSON object: `seq`, `at` (RFC 3339, UTC, milliseconds), `run`, `corr`, `event`,
/// the names of what it is about, and all its fields. Of a plan only a summary.
#[must_use]
pub fn event_json(recorded: &RecordedEvent, plan: &DayPlan) -> Value {
    let mut all = Map::new();
    all.insert("seq".into(), recorded.seq.into());
    let at = recorded.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    all.insert("at".into(), at.into());
    all.insert("run".into(), plan.run.clone().into());
    all.insert("corr".into(), recorded.corr.to_string().into());
    if let Event::WorkflowStarted { plan } = &recorded.event {
        all.insert("event".into(), "workflow_started".into());
        all.insert("plan".into(), summary(plan));
        return Value::Object(all);
    }
    // Every event is a struct with fields of plain data, which always has a JSON form.
    let mut fields = match serde_json::to_value(&recorded.event) {
        Ok(Value::Object(fields)) => fields,
        Ok(other) => Map::from_iter([("event".to_owned(), other)]),
        Err(error) => Map::from_iter([("error".to_owned(), error.to_string().into())]),
    };
    name(&mut fields, plan);
    if let Some(task) = recorded.event.target_task() {
        let planned = plan.task(task);
        fields.entry("task").or_insert_with(|| planned.id.as_str().into());
        fields.entry("stage").or_insert_with(|| plan.stage(planned.stage).id.as_str().into());
        fields.entry("agent").or_insert_with(|| plan.agent(planned.agent).id.as_str().into());
    }
    if let Event::TaskSkipped {
        task, why: SkipReason::Condition | SkipReason::MissingField, ..
    } = &recorded.event
        && let Some((_, condition)) = &plan.task(*task).when
    {
        fields.insert("condition".into(), condition.to_string().into());
    }
    // The kind first, for those who read it by eye.
    if let Some(kind) = fields.remove("event") {
        all.insert("event".into(), kind);
    }
    all.extend(fields);
    Value::Object(all)
}

/// Puts names for places, in the fields that hold places and in no other: what an agent said may
/// have a field `task` of its own.
fn name(fields: &mut Map<String, Value>, plan: &DayPlan) {
    for (field, value) in fields.iter_mut() {
        match field.as_str() {
            "task" | "culprit" | "dependency" | "freshness" => {
                replace_index(value, |n| plan.tasks.get(TaskIx(n).at()).map(|t| t.id.to_string()));
            }
            "stage" => {
                replace_index(value, |n| {
                    plan.stages.get(StageIx(n).at()).map(|s| s.id.to_string())
                });
            }
            "agent" => {
                replace_index(value, |n| {
                    plan.agents.get(AgentIx(n).at()).map(|a| a.id.to_string())
                });
            }
            "command" | "gate" => {
                if let Value::Object(inner) = value {
                    name(inner, plan);
                }
            }
            "waivers" => {
                for waiver in value.as_array_mut().into_iter().flatten() {
                    if let Value::Object(inner) = waiver {
                        name(inner, plan);
                    }
                }
            }
            _no_place => {}
        }
    }
}

fn replace_index(value: &mut Value, name: impl Fn(u32) -> Option<String>) {
    let place = value.as_u64().and_then(|n| u32::try_from(n).ok());
    if let Some(name) = place.and_then(name) {
        *value = name.into();
    }
}

fn summary(plan: &DayPlan) -> Value {
    let at =
        |moment: chrono::DateTime<chrono::Utc>| moment.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut tasks = vec![0_u64; plan.stages.len()];
    for task in &plan.tasks {
        if let Some(count) = tasks.get_mut(task.stage.at()) {
            *count += 1;
        }
    }
    let stages: Vec<Value> = plan
        .stages
        .iter()
        .zip(tasks)
        .map(|(stage, tasks)| {
            object!({
                "stage": stage.id, "opens_at": at(stage.opens_at),
                "closes_at": at(stage.closes_at), "tasks": tasks,
            })
        })
        .collect();
    object!({
        "workflow": plan.workflow, "date": plan.date, "day": plan.day, "mode": plan.mode,
        "overlays": plan.overlays, "open": at(plan.open), "close": at(plan.close),
        "tasks": plan.tasks.len(), "stages": stages,
        "agents": plan.agents.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(),
    })
}
