//! What a person asks: routed to the file that decides it, and the plain verbs themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    force, gates, judge, ladder, late, person, probe, recover,
    refusal::{reason, refuse, refuse_state, refuse_task, words},
    retry,
    timer::cancelled,
};
use crate::{
    definition::TaskPriority,
    engine::{
        answer::{Failure, FailureKind, Outcome},
        command::{Actor, Command, Finding, Order, Refusal},
        event::Event,
        fact::{NoRetry, PauseMode, Provenance, ResetCause, SkipWhy},
        ladder::TradingState,
        state::RunState,
        task_state::TaskState,
        terms::Terms,
    },
    plan::TaskIx,
};

/// Decides a command: the events that do it, or why it does nothing.
pub(in crate::engine) fn command(
    state: &RunState,
    at: DateTime<Utc>,
    order: &Order,
) -> Result<Vec<Event>, Refusal> {
    if state.ended() {
        let why = "nothing more can be done in it";
        return Err(refuse("the day is over", why, Some("start a new run")));
    }
    if let Some(task) = order.command.task()
        && task.at() >= state.plan().tasks.len()
    {
        return Err(refuse("the plan", "it has no such task", None));
    }
    if state.recovering() {
        recover::patient(&order.command)?;
    }
    match &order.command {
        Command::Pause { gate, mode, until } => {
            gates::pause(state, at, order, *gate, (*mode, *until))
        }
        Command::Resume { gate } => gates::resume(state, *gate),
        Command::Hold { task } => hold(state, order, *task),
        Command::Release { task } => release(state, *task),
        Command::Retry { task, scope } => retry::retry(state, at, *task, *scope),
        Command::RetryFailed { stage } => retry::retry_failed(state, at, *stage),
        Command::Rerun { task } => retry::rerun(state, at, *task),
        Command::RunNow { task } => force::run_now(state, at, *task),
        Command::Force { task, waivers } => force::force(state, at, order, *task, waivers),
        Command::ForceStage { stage, waivers } => {
            force::force_stage(state, at, order, *stage, waivers)
        }
        Command::Skip { task, satisfies } => skip(state, *task, *satisfies),
        Command::Unskip { task } => unskip(state, *task),
        Command::Cancel { task } => cancel(state, *task),
        Command::SetOk { task } => set_ok(state, order, *task),
        Command::SetFailed { task } => set_failed(state, order, *task),
        Command::Approve { task, terms } => judge::approve(state, order, *task, terms),
        Command::Reject { task } => judge::reject(state, order, *task),
        Command::Resolve { task, finding } => resolve(state, order, *task, finding),
        Command::Probe { task } => probe::probe(state, *task),
        Command::Recover { paused } => recover::recover(state, at, order, *paused),
        Command::SetPriority { task, priority } => set_priority(state, *task, *priority),
        Command::CancelRun => {
            // What has ended, blocked by its upstream or otherwise, keeps its own story.
            let open = state.tasks().filter(|(_, run)| !run.state.ended());
            Ok(open.filter_map(|(task, _)| cancelled(state, task)).collect())
        }
        Command::CatchUp { tasks, left, .. } => late::catch_up(state, at, tasks, left),
        Command::Arm => person::arm(state, order),
        Command::Disarm => person::disarm(state, order),
        Command::Acknowledge { alert } => person::acknowledge(state, order, *alert),
        Command::Tighten { to } => ladder::tighten(state, order, *to),
        Command::Rearm { to } => ladder::rearm(state, order, *to),
    }
}

/// Why a command would be refused at `at`, if it would be, reasons given. Reads the state alone, so
/// it costs no more than the tasks the command names.
#[must_use]
pub fn refused(state: &RunState, at: DateTime<Utc>, wanted: &Command) -> Option<Refusal> {
    let order = Order {
        id: u64::MAX,
        by: Actor::Operator(String::new()),
        reason: Some("asked beforehand".into()),
        command: wanted.clone(),
    };
    command(state, at.max(state.at()), &order).err()
}

