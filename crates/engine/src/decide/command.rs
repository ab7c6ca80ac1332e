//! What a person asks: routed to the file that decides it, and the plain verbs themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    approval, catch_up, flatten, force, gates, operator, probe, recovery,
    refusal::{describe_actor_and_reason, refuse, refuse_state, refuse_task, required_reason},
    retry,
    timer::cancel_event,
    trading,
};
use crate::{
    approval_terms::ApprovalTerms,
    command::{Actor, Command, CommandRefusal, CommandRequest, Resolution},
    event::Event,
    event_types::{NoRetryReason, PauseMode, Provenance, ResetCause, SkipReason},
    outcome::{Failure, FailureKind, TaskResult},
    run_state::RunState,
    task_state::TaskState,
    trading_state::TradingState,
};
use planning::{plan::TaskIx, workflow::TaskPriority};

/// Decides a command: the events that do it, or why it does nothing.
pub(crate) fn decide_command(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
) -> Result<Vec<Event>, CommandRefusal> {
    if state.has_ended() {
        let why = "nothing more can be done in it";
        return Err(refuse("the day is over", why, Some("start a new run")));
    }
    if let Some(task) = order.command.task()
        && task.at() >= state.plan().tasks.len()
    {
        return Err(refuse("the plan", "it has no such task", None));
    }
    if state.is_recovering() {
        recovery::refuse_while_recovering(&order.command)?;
    }
    match &order.command {
        // A client of an older version sends this for `halt`: a brake is never refused for its age.
        Command::Pause { mode: PauseMode::RecordedHalt, .. } => {
            trading::tighten(state, order, TradingState::Halted)
        }
        Command::Pause { gate, mode, until } => {
            gates::pause(state, at, order, *gate, (*mode, *until))
        }
        Command::Resume { gate } => gates::resume(state, *gate),
        Command::Hold { task } => hold(state, order, *task),
        Command::Release { task } => release(state, *task),
        Command::Retry { task, scope } => retry::retry(state, at, *task, *scope),
        Command::RetryStage { stage } => retry::retry_failed(state, at, *stage),
        Command::Rerun { task } => retry::rerun(state, at, *task),
        Command::RunNow { task } => force::run_now(state, at, *task),
        Command::Force { task, waivers } => force::force(state, at, order, *task, waivers),
        Command::ForceStage { stage, waivers } => {
            force::force_stage(state, at, order, *stage, waivers)
        }
        Command::Skip { task, satisfies } => skip(state, *task, *satisfies),
        Command::Unskip { task } => unskip(state, *task),
        Command::Cancel { task } => cancel(state, *task),
        Command::SetCompleted { task } => set_ok(state, order, *task),
        Command::SetFailed { task } => set_failed(state, order, *task),
        Command::Approve { task, terms } => approval::approve(state, order, *task, terms),
        Command::Reject { task } => approval::reject(state, order, *task),
        Command::Resolve { task, finding } => resolve(state, order, *task, finding),
        Command::Probe { task } => probe::probe(state, *task),
        Command::Recover { paused } => recovery::recover(state, at, order, *paused),
        Command::SetPriority { task, priority } => set_priority(state, *task, *priority),
        Command::CancelRun => {
            // What has ended, blocked by its upstream or otherwise, keeps its own story.
            let open = state.tasks().filter(|(_, run)| !run.state.is_terminal());
            Ok(open.filter_map(|(task, _)| cancel_event(state, task)).collect())
        }
        Command::Flatten { symbol } => flatten::flatten(state, at, order, symbol.as_deref()),
        Command::CatchUp { tasks, left, .. } => catch_up::decide_catch_up(state, at, tasks, left),
        Command::Arm => operator::arm(state, order),
        Command::Disarm => operator::disarm(state, order),
        Command::Acknowledge { alert } => operator::acknowledge(state, order, *alert),
        Command::TightenTrading { to } => trading::tighten(state, order, *to),
        Command::ReEnableTrading { to } => trading::re_enable(state, order, *to),
    }
}

/// Why a command would be refused at `at`, if it would be, reasons given. Reads the state alone, so
/// it costs no more than the tasks the command names.
#[must_use]
pub fn refusal_of(state: &RunState, at: DateTime<Utc>, wanted: &Command) -> Option<CommandRefusal> {
    let order = CommandRequest {
        id: u64::MAX,
        by: Actor::Operator(String::new()),
        reason: Some("asked beforehand".into()),
        command: wanted.clone(),
    };
    decide_command(state, at.max(state.last_event_at()), &order).err()
}

