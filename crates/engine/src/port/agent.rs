//! What the driver asks of an agent and what it gets back: one request, one reply, no shared state.

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::{AttemptOutcome, Failure, FailureKind, ProbeResult, math::Rng};
use planning::{
    id::{AgentId, TaskId, TaskType},
    plan::{DayPlan, RunMode, TaskIx},
    time::Span,
};

/// One attempt at one task. Every moment is UTC; `session_date` is the New York date.
#[derive(Debug, Clone)]
pub struct AttemptRequest {
    /// The run the task belongs to.
    pub run: Arc<str>,
    /// Its place in the plan.
    pub task: TaskIx,
    /// Its name.
    pub task_id: TaskId,
    /// Which kind of work.
    pub task_type: TaskType,
    /// Who is asked.
    pub agent: AgentId,
    /// Which attempt at the task this is, from 1; it goes on counting when a person retries.
    pub attempt: u32,
    /// The idempotency key: the same for every attempt at the same intent.
    pub key: String,
    /// The driver waits no longer than this.
    pub deadline: DateTime<Utc>,
    /// Where clock, broker and data come from.
    pub mode: RunMode,
    /// The day being run.
    pub session_date: NaiveDate,
    /// The run's clock when asked; nothing after it is known.
    pub as_of: DateTime<Utc>,
    /// The task's `task_data`.
    pub params: Arc<Value>,
    /// Outputs of the tasks it depends on, by their names.
    pub upstream: BTreeMap<TaskId, Arc<Value>>,
    /// For whatever is drawn at random.
    pub seed: u64,
    /// How long the task usually takes.
    pub estimate: Span,
    /// The settled day.
    pub plan: Arc<DayPlan>,
}

impl AttemptRequest {
    /// How long the attempt takes on a virtual clock if the agent does not say: the task's estimate, a
    /// fifth more or less, the same for equal days.
    #[must_use]
    pub fn usual_time(&self) -> Span {
        let mut dice = Rng::new(self.seed);
        self.estimate.scaled(0.8 + 0.4 * dice.uniform())
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptReply {
    /// Its end.
    pub answer: AttemptOutcome,
    /// How long it took on a virtual clock; `None`: the task's estimate with seeded jitter.
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

/// An attempt under way.
pub type AttemptFuture<'a> = Pin<Box<dyn Future<Output = AttemptReply> + Send + 'a>>;

/// A question to the world outside under way.
pub type ProbeFuture<'a> = Pin<Box<dyn Future<Output = ProbeResult> + Send + 'a>>;

/// Somebody who does tasks.
pub trait Agent: Send + Sync {
    /// Does one attempt. What goes wrong is in the reply.
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_>;

    /// Asked to stop at `at`: what became of the attempt.
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

    /// Finds out what became of an attempt whose outcome is not known, `at` that moment, from the
    /// world outside and never from memory. Changes nothing.
    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let _ = at;
        let why = format!("{} cannot look {} up", request.agent, request.task_id);
        Box::pin(async { ProbeResult::Unknown { why } })
    }

    /// The task types it does.
    fn describe(&self) -> Vec<&str>;
}

/// The agents of a run, by name.
#[derive(Clone, Default)]
pub struct AgentRegistry(BTreeMap<AgentId, Arc<dyn Agent>>);

impl AgentRegistry {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an agent under a name, in place of whoever stood there.
    pub fn insert(&mut self, id: AgentId, agent: Arc<dyn Agent>) {
        self.0.insert(id, agent);
    }

    /// The agent of that name.
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