impl Command {
    /// The approval of all that a task asks about.
    #[must_use]
    pub fn approve(task: TaskIx) -> Self {
        Self::Approve { task, terms: Terms::default() }
    }

    /// Its verb, as in the audit: `retry`, `run now`, `set ok`.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Pause { mode: PauseMode::Halt, .. } => "halt",
            Self::Pause { .. } => "pause",
            Self::Resume { .. } => "resume",
            Self::Hold { .. } => "hold",
            Self::Release { .. } => "release",
            Self::Retry { .. } => "retry",
            Self::RetryFailed { .. } => "retry failed",
            Self::Rerun { .. } => "rerun",
            Self::RunNow { .. } => "run now",
            Self::Force { .. } | Self::ForceStage { .. } => "force",
            Self::Skip { .. } => "skip",
            Self::Unskip { .. } => "unskip",
            Self::Cancel { .. } => "cancel",
            Self::SetOk { .. } => "set ok",
            Self::SetFailed { .. } => "set failed",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Resolve { .. } => "resolve",
            Self::Probe { .. } => "probe",
            Self::Recover { .. } => "recover",
            Self::SetPriority { .. } => "set priority",
            Self::CatchUp { .. } => "catch up",
            Self::CancelRun => "cancel run",
            Self::Arm => "arm",
            Self::Disarm => "disarm",
            Self::Acknowledge { .. } => "acknowledge",
            Self::Tighten { to: TradingState::Killed } => "kill trading",
            Self::Tighten { to: TradingState::Halted } => "halt trading",
            Self::Tighten { to: TradingState::Active | TradingState::ReduceOnly } => {
                "reduce trading"
            }
            Self::Rearm { .. } => "re-arm trading",
        }
    }

    /// The task it is aimed at, if at one.
    #[must_use]
    pub const fn task(&self) -> Option<TaskIx> {
        match self {
            Self::Hold { task }
            | Self::Release { task }
            | Self::Retry { task, .. }
            | Self::Rerun { task }
            | Self::RunNow { task }
            | Self::Force { task, .. }
            | Self::Skip { task, .. }
            | Self::Unskip { task }
            | Self::Cancel { task }
            | Self::SetOk { task }
            | Self::SetFailed { task }
            | Self::Approve { task, .. }
            | Self::Reject { task }
            | Self::Resolve { task, .. }
            | Self::Probe { task }
            | Self::SetPriority { task, .. } => Some(*task),
            Self::Pause { .. }
            | Self::Resume { .. }
            | Self::RetryFailed { .. }
            | Self::ForceStage { .. }
            | Self::CatchUp { .. }
            | Self::CancelRun
            | Self::Recover { .. }
            | Self::Arm
            | Self::Disarm
            | Self::Acknowledge { .. }
            | Self::Tighten { .. }
            | Self::Rearm { .. } => None,
        }
    }
}

fn hold(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    match state.task(task).state {
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::UpstreamFailed => Ok(vec![Event::TaskHeld { task, by: words(order) }]),
        TaskState::Held => Err(refuse_state(state, task, "it is held already")),
        TaskState::Running | TaskState::Cancelling => {
            Err(refuse_state(state, task, "an attempt is alive"))
        }
        TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::Missed => Err(refuse_state(state, task, "there is nothing to hold back")),
    }
}

fn release(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    if state.task(task).state == TaskState::Held {
        return Ok(vec![Event::TaskReleased { task }]);
    }
    Err(refuse_state(state, task, "nobody holds it"))
}

fn skip(state: &RunState, task: TaskIx, satisfies: bool) -> Result<Vec<Event>, Refusal> {
    let why = match state.task(task).state {
        TaskState::Running => "an attempt is alive",
        TaskState::Cancelling => "it is being stopped",
        TaskState::InDoubt => "its effect may have happened",
        TaskState::Completed => "it is done",
        TaskState::Skipped => "it is skipped already",
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::UpstreamFailed
        | TaskState::Missed => {
            return Ok(vec![Event::TaskSkipped { task, why: SkipWhy::Operator, satisfies }]);
        }
    };
    Err(refuse_state(state, task, why))
}

