//! Why a task is not running, and what would change that; why an ended one ended as it did.

use chrono::{DateTime, Utc};

use super::{ended, words};
use crate::{
    definition::{Hardness, TaskPriority},
    engine::{Breaker, Closed, Ending, Gate, PauseMode, RunState, TaskState, Waiver},
    plan::{Dependency, TaskIx},
};

/// One reason, the first of a list being the one to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// A stable word: `window_not_open`, `dep_failed`, `agent_busy`, …
    pub code: &'static str,
    /// In words, with names and figures, without the moments below.
    pub text: String,
    /// Since when it holds, if that is known.
    pub since: Option<DateTime<Utc>>,
    /// When it is looked at again by itself; `None`: not before somebody or something acts.
    pub next: Option<DateTime<Utc>>,
    /// The act that helps: `retry`, `resume`, `release`, `run now`, `force`, `approve`, `resolve`, …
    pub verb: Option<&'static str>,
    /// The task the verb is for, when it is another one.
    pub on: Option<TaskIx>,
}

/// Dependencies named one by one; what is beyond is counted.
const NAMED_MAX: usize = 8;

/// Why a task does not run now, most telling reason first. Empty only for RUNNING tasks that no
/// person is asked about. Ended tasks tell why they ended, then why they are not tried again.
#[must_use]
pub fn why(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    let run_of = run.task(task);
    match run_of.state {
        TaskState::Running if run.human(task) => vec![asked(run, task)],
        TaskState::Running => Vec::new(),
        TaskState::Pending => waiting(run, task, at),
        TaskState::Queued => queued(run, task, at),
        TaskState::Retrying => {
            let mut list = vec![backoff(run, task)];
            list.extend(dependencies(run, task, at));
            list.extend(gates(run, task));
            list
        }
        TaskState::Held => {
            let by = run_of.held_by.as_deref().map_or("a person".into(), words::safe);
            let text = format!("held by {by}");
            vec![Why::new("held_by", text).since(run_of.since).verb("release")]
        }
        TaskState::Cancelling => {
            let limit = run.plan().limits.cancel_timeout.delta();
            vec![
                Why::new("cancel_asked", "asked to stop; its agent has not confirmed".into())
                    .since(run_of.since)
                    .next(run_of.since + limit),
            ]
        }
        TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => ended::why(run, task),
    }
}

impl Why {
    pub(super) const fn new(code: &'static str, text: String) -> Self {
        Self { code, text, since: None, next: None, verb: None, on: None }
    }

    pub(super) const fn since(mut self, at: DateTime<Utc>) -> Self {
        self.since = Some(at);
        self
    }

    pub(super) const fn next(mut self, at: DateTime<Utc>) -> Self {
        self.next = Some(at);
        self
    }

    pub(super) const fn verb(mut self, verb: &'static str) -> Self {
        self.verb = Some(verb);
        self
    }

    pub(super) const fn on(mut self, task: TaskIx) -> Self {
        self.on = Some(task);
        self
    }

    /// In one line: `needs risk_recheck, which is FAILED · since 10:31:02 · retry risk_recheck`.
    #[must_use]
    pub fn line(&self, run: &RunState) -> String {
        let mut parts = vec![self.text.clone()];
        parts.extend(self.since.map(|at| format!("since {}", words::time(at))));
        parts.extend(self.next.map(|at| format!("next {}", words::minute(at))));
        parts.extend(self.verb.map(|verb| match self.on {
            Some(on) => format!("{verb} {}", run.plan().task(on).id),
            None => verb.to_owned(),
        }));
        parts.join(" · ")
    }
}

fn asked(run: &RunState, task: TaskIx) -> Why {
    let since = run.task(task).started_at.unwrap_or(run.task(task).since);
    Why::new("needs_person", "asks a person; silence rejects".into())
        .since(since)
        .next(since + run.plan().task(task).timeout.delta())
        .verb("approve")
}

