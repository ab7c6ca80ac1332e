//! Reasons why a task is not running or how it ended, each with its fix.

use chrono::{DateTime, Utc};

use super::{
    dependency_reasons::{open_breaker, unmet_dependencies},
    ended_reasons, format, recovery,
};
use engine::{ClosedGate, Gate, RunState, TaskState, TradingState, Waiver, control::CommandVerb};
use planning::{
    plan::TaskIx,
    workflow::{EffectClass, TaskPriority},
};

/// One reason, the first of a list being the one to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateReason {
    /// A stable word: `window_not_open`, `dep_failed`, `agent_busy`, …
    pub code: &'static str,
    /// In words, with names and figures, without the moments below.
    pub text: String,
    /// Since when it holds, if that is known.
    pub since: Option<DateTime<Utc>>,
    /// The time of the next automatic check; `None` if only a command or an event changes it.
    pub next: Option<DateTime<Utc>>,
    /// The verb that helps.
    pub verb: Option<CommandVerb>,
    /// The task the verb is for, when it is another one.
    pub on: Option<TaskIx>,
}

/// Returns why a task does not run now, most telling reason first. Empty only for RUNNING tasks
/// that no person is asked about. Ended tasks tell why they ended, then why they are not tried
/// again.
#[must_use]
pub fn state_reasons(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<StateReason> {
    let reasons = recovery::recovery_block_reason(run, task).into_iter();
    let reasons = reasons.chain(standing(run, task, at));
    reasons.map(|why| StateReason { verb: accepted_fix(run, task, &why, at), ..why }).collect()
}

/// Returns the verb that helps now. A retry sends no orders after the window of their task: that
/// takes `force`, while the session is open. Nothing is forced while the trading state keeps it from
/// starting: trading is re-enabled first.
fn accepted_fix(
    run: &RunState,
    task: TaskIx,
    why: &StateReason,
    at: DateTime<Utc>,
) -> Option<CommandVerb> {
    let target = why.on.unwrap_or(task);
    let planned = run.plan().task(target);
    let late = planned.effect == EffectClass::Effectful
        && planned.closes_at <= at
        && !run.task(target).has_waiver_for(Waiver::Window);
    let mut verb = why.verb?;
    if verb == CommandVerb::Retry && late {
        if at >= run.plan().close {
            return None;
        }
        verb = CommandVerb::Force;
    }
    let starts = matches!(verb, CommandVerb::RunNow | CommandVerb::Force);
    let blocked = starts && run.trading_block(target).is_some();
    Some(if blocked { CommandVerb::ReEnable } else { verb })
}

fn standing(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<StateReason> {
    let run_of = run.task(task);
    match run_of.state {
        TaskState::Running if run.is_human_task(task) => vec![approval_reason(run, task)],
        TaskState::Running => Vec::new(),
        TaskState::Pending => waiting_reasons(run, task, at),
        TaskState::Queued => queued_reasons(run, task, at),
        TaskState::Retrying => {
            let mut list = vec![backoff(run, task)];
            list.extend(unmet_dependencies(run, task, at));
            list.extend(trading(run, task));
            list.extend(gates(run, task));
            list
        }
        TaskState::Held => {
            let by = run_of.held_by.as_deref().map_or("an operator".into(), format::sanitize);
            let text = format!("held by {by}");
            vec![
                StateReason::new("held_by", text)
                    .with_since(run_of.since)
                    .with_fix(CommandVerb::Release),
            ]
        }
        TaskState::Cancelling => {
            let limit = run.plan().limits.cancel_timeout.to_delta();
            vec![
                StateReason::new(
                    "cancel_asked",
                    "cancelling: the agent has not confirmed yet".into(),
                )
                .with_since(run_of.since)
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
        | TaskState::Missed => ended_reasons::end_reasons(run, task),
    }
}

impl StateReason {
    pub(super) const fn new(code: &'static str, text: String) -> Self {
        Self { code, text, since: None, next: None, verb: None, on: None }
    }

    pub(super) const fn with_since(mut self, at: DateTime<Utc>) -> Self {
        self.since = Some(at);
        self
    }

    pub(super) const fn next(mut self, at: DateTime<Utc>) -> Self {
        self.next = Some(at);
        self
    }

    pub(super) const fn with_fix(mut self, verb: CommandVerb) -> Self {
        self.verb = Some(verb);
        self
    }

    pub(super) const fn with_fix_target(mut self, task: TaskIx) -> Self {
        self.on = Some(task);
        self
    }

    /// In one line: `needs risk_recheck (FAILED) · since 10:31:02 · retry risk_recheck`.
    #[must_use]
    pub fn to_line(&self, run: &RunState) -> String {
        let mut parts = vec![self.text.clone()];
        parts.extend(self.since.map(|at| format!("since {}", format::format_time(at))));
        parts.extend(self.next.map(|at| format!("next {}", format::format_minute(at))));
        parts.extend(self.verb.map(|verb| match self.on {
            Some(on) => format!("{verb} {}", run.plan().task(on).id),
            None => verb.as_str().to_owned(),
        }));
        parts.join(" · ")
    }
}

fn approval_reason(run: &RunState, task: TaskIx) -> StateReason {
    let since = run.task(task).started_at.unwrap_or(run.task(task).since);
    StateReason::new("needs_person", "waiting for approval".into())
        .with_since(since)
        .next(since + run.plan().task(task).timeout.to_delta())
        .with_fix(CommandVerb::Approve)
}

fn waiting_reasons(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<StateReason> {
    let mut list = Vec::new();
    if run.has_ended() {
        list.push(
            StateReason::new("run_ended", "the run has ended".into())
                .with_since(run.last_event_at()),
        );
    }
    let dependencies = unmet_dependencies(run, task, at);
    let (bad, open): (Vec<_>, Vec<_>) =
        dependencies.into_iter().partition(|why| why.code != "dep_waiting");
    list.extend(bad);
    if run.waits_for_demand(task) {
        let text = "waits until an operator asks for it".into();
        list.push(StateReason::new("on_demand", text).with_fix(CommandVerb::Force));
    }
    list.extend(window(run, task, at));
    list.extend(open);
    list.extend(trading(run, task));
    list.extend(gates(run, task));
    list.extend(open_breaker(run, task));
    if list.is_empty() {
        list.push(StateReason::new("due", "nothing: it is about to be queued".into()).next(at));
    }
    list
}

/// Returns what the clock has against a waiting task.
fn window(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Option<StateReason> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    if planned.closes_at <= at && !state.has_waiver_for(Waiver::Window) {
        let closed = format!("its window closed at {}", format::format_minute(planned.closes_at));
        return Some(
            StateReason::new("window_missed", closed)
                .with_since(planned.closes_at)
                .with_fix(CommandVerb::Force),
        );
    }
    let start = run.not_before(task);
    if start <= at {
        return None;
    }
    let found = match (state.next_at, planned.every) {
        (Some(next_at), Some(every)) => {
            let round = u64::from(state.rounds) + 1;
            let text = format!("round {round}, one every {every}");
            StateReason::new("next_round", text).with_since(state.since).next(next_at)
        }
        (Some(_), None) => backoff(run, task),
        (None, _) => {
            let text = format!("window opens at {}", format::format_minute(start));
            StateReason::new("window_not_open", text).next(start).with_fix(CommandVerb::RunNow)
        }
    };
    Some(found)
}

fn backoff(run: &RunState, task: TaskIx) -> StateReason {
    let state = run.task(task);
    let said =
        state.history.back().map(|a| format::sanitize(&a.said).into_owned()).unwrap_or_default();
    let attempts = run.plan().task(task).max_retries + 1;
    let text = format!("attempt {}/{attempts} failed: {said}", state.attempts_used());
    let why = StateReason::new("retry_backoff", text)
        .with_since(state.since)
        .with_fix(CommandVerb::Retry);
    match state.next_at {
        Some(at) => why.next(at),
        None => why,
    }
}

fn queued_reasons(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<StateReason> {
    let mut list: Vec<_> = trading(run, task).into_iter().chain(gates(run, task)).collect();
    // Found stale, it goes back to PENDING when its turn comes.
    list.extend(unmet_dependencies(run, task, at));
    list.extend(open_breaker(run, task));
    let planned = run.plan().task(task);
    let since = run.task(task).ready_at.unwrap_or(run.task(task).since);
    if !run.is_human_task(task) {
        let (agent, slots) = (run.agent(planned.agent), run.plan().agent(planned.agent).slots);
        let limits = run.plan().limits;
        let critical = run.task(task).priority == TaskPriority::Critical;
        let reserve = if critical { limits.critical_reserve } else { 0 };
        if agent.running >= slots.saturating_add(reserve) {
            let id = &run.plan().agent(planned.agent).id;
            let text = format!("agent {id} is busy ({} of {slots} slots)", agent.running);
            list.push(StateReason::new("agent_busy", text).with_since(since));
        }
        let (used, most) = (run.slots_used(), limits.max_concurrent_tasks + reserve);
        if used >= most {
            let text = format!("all slots are in use ({used} of {most})");
            list.push(StateReason::new("global_full", text).with_since(since));
        }
    }
    if list.is_empty() {
        let text = "nothing: it is next in the queue".to_owned();
        list.push(StateReason::new("due", text).with_since(since));
    }
    list
}

/// Returns what the trading state has against a task.
fn trading(run: &RunState, task: TaskIx) -> Option<StateReason> {
    let (state, status) = (run.trading_block(task)?, run.trading_status());
    let code = if state == TradingState::Killed { "trading_killed" } else { "trading_halted" };
    let by = status.by.as_ref().map(ToString::to_string);
    let by = by.map_or_else(String::new, |by| format!(" by {}", format::sanitize(&by)));
    let why = StateReason::new(code, format!("trading is {state}{by}"));
    Some(why.with_since(status.since).with_fix(CommandVerb::ReEnable))
}

/// The closed gates before a task, what it is exempt from left out.
fn gates(run: &RunState, task: TaskIx) -> impl Iterator<Item = StateReason> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    [Gate::Engine, Gate::Stage(planned.stage), Gate::Agent(planned.agent)].into_iter().filter_map(
        move |gate| {
            let closed = run.closed_gates().get(&gate)?;
            let exempt = state.priority == TaskPriority::Critical
                || state.has_waiver_for(Waiver::Pause(gate));
            (!exempt).then(|| closed_gate(run, gate, closed))
        },
    )
}

fn closed_gate(run: &RunState, gate: Gate, closed: &ClosedGate) -> StateReason {
    let by = format::sanitize(&closed.by);
    let (code, text) = match gate {
        Gate::Engine => ("engine_paused", format!("engine paused by {by}")),
        Gate::Stage(ix) => {
            ("stage_paused", format!("stage {} paused by {by}", run.plan().stage(ix).id))
        }
        Gate::Agent(ix) => {
            ("agent_paused", format!("agent {} paused by {by}", run.plan().agent(ix).id))
        }
    };
    let why = StateReason::new(code, text).with_since(closed.since).with_fix(CommandVerb::Resume);
    match closed.until {
        Some(until) => why.next(until),
        None => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dependency_reasons::NAMED_MAX;
    use engine::{Command, PauseMode};
    use planning::time::Span;
    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    fn first(day: &SampleRun, ix: u32, time: &str) -> String {
        state_reasons(day.run(), TaskIx(ix), exchange_time(time))
            .first()
            .unwrap()
            .to_line(day.run())
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
                let list = state_reasons(day.run(), ix, exchange_time("10:42:07"));
                assert_eq!(list.is_empty(), state == TaskState::Running, "{state}");
                let lines = list.iter().map(|w| format!("  {} {}", w.code, w.to_line(day.run())));
                format!("{state}\n{}", lines.collect::<Vec<_>>().join("\n"))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        PENDING
          window_not_open window opens at 14:45 · next 14:45 · run-now
        QUEUED
          agent_busy agent economist is busy (2 of 2 slots) · since 10:30:00
        RUNNING

        RETRYING
          retry_backoff attempt 1/4 failed: LLM 429 · since 10:42:00 · next 10:43 · retry
        HELD
          held_by held by ana (wait for the desk) · since 10:34:00 · release
        CANCELLING
          cancel_asked cancelling: the agent has not confirmed yet · since 10:42:03 · next 10:42:13
        IN_DOUBT
          in_doubt outcome unknown: no word from the broker · since 10:32:00 · resolve
          not_idempotent not retried: a second attempt could send it twice · since 10:32:00 · resolve
          probing probing the broker, probed 1 time · since 10:32:00
        COMPLETED
          completed completed by its agent · since 10:31:00 · rerun
        FAILED
          failed no such symbol (bad input) · since 10:32:00 · retry
          non_retryable not retried: a retry would fail again (bad input) · since 10:32:00 · retry
        TIMEOUT
          run_timeout took longer than 3m · since 10:33:00 · retry
          attempts_exhausted not retried: 1 attempt used up · since 10:33:00 · retry
        CANCELLED
          cancelled cancelled · since 10:34:00 · retry
        SKIPPED
          skipped skipped by an operator; dependent tasks can start · since 10:34:00 · unskip
        UPSTREAM_FAILED
          dep_failed needs t_failed (FAILED) · since 10:32:00 · retry t_failed
        MISSED
          window_missed its window 09:00–09:05 closed before it started · since 10:30:00 · run-now
          not_retried not retried: no attempt started in time · since 10:30:00 · run-now
        ");
    }

    #[test]
    fn a_stale_result_is_named_with_its_age_and_limit() {
        let mut risk = task("risk_check", 0);
        risk.valid_for = Some(Span::mins(60));
        let mut day = SampleRun::start(
            sample::sample_plan(vec![risk, with_dependencies(task("orders", 2), &[0])]),
            "09:00",
        );
        day.end_attempt("09:10", 0, sample::completed("ok"));
        day.advance_to("10:21");
        assert_eq!(
            first(&day, 1, "10:21"),
            "result of risk_check is stale: 1h11m old, valid for 1h · since 10:10:00 · rerun risk_check",
        );
    }

    #[test]
    fn the_task_that_began_a_chain_of_failures_is_named() {
        let chain = vec![
            task("a", 2),
            with_dependencies(task("b", 2), &[0]),
            with_dependencies(task("c", 2), &[1]),
        ];
        let mut day = SampleRun::start(sample::sample_plan(chain), "10:30");
        let broken = sample::failed(engine::FailureKind::BadInput, "no");
        day.end_attempt("10:31", 0, broken);
        assert_eq!(first(&day, 2, "10:32"), "needs a (FAILED) · since 10:31:00 · retry a");
    }

    #[test]
    fn a_closed_gate_is_named_but_not_for_what_it_lets_through() {
        let mut urgent = task("urgent", 2);
        urgent.priority = TaskPriority::Critical;
        urgent.opens_at = exchange_time("11:00");
        let mut calm = task("calm", 2);
        calm.opens_at = exchange_time("11:00");
        let mut day = SampleRun::start(sample::sample_plan(vec![calm, urgent]), "10:30");
        let gate = Gate::Engine;
        day.order("10:31", Command::Pause { gate, mode: PauseMode::Drain, until: None }, "lunch");
        let codes = |day: &SampleRun, ix| {
            state_reasons(day.run(), TaskIx(ix), exchange_time("10:40"))
                .iter()
                .map(|w| w.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&day, 0), ["window_not_open", "engine_paused"]);
        assert_eq!(codes(&day, 1), ["window_not_open"]);
        day.advance_to("11:00");
        assert_eq!(
            first(&day, 0, "11:01"),
            "engine paused by ana (lunch) · since 10:31:00 · resume"
        );
    }

    #[test]
    fn halted_trading_is_the_reason_of_order_tasks_alone() {
        let mut sends = task("sends", 2);
        sends.effect = EffectClass::Effectful;
        sends.opens_at = exchange_time("11:00");
        let mut watches = task("watches", 2);
        watches.opens_at = exchange_time("11:00");
        let mut day = SampleRun::start(sample::sample_plan(vec![sends, watches]), "10:30");
        let tighten = |to| Command::TightenTrading { to };
        day.order("10:31", tighten(TradingState::Halted), "feed down");
        day.advance_to("11:00");
        assert_eq!(
            first(&day, 0, "11:01"),
            "trading is HALTED by ana · since 10:31:00 · re-enable"
        );
        assert_eq!(day.run().task(TaskIx(1)).state, TaskState::Running);
        let later = state_reasons(day.run(), TaskIx(0), exchange_time("11:01"));
        assert!(later.iter().all(|why| why.code != "engine_paused"), "{later:?}");
    }

    #[test]
    fn late_orders_are_forced_and_not_retried_while_the_session_is_open() {
        let mut sends = task("sends", 2);
        sends.effect = EffectClass::Effectful;
        let mut day = SampleRun::start(sample::sample_plan(vec![sends]), "10:30");
        day.end_attempt("10:31", 0, sample::failed(engine::FailureKind::Cancelled, "stopped"));
        let verb = |day: &SampleRun, time| {
            let list = state_reasons(day.run(), TaskIx(0), exchange_time(time));
            list.first().unwrap().verb
        };
        assert_eq!(verb(&day, "10:32"), Some(CommandVerb::Retry));
        assert_eq!(verb(&day, "15:01"), Some(CommandVerb::Force));
        assert_eq!(verb(&day, "16:00"), None, "no order goes out after the session");
        let force = Command::Force { task: TaskIx(0), waivers: vec![Waiver::Window] };
        day.order("15:01", force, "as it says");
        assert_eq!(day.refused, None);
    }

    #[test]
    fn a_full_agent_and_a_full_engine_are_told_apart() {
        let mut tasks: Vec<_> = (0..3).map(|i| task(&format!("t{i}"), 2)).collect();
        let day = SampleRun::start(sample::sample_plan(tasks.clone()), "10:30");
        assert_eq!(
            first(&day, 2, "10:31"),
            "agent economist is busy (2 of 2 slots) · since 10:30:00"
        );
        tasks[2].agent = planning::plan::AgentIx(1);
        let mut plan = sample::sample_plan(tasks);
        plan.limits.max_concurrent_tasks = 2;
        let day = SampleRun::start(plan, "10:30");
        assert_eq!(first(&day, 2, "10:31"), "all slots are in use (2 of 2) · since 10:30:00");
    }

    #[test]
    fn a_task_that_joins_thousands_names_some_and_counts_the_rest() {
        let mut tasks: Vec<_> = (0..2_000).map(|i| task(&format!("t{i}"), 3)).collect();
        let all: Vec<u32> = (0..2_000).collect();
        tasks.push(with_dependencies(task("join", 3), &all));
        let day = SampleRun::start(sample::sample_plan(tasks), "16:00");
        let list = state_reasons(day.run(), TaskIx(2_000), exchange_time("16:00"));
        assert_eq!(list.len(), NAMED_MAX);
        assert_eq!(list.last().unwrap().text, "waits for 1993 more tasks");
    }

    #[test]
    fn what_an_agent_said_cannot_command_the_terminal() {
        let mut day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "10:30");
        let evil = sample::failed(engine::FailureKind::BadInput, "x\u{1b}]0;owned\u{7}\ny");
        day.end_attempt("10:31", 0, evil);
        assert_eq!(first(&day, 0, "10:32"), "x y (bad input) · since 10:31:00 · retry");
    }
}
