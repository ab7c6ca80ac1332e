//! What an order would do, asked of the engine itself: a copy of it takes the order, and the two
//! states are compared. Nothing leaves the copy.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    definition::Effect,
    engine::{Actor, Command, Engine, Input, Order, Refusal, RunState, TaskState},
    plan::TaskIx,
    present::words,
};

/// Tasks up to which a copy of the run is made for a preview; copying a hundred thousand takes
/// longer than a person waits for a dialog.
const TASKS_MAX: usize = 5_000;
/// Names in a line; the others are counted.
const NAMES_MAX: usize = 5;

/// What a command would do at `now`, line by line: which tasks would be in which state then, and
/// which would be tainted. Says so when nothing would change at once.
///
/// # Errors
///
/// The engine's refusal.
pub(super) fn preview(
    run: &RunState,
    now: DateTime<Utc>,
    command: &Command,
) -> Result<Vec<String>, Refusal> {
    if run.plan().tasks.len() > TASKS_MAX {
        return Ok(vec!["the day is too large to try it out first".into()]);
    }
    let mut engine = Engine::resume(run.clone());
    // What time alone brings is no work of the order.
    engine.step(now, Input::Wake);
    let before = engine.state().clone();
    let order = Order {
        id: u64::MAX,
        by: Actor::Operator("preview".into()),
        // What a reason is typed for is tried out before it is typed.
        reason: Some("preview".into()),
        command: command.clone(),
    };
    match engine.step(now, Input::Order(order)).refusal {
        Some(refusal) => Err(refusal),
        None => Ok(difference(&before, engine.state())),
    }
}

fn difference(before: &RunState, after: &RunState) -> Vec<String> {
    let mut moved: BTreeMap<TaskState, Vec<TaskIx>> = BTreeMap::new();
    let mut tainted = Vec::new();
    for (ix, task) in after.tasks() {
        let old = before.task(ix);
        let again = task.attempt != old.attempt || task.generation != old.generation;
        if task.state != old.state || again {
            moved.entry(task.state).or_default().push(ix);
        }
        if task.tainted && !old.tainted {
            tainted.push(ix);
        }
    }
    let mut lines: Vec<_> = moved
        .iter()
        .map(|(state, tasks)| {
            let orders = tasks.iter().filter(|&&ix| orders(after, ix)).count();
            let warns = match (state, orders) {
                (TaskState::Running | TaskState::Queued, 1..) => {
                    format!(" — {} may send orders", words::plural(count(orders), "task"))
                }
                _quiet => String::new(),
            };
            format!("{}: {}{warns}", verb(*state), names(after, tasks))
        })
        .collect();
    if !tainted.is_empty() {
        lines.push(format!("taints: {}", names(after, &tainted)));
    }
    if lines.is_empty() {
        lines.push("changes no task at once".into());
    }
    lines
}

const fn verb(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "waits anew",
        TaskState::Queued => "waits for a slot",
        TaskState::Running => "starts now",
        TaskState::Retrying => "tries again later",
        TaskState::Held => "is held",
        TaskState::Cancelling => "is asked to stop",
        TaskState::InDoubt => "is left in doubt",
        TaskState::Completed => "counts as done",
        TaskState::Failed => "counts as failed",
        TaskState::Timeout => "counts as timed out",
        TaskState::Cancelled => "is called off",
        TaskState::Skipped => "is skipped",
        TaskState::UpstreamFailed => "is blocked",
        TaskState::Missed => "is missed",
    }
}

fn orders(run: &RunState, ix: TaskIx) -> bool {
    run.plan().task(ix).effect == Effect::Effectful
}

fn names(run: &RunState, tasks: &[TaskIx]) -> String {
    let first: Vec<_> =
        tasks.iter().take(NAMES_MAX).map(|&ix| run.plan().task(ix).id.as_str()).collect();
    match tasks.len() - first.len() {
        0 => first.join(", "),
        rest => format!("{} and {rest} more", first.join(", ")),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