impl Command {
    /// The approval of all that a task asks about.
    #[must_use]
    pub fn approve_all(task: TaskIx) -> Self {
        Self::Approve { task, terms: ApprovalTerms::default() }
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
            | Self::SetCompleted { task }
            | Self::SetFailed { task }
            | Self::Approve { task, .. }
            | Self::Reject { task }
            | Self::Resolve { task, .. }
            | Self::Probe { task }
            | Self::SetPriority { task, .. } => Some(*task),
            Self::Pause { .. }
            | Self::Resume { .. }
            | Self::RetryStage { .. }
            | Self::ForceStage { .. }
            | Self::CatchUp { .. }
            | Self::CancelRun
            | Self::Flatten { .. }
            | Self::Recover { .. }
            | Self::Arm
            | Self::Disarm
            | Self::Acknowledge { .. }
            | Self::TightenTrading { .. }
            | Self::ReEnableTrading { .. } => None,
        }
    }
}

fn hold(
    state: &RunState,
    order: &CommandRequest,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    match state.task(task).state {
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::UpstreamFailed => {
            Ok(vec![Event::TaskHeld { task, by: describe_actor_and_reason(order) }])
        }
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

fn release(state: &RunState, task: TaskIx) -> Result<Vec<Event>, CommandRefusal> {
    if state.task(task).state == TaskState::Held {
        return Ok(vec![Event::TaskReleased { task }]);
    }
    Err(refuse_state(state, task, "it is not held"))
}

fn skip(state: &RunState, task: TaskIx, satisfies: bool) -> Result<Vec<Event>, CommandRefusal> {
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
            if satisfies {
                force::ensure_approvals_kept(state, task)?;
            }
            return Ok(vec![Event::TaskSkipped { task, why: SkipReason::Operator, satisfies }]);
        }
    };
    Err(refuse_state(state, task, why))
}

fn unskip(state: &RunState, task: TaskIx) -> Result<Vec<Event>, CommandRefusal> {
    if state.task(task).state != TaskState::Skipped {
        return Err(refuse_state(state, task, "it was not skipped"));
    }
    if state.task(task).is_rejected() {
        let why = "it was rejected";
        return Err(refuse_task(state, task, why, "retry it to request approval again"));
    }
    retry::proven_without_effect(state, task)?;
    Ok(vec![Event::TaskReset { task, cause: ResetCause::Unskip }])
}

fn cancel(state: &RunState, task: TaskIx) -> Result<Vec<Event>, CommandRefusal> {
    cancel_event(state, task).map(|event| vec![event]).ok_or_else(|| {
        let ended = state.task(task).state.is_terminal();
        let why = if ended { "it has ended" } else { "it is being stopped, or was" };
        refuse_state(state, task, why)
    })
}

fn set_ok(
    state: &RunState,
    order: &CommandRequest,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    let reason = required_reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Failed
        | TaskState::Timeout
        | TaskState::Missed
        | TaskState::Cancelled
        | TaskState::UpstreamFailed => {
            force::ensure_approvals_kept(state, task)?;
            let outcome =
                Arc::new(TaskResult::without_data(format!("set ok by {}: {reason}", order.by)));
            Ok(vec![Event::TaskCompleted { task, provenance: Provenance::SetByOperator, outcome }])
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

fn set_failed(
    state: &RunState,
    order: &CommandRequest,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    let reason = required_reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Completed | TaskState::Held | TaskState::Retrying => {
            let message = format!("set failed by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            Ok(vec![Event::TaskFailed { task, failure, why: NoRetryReason::Operator }])
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
    order: &CommandRequest,
    task: TaskIx,
    finding: &Resolution,
) -> Result<Vec<Event>, CommandRefusal> {
    let reason = required_reason(state, order, task)?;
    if state.task(task).state != TaskState::InDoubt {
        return Err(refuse_state(state, task, "it is not in doubt"));
    }
    Ok(match finding {
        Resolution::Happened { evidence } if evidence.trim().is_empty() => {
            let why = "that it happened needs evidence";
            return Err(refuse_task(state, task, why, "name the broker's reference"));
        }
        Resolution::Happened { evidence } => {
            let summary = format!("happened, says {}: {evidence} ({reason})", order.by);
            let outcome = Arc::new(TaskResult::without_data(summary));
            vec![Event::TaskCompleted { task, provenance: Provenance::Reconciled, outcome }]
        }
        Resolution::DidNotHappen => {
            vec![Event::TaskReset { task, cause: ResetCause::OperatorResolved }]
        }
        Resolution::GaveUp => {
            let message = format!("given up in doubt by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            vec![Event::TaskFailed { task, failure, why: NoRetryReason::Operator }]
        }
    })
}

fn set_priority(
    state: &RunState,
    task: TaskIx,
    priority: TaskPriority,
) -> Result<Vec<Event>, CommandRefusal> {
    let run = state.task(task);
    if run.priority == priority {
        return Err(refuse_state(state, task, &format!("its priority is {priority} already")));
    }
    if run.state.is_active() || (run.state.is_terminal() && run.state != TaskState::UpstreamFailed)
    {
        return Err(refuse_state(state, task, "priority matters only before the start"));
    }
    if run.state == TaskState::InDoubt {
        return Err(refuse_state(state, task, "it is in doubt"));
    }
    Ok(vec![Event::TaskPriorityChanged { task, priority }])
}
