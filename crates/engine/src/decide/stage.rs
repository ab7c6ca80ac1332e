//! When stages end, when they are stuck, and when the day is over.

use chrono::{DateTime, Utc};

use super::readiness::not_needed;
use crate::{
    event::Event,
    event_types::{AlertSeverity, RunEnd},
    late_start::{ExcuseReason, LateStartOutcome},
    run_state::RunState,
    stage_run::{StageRun, StageStatus},
    task_state::TaskState,
};
use planning::plan::{StageIx, TaskIx};

/// What follows for a stage of which a task ended or came back, or whose window opened or closed.
pub(crate) fn stage(state: &RunState, at: DateTime<Utc>, ix: StageIx) -> Option<Event> {
    if state.has_ended() || state.is_ending() {
        return None;
    }
    let (run, plan) = (state.stage(ix), state.plan().stage(ix));
    let over = all_ended(state, ix);
    match run.status {
        StageStatus::Waiting => (plan.opens_at <= at).then_some(Event::StageStarted { stage: ix }),
        StageStatus::Open if over => {
            let issues = bad_end_count(run) + count_rejected(state, ix);
            let excused = || state.plan().tasks_of(ix).any(|task| state.is_excused(task));
            let missed = run.counts[TaskState::Missed.index()] == total(run);
            if missed && plan.closes_at <= at && excused() {
                Some(Event::StageMissed { stage: ix })
            } else if !required_failed(state, ix) {
                Some(Event::StageCompleted { stage: ix, issues })
            } else if plan.closes_at > at && !state.plan().ends_with_work {
                // While the window is open a person may still repair it.
                None
            } else if missed {
                Some(Event::StageMissed { stage: ix })
            } else {
                Some(Event::StageFailed { stage: ix, issues })
            }
        }
        StageStatus::Open => None,
        StageStatus::Completed
        | StageStatus::CompletedWithIssues
        | StageStatus::Failed
        | StageStatus::Missed
        | StageStatus::Cancelled => (!over).then_some(Event::StageStarted { stage: ix }),
    }
}

/// Stages that stopped moving, or move again.
pub(crate) fn stuck_stage_events(state: &RunState, at: DateTime<Utc>) -> Vec<Event> {
    if state.has_ended() || state.is_ending() {
        return Vec::new();
    }
    let mut events = Vec::new();
    for (stage, run) in state.stages() {
        let stuck = run.status == StageStatus::Open && !moving(state, at, stage, run);
        match (run.stuck_since, stuck) {
            (None, true) => {
                let name = &state.plan().stage(stage).id;
                events.push(Event::StageStuck { stage });
                events.push(Event::SystemAlert {
                    severity: AlertSeverity::Critical,
                    code: "stage_stuck".into(),
                    text: format!("stage {name} is blocked: an operator must act"),
                });
            }
            (Some(_), false) => events.push(Event::StageMoving { stage }),
            (None, false) | (Some(_), true) => {}
        }
    }
    events
}

/// Whether something of an open stage is at work, or will be without anybody's help.
fn moving(state: &RunState, at: DateTime<Utc>, stage: StageIx, run: &StageRun) -> bool {
    let at_work =
        [TaskState::Running, TaskState::Queued, TaskState::Retrying, TaskState::Cancelling];
    if at_work.iter().any(|s| run.counts[s.index()] > 0) {
        return true;
    }
    if all_ended(state, stage) {
        return !required_failed(state, stage);
    }
    // Whatever moves by itself, and what waits for it, and so on, until the stage is reached.
    let mut seen = vec![false; state.plan().tasks.len()];
    let mut next: Vec<TaskIx> =
        state.tasks().map(|(ix, _)| ix).filter(|&ix| moves_itself(state, at, ix)).collect();
    while let Some(ix) = next.pop() {
        if std::mem::replace(&mut seen[ix.at()], true) || state.task(ix).state.is_terminal() {
            continue;
        }
        if state.plan().task(ix).stage == stage {
            return true;
        }
        next.extend(state.dependents(ix).iter().map(|&(dependent, _)| dependent));
    }
    false
}

