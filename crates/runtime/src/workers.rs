//! Worker pool: one tokio task per attempt or probe, so that an agent that panics or hangs affects
//! nothing else.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::task::{AbortHandle, JoinError, JoinSet};

use engine::{
    Actor, AttemptOutcome, Failure, FailureKind, ProbeResult, RunState, math,
    port::{Agent, AgentRegistry, AttemptNotes, AttemptReply, AttemptRequest},
};
use planning::{plan::TaskIx, time::Span};

/// An attempt whose agent has replied, or never will.
#[derive(Debug)]
pub(super) struct FinishedAttempt {
    pub(super) task: TaskIx,
    pub(super) attempt: u32,
    /// The time of the run at its start.
    pub(super) started_at: DateTime<Utc>,
    pub(super) reply: AttemptReply,
    /// Its duration on a virtual clock.
    pub(super) took: Span,
}

/// A job of the worker pool.
#[derive(Debug)]
pub(super) enum WorkerJob {
    Attempt(AttemptRequest),
    /// A probe of an attempt in doubt, with its number.
    Probe {
        request: AttemptRequest,
        probe: u32,
        at: DateTime<Utc>,
    },
}

impl WorkerJob {
    const fn request(&self) -> &AttemptRequest {
        match self {
            Self::Attempt(request) | Self::Probe { request, .. } => request,
        }
    }
}

/// A report of the worker pool.
#[derive(Debug)]
pub(super) enum WorkerReport {
    /// The end of an attempt.
    AttemptEnded(FinishedAttempt),
    /// The result of probing an attempt in doubt.
    ProbeEnded { task: TaskIx, probe: u32, lookup: ProbeResult },
}

#[derive(Debug)]
enum WorkerMessage {
    Reply(AttemptReply),
    ProbeResult(ProbeResult),
}

/// The record of a job whose request has been passed to its agent.
#[derive(Debug)]
struct JobRecord {
    task: TaskIx,
    attempt: u32,
    started_at: DateTime<Utc>,
    /// Duration on a virtual clock if the agent gives none.
    usual: Span,
    /// Number of the probe, if the job is one.
    probe: Option<u32>,
}

/// The agent for a job, or the failure to find one.
type AgentLookup = Result<Arc<dyn Agent>, Failure>;

/// Longest duration of a probe, in wall time.
const LOOK_MAX: std::time::Duration = std::time::Duration::from_secs(5);

/// The jobs in progress.
#[derive(Default)]
pub(super) struct WorkerPool {
    running: JoinSet<WorkerMessage>,
    of: BTreeMap<tokio::task::Id, JobRecord>,
    stops: BTreeMap<(TaskIx, u32), AbortHandle>,
    /// On a virtual clock agents run one after the other, in the order of starting, so that their
    /// effects on the desk are in that order.
    queue: VecDeque<(AgentLookup, WorkerJob)>,
    in_turn: bool,
}

impl fmt::Debug for WorkerPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("of", &self.of).finish_non_exhaustive()
    }
}

impl WorkerPool {
    /// Returns whether any job is in progress or queued.
    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty() || !self.queue.is_empty()
    }

    /// Starts a job; with `in_turn`, after all earlier ones.
    pub(super) fn start_job(&mut self, roster: &AgentRegistry, job: WorkerJob, in_turn: bool) {
        self.in_turn = in_turn;
        let request = job.request();
        let found = roster.resolve(&request.agent, &request.task_type).cloned();
        self.queue.push_back((found, job));
        self.start();
    }

    fn start(&mut self) {
        while !self.in_turn || self.running.is_empty() {
            let Some((agent, job)) = self.queue.pop_front() else { return };
            let known = JobRecord::from_job(&job);
            let stop = self.running.spawn(run_job(agent, job));
            if known.probe.is_none() {
                self.stops.insert((known.task, known.attempt), stop.clone());
            }
            self.of.insert(stop.id(), known);
        }
    }

    /// Abandons an attempt: its report is dropped.
    pub(super) fn abandon(&mut self, task: TaskIx, attempt: u32) {
        if let Some(stop) = self.stops.remove(&(task, attempt)) {
            stop.abort();
        }
        self.queue.retain(|(_, job)| match job {
            WorkerJob::Attempt(request) => (request.task, request.attempt) != (task, attempt),
            WorkerJob::Probe { .. } => true,
        });
    }

    /// Waits for the next report; `None` if no job is left.
    pub(super) async fn next(&mut self) -> Option<WorkerReport> {
        loop {
            let joined = self.running.join_next_with_id().await?;
            if let Some(said) = self.on_job_finished(joined) {
                return Some(said);
            }
        }
    }

    /// Returns the next report if one has arrived.
    pub(super) fn try_next_report(&mut self) -> Option<WorkerReport> {
        loop {
            let joined = self.running.try_join_next_with_id()?;
            if let Some(said) = self.on_job_finished(joined) {
                return Some(said);
            }
        }
    }

    /// Returns the report of a finished job; `None` if it was abandoned.
    fn on_job_finished(
        &mut self,
        joined: Result<(tokio::task::Id, WorkerMessage), JoinError>,
    ) -> Option<WorkerReport> {
        let (id, heard) = match joined {
            Ok((id, heard)) => (id, Ok(heard)),
            Err(error) if error.is_cancelled() => {
                self.of.remove(&error.id());
                self.start();
                return None;
            }
            Err(error) => (error.id(), Err(crashed(&error))),
        };
        let known = self.of.remove(&id);
        self.start();
        known.map(|known| self.report_of(&known, heard))
    }

    /// Converts the result of a job to a report.
    fn report_of(
        &mut self,
        known: &JobRecord,
        heard: Result<WorkerMessage, AttemptOutcome>,
    ) -> WorkerReport {
        let JobRecord { task, attempt, started_at, .. } = *known;
        if let Some(probe) = known.probe {
            let lookup = match heard {
                Ok(WorkerMessage::ProbeResult(lookup)) => lookup,
                Ok(WorkerMessage::Reply(_)) | Err(_) => {
                    ProbeResult::Unknown { why: "the agent's code panicked; see the log".into() }
                }
            };
            return WorkerReport::ProbeEnded { task, probe, lookup };
        }
        self.stops.remove(&(task, attempt));
        let reply = match heard {
            Ok(WorkerMessage::Reply(reply)) => reply,
            Ok(WorkerMessage::ProbeResult(_)) => AttemptOutcome::Stopped.into(),
            Err(answer) => answer.into(),
        };
        let took = reply.took.unwrap_or(known.usual);
        WorkerReport::AttemptEnded(FinishedAttempt { task, attempt, started_at, reply, took })
    }
}

