//! Inputs that a task computes itself if none of its dependencies provides them.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    builtin::act_of,
    job::{TaskContext, bad_input, read},
    task_output::TaskOutput,
};
use engine::Failure;
use engine::port::AttemptRequest;
use planning::id::TaskType;

/// Task types whose result follows from data and desk alone. Trade plans are excluded: each is made
/// once, by a visible task.
const DERIVED: [&str; 9] = [
    "market_analysis",
    "screen_universe",
    "deep_dive",
    "regime_classify",
    "macro_assessment",
    "rank_ideas",
    "construct_targets",
    "performance_analysis",
    "tca",
];

/// Parameters that also apply to the inputs that a task computes itself.
const SHARED: [&str; 3] = ["symbols", "benchmark", "reporting"];

impl TaskContext<'_> {
    /// Returns the data of a result of one of these types: from a dependency, otherwise computed
    /// here with this task's choice of names.
    pub(super) fn provide(&self, types: &[&str]) -> Result<Value, Failure> {
        if let Some((_, data)) = self.upstream(types) {
            return Ok(data.clone());
        }
        let derived = types.iter().find(|name| DERIVED.contains(name));
        let made = derived.filter(|_| !self.waits_for(types)).and_then(|name| act_of(name));
        let Some((task_type, act)) = made else {
            let (task, types) = (&self.request.task_id, types.join(" or "));
            return Err(bad_input(format!(
                "{task}: the result of a task of type {types} is missing"
            )));
        };
        let request = AttemptRequest {
            task_type: TaskType::parse(task_type).map_err(|error| bad_input(error.to_string()))?,
            params: Arc::new(self.shared_inputs()),
            ..self.request.clone()
        };
        act(&self.with(&request)).map(TaskOutput::into_data)
    }

    /// Returns the provided data deserialized as `T`.
    pub(super) fn need<T: DeserializeOwned>(&self, types: &[&str]) -> Result<T, Failure> {
        let from = self.upstream(types).map_or(&self.request.task_id, |(id, _)| id);
        read(from, &self.provide(types)?)
    }

    /// Returns whether a dependency has one of these types, so that the input must not be computed
    /// here.
    fn waits_for(&self, types: &[&str]) -> bool {
        let plan = &self.request.plan;
        let own = plan.tasks.get(self.request.task.at());
        own.is_some_and(|task| {
            let mut waits = task.dependencies.iter().map(|dependency| plan.task(dependency.on));
            waits.any(|on| types.contains(&on.task_type.as_str()))
        })
    }

    fn shared_inputs(&self) -> Value {
        let fields = self.request.params.as_object().into_iter().flatten();
        let shared = fields.filter(|(name, _)| SHARED.contains(&name.as_str()));
        Value::Object(shared.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}
