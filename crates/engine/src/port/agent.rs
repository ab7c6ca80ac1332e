//! The contract between the driver and an agent: one request, one reply, no shared state.

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{attempt_notes::AttemptNotes, layered_agent::LayeredAgent};
use crate::{AttemptOutcome, Failure, FailureKind, ProbeResult, math::Rng};
use planning::{
    id::{AgentId, TaskId, TaskType},
    plan::{DayPlan, RunMode, TaskIx},
    time::Span,
    workflow::EffectClass,
};

/// The request for one attempt at a task. All moments are UTC; `session_date` is the trading date of the
/// exchange.
#[derive(Debug, Clone)]
pub struct AttemptRequest {
    /// The name of the run, such as `2018-12-19-standard-1`.
    pub run: Arc<str>,
    /// The index of the task in `plan`.
    pub task: TaskIx,
    /// The id of the task, unique in the run.
    pub task_id: TaskId,
    /// The type of the task: the work to do. One of the types that [`Agent::describe`] names.
    pub task_type: TaskType,
    /// The id of the agent that is asked.
    pub agent: AgentId,
    /// The number of the attempt, counted from 1. Retries by the engine and by an operator continue the
    /// count; it never starts again within a run.
    pub attempt: u32,
    /// The idempotency key: equal for all attempts that must have their effect only once.
    pub key: String,
    /// The end of the attempt. An answer that comes later is not used.
    pub deadline: DateTime<Utc>,
    /// The mode of the run: simulated, paper or live.
    pub mode: RunMode,
    /// The trading date of the run.
    pub session_date: NaiveDate,
    /// The time of the run's clock when the attempt starts. Data after it must not be used.
    pub as_of: DateTime<Utc>,
    /// The `task_data` of the task in the workflow file; `null` if it has none. A requested exit has the
    /// fields `requested_by` and, for one position, `symbol` besides.
    pub params: Arc<Value>,
    /// The output data of the tasks it depends on, by task id. A dependency that ended without output is
    /// missing.
    pub upstream: BTreeMap<TaskId, Arc<Value>>,
    /// The seed for everything random: equal for equal days, so that an attempt can be repeated exactly.
    pub seed: u64,
    /// The usual duration of the task, from the workflow file or the catalog.
    pub estimate: Span,
    /// The day plan of the run.
    pub plan: Arc<DayPlan>,
    /// Takes progress, log lines and the like while the agent works.
    pub notes: AttemptNotes,
}

impl AttemptRequest {
    /// Returns the duration of the attempt on a virtual clock where the reply names none: the estimate,
    /// up to a fifth more or less, equal for equal days.
    #[must_use]
    pub fn usual_time(&self) -> Span {
        let mut dice = Rng::new(self.seed);
        self.estimate.scaled(0.8 + 0.4 * dice.uniform())
    }
}

/// The reply to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptReply {
    /// The outcome of the attempt.
    pub answer: AttemptOutcome,
    /// The duration on a virtual clock; `None` for [`AttemptRequest::usual_time`]. A real clock measures
    /// the duration itself.
    pub took: Option<Span>,
}

impl From<Failure> for AttemptReply {
    fn from(failure: Failure) -> Self {
        AttemptOutcome::Failed(failure).into()
    }
}

impl From<AttemptOutcome> for AttemptReply {
    fn from(answer: AttemptOutcome) -> Self {
        Self { answer, took: None }
    }
}

/// A running attempt.
pub type AttemptFuture<'a> = Pin<Box<dyn Future<Output = AttemptReply> + Send + 'a>>;

/// A running lookup.
pub type ProbeFuture<'a> = Pin<Box<dyn Future<Output = ProbeResult> + Send + 'a>>;

/// An agent: it performs the tasks that workflow files assign to it.
///
/// Attempts of one agent run at the same time, up to its slots. A panic in a method is a failed attempt
/// and harms nothing else.
pub trait Agent: Send + Sync {
    /// Performs one attempt. Errors are part of the reply: see [`AttemptOutcome::Failed`].
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_>;

    /// Returns the outcome of an attempt that is stopped at `at`. The future of the attempt is dropped
    /// first. By default the attempt is stopped without effect.
    fn stop(&self, request: &AttemptRequest, at: DateTime<Utc>) -> AttemptOutcome {
        let _ = (request, at);
        AttemptOutcome::Stopped
    }

    /// Returns the outcome of an attempt that ends at `at` and computed `answer` earlier, when it was
    /// asked: an order may have been cancelled since.
    fn settle(
        &self,
        request: &AttemptRequest,
        at: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        let _ = (request, at);
        answer
    }

    /// Looks up the outcome of an attempt whose outcome is unknown, at `at`: from the external system
    /// and never from memory. Must not change anything. By default the outcome stays unknown.
    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let _ = at;
        let why = format!("{} cannot look {} up", request.agent, request.task_id);
        Box::pin(async { ProbeResult::Unknown { why } })
    }

    /// Returns the effect class of a task type, which its tasks have unless the workflow file names
    /// another. By default the effect is unknown, and so effectful: never repeated automatically.
    ///
    /// The effects of the task types of built-in agents are known and not asked for.
    fn effect(&self, task_type: &str) -> EffectClass {
        let _ = task_type;
        EffectClass::Effectful
    }

    /// Returns the task types that the agent performs.
    fn describe(&self) -> Vec<&str>;
}

/// The agents of a run, by name.
#[derive(Clone, Default)]
pub struct AgentRegistry(BTreeMap<AgentId, Arc<dyn Agent>>);

impl AgentRegistry {
    /// Creates a registry without agents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers an agent under an id. An agent registered earlier under the id is replaced.
    pub fn insert(&mut self, id: AgentId, agent: Arc<dyn Agent>) {
        self.0.insert(id, agent);
    }

    /// Registers an agent in front of the one registered earlier under the id, if there is one: it
    /// performs the task types that it describes, and the earlier agent performs all others.
    pub fn insert_before(&mut self, id: AgentId, front: Arc<dyn Agent>) {
        let agent = match self.0.remove(&id) {
            Some(behind) => Arc::new(LayeredAgent { front, behind }),
            None => front,
        };
        self.insert(id, agent);
    }

    /// Returns the agent with the id.
    ///
    /// # Errors
    ///
    /// [`FailureKind::NotFound`] when nobody bears it.
    pub fn get(&self, id: &AgentId) -> Result<&Arc<dyn Agent>, Failure> {
        self.0.get(id).ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().map(AgentId::as_str).collect();
            let message = format!("no agent is called {id}; known are {}", known.join(", "));
            Failure::new(FailureKind::NotFound, message)
        })
    }

    /// The agent of that name, if it does tasks of that type.
    ///
    /// # Errors
    ///
    /// [`FailureKind::NotFound`] when nobody bears the name or its bearer does no such task.
    pub fn resolve(&self, id: &AgentId, task_type: &TaskType) -> Result<&Arc<dyn Agent>, Failure> {
        let agent = self.get(id)?;
        if agent.describe().contains(&task_type.as_str()) {
            return Ok(agent);
        }
        let message = format!("{id} does no {task_type}; it does {}", agent.describe().join(", "));
        Err(Failure::new(FailureKind::NotFound, message))
    }

    /// Names and agents, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&AgentId, &Arc<dyn Agent>)> {
        self.0.iter()
    }
}

impl fmt::Debug for AgentRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(id, agent)| (id, agent.describe()))).finish()
    }
}