fn unskip(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    if state.task(task).state != TaskState::Skipped {
        return Err(refuse_state(state, task, "it was not skipped"));
    }
    if state.task(task).rejected() {
        let why = "it was asked, and the answer was no";
        return Err(refuse_task(state, task, why, "retry it, and it asks again"));
    }
    retry::proven_without_effect(state, task)?;
    Ok(vec![Event::TaskReset { task, cause: ResetCause::Unskip }])
}

fn cancel(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    cancelled(state, task).map(|event| vec![event]).ok_or_else(|| {
        let ended = state.task(task).state.ended();
        let why = if ended { "it has ended" } else { "it is being stopped, or was" };
        refuse_state(state, task, why)
    })
}

fn set_ok(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Failed
        | TaskState::Timeout
        | TaskState::Missed
        | TaskState::Cancelled
        | TaskState::UpstreamFailed => {
            let outcome = Arc::new(Outcome::bare(format!("set ok by {}: {reason}", order.by)));
            Ok(vec![Event::TaskCompleted { task, provenance: Provenance::SetOk, outcome }])
        }
        TaskState::InDoubt => {
            let why = "what happened is not known";
            Err(refuse_task(state, task, why, "resolve it with evidence"))
        }
        TaskState::Completed => Err(refuse_state(state, task, "it is ok")),
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Running
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::Skipped => Err(refuse_state(state, task, "it has not ended badly")),
    }
}

fn set_failed(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Completed | TaskState::Held | TaskState::Retrying => {
            let message = format!("set failed by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            Ok(vec![Event::TaskFailed { task, failure, why: NoRetry::Operator }])
        }
        TaskState::Running | TaskState::Cancelling => {
            Err(refuse_state(state, task, "an attempt is alive"))
        }
        TaskState::InDoubt => Err(refuse_state(state, task, "what happened is not known")),
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => {
            Err(refuse_state(state, task, "it has no result that could be wrong"))
        }
    }
}

fn resolve(
    state: &RunState,
    order: &Order,
    task: TaskIx,
    finding: &Finding,
) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    if state.task(task).state != TaskState::InDoubt {
        return Err(refuse_state(state, task, "nothing about it is in doubt"));
    }
    Ok(match finding {
        Finding::Happened { evidence } if evidence.trim().is_empty() => {
            let why = "that it happened needs evidence";
            return Err(refuse_task(state, task, why, "name the broker's reference"));
        }
        Finding::Happened { evidence } => {
            let summary = format!("happened, says {}: {evidence} ({reason})", order.by);
            let outcome = Arc::new(Outcome::bare(summary));
            vec![Event::TaskCompleted { task, provenance: Provenance::Reconciled, outcome }]
        }
        Finding::DidNotHappen => vec![Event::TaskReset { task, cause: ResetCause::ProvenAbsent }],
        Finding::Abandoned => {
            let message = format!("given up in doubt by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            vec![Event::TaskFailed { task, failure, why: NoRetry::Operator }]
        }
    })
}

fn set_priority(
    state: &RunState,
    task: TaskIx,
    priority: TaskPriority,
) -> Result<Vec<Event>, Refusal> {
    let run = state.task(task);
    if run.priority == priority {
        return Err(refuse_state(state, task, &format!("its priority is {priority} already")));
    }
    if run.state.active() || (run.state.ended() && run.state != TaskState::UpstreamFailed) {
        return Err(refuse_state(state, task, "priority matters only before the start"));
    }
    if run.state == TaskState::InDoubt {
        return Err(refuse_state(state, task, "it is in doubt"));
    }
    Ok(vec![Event::TaskPrioritySet { task, priority }])
}