impl JobRecord {
    fn from_job(job: &WorkerJob) -> Self {
        let request = job.request();
        let probe = match *job {
            WorkerJob::Attempt(_) => None,
            WorkerJob::Probe { probe, .. } => Some(probe),
        };
        Self {
            task: request.task,
            attempt: request.attempt,
            started_at: request.as_of,
            usual: request.usual_time(),
            probe,
        }
    }
}

/// Runs a job and returns its message.
async fn run_job(agent: AgentLookup, job: WorkerJob) -> WorkerMessage {
    match (job, agent) {
        (WorkerJob::Attempt(request), Ok(agent)) => {
            WorkerMessage::Reply(agent.perform(request).await)
        }
        (WorkerJob::Attempt(_), Err(failure)) => {
            WorkerMessage::Reply(AttemptOutcome::Failed(failure).into())
        }
        (WorkerJob::Probe { request, at, .. }, Ok(agent)) => {
            let looked = tokio::time::timeout(LOOK_MAX, agent.lookup(&request, at)).await;
            let why = || format!("no answer within {} s", LOOK_MAX.as_secs());
            WorkerMessage::ProbeResult(
                looked.unwrap_or_else(|_late| ProbeResult::Unknown { why: why() }),
            )
        }
        (WorkerJob::Probe { .. }, Err(failure)) => {
            WorkerMessage::ProbeResult(ProbeResult::Unknown { why: failure.message })
        }
    }
}

/// Returns the outcome of an attempt whose code panicked; its effect is unknown.
fn crashed(error: &JoinError) -> AttemptOutcome {
    tracing::error!(%error, "an agent crashed");
    AttemptOutcome::InDoubt(Failure::new(
        FailureKind::Crash,
        "the agent's code panicked; see the log",
    ))
}

/// Returns the request of the running attempt of a task, as its agent received it.
#[must_use]
pub fn recorded_request(state: &RunState, task: TaskIx) -> AttemptRequest {
    attempt_request(state, task, state.task(task).attempt)
}

/// Returns the `task_data` of a task of which an exit was requested, with the symbol to close and who asked.
fn exit_parameters(state: &RunState, task: TaskIx) -> Option<Arc<Value>> {
    let request = state.exit_request().filter(|request| request.task == task)?;
    let mut params = state.plan().task(task).task_data.as_object().cloned().unwrap_or_default();
    let by = match &request.by {
        Actor::Operator(name) | Actor::Policy(name) => name.clone(),
    };
    params.insert("requested_by".into(), by.into());
    if let Some(symbol) = &request.symbol {
        params.insert("symbol".into(), symbol.as_ref().into());
    }
    Some(Arc::new(Value::Object(params)))
}

/// Builds the request for an attempt. Its random seed is derived from names alone.
pub(super) fn attempt_request(state: &RunState, task: TaskIx, attempt: u32) -> AttemptRequest {
    let plan = state.plan();
    let (planned, run) = (plan.task(task), state.task(task));
    let upstream = planned.dependencies.iter().filter_map(|dependency| {
        let outcome = state.task(dependency.on).outcome.as_ref()?;
        Some((plan.task(dependency.on).id.clone(), Arc::clone(&outcome.output)))
    });
    let as_of = run.started_at.unwrap_or(state.last_event_at());
    AttemptRequest {
        run: plan.run.as_str().into(),
        task,
        task_id: planned.id.clone(),
        task_type: planned.task_type.clone(),
        agent: plan.agent(planned.agent).id.clone(),
        attempt,
        key: state.intent_key(task),
        deadline: as_of + planned.timeout.to_delta(),
        mode: plan.mode,
        session_date: plan.date,
        as_of,
        params: exit_parameters(state, task).unwrap_or_else(|| Arc::clone(&planned.task_data)),
        upstream: upstream.collect(),
        // Two runs of a date have equal seeds.
        seed: math::seed_from(&format!("{}/{}/{attempt}", plan.base_run_id(), planned.id)),
        estimate: planned.estimate,
        plan: Arc::clone(plan),
        notes: AttemptNotes::default(),
    }
}
