//! An agent in front of another one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Agent, AttemptFuture, AttemptRequest, ProbeFuture};
use crate::AttemptOutcome;
use planning::workflow::EffectClass;

/// Two agents under one name: the front one does the task types that it describes, the other one
/// does the rest.
pub(super) struct LayeredAgent {
    pub(super) front: Arc<dyn Agent>,
    pub(super) behind: Arc<dyn Agent>,
}

impl LayeredAgent {
    fn of(&self, task_type: &str) -> &dyn Agent {
        if self.front.describe().contains(&task_type) { &*self.front } else { &*self.behind }
    }
}

impl Agent for LayeredAgent {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        self.of(request.task_type.as_str()).perform(request)
    }

    fn stop(&self, request: &AttemptRequest, at: DateTime<Utc>) -> AttemptOutcome {
        self.of(request.task_type.as_str()).stop(request, at)
    }

    fn settle(
        &self,
        request: &AttemptRequest,
        at: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        self.of(request.task_type.as_str()).settle(request, at, answer)
    }

    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        self.of(request.task_type.as_str()).lookup(request, at)
    }

    fn effect(&self, task_type: &str) -> EffectClass {
        self.of(task_type).effect(task_type)
    }

    fn describe(&self) -> Vec<&str> {
        let mut all = self.front.describe();
        all.extend(self.behind.describe());
        all.sort_unstable();
        all.dedup();
        all
    }
}
