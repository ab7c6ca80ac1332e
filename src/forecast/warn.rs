//! What somebody should look at before the day begins.

use super::dry_day::{Absent, DryAgent, DryTask, Warning, Why};
use crate::{
    engine::TaskState,
    plan::{Plan, PlannedTask},
    time::Span,
};

/// All warnings: by task in the order of the plan, then by agent.
pub(super) fn warnings(
    plan: &Plan,
    tasks: &[DryTask],
    absent: &[Absent],
    agents: &[DryAgent],
) -> Vec<Warning> {
    let missing = |task: &DryTask| {
        let found = absent.iter().find(|absent| absent.task == task.task && absent.required)?;
        match found.why {
            Why::Condition { .. } | Why::Closed { .. } | Why::Removed { .. } => None,
            Why::Upstream { .. } if found.state == Some(TaskState::Skipped) => None,
            Why::Upstream { .. }
            | Why::StartedLate { .. }
            | Why::WindowCloses { .. }
            | Why::Stale { .. }
            | Why::TimedOut { .. }
            | Why::CalledOff
            | Why::NoSlot => Some(Warning::NotDone { task: task.task.clone(), state: task.state }),
        }
    };
    let by_task = tasks.iter().flat_map(|task| {
        let planned = plan.task(task.ix);
        [missed(task), missing(task), small(planned), short(planned), overruns(planned)]
    });
    let idle = agents.iter().filter(|agent| agent.runs == 0);
    let idle = idle.map(|agent| Some(Warning::IdleAgent { agent: agent.agent.clone() }));
    by_task.chain(idle).flatten().collect()
}

/// A loop's last round may begin just before its window closes, and that is no delay.
fn missed(task: &DryTask) -> Option<Warning> {
    let end = task.end.filter(|end| *end > task.deadline && task.every.is_none())?;
    Some(Warning::DeadlineMissed { task: task.task.clone(), deadline: task.deadline, end })
}

fn small(task: &PlannedTask) -> Option<Warning> {
    let (estimate, room) = (task.estimate, Span::between(&task.opens_at, &task.deadline));
    let small = task.every.is_none() && estimate > room;
    small.then(|| Warning::WindowTooSmall { task: task.id.clone(), estimate, room })
}

fn short(task: &PlannedTask) -> Option<Warning> {
    let (estimate, timeout) = (task.estimate, task.timeout);
    let short = estimate > timeout;
    short.then(|| Warning::TimeoutTooShort { task: task.id.clone(), estimate, timeout })
}

fn overruns(task: &PlannedTask) -> Option<Warning> {
    let (estimate, every) = (task.estimate, task.every?);
    let over = estimate > every;
    over.then(|| Warning::LoopOverruns { task: task.id.clone(), estimate, every })
}
