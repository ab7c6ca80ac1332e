//! Why a task is not running, and what would change that; why an ended one ended as it did.

use chrono::{DateTime, Utc};

use super::{
    ended,
    needs::{breaker, dependencies},
    recovery, words,
};
use crate::{
    definition::TaskPriority,
    engine::{Closed, Gate, PauseMode, RunState, TaskState, Waiver},
    plan::TaskIx,
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

/// Why a task does not run now, most telling reason first. Empty only for RUNNING tasks that no
/// person is asked about. Ended tasks tell why they ended, then why they are not tried again.
#[must_use]
pub fn why(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    recovery::why(run, task).into_iter().chain(standing(run, task, at)).collect()
}

fn standing(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
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

    /// In one line: `needs risk_recheck (FAILED) · since 10:31:02 · retry risk_recheck`.
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
    Why::new("needs_person", "needs a person's yes or no".into())
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
            let text = format!("round {round}, one every {every}");
            Why::new("next_round", text).since(state.since).next(next_at)
        }
        (Some(_), None) => backoff(run, task),
        (None, _) => {
            let text = format!("window opens at {}", words::minute(start));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::Command,
        present::{
            needs::NAMED_MAX,
            sample::{self, Day, after, et, task},
        },
        time::Span,
    };

    fn first(day: &Day, ix: u32, time: &str) -> String {
        why(day.run(), TaskIx(ix), et(time)).first().unwrap().line(day.run())
    }

    #[test]
    fn each_of_fourteen_states_says_why() {
        let day = sample::every_state();
        let lines: Vec<_> = TaskState::ALL
            .iter()
            .enumerate()
            .map(|(i, &state)| {
                let ix = TaskIx::new(i);
                assert_eq!(day.run().task(ix).state, state, "{:?}", day.refused);
                let list = why(day.run(), ix, et("10:42:07"));
                assert_eq!(list.is_empty(), state == TaskState::Running, "{state}");
                let lines = list.iter().map(|w| format!("  {} {}", w.code, w.line(day.run())));
                format!("{state}\n{}", lines.collect::<Vec<_>>().join("\n"))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        PENDING
          window_not_open window opens at 14:45 · next 14:45 · run now
        QUEUED
          agent_busy agent economist is busy (2/2) · since 10:30:00
        RUNNING

        RETRYING
          retry_backoff attempt 1/4 failed: LLM 429 · since 10:42:00 · next 10:43 · retry
        HELD
          held_by held by ana (wait for the desk) · since 10:34:00 · release
        CANCELLING
          cancel_asked asked to stop; its agent has not confirmed · since 10:42:03 · next 10:42:13
        IN_DOUBT
          in_doubt nobody knows whether it happened: no word from the broker · since 10:32:00 · resolve
          not_idempotent not tried again: it must not happen twice · since 10:32:00 · resolve
        COMPLETED
          completed done by its agent · since 10:31:00 · rerun
        FAILED
          failed no such symbol (bad input) · since 10:32:00 · retry
          non_retryable not tried again: bad input repeats itself · since 10:32:00 · retry
        TIMEOUT
          run_timeout took longer than 3m · since 10:33:00 · retry
          attempts_exhausted not tried again: 1 attempt used up · since 10:33:00 · retry
        CANCELLED
          cancelled called off · since 10:34:00 · retry
        SKIPPED
          skipped skipped by a person; dependants go on · since 10:34:00 · unskip
        UPSTREAM_FAILED
          dep_failed needs t_failed (FAILED) · since 10:32:00 · retry t_failed
        MISSED
          window_missed its window 09:00–09:05 closed before it started · since 10:30:00 · run now
          not_retried not tried again: no attempt was made in time · since 10:30:00 · run now
        "#);
    }

    #[test]
    fn a_stale_result_is_named_with_its_age_and_limit() {
        let mut risk = task("risk_check", 0);
        risk.valid_for = Some(Span::mins(60));
        let mut day = Day::start(sample::plan(vec![risk, after(task("orders", 2), &[0])]), "09:00");
        day.answer("09:10", 0, sample::done("ok"));
        day.wake("10:21");
        assert_eq!(
            first(&day, 1, "10:21"),
            "needs risk_check fresh: 01:11:00 old, good for 1h · since 10:10:00 · rerun risk_check",
        );
    }

    #[test]
    fn the_task_that_began_a_chain_of_failures_is_named() {
        let chain = vec![task("a", 2), after(task("b", 2), &[0]), after(task("c", 2), &[1])];
        let mut day = Day::start(sample::plan(chain), "10:30");
        let broken = sample::failed(crate::engine::FailureKind::BadInput, "no");
        day.answer("10:31", 0, broken);
        assert_eq!(first(&day, 2, "10:32"), "needs a (FAILED) · since 10:31:00 · retry a");
    }

    #[test]
    fn a_closed_gate_is_named_but_not_for_what_it_lets_through() {
        let mut urgent = task("urgent", 2);
        urgent.priority = TaskPriority::Critical;
        urgent.opens_at = et("11:00");
        let mut calm = task("calm", 2);
        calm.opens_at = et("11:00");
        let mut day = Day::start(sample::plan(vec![calm, urgent]), "10:30");
        let gate = Gate::Engine;
        day.order("10:31", Command::Pause { gate, mode: PauseMode::Drain, until: None }, "lunch");
        let codes = |day: &Day, ix| {
            why(day.run(), TaskIx(ix), et("10:40")).iter().map(|w| w.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&day, 0), ["window_not_open", "engine_paused"]);
        assert_eq!(codes(&day, 1), ["window_not_open"]);
        day.order("10:41", Command::Pause { gate, mode: PauseMode::Halt, until: None }, "stop");
        assert_eq!(codes(&day, 1), ["window_not_open", "halted"]);
        day.wake("11:00");
        assert_eq!(first(&day, 0, "11:01"), "halted by ana (stop) · since 10:41:00 · resume",);
    }

    #[test]
    fn a_full_agent_and_a_full_engine_are_told_apart() {
        let mut tasks: Vec<_> = (0..3).map(|i| task(&format!("t{i}"), 2)).collect();
        let day = Day::start(sample::plan(tasks.clone()), "10:30");
        assert_eq!(first(&day, 2, "10:31"), "agent economist is busy (2/2) · since 10:30:00");
        tasks[2].agent = crate::plan::AgentIx(1);
        let mut plan = sample::plan(tasks);
        plan.limits.max_concurrent_tasks = 2;
        let day = Day::start(plan, "10:30");
        assert_eq!(first(&day, 2, "10:31"), "all slots are taken (2/2) · since 10:30:00");
    }

    #[test]
    fn a_task_that_joins_thousands_names_some_and_counts_the_rest() {
        let mut tasks: Vec<_> = (0..2_000).map(|i| task(&format!("t{i}"), 3)).collect();
        let all: Vec<u32> = (0..2_000).collect();
        tasks.push(after(task("join", 3), &all));
        let day = Day::start(sample::plan(tasks), "16:00");
        let list = why(day.run(), TaskIx(2_000), et("16:00"));
        assert_eq!(list.len(), NAMED_MAX);
        assert_eq!(list.last().unwrap().text, "waits for 1993 more tasks");
    }

    #[test]
    fn what_an_agent_said_cannot_command_the_terminal() {
        let mut day = Day::start(sample::plan(vec![task("a", 2)]), "10:30");
        let evil = sample::failed(crate::engine::FailureKind::BadInput, "x\u{1b}]0;owned\u{7}\ny");
        day.answer("10:31", 0, evil);
        assert_eq!(first(&day, 0, "10:32"), "x y (bad input) · since 10:31:00 · retry");
    }
}
