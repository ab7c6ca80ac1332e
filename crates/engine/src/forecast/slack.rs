//! The backward pass: how late each task may end before a deadline, its own or a later one, is missed.

use chrono::{DateTime, Utc};

use super::simulate::Simulation;

/// The latest end of each task that ran and is no loop.
///
/// The least of its own deadline and the latest starts of the tasks that ran and waited for it. A
/// latest start is the latest end less the estimate, and not after the window; of a loop it is the
/// end of its window.
pub(super) fn latest_ends(played: &Simulation) -> Vec<Option<DateTime<Utc>>> {
    let plan = played.state().plan();
    let mut ends: Vec<_> = plan.tasks.iter().map(|task| task.deadline).collect();
    let mut ran = vec![false; ends.len()];
    // Whoever waited started later, so all that wait for a task are met before it.
    for &ix in played.order.iter().rev() {
        let task = plan.task(ix);
        ran[ix.at()] = true;
        let start = match task.every {
            Some(_) => task.closes_at,
            None => (ends[ix.at()] - task.estimate.to_delta()).min(task.closes_at),
        };
        for dependency in &task.dependencies {
            let end = &mut ends[dependency.on.at()];
            *end = start.min(*end);
        }
    }
    let judged = plan.tasks.iter().zip(ran).map(|(task, ran)| ran && task.every.is_none());
    ends.into_iter().zip(judged).map(|(end, judged)| judged.then_some(end)).collect()
}
