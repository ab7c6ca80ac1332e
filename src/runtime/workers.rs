//! Attempts under way: one task of the runtime each, so that an agent that panics or hangs takes
//! nobody with it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tokio::task::{AbortHandle, JoinSet};

use crate::{
    agents::{Reply, Request, Roster},
    engine::{Answer, Failure, FailureKind, RunState},
    math::{self, Rng},
    plan::TaskIx,
    time::Span,
};

/// An attempt whose agent has answered, or never will.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) task: TaskIx,
    pub(super) attempt: u32,
    /// The run's clock when it began.
    pub(super) started_at: DateTime<Utc>,
    pub(super) reply: Reply,
    /// How long it takes on a virtual clock.
    pub(super) took: Span,
}

/// The attempts under way.
#[derive(Debug, Default)]
pub(super) struct Workers {
    running: JoinSet<Reply>,
    of: BTreeMap<tokio::task::Id, Request>,
    stops: BTreeMap<(TaskIx, u32), AbortHandle>,
    /// On a virtual clock agents compute one after the other, in the order of starting, so that
    /// what they do to the desk happens in that order.
    queue: VecDeque<(Roster, Request)>,
    in_turn: bool,
}

impl Workers {
    /// Whether somebody is computing.
    pub(super) fn busy(&self) -> bool {
        !self.running.is_empty() || !self.queue.is_empty()
    }

    /// Begins an attempt; `in_turn`, after those that began before it.
    pub(super) fn begin(&mut self, roster: &Roster, request: Request, in_turn: bool) {
        self.in_turn = in_turn;
        self.queue.push_back((roster.clone(), request));
        self.start();
    }

    fn start(&mut self) {
        while !self.in_turn || self.running.is_empty() {
            let Some((roster, request)) = self.queue.pop_front() else { return };
            let known = request.clone();
            let stop = self.running.spawn(async move {
                match roster.find(&request.agent, &request.task_type) {
                    Ok(agent) => agent.perform(request).await,
                    Err(failure) => Answer::Failed(failure).into(),
                }
            });
            self.stops.insert((known.task, known.attempt), stop.clone());
            self.of.insert(stop.id(), known);
        }
    }

    /// Gives an attempt up: nothing more is heard of it.
    pub(super) fn abandon(&mut self, task: TaskIx, attempt: u32) {
        if let Some(stop) = self.stops.remove(&(task, attempt)) {
            stop.abort();
        }
        self.queue.retain(|(_, request)| (request.task, request.attempt) != (task, attempt));
    }

    /// The next attempt to finish; waits without end when there is none.
    pub(super) async fn next(&mut self) -> Finished {
        loop {
            let Some(joined) = self.running.join_next_with_id().await else {
                return std::future::pending().await;
            };
            let (id, reply) = match joined {
                Ok((id, reply)) => (id, reply),
                Err(error) if error.is_cancelled() => {
                    self.of.remove(&error.id());
                    self.start();
                    continue;
                }
                Err(error) => (error.id(), crashed(&error).into()),
            };
            let request = self.of.remove(&id);
            self.start();
            if let Some(request) = request {
                self.stops.remove(&(request.task, request.attempt));
                let took = reply.took.unwrap_or_else(|| jittered(&request));
                let (task, attempt, started_at) = (request.task, request.attempt, request.as_of);
                return Finished { task, attempt, started_at, reply, took };
            }
        }
    }
}

/// What is said of an attempt whose code panicked. Whether it had an effect before is not known.
fn crashed(error: &tokio::task::JoinError) -> Answer {
    tracing::error!(%error, "an agent crashed");
    Answer::Unknown(Failure::new(FailureKind::Crash, "the agent's code panicked; see the log"))
}

/// The task's estimate, a fifth more or less, the same for equal days.
fn jittered(request: &Request) -> Span {
    let mut dice = Rng::new(request.seed);
    request.estimate.times(0.8 + 0.4 * dice.u())
}

/// What an agent is asked. Every attempt draws from a seed of its own, made of names alone.
pub(super) fn request(state: &RunState, task: TaskIx, attempt: u32) -> Request {
    let plan = state.plan();
    let (planned, run) = (plan.task(task), state.task(task));
    let upstream = planned.dependencies.iter().filter_map(|dependency| {
        let outcome = state.task(dependency.on).outcome.as_ref()?;
        Some((plan.task(dependency.on).id.clone(), Arc::clone(&outcome.output)))
    });
    let as_of = run.started_at.unwrap_or(state.at());
    Request {
        run: plan.run.as_str().into(),
        task,
        task_id: planned.id.clone(),
        task_type: planned.task_type.clone(),
        agent: plan.agent(planned.agent).id.clone(),
        attempt,
        key: key(state, task),
        deadline: as_of + planned.timeout.delta(),
        mode: plan.mode,
        session_date: plan.date,
        as_of,
        params: Arc::clone(&planned.task_data),
        upstream: upstream.collect(),
        seed: math::seed_from(&format!("{}/{}/{attempt}", plan.run, planned.id)),
        estimate: planned.estimate,
        plan: Arc::clone(plan),
    }
}

/// The idempotency key of a task's intent: one per generation and, for a loop, per round; never
/// per attempt.
fn key(state: &RunState, task: TaskIx) -> String {
    let (plan, run) = (state.plan(), state.task(task));
    let intent = format!("{}/{}/{}/{}", plan.run, plan.task(task).id, run.generation, run.rounds);
    let digest = Sha256::digest(intent.as_bytes());
    digest.iter().take(12).fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
