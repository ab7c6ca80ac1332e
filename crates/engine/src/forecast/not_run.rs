//! Why tasks are not done: taken out of the day by a rule, or not reached in it.

use super::{
    report::{NotRunReason, TaskNotRun},
    simulate::Simulation,
};
use crate::{RunState, TaskEnding, TaskState};
use planning::{
    id::TaskId,
    plan::{DayPlan, NotedValue, PlanNote, TaskIx},
};

/// Everything of the workflow that is not done.
pub(super) fn tasks_not_run(played: &Simulation) -> Vec<TaskNotRun> {
    let state = played.state();
    let plan = state.plan();
    let gone = plan.notes.iter().filter_map(|note| removed_task(plan, note));
    let not_done = state.tasks().filter(|(_, run)| run.state != TaskState::Completed);
    let not_done = not_done.map(|(ix, run)| TaskNotRun {
        task: plan.task(ix).id.clone(),
        state: Some(run.state),
        required: plan.task(ix).required,
        why: not_run_reason(played, ix),
    });
    let mut all: Vec<TaskNotRun> = Vec::new();
    for found in gone.chain(not_done) {
        // A second rule that removes the same task has nothing to remove.
        if all.iter().all(|known| known.task != found.task) {
            all.push(found);
        }
    }
    all
}

/// The task a note says was removed, unless the day has it after all.
fn removed_task(plan: &DayPlan, note: &PlanNote) -> Option<TaskNotRun> {
    let task = note.task.clone()?;
    let NotedValue::Removed { why: because } = &note.about else { return None };
    if plan.find_task(task.as_str()).is_some() {
        return None;
    }
    let why = if plan.is_closed() {
        NotRunReason::Closed { day: plan.day.clone() }
    } else {
        NotRunReason::Removed { because: because.clone(), origin: note.origin.clone() }
    };
    Some(TaskNotRun { task, state: None, required: false, why })
}

fn not_run_reason(played: &Simulation, ix: TaskIx) -> NotRunReason {
    let state = played.state();
    let (plan, run) = (state.plan(), state.task(ix));
    let task = plan.task(ix);
    let upstream = run.state == TaskState::UpstreamFailed;
    if played.before.contains(&ix) && !upstream {
        return NotRunReason::Ended { at: run.since };
    }
    match run.state {
        TaskState::Queued if state.gate_before(ix).is_some() => NotRunReason::GateClosed,
        TaskState::Skipped if task.on_demand => NotRunReason::OnDemand,
        TaskState::Skipped => match &task.when {
            Some((_, condition)) => NotRunReason::Condition { condition: condition.to_string() },
            None => NotRunReason::Upstream {
                on: not_done(state, ix).unwrap_or_else(|| task.id.clone()),
            },
        },
        TaskState::UpstreamFailed => NotRunReason::Upstream { on: culprit(state, ix) },
        TaskState::Missed if task.closes_at <= played.starts_at => {
            NotRunReason::StartedLate { closed_at: task.closes_at }
        }
        TaskState::Timeout | TaskState::Failed | TaskState::InDoubt
            if task.estimate > task.timeout =>
        {
            NotRunReason::TimedOut { estimate: task.estimate, timeout: task.timeout }
        }
        TaskState::Cancelled | TaskState::Cancelling => NotRunReason::Cancelled,
        TaskState::Queued => NotRunReason::NoSlot,
        TaskState::Pending
        | TaskState::Running
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Missed => waited_in_vain(played, ix),
    }
}

/// A task whose window passed: it waited for something that came too late, or had become too old.
fn waited_in_vain(played: &Simulation, ix: TaskIx) -> NotRunReason {
    let state = played.state();
    let task = state.plan().task(ix);
    let name = |ix: TaskIx| state.plan().task(ix).id.clone();
    let closes_at = task.closes_at;
    let open = |on: TaskIx| played.decided[on.at()].is_none_or(|at| at >= closes_at);
    if let Some(waited) = task.dependencies.iter().find(|dependency| open(dependency.on)) {
        return NotRunReason::WindowCloses { closes_at, waits_for: Some(name(waited.on)) };
    }
    // At its close everything was decided; what kept it then was age, or the lack of a slot.
    let at = closes_at.max(played.starts_at);
    let stale = task.dependencies.iter().find_map(|d| Some((d.on, state.staleness(*d, at)?.1)));
    match stale {
        Some((on, valid_for)) => NotRunReason::Stale { on: name(on), valid_for },
        None if played.lacked[ix.at()].is_some() => NotRunReason::NoSlot,
        None => NotRunReason::WindowCloses { closes_at, waits_for: None },
    }
}

fn culprit(state: &RunState, ix: TaskIx) -> TaskId {
    let named = if let Some(TaskEnding::UpstreamFailed(on)) = state.task(ix).ending {
        Some(state.plan().task(on).id.clone())
    } else {
        not_done(state, ix)
    };
    named.unwrap_or_else(|| state.plan().task(ix).id.clone())
}

/// The first of the tasks a task waits for that is not done.
fn not_done(state: &RunState, ix: TaskIx) -> Option<TaskId> {
    let dependencies = &state.plan().task(ix).dependencies;
    let broken = dependencies.iter().find(|d| state.task(d.on).state != TaskState::Completed)?;
    Some(state.plan().task(broken.on).id.clone())
}
