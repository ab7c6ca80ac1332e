//! The chain of tasks that keeps one from running, from the root cause down to it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::why::state_reasons;
use engine::{RunState, TaskEnding, TaskState, Waiver, control::CommandVerb};
use planning::{
    id::TaskId,
    plan::{Dependency, TaskIx},
    workflow::DependencyKind,
};

/// One task of the chain. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingTask {
    pub ix: TaskIx,
    pub id: TaskId,
    pub state: TaskState,
    /// The reason for its place in the chain.
    pub note: String,
    /// The act on this task that helps, as in the line that says why; `None`: wait.
    pub verb: Option<CommandVerb>,
}

/// Longest chain that is told; the root cause is kept.
const CAUSES_MAX: usize = 64;

/// Returns what keeps a task from running, the root cause first, the task itself last. One entry:
/// nothing but itself.
#[must_use]
pub fn why_blocked(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<BlockingTask> {
    let (mut chain, mut seen) = (vec![task], BTreeSet::from([task]));
    let mut last = task;
    while let Some(on) = worst(run, last, at).filter(|&on| seen.insert(on)) {
        chain.push(on);
        last = on;
    }
    let left_out = chain.len().saturating_sub(CAUSES_MAX);
    if left_out > 0 {
        chain.drain(1..=left_out);
    }
    chain.reverse();
    chain.into_iter().map(|ix| cause(run, ix, at)).collect()
}

fn cause(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> BlockingTask {
    let reason = state_reasons(run, ix, at).into_iter().next();
    let verb = reason.as_ref().filter(|why| why.on.is_none()).and_then(|why| why.verb);
    let note = match (&reason, run.task(ix).state) {
        (Some(why), _) => why.text.clone(),
        (None, TaskState::Running) => "it is being worked on".to_owned(),
        (None, state) => state.as_str().to_owned(),
    };
    BlockingTask { ix, id: run.plan().task(ix).id.clone(), state: run.task(ix).state, note, verb }
}

/// Of what a task waits for, what stands in its way most.
fn worst(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Option<TaskIx> {
    let state = run.task(task).state;
    let waits = matches!(
        state,
        TaskState::Pending | TaskState::Queued | TaskState::Retrying | TaskState::UpstreamFailed
    );
    let open = |dependency: &&Dependency| {
        let waived = run.task(task).has_waiver_for(Waiver::Dependency(dependency.on));
        waits && !waived && weight(run, **dependency, at) > 0
    };
    let dependencies = run.plan().task(task).dependencies.iter().filter(open);
    // Of equals the first, as the reasons of a task are told.
    let worst = dependencies.rev().max_by_key(|dependency| weight(run, **dependency, at));
    worst.map(|dependency| dependency.on)
}

/// Returns how much a dependency stands in the way; nothing when it is satisfied.
fn weight(run: &RunState, dependency: Dependency, at: DateTime<Utc>) -> u8 {
    let hard = dependency.hardness == DependencyKind::Hard;
    let task = run.task(dependency.on);
    match task.state {
        TaskState::Failed | TaskState::Timeout | TaskState::Cancelled | TaskState::Missed => {
            9 * u8::from(hard)
        }
        TaskState::InDoubt => 8,
        TaskState::UpstreamFailed => 7 * u8::from(hard),
        TaskState::Skipped => 6 * u8::from(hard && task.ending.as_ref().is_some_and(unsatisfying)),
        TaskState::Held => 5,
        TaskState::Retrying => 4,
        TaskState::Cancelling | TaskState::Running => 3,
        TaskState::Queued | TaskState::Pending => 2,
        TaskState::Completed => u8::from(run.staleness(dependency, at).is_some()),
    }
}

const fn unsatisfying(ending: &TaskEnding) -> bool {
    matches!(ending, TaskEnding::Skipped { satisfies: false, .. } | TaskEnding::Rejected(_))
}
