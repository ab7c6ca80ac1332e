//! What follows when a moment comes that was waited for.

use chrono::{DateTime, Utc};

use super::answer::timed_out;
use crate::{
    definition::{Effect, OnClose},
    engine::{
        agenda::{REMINDERS, Timer},
        agent_run::Breaker,
        answer::{Failure, FailureKind},
        event::Event,
        fact::{Clock, Gate, Severity},
        stage_run::StageStatus,
        state::RunState,
        task_state::TaskState,
    },
    plan::{StageIx, TaskIx},
    time::Span,
};

/// What a timer leads to.
#[derive(Debug, Default)]
pub(in crate::engine) struct Decided {
    pub(in crate::engine) events: Vec<Event>,
    /// A task to settle.
    pub(in crate::engine) settle: Option<TaskIx>,
    /// A stage to look at.
    pub(in crate::engine) stage: Option<StageIx>,
    /// A timer to set.
    pub(in crate::engine) again: Option<(DateTime<Utc>, Timer)>,
}

impl From<Vec<Event>> for Decided {
    fn from(events: Vec<Event>) -> Self {
        Self { events, ..Self::default() }
    }
}

/// Decides what a timer leads to that came due at its moment and is looked at `at`, on a real clock
/// always a little later. One that is out of date leads to nothing.
pub(in crate::engine) fn timer(
    state: &RunState,
    at: DateTime<Utc>,
    (moment, timer): (DateTime<Utc>, Timer),
) -> Decided {
    match timer {
        Timer::StageOpens(stage) => {
            // Before its tasks start, so that nobody reads of work in a stage that has not opened.
            let waits = state.stage(stage).status == StageStatus::Waiting && !state.cancelling;
            let events = waits.then_some(Event::StageStarted { stage }).into_iter().collect();
            Decided { events, stage: Some(stage), ..Decided::default() }
        }
        Timer::StageCloses(stage) => {
            Decided { events: close(state, stage), stage: Some(stage), ..Decided::default() }
        }
        Timer::Due(task) => Decided { settle: Some(task), ..Decided::default() },
        Timer::RunOut(task) if state.task(task).state == TaskState::Running => {
            timed_out(state, at, task).into()
        }
        Timer::QueueOut(task) => {
            let (run, limit) = (state.task(task), state.plan().task(task).queue_timeout);
            let over = |limit: Span| run.since + limit.delta() <= at;
            let out = run.state == TaskState::Queued && limit.is_some_and(over);
            out.then_some(Event::TaskTimedOut { task, clock: Clock::Queue })
                .into_iter()
                .collect::<Vec<_>>()
                .into()
        }
        Timer::CancelOut(task) if state.task(task).state == TaskState::Cancelling => {
            vec![unconfirmed(state, task)].into()
        }
        Timer::RunOut(..) | Timer::CancelOut(..) => Decided::default(),
        Timer::GateOpens(gate) => {
            let due = |until: DateTime<Utc>| until <= at;
            let open = state.gates().get(&gate).and_then(|closed| closed.until).is_some_and(due);
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
            let due = state.doubts().get(&task).and_then(|doubt| doubt.next_at);
            let asked = due.filter(|due| *due <= at).and_then(|_due| state.probing(task));
            asked.into_iter().collect::<Vec<_>>().into()
        }
        Timer::Stall => stall(state, at),
    }
}

/// At the close of a stage with `cancel_rest`, everything of it that has not ended is called off.
fn close(state: &RunState, stage: StageIx) -> Vec<Event> {
    if state.plan().stage(stage).on_close != OnClose::CancelRest {
        return Vec::new();
    }
    let rest = state.plan().tasks_of(stage).filter(|&ix| !state.task(ix).state.ended());
    rest.filter_map(|task| cancelled(state, task)).collect()
}

/// The event that calls a task off, if it can be called off.
pub(super) fn cancelled(state: &RunState, task: TaskIx) -> Option<Event> {
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
fn unconfirmed(state: &RunState, task: TaskIx) -> Event {
    match state.plan().task(task).effect {
        Effect::Pure | Effect::Keyed | Effect::Human => {
            let human = state.human(task);
            Event::TaskCancelled { task, confirmed: human }
        }
        Effect::Effectful => Event::TaskInDoubt {
            task,
            failure: Box::new(Failure::new(
                FailureKind::TimedOut,
                "asked to stop, and no answer: what was sent is not known",
            )),
        },
    }
}

fn reminder(state: &RunState, moment: DateTime<Utc>, gate: Gate) -> Option<Event> {
    let closed = state.gates().get(&gate)?;
    let age = Span::between(&closed.since, &moment);
    let due = REMINDERS.contains(&age);
    due.then(|| Event::SystemAlert {
        severity: Severity::Warning,
        code: "pause_reminder".into(),
        text: format!("{} has been paused for {age} by {}", gate.words(state.plan()), closed.by),
    })
}

/// The run stood still for the workflow's timeout though tasks were ready: they are given up.
/// Waiting for a window, and a pause by a person, never count.
fn stall(state: &RunState, at: DateTime<Utc>) -> Decided {
    let limit = state.plan().limits.workflow_timeout.delta();
    let ready: Vec<_> =
        state.tasks().filter(|(_, t)| t.state == TaskState::Queued).map(|(ix, _)| ix).collect();
    let waiting_since = ready.iter().map(|&ix| state.task(ix).since).min().unwrap_or(at);
    let due = state.progress_at.max(waiting_since) + limit;
    if due > at {
        return Decided { again: Some((due, Timer::Stall)), ..Decided::default() };
    }
    let again = Some((at + limit, Timer::Stall));
    if state.slots_used() > 0 || !state.gates().is_empty() {
        return Decided { again, ..Decided::default() };
    }
    let alert = Event::SystemAlert {
        severity: Severity::Critical,
        code: "workflow_timeout".into(),
        text: format!("nothing progressed for {}", state.plan().limits.workflow_timeout),
    };
    let given_up =
        ready.into_iter().map(|task| Event::TaskTimedOut { task, clock: Clock::Workflow });
    let events = std::iter::once(alert).chain(given_up).collect();
    Decided { events, again, ..Decided::default() }
}
