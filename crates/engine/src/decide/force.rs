//! Starting work though conditions do not hold: what does not, and what a person may set aside.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    readiness::condition_failure,
    refusal::{refuse, refuse_state, refuse_task},
    retry::{proven_without_effect, retry_now_event},
};
use crate::{
    agent_run::Breaker,
    command::{CommandRefusal, CommandRequest, Waiver},
    dependency_status::{DependencyStatus, dependency_status},
    event::Event,
    event_types::{ResetCause, SkipReason},
    run_state::RunState,
    stage_run::StageStatus,
    task_state::TaskState,
    trading_state::TradingState,
};
use planning::{
    plan::{StageIx, TaskIx},
    workflow::{DependencyKind, EffectClass},
};

/// One condition that keeps a task from starting now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmetCondition {
    /// The task.
    pub task: TaskIx,
    /// What a person may tick to set it aside; `None` when it is never waivable.
    pub waiver: Option<Waiver>,
    /// In words.
    pub text: String,
}

/// Everything that keeps a task from starting at `at` but slots: the lines of the force dialog.
/// Empty when nothing does.
#[must_use]
pub fn unmet_conditions(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Vec<UnmetCondition> {
    let mut list: Vec<UnmetCondition> = trading_condition(state, task).into_iter().collect();
    list.extend(unmet_conditions_but_trading(state, at, task));
    list
}

/// The same, whatever the trading state is.
pub(super) fn unmet_conditions_but_trading(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
) -> Vec<UnmetCondition> {
    let mut list = other_conditions(state, at, task);
    let missing = missing_approvals(state, at, task).into_iter().map(|approval| {
        let name = &state.plan().task(approval).id;
        UnmetCondition { task, waiver: None, text: format!("{name} has not approved the orders") }
    });
    list.extend(missing);
    list
}

fn trading_condition(state: &RunState, task: TaskIx) -> Option<UnmetCondition> {
    let trading = state.trading_block(task)?;
    Some(UnmetCondition { task, waiver: None, text: format!("trading is {trading}") })
}

/// All conditions but the trading state and approvals.
fn other_conditions(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Vec<UnmetCondition> {
    let (run, plan) = (state.task(task), state.plan().task(task));
    let effectful = plan.effect == EffectClass::Effectful;
    let mut list = Vec::new();
    let mut add = |waiver: Option<Waiver>, text: String| {
        if waiver.is_none_or(|w| !run.has_waiver_for(w)) {
            list.push(UnmetCondition { task, waiver, text });
        }
    };
    let closed_session = effectful && !(state.plan().open <= at && at < state.plan().close);
    let window = (!closed_session).then_some(Waiver::Window);
    if closed_session {
        add(None, "the session is closed: orders cannot go out".into());
    }
    if state.is_unasked(task) {
        add(Some(Waiver::OnDemand), "it is on demand: nobody has asked for it".into());
    }
    if plan.opens_at > at {
        add(window, format!("its window has not opened: opens in {}", span(at, plan.opens_at)));
    } else if plan.closes_at <= at {
        add(window, format!("its window closed {} ago", span(plan.closes_at, at)));
    }
    for dependency in &plan.dependencies {
        if state.is_human_task(dependency.on) && effectful {
            continue;
        }
        let upstream = state.task(dependency.on);
        let name = &state.plan().task(dependency.on).id;
        let on = dependency.on;
        match dependency_status(upstream, dependency.hardness) {
            DependencyStatus::Satisfied => {
                if let Some((age, valid)) = state.staleness(*dependency, at) {
                    let text = format!("{name} is stale: {age} old, valid for {valid} (taints)");
                    add(Some(Waiver::Freshness(on)), text);
                }
            }
            DependencyStatus::Unmet | DependencyStatus::Impossible => {
                let doubt = effectful && upstream.state == TaskState::InDoubt;
                let taints = if doubt { "" } else { " (taints)" };
                let text = format!("{name} is {}{taints}", upstream.state);
                add((!doubt).then_some(Waiver::Dependency(on)), text);
            }
        }
    }
    if let Some((asked, condition)) = &plan.when
        && state.task(*asked).state.is_terminal()
        && let Some(why) = condition_failure(state, *asked, condition)
    {
        let lacks =
            if why == SkipReason::MissingField { ": the result has no such field" } else { "" };
        let text = format!("its condition `{condition}` does not hold{lacks} (taints)");
        add(Some(Waiver::Condition), text);
    }
    if run.state == TaskState::Held {
        let by = run.held_by.as_deref().unwrap_or("an operator");
        add(Some(Waiver::Hold), format!("held by {by}"));
    }
    if let Some((gate, closed)) = state.gate_before(task) {
        let text = format!("{} is paused by {}", gate.describe(state.plan()), closed.by);
        add(Some(Waiver::Pause(gate)), text);
    }
    if matches!(state.agent(plan.agent).breaker, Breaker::Open { .. }) {
        let agent = &state.plan().agent(plan.agent).id;
        add(Some(Waiver::Breaker), format!("the breaker of {agent} is open"));
    }
    list
}

/// The approvals an order task depends on, directly or through other tasks, that were not given or
/// are stale. They are never waived: orders go out only as an operator approved them.
fn missing_approvals(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> BTreeSet<TaskIx> {
    let mut missing = BTreeSet::new();
    if state.plan().task(task).effect != EffectClass::Effectful {
        return missing;
    }
    let mut seen = BTreeSet::from([task]);
    let mut next = vec![task];
    while let Some(below) = next.pop() {
        for dependency in &state.plan().task(below).dependencies {
            if dependency.hardness != DependencyKind::Hard || !seen.insert(dependency.on) {
                continue;
            }
            let status = dependency_status(state.task(dependency.on), dependency.hardness);
            let direct = below == task;
            let stale = direct && state.staleness(*dependency, at).is_some();
            let given = status == DependencyStatus::Satisfied && !stale;
            if state.is_human_task(dependency.on) && !given {
                missing.insert(dependency.on);
            }
            next.push(dependency.on);
        }
    }
    missing
}

/// Refuses to count a task as done where orders would then go out without their approval: the task is
/// that approval, or stands between it and the orders.
pub(super) fn ensure_approvals_kept(state: &RunState, task: TaskIx) -> Result<(), CommandRefusal> {
    let Some(orders) = orders_below(state, task) else { return Ok(()) };
    let (mut seen, mut next) = (BTreeSet::from([task]), vec![task]);
    while let Some(ix) = next.pop() {
        let given = dependency_status(state.task(ix), DependencyKind::Hard);
        if state.is_human_task(ix) && given != DependencyStatus::Satisfied {
            let (approval, orders) = (&state.plan().task(ix).id, &state.plan().task(orders).id);
            let why =
                format!("{approval} has not approved the orders of {orders}; that is never waived");
            let fix = format!("approve {approval}, or retry it to request approval again");
            return Err(refuse_task(state, task, &why, &fix));
        }
        let hard = state.plan().task(ix).dependencies.iter();
        let hard = hard.filter(|dependency| dependency.hardness == DependencyKind::Hard);
        next.extend(hard.map(|dependency| dependency.on).filter(|on| seen.insert(*on)));
    }
    Ok(())
}

/// Returns an order task that depends on `task`, directly or through other tasks.
fn orders_below(state: &RunState, task: TaskIx) -> Option<TaskIx> {
    let (mut seen, mut next) = (BTreeSet::from([task]), vec![task]);
    while let Some(ix) = next.pop() {
        for &(below, kind) in state.dependents(ix) {
            if kind != DependencyKind::Hard || !seen.insert(below) {
                continue;
            }
            if state.plan().task(below).effect == EffectClass::Effectful {
                return Some(below);
            }
            next.push(below);
        }
    }
    None
}

fn span(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    planning::time::Span::secs(planning::time::Span::between(&from, &to).as_secs()).to_string()
}

/// Starts a task before its window; all else still holds.
pub(super) fn run_now(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    let legal = [TaskState::Pending, TaskState::Held, TaskState::Missed];
    if !legal.contains(&state.task(task).state) {
        let why = "only waiting or missed work can be run ahead of its window";
        return Err(refuse_state(state, task, why));
    }
    let mut waivers = vec![Waiver::Window];
    if state.task(task).state == TaskState::Held {
        waivers.push(Waiver::Hold);
    }
    forced(state, at, task, &waivers)
}

/// Starts a task though what `waivers` names does not hold.
pub(super) fn force(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
    task: TaskIx,
    waivers: &[Waiver],
) -> Result<Vec<Event>, CommandRefusal> {
    if let Some(&approval) = missing_approvals(state, at, task).first() {
        let approval = &state.plan().task(approval).id;
        let why = format!("{approval} has not approved the orders; that is never waived");
        return Err(refuse_task(state, task, &why, &format!("approve {approval} first")));
    }
    let lines = unmet_conditions(state, at, task);
    if waivers.is_empty() && lines.iter().any(|unmet| unmet.waiver.is_some()) {
        let why = "no condition is waived, and not all of them hold";
        return Err(refuse_task(state, task, why, "name each condition that is waived"));
    }
    let grave = waivers.iter().any(|w| *w != Waiver::Window);
    if grave && order.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
        let why = "waiving anything but the window needs a reason";
        return Err(refuse_task(state, task, why, "force it with a reason"));
    }
    forced(state, at, task, waivers)
}

fn forced(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    waivers: &[Waiver],
) -> Result<Vec<Event>, CommandRefusal> {
    let run = state.task(task);
    let cause = match run.state {
        TaskState::Running | TaskState::Cancelling => {
            return Err(refuse_state(state, task, "an attempt is alive"));
        }
        TaskState::InDoubt => {
            let why = "its effect may have happened";
            return Err(refuse_task(state, task, why, "resolve it with evidence first"));
        }
        TaskState::Completed => {
            return Err(refuse_state(state, task, "it is done"));
        }
        TaskState::Failed | TaskState::Timeout | TaskState::Cancelled | TaskState::Missed => {
            proven_without_effect(state, task)?;
            Some(ResetCause::Retry)
        }
        TaskState::Skipped => {
            proven_without_effect(state, task)?;
            Some(ResetCause::Unskip)
        }
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::UpstreamFailed => None,
    };
    // A task that waits for its approval may be started early; it still waits for the approval.
    let lines = trading_condition(state, task).into_iter().chain(other_conditions(state, at, task));
    let never = lines.into_iter().find(|u| u.waiver.is_none());
    if let Some(never) = never {
        return Err(refuse_task(
            state,
            task,
            &format!("{}; it cannot be waived", never.text),
            match state.trading_block(task) {
                Some(_) => "re-enable trading first",
                None => "wait until it holds, or skip it",
            },
        ));
    }
    if state.is_unasked(task) && !waivers.contains(&Waiver::OnDemand) {
        let why = "it is on demand, and nobody has asked for it";
        return Err(refuse_task(state, task, why, "force it and waive on-demand, with a reason"));
    }
    let mut events: Vec<Event> =
        cause.map(|cause| Event::TaskReset { task, cause }).into_iter().collect();
    // A queued task that lacks nothing still goes to the head of its queue.
    let waivers = if waivers.is_empty() { vec![Waiver::Window] } else { waivers.to_vec() };
    let release = run.state == TaskState::Held && waivers.contains(&Waiver::Hold);
    events.push(Event::TaskForced { task, waivers });
    if release {
        events.push(Event::TaskReleased { task });
    }
    if run.state == TaskState::Retrying {
        events.push(retry_now_event(state, task));
    }
    Ok(events)
}

/// Opens a stage past its window and starts its tasks as far as `waivers` allow. Tasks that
/// nothing may force (orders outside the session) stay as they are.
pub(super) fn force_stage(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
    stage: StageIx,
    waivers: &[Waiver],
) -> Result<Vec<Event>, CommandRefusal> {
    if stage.at() >= state.plan().stages.len() {
        return Err(refuse("the plan", "it has no such stage", None));
    }
    let what =
        format!("stage {} is {}", state.plan().stage(stage).id, state.stage(stage).status.as_str());
    if state.trading_status().state == TradingState::Killed {
        let why = "trading is KILLED; that is never waived";
        return Err(refuse(&what, why, Some("re-enable trading first")));
    }
    let grave = waivers.iter().any(|w| *w != Waiver::Window);
    if grave && order.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
        let why = "waiving anything but the window needs a reason";
        return Err(refuse(&what, why, Some("force it with a reason")));
    }
    let mut events = vec![Event::StageForced { stage, waivers: waivers.to_vec() }];
    if state.stage(stage).status == StageStatus::Waiting {
        events.push(Event::StageStarted { stage });
    }
    for task in state.plan().tasks_of(stage) {
        let mine: Vec<_> = unmet_conditions(state, at, task)
            .into_iter()
            .filter_map(|u| u.waiver)
            .filter(|w| waivers.contains(w) && *w != Waiver::OnDemand)
            .collect();
        let startable = matches!(
            state.task(task).state,
            TaskState::Pending | TaskState::Held | TaskState::Missed | TaskState::UpstreamFailed
        );
        if startable && !mine.is_empty() {
            events.extend(forced(state, at, task, &mine).unwrap_or_default());
        }
    }
    let nothing =
        !events.iter().any(|e| matches!(e, Event::TaskForced { .. } | Event::StageStarted { .. }));
    if nothing {
        return Err(refuse(&what, "none of its tasks waits for what was waived", None));
    }
    Ok(events)
}