/// Whether a task is at work or will be once its time comes, all it waits for being there.
fn moves_itself(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> bool {
    let run = state.task(ix);
    match run.state {
        TaskState::Running | TaskState::Queued | TaskState::Retrying | TaskState::Cancelling => {
            true
        }
        TaskState::Pending => {
            !state.is_unasked(ix)
                && run.waiting == 0
                && (state.not_before(ix) > at || state.first_stale(ix, at).is_none())
        }
        TaskState::Held
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => false,
    }
}

/// The last event of a cancelled run, once nothing of it moves. Giving a run up clears no doubt: with
/// an effect in doubt it has failed.
fn cancelled_end(state: &RunState) -> Option<Event> {
    // An effect in doubt outlives a timeout, as long as it may still be resolved.
    let over = |run: &crate::TaskRun| {
        run.state.is_terminal() || state.cancelling && run.state == TaskState::InDoubt
    };
    if !state.tasks().all(|(_, run)| over(run)) {
        return None;
    }
    let doubts: Vec<_> = state
        .tasks()
        .filter(|(_, run)| run.state == TaskState::InDoubt)
        .map(|(ix, _)| state.plan().task(ix).id.to_string())
        .collect();
    let timed_out = state.workflow_timeout_text();
    if doubts.is_empty() {
        return Some(
            timed_out.map_or(Event::WorkflowCancelled, |why| Event::WorkflowFailed { why }),
        );
    }
    if let Some(why) = timed_out {
        let why = format!("{why}; {} in doubt", doubts.join(", "));
        return Some(Event::WorkflowFailed { why });
    }
    Some(Event::WorkflowFailed { why: format!("given up with {} in doubt", doubts.join(", ")) })
}

/// Why a run of which no task was done has failed; `None` where an operator, or the configuration,
/// chose to leave the missed work alone.
fn nothing_done(state: &RunState) -> Option<String> {
    let missed = state.count_in_state(TaskState::Missed);
    let chosen = |ix| {
        let outcome = state.late_start_outcome(ix);
        let LateStartOutcome::Excused(why) = outcome? else { return None };
        matches!(why, ExcuseReason::NotChosen | ExcuseReason::Observing).then_some(())
    };
    let done = state.count_in_state(TaskState::Completed) > 0;
    if missed == 0 || done || state.tasks().any(|(ix, _)| chosen(ix).is_some()) {
        return None;
    }
    Some(format!("nothing was done: {missed} tasks were missed, their windows had closed"))
}

/// The run's last event, once every stage has ended.
pub(crate) fn run_end(state: &RunState) -> Option<Event> {
    if state.has_ended() {
        return None;
    }
    if state.is_ending() {
        return cancelled_end(state);
    }
    let mut stages = state.stages();
    if !stages.all(|(_, stage)| stage.status.has_ended()) {
        return None;
    }
    if state.has_on_demand
        && let Some((ix, _)) = state.tasks().find(|(ix, _)| state.waits_for_demand(*ix))
    {
        return Some(not_needed(ix));
    }
    if let Some(why) = nothing_done(state) {
        return Some(Event::WorkflowFailed { why });
    }
    let failed: Vec<_> = state
        .stages()
        .filter(|(ix, s)| match s.status {
            StageStatus::Failed => true,
            StageStatus::Missed => required_failed(state, *ix),
            StageStatus::Waiting
            | StageStatus::Open
            | StageStatus::Completed
            | StageStatus::CompletedWithIssues
            | StageStatus::Cancelled => false,
        })
        .map(|(ix, s)| format!("stage {} {}", state.plan().stage(ix).id, s.status.as_str()))
        .collect();
    if !failed.is_empty() {
        return Some(Event::WorkflowFailed { why: failed.join(", ") });
    }
    let clean = state.stages().all(|(_, s)| s.status == StageStatus::Completed);
    let end = if clean { RunEnd::Completed } else { RunEnd::CompletedWithIssues };
    Some(Event::WorkflowCompleted { end })
}

fn total(run: &StageRun) -> u32 {
    run.counts.iter().sum()
}

/// Returns whether every task of a stage has ended, but for those on demand that nobody asked for.
fn all_ended(state: &RunState, stage: StageIx) -> bool {
    let counts = &state.stage(stage).counts;
    let waits = [TaskState::Pending, TaskState::Held];
    let nothing_in = |s: &TaskState| s.is_terminal() || counts[s.index()] == 0;
    let ended = TaskState::ALL.iter().all(|s| nothing_in(s) || waits.contains(s));
    let unended = waits.map(|s| counts[s.index()]).iter().sum::<u32>();
    if !ended || unended == 0 || !state.has_on_demand {
        return ended && unended == 0;
    }
    state
        .plan()
        .tasks_of(stage)
        .all(|ix| state.task(ix).state.is_terminal() || state.waits_for_demand(ix))
}

fn bad_end_count(run: &StageRun) -> u32 {
    TaskState::ALL.iter().filter(|s| s.is_bad_end()).map(|s| run.counts[s.index()]).sum()
}

/// How many questions of a stage were answered with no. Such a stage did what it should, but nobody
/// is to read from its end that all was done.
fn count_rejected(state: &RunState, stage: StageIx) -> u32 {
    if state.stage(stage).counts[TaskState::Skipped.index()] == 0 {
        return 0;
    }
    let rejected = state.plan().tasks_of(stage).filter(|&ix| state.task(ix).is_rejected());
    u32::try_from(rejected.count()).unwrap_or(u32::MAX)
}

fn required_failed(state: &RunState, stage: StageIx) -> bool {
    bad_end_count(state.stage(stage)) > 0
        && state.plan().tasks_of(stage).any(|ix| {
            state.plan().task(ix).required
                && state.task(ix).state.is_bad_end()
                && !state.is_excused(ix)
        })
}