fn waiting(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    let mut list = Vec::new();
    if run.ended() {
        list.push(Why::new("run_ended", "the run has ended".into()).since(run.at()));
    }
    let dependencies = dependencies(run, task, at);
    let (bad, open): (Vec<_>, Vec<_>) =
        dependencies.into_iter().partition(|why| why.code != "dep_waiting");
    list.extend(bad);
    list.extend(window(run, task, at));
    list.extend(open);
    list.extend(gates(run, task));
    list.extend(breaker(run, task));
    if list.is_empty() {
        list.push(Why::new("due", "nothing: it is due for the queue".into()).next(at));
    }
    list
}

/// What the clock has against a waiting task.
fn window(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Option<Why> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    if planned.closes_at <= at && !state.waives(Waiver::Window) {
        let closed = format!("its window closed at {}", words::minute(planned.closes_at));
        return Some(Why::new("window_missed", closed).since(planned.closes_at).verb("force"));
    }
    let start = run.not_before(task);
    if start <= at {
        return None;
    }
    let found = match (state.next_at, planned.every) {
        (Some(next_at), Some(every)) => {
            let round = u64::from(state.rounds) + 1;
            let text = format!("round {round} of a loop, one every {every}");
            Why::new("next_round", text).since(state.since).next(next_at)
        }
        (Some(_), None) => backoff(run, task),
        (None, _) => {
            let text = format!("its window opens at {}", words::minute(start));
            Why::new("window_not_open", text).next(start).verb("run now")
        }
    };
    Some(found)
}

fn backoff(run: &RunState, task: TaskIx) -> Why {
    let state = run.task(task);
    let said = state.history.back().map(|a| words::safe(&a.said).into_owned()).unwrap_or_default();
    let attempts = run.plan().task(task).max_retries + 1;
    let text = format!("attempt {}/{attempts} failed: {said}", state.spent());
    let why = Why::new("retry_backoff", text).since(state.since).verb("retry");
    match state.next_at {
        Some(at) => why.next(at),
        None => why,
    }
}

/// What a task's dependencies have against its start: what ended badly, what is in doubt, what is
/// stale, and what has not ended, in this order.
fn dependencies(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    let state = run.task(task);
    let (mut bad, mut open) = (Vec::new(), Vec::new());
    for &dependency in &run.plan().task(task).dependencies {
        if state.waives(Waiver::Dependency(dependency.on)) {
            continue;
        }
        match against(run, task, dependency, at) {
            Some(why) if why.code == "dep_waiting" => open.push(why),
            Some(why) => bad.push(why),
            None => {}
        }
        // A task that joins thousands is read up to its first reasons only.
        if open.len() > NAMED_MAX || bad.len() > NAMED_MAX {
            break;
        }
    }
    bad.truncate(NAMED_MAX);
    if open.len() > NAMED_MAX {
        open.truncate(NAMED_MAX - 1);
        let named = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let more = words::plural(u64::from(state.waiting.saturating_sub(named)), "more task");
        open.push(Why::new("dep_waiting", format!("waits for {more}")));
    }
    bad.sort_by_key(|why| ["dep_failed", "dep_in_doubt"].iter().position(|c| *c == why.code));
    bad.extend(open);
    bad
}

/// What one dependency has against the start of `task`.
fn against(run: &RunState, task: TaskIx, dependency: Dependency, at: DateTime<Utc>) -> Option<Why> {
    let on = dependency.on;
    let (upstream, id) = (run.task(on), &run.plan().task(on).id);
    let hard = dependency.hardness == Hardness::Hard;
    let state = upstream.state;
    let satisfying = matches!(upstream.ending, Some(Ending::Skipped { satisfies: true, .. }));
    if state == TaskState::InDoubt && hard {
        let text = format!("needs {id}, of which nobody knows whether it happened");
        return Some(Why::new("dep_in_doubt", text).since(upstream.since).verb("resolve").on(on));
    }
    if !state.ended() && state != TaskState::InDoubt {
        let text = format!("waits for {id}, which is {state}");
        return Some(Why::new("dep_waiting", text).since(upstream.since).on(on));
    }
    if hard && state != TaskState::Completed && !(state == TaskState::Skipped && satisfying) {
        let text = format!("needs {id}, which is {state}");
        let verb = if state == TaskState::Skipped { "unskip" } else { "retry" };
        return Some(Why::new("dep_failed", text).since(upstream.since).verb(verb).on(on));
    }
    let waived = run.task(task).waives(Waiver::Freshness(on));
    let (age, limit) = run.stale(dependency, at).filter(|_| !waived)?;
    let text = format!("needs {id} fresh: {} old, good for {limit}", words::duration(age));
    Some(Why::new("dep_stale", text).since(at - (age.delta() - limit.delta())).verb("rerun").on(on))
}

