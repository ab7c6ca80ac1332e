//! What a played day does to an attempt: how long it takes, and what it gives.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{TaskResult, math::Rng};
use planning::{
    plan::{DayPlan, TaskIx},
    time::Span,
};

/// Spread of sampled durations: the standard deviation of their logarithm. Nothing is known of real
/// durations yet, so it is wide: nine of ten take between half and twice the estimate.
const SPREAD: f64 = 0.4;

/// How attempts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttemptModel {
    /// Each takes its estimate, and every condition holds.
    Nominal,
    /// Each takes a time about its estimate, by the seed, and every condition holds. An attempt of a
    /// task takes as long whatever else happens, so that two choices meet the same luck.
    Seeded(u64),
}

impl AttemptModel {
    /// How long an attempt takes.
    pub(super) fn attempt_duration(self, plan: &DayPlan, task: TaskIx, attempt: u32) -> Span {
        let estimate = plan.task(task).estimate;
        match self {
            Self::Nominal => estimate,
            Self::Seeded(seed) => {
                let own = u64::from(task.0) << 32 | u64::from(attempt);
                let mut rng = Rng::new(seed ^ own.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                estimate.scaled((SPREAD * rng.normal()).exp())
            }
        }
    }

    /// Returns what an attempt gives: every field that a condition asks of the task, so that each
    /// condition holds. On most days it does, and a day that leaves out the work behind it would be
    /// predicted too short.
    pub(super) fn attempt_result(plan: &DayPlan, task: TaskIx) -> TaskResult {
        let mut output = Value::Object(Map::new());
        let asked = plan.tasks.iter().filter_map(|other| other.when.as_ref());
        for (_, condition) in asked.filter(|(on, _)| *on == task) {
            let holds = Value::Bool(!condition.negated);
            let nested = condition.field.rsplit('.').fold(holds, |inner, name| {
                Value::Object(Map::from_iter([(name.to_owned(), inner)]))
            });
            merge(&mut output, nested);
        }
        TaskResult { output: Arc::new(output), ..TaskResult::without_data("dry run") }
    }
}

/// Lays one object over another, name by name.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_over_another_keeps_what_both_say() {
        let mut under = serde_json::json!({ "a": { "b": true } });
        merge(&mut under, serde_json::json!({ "a": { "c": false }, "d": true }));
        assert_eq!(under, serde_json::json!({ "a": { "b": true, "c": false }, "d": true }));
    }
}
