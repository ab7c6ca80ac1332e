//! What follows when a moment comes that was waited for.

use chrono::{DateTime, Utc};

use super::attempt_end::timed_out;
use crate::{
    agenda::{REMINDERS, Timer},
    agent_run::Breaker,
    event::Event,
    event_types::{AlertSeverity, Gate, TimeoutCause},
    outcome::{Failure, FailureKind},
    run_state::RunState,
    stage_run::StageStatus,
    task_state::TaskState,
};
use planning::{
    plan::{StageIx, TaskIx},
    time::Span,
    workflow::{EffectClass, OnClose},
};

/// What a timer leads to.
#[derive(Debug, Default)]
pub(crate) struct TimerDecision {
    pub(crate) events: Vec<Event>,
    /// A task to settle.
    pub(crate) settle: Option<TaskIx>,
    /// A stage to look at.
    pub(crate) stage: Option<StageIx>,
    /// A timer to set.
    pub(crate) again: Option<(DateTime<Utc>, Timer)>,
}

impl From<Vec<Event>> for TimerDecision {
    fn from(events: Vec<Event>) -> Self {
        Self { events, ..Self::default() }
    }
}

/// Decides what a timer leads to that came due at its moment and is looked at `at`, on a real clock
/// always a little later. One that is out of date leads to nothing.
pub(crate) fn decide_timer(
    state: &RunState,
    at: DateTime<Utc>,
    (moment, timer): (DateTime<Utc>, Timer),
) -> TimerDecision {
    match timer {
        Timer::StageOpens(stage) => {
            // Before its tasks start, so that nobody reads of work in a stage that has not opened.
            let waits = state.stage(stage).status == StageStatus::Waiting && !state.is_ending();
            let events = waits.then_some(Event::StageStarted { stage }).into_iter().collect();
            TimerDecision { events, stage: Some(stage), ..TimerDecision::default() }
        }
        Timer::StageCloses(stage) => TimerDecision {
            events: close(state, stage),
            stage: Some(stage),
            ..TimerDecision::default()
        },
        Timer::Due(task) => TimerDecision { settle: Some(task), ..TimerDecision::default() },
        Timer::TaskTimeout(task) if state.task(task).state == TaskState::Running => {
            timed_out(state, at, task).into()
        }
        Timer::QueueTimeout(task) => {
            let (run, limit) = (state.task(task), state.plan().task(task).queue_timeout);
            let over = |limit: Span| run.since + limit.to_delta() <= at;
            let out = run.state == TaskState::Queued && limit.is_some_and(over);
            out.then_some(Event::TaskTimedOut { task, clock: TimeoutCause::Queue })
                .into_iter()
                .collect::<Vec<_>>()
                .into()
        }
        Timer::CancelTimeout(task) if state.task(task).state == TaskState::Cancelling => {
            vec![unconfirmed_stop(state, task)].into()
        }
        Timer::TaskTimeout(..) | Timer::CancelTimeout(..) => TimerDecision::default(),
        Timer::GateOpens(gate) => {
            let due = |until: DateTime<Utc>| until <= at;
            let open =
                state.closed_gates().get(&gate).and_then(|closed| closed.until).is_some_and(due);
            open.then_some(Event::GateOpened { gate }).into_iter().collect::<Vec<_>>().into()
        }
        Timer::PauseReminder(gate) => {
            reminder(state, moment, gate).into_iter().collect::<Vec<_>>().into()
        }
        Timer::BreakerProbe(agent) => {
            let due = matches!(state.agent(agent).breaker, Breaker::Open { until } if until <= at);
            due.then_some(Event::BreakerHalfOpened { agent }).into_iter().collect::<Vec<_>>().into()
        }
        Timer::Probe(task) => {
            let due = state.in_doubt().get(&task).and_then(|doubt| doubt.next_at);
            let asked = due.filter(|due| *due <= at).and_then(|_due| state.probe_event(task));
            asked.into_iter().collect::<Vec<_>>().into()
        }
        Timer::WorkflowTimeout => workflow_timeout(state, at),
    }
}

/// At the close of a stage with `cancel_rest`, everything of it that has not ended is called off.
fn close(state: &RunState, stage: StageIx) -> Vec<Event> {
    if state.plan().stage(stage).on_close != OnClose::CancelRest {
        return Vec::new();
    }
    let rest = state.plan().tasks_of(stage).filter(|&ix| !state.task(ix).state.is_terminal());
    rest.filter_map(|task| cancel_event(state, task)).collect()
}

/// The event that calls a task off, if it can be called off.
pub(super) fn cancel_event(state: &RunState, task: TaskIx) -> Option<Event> {
    match state.task(task).state {
        TaskState::Running => Some(Event::TaskCancelling { task }),
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::UpstreamFailed => Some(Event::TaskCancelled { task, confirmed: true }),
        TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::Missed => None,
    }
}

/// A cancellation nobody confirmed: harmless for pure work, in doubt for the rest.
fn unconfirmed_stop(state: &RunState, task: TaskIx) -> Event {
    match state.plan().task(task).effect {
        EffectClass::Pure | EffectClass::Idempotent | EffectClass::Human => {
            let human = state.is_human_task(task);
            Event::TaskCancelled { task, confirmed: human }
        }
        EffectClass::Effectful => Event::TaskInDoubt {
            task,
            failure: Box::new(Failure::new(
                FailureKind::TimedOut,
                "asked to stop, and no answer: what was sent is not known",
            )),
        },
    }
}

fn reminder(state: &RunState, moment: DateTime<Utc>, gate: Gate) -> Option<Event> {
    let closed = state.closed_gates().get(&gate)?;
    let age = Span::between(&closed.since, &moment);
    let due = REMINDERS.contains(&age);
    due.then(|| Event::SystemAlert {
        severity: AlertSeverity::Warning,
        code: "pause_reminder".into(),
        text: format!("{} has been paused for {age} by {}", gate.describe(state.plan()), closed.by),
    })
}

/// Gives the run up once work went on for `workflow_timeout` without a break: what runs is stopped,
/// what waits is not started.
fn workflow_timeout(state: &RunState, at: DateTime<Utc>) -> TimerDecision {
    let limit = state.plan().limits.workflow_timeout;
    let again = |due| TimerDecision {
        again: Some((due, Timer::WorkflowTimeout)),
        ..TimerDecision::default()
    };
    let Some(since) = state.work_clock.working_since().filter(|_| !state.is_ending()) else {
        return again(at + limit.to_delta());
    };
    let due = since + limit.to_delta();
    if due > at {
        return again(due);
    }
    let alert = Event::SystemAlert {
        severity: AlertSeverity::Critical,
        code: "workflow_timeout".into(),
        text: format!("work went on for {limit} without a break: the run is given up"),
    };
    let given_up = state.tasks().filter_map(|(task, run)| match run.state {
        TaskState::Queued | TaskState::Retrying => {
            Some(Event::TaskTimedOut { task, clock: TimeoutCause::Workflow })
        }
        TaskState::Pending
        | TaskState::Running
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => cancel_event(state, task),
    });
    [Event::WorkflowTimedOut { since }, alert]
        .into_iter()
        .chain(given_up)
        .collect::<Vec<_>>()
        .into()
}