fn queued(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    let mut list: Vec<_> = gates(run, task).collect();
    // Found stale, it goes back to PENDING when its turn comes.
    list.extend(dependencies(run, task, at));
    list.extend(breaker(run, task));
    let planned = run.plan().task(task);
    let since = run.task(task).ready_at.unwrap_or(run.task(task).since);
    if !run.human(task) {
        let (agent, slots) = (run.agent(planned.agent), run.plan().agent(planned.agent).slots);
        let limits = run.plan().limits;
        let critical = run.task(task).priority == TaskPriority::Critical;
        let reserve = if critical { limits.critical_reserve } else { 0 };
        if agent.running >= slots.saturating_add(reserve) {
            let id = &run.plan().agent(planned.agent).id;
            let text = format!("agent {id} is busy ({}/{slots})", agent.running);
            list.push(Why::new("agent_busy", text).since(since));
        }
        let (used, most) = (run.slots_used(), limits.max_concurrent_tasks + reserve);
        if used >= most {
            let text = format!("all slots are taken ({used}/{most})");
            list.push(Why::new("global_full", text).since(since));
        }
    }
    if list.is_empty() {
        let text = "nothing: it is next for a slot".to_owned();
        list.push(Why::new("due", text).since(since));
    }
    list
}

/// The closed gates before a task, what it is exempt from left out.
fn gates(run: &RunState, task: TaskIx) -> impl Iterator<Item = Why> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    [Gate::Engine, Gate::Stage(planned.stage), Gate::Agent(planned.agent)].into_iter().filter_map(
        move |gate| {
            let closed = run.gates().get(&gate)?;
            let halt = closed.mode == PauseMode::Halt;
            let exempt =
                state.priority == TaskPriority::Critical || state.waives(Waiver::Gate(gate));
            (halt || !exempt).then(|| closed_gate(run, gate, closed))
        },
    )
}

fn closed_gate(run: &RunState, gate: Gate, closed: &Closed) -> Why {
    let by = words::safe(&closed.by);
    let (code, text) = match gate {
        Gate::Engine if closed.mode == PauseMode::Halt => ("halted", format!("halted by {by}")),
        Gate::Engine => ("engine_paused", format!("engine paused by {by}")),
        Gate::Stage(ix) => {
            ("stage_paused", format!("stage {} paused by {by}", run.plan().stage(ix).id))
        }
        Gate::Agent(ix) => {
            ("agent_paused", format!("agent {} paused by {by}", run.plan().agent(ix).id))
        }
    };
    let why = Why::new(code, text).since(closed.since).verb("resume");
    match closed.until {
        Some(until) => why.next(until),
        None => why,
    }
}

fn breaker(run: &RunState, task: TaskIx) -> Option<Why> {
    let agent = run.plan().task(task).agent;
    if run.task(task).waives(Waiver::Breaker) || run.human(task) {
        return None;
    }
    let id = &run.plan().agent(agent).id;
    match run.agent(agent).breaker {
        Breaker::Closed => None,
        Breaker::Open { until } => {
            let text = format!("breaker of agent {id} is open: it failed too often");
            Some(Why::new("breaker_open", text).next(until).verb("force"))
        }
        Breaker::HalfOpen { probe } => {
            let by = probe.filter(|&probe| probe != task);
            let by = by.map(|ix| format!(" with {}", run.plan().task(ix).id)).unwrap_or_default();
            Some(Why::new("breaker_half_open", format!("agent {id} is being tried{by}")))
        }
    }
}
