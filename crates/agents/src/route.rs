//! Routes: which agent does which task type.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use crate::{
    Fallback,
    process::{CallError, ProcessAgent},
    protocol::{outcome_of, run_params, unfinished},
};
use engine::{
    AttemptOutcome, Failure, FailureKind, ProbeResult,
    port::{Agent, AttemptFuture, AttemptReply, AttemptRequest, ProbeFuture},
};
use planning::{time::Span, workflow::EffectClass};

/// The way from one task type to an own agent.
#[derive(Debug, Clone)]
pub(crate) struct ProcessRoute {
    /// Name of the own agent, for messages.
    pub name: String,
    /// Its process.
    pub process: ProcessAgent,
    /// Who does the task where the own agent cannot be reached.
    pub fallback: Fallback,
}

/// An agent of the workflow, whose task types are done by the built-in agent of its name, by own
/// agents, or by both.
pub(crate) struct RoutedAgent {
    builtin: Option<Arc<dyn Agent>>,
    routes: BTreeMap<String, ProcessRoute>,
}

impl RoutedAgent {
    /// Creates an agent that passes the task types of `routes` on, and all others to `builtin`.
    #[must_use]
    pub(crate) fn new(
        builtin: Option<Arc<dyn Agent>>,
        routes: BTreeMap<String, ProcessRoute>,
    ) -> Self {
        Self { builtin, routes }
    }

    fn builtin_for(&self, request: &AttemptRequest) -> Option<&Arc<dyn Agent>> {
        if self.routes.contains_key(request.task_type.as_str()) {
            return None;
        }
        self.builtin.as_ref()
    }

    async fn perform_routed(&self, route: &ProcessRoute, request: AttemptRequest) -> AttemptReply {
        let effect = request.plan.task(request.task).effect;
        let timeout = Span::between(&request.as_of, &request.deadline);
        let bound = timeout.to_duration();
        // An answer that came in time is in time on a virtual clock, too, however long the estimate.
        let in_time = Span::millis(timeout.as_millis().saturating_sub(1));
        let took = Some(request.usual_time().min(in_time));
        let answer = route
            .process
            .call_noted(("task/run", run_params(&request)), bound, request.notes.clone())
            .await;
        let error = match answer {
            Ok(answer) => {
                let outcome = outcome_of(answer, effect);
                let answer = route.process.checked(outcome, request.task_type.as_str(), effect);
                return AttemptReply { answer, took };
            }
            Err(error) => error,
        };
        let not_begun = matches!(
            error,
            CallError::Start { .. } | CallError::Handshake { .. } | CallError::CrashLoop(_)
        );
        if let (true, Fallback::Builtin, Some(builtin)) = (not_begun, route.fallback, &self.builtin)
        {
            let (agent, task) = (&route.name, request.task_id.as_str());
            tracing::warn!(agent, task, "the built-in agent does it: {error}");
            return builtin.perform(request).await;
        }
        let late = matches!(error, CallError::TimedOut(_));
        let took = if late { Some(Span::MAX) } else { took };
        AttemptReply { answer: outcome_of_call_error(&error, effect), took }
    }
}

/// Returns the outcome of an attempt whose request was not answered.
fn outcome_of_call_error(error: &CallError, effect: EffectClass) -> AttemptOutcome {
    let (kind, without_effect) = match error {
        CallError::Start { .. } | CallError::Handshake { .. } | CallError::CrashLoop(_) => {
            (FailureKind::Crash, true)
        }
        CallError::Stopping => (FailureKind::Cancelled, false),
        CallError::Ended(_) => (FailureKind::Crash, false),
        CallError::BadAnswer(_) => (FailureKind::BadOutput, false),
        CallError::TimedOut(_) => (FailureKind::TimedOut, false),
    };
    unfinished(Failure::new(kind, error.to_string()), effect, without_effect)
}

impl Agent for RoutedAgent {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        if let Some(route) = self.routes.get(request.task_type.as_str()) {
            return Box::pin(self.perform_routed(route, request));
        }
        if let Some(builtin) = &self.builtin {
            return builtin.perform(request);
        }
        let message = format!("{} does no {}", request.agent, request.task_type);
        let failure = Failure::new(FailureKind::NotFound, message);
        Box::pin(async { failure.into() })
    }

    fn stop(&self, request: &AttemptRequest, at: DateTime<Utc>) -> AttemptOutcome {
        if let Some(builtin) = self.builtin_for(request) {
            return builtin.stop(request, at);
        }
        // The request is cancelled as soon as its caller is dropped.
        let failure =
            Failure::new(FailureKind::Cancelled, "asked to stop; its effect is not known");
        match request.plan.task(request.task).effect {
            EffectClass::Effectful => AttemptOutcome::InDoubt(failure),
            EffectClass::Pure | EffectClass::Idempotent | EffectClass::Human => {
                AttemptOutcome::Stopped
            }
        }
    }

    fn settle(
        &self,
        request: &AttemptRequest,
        at: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        match self.builtin_for(request) {
            Some(builtin) => builtin.settle(request, at, answer),
            None => answer,
        }
    }

    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        if let Some(builtin) = self.builtin_for(request) {
            return builtin.lookup(request, at);
        }
        let why = format!("{} cannot be asked what became of it", request.agent);
        Box::pin(async { ProbeResult::Unknown { why } })
    }

    fn describe(&self) -> Vec<&str> {
        let builtin = self.builtin.as_ref().map(|agent| agent.describe()).unwrap_or_default();
        let mut all: Vec<_> = self.routes.keys().map(String::as_str).chain(builtin).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
