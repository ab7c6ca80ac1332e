//! What somebody should look at before the day begins.

use super::report::{DryRunAgent, DryRunTask, DryRunWarning, NotRunReason, TaskNotRun};
use crate::TaskState;
use planning::{
    plan::{DayPlan, PlannedTask},
    time::Span,
};

/// All warnings: by task in the order of the plan, then by agent.
pub(super) fn warnings(
    plan: &DayPlan,
    tasks: &[DryRunTask],
    absent: &[TaskNotRun],
    agents: &[DryRunAgent],
) -> Vec<DryRunWarning> {
    let missing = |task: &DryRunTask| {
        let found = absent.iter().find(|absent| absent.task == task.task && absent.required)?;
        match found.why {
            NotRunReason::Condition { .. }
            | NotRunReason::OnDemand
            | NotRunReason::Closed { .. }
            | NotRunReason::Removed { .. } => None,
            NotRunReason::Upstream { .. } | NotRunReason::Ended { .. }
                if found.state == Some(TaskState::Skipped) =>
            {
                None
            }
            NotRunReason::Upstream { .. }
            | NotRunReason::Ended { .. }
            | NotRunReason::GateClosed
            | NotRunReason::StartedLate { .. }
            | NotRunReason::WindowCloses { .. }
            | NotRunReason::Stale { .. }
            | NotRunReason::TimedOut { .. }
            | NotRunReason::Cancelled
            | NotRunReason::NoSlot => {
                Some(DryRunWarning::TaskNotRun { task: task.task.clone(), state: task.state })
            }
        }
    };
    let by_task = tasks.iter().flat_map(|task| {
        let planned = plan.task(task.ix);
        [
            missed_warning(task),
            missing(task),
            small(planned),
            short_timeout_warning(planned),
            overruns(planned),
        ]
    });
    let idle = agents.iter().filter(|agent| agent.runs == 0);
    let idle = idle.map(|agent| Some(DryRunWarning::IdleAgent { agent: agent.agent.clone() }));
    by_task.chain(idle).flatten().collect()
}

/// A loop's last round may begin just before its window closes, and that is no delay.
fn missed_warning(task: &DryRunTask) -> Option<DryRunWarning> {
    let end = task.end.filter(|end| *end > task.deadline && task.every.is_none())?;
    Some(DryRunWarning::DeadlineMissed { task: task.task.clone(), deadline: task.deadline, end })
}

fn small(task: &PlannedTask) -> Option<DryRunWarning> {
    let (estimate, room) = (task.estimate, Span::between(&task.opens_at, &task.deadline));
    let small = task.every.is_none() && estimate > room;
    small.then(|| DryRunWarning::WindowTooSmall { task: task.id.clone(), estimate, room })
}

fn short_timeout_warning(task: &PlannedTask) -> Option<DryRunWarning> {
    let (estimate, timeout) = (task.estimate, task.timeout);
    let short = estimate > timeout;
    short.then(|| DryRunWarning::TimeoutTooShort { task: task.id.clone(), estimate, timeout })
}

fn overruns(task: &PlannedTask) -> Option<DryRunWarning> {
    let (estimate, every) = (task.estimate, task.every?);
    let over = estimate > every;
    over.then(|| DryRunWarning::MonitorOverruns { task: task.id.clone(), estimate, every })
}
