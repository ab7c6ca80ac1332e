//! Choices offered by a command dialog: ways to skip, priorities, states that can be set by hand,
//! and the orders of an approval.

use chrono::{DateTime, Utc};

use super::popup::{DialogItem, ItemChoice};
use engine::{Command, Resolution, RunState, TaskState};
use planning::{
    plan::TaskIx,
    workflow::{EffectClass, TaskPriority},
};
use view::{approval_card, inspect, partial_approval::OrdersForApproval};

fn one_of(on: bool, text: &str, consequence: &str, commands: Vec<Command>) -> DialogItem {
    let (text, consequence) = (text.to_owned(), consequence.to_owned());
    DialogItem { pick: ItemChoice::OneOf(commands), on, text, consequence }
}

/// The two ways to skip.
pub(super) fn skip_choices(tasks: &[TaskIx]) -> Vec<DialogItem> {
    let all = |satisfies| tasks.iter().map(|&task| Command::Skip { task, satisfies }).collect();
    vec![
        one_of(true, "dependent tasks stay blocked", "no task runs without its input", all(false)),
        one_of(false, "dependent tasks can start", "as if it had completed", all(true)),
    ]
}

/// The priorities a task does not have.
pub(super) fn priority(run: &RunState, tasks: &[TaskIx]) -> Vec<DialogItem> {
    let now = tasks.first().map(|&ix| run.task(ix).priority);
    let others = TaskPriority::ALL.into_iter().filter(|&other| Some(other) != now);
    let item = |(i, priority): (usize, TaskPriority)| {
        let told = match priority {
            TaskPriority::Critical => "starts even while the engine is paused",
            TaskPriority::High | TaskPriority::Medium | TaskPriority::Low => "",
        };
        let commands = tasks.iter().map(|&task| Command::SetPriority { task, priority }).collect();
        one_of(i == 0, priority.as_str(), told, commands)
    };
    others.enumerate().map(item).collect()
}

/// The states a person may set by hand, from the one a task is in.
pub(super) fn by_hand(run: &RunState, task: TaskIx) -> Vec<DialogItem> {
    // While an answer is awaited nobody can ask again.
    let asking = run.in_doubt().get(&task).is_some_and(|doubt| doubt.asking);
    let mut items = state_choices(run.task(task).state, task);
    if asking {
        items.remove(0);
        if let Some(first) = items.first_mut() {
            first.on = true;
        }
    }
    items
}

fn state_choices(state: TaskState, task: TaskIx) -> Vec<DialogItem> {
    let resolve = |finding| vec![Command::Resolve { task, finding }];
    match state {
        TaskState::InDoubt => vec![
            one_of(true, "probe now", "no other change", vec![Command::Probe { task }]),
            one_of(
                false,
                "it did not happen",
                "it may be retried with the same key",
                resolve(Resolution::DidNotHappen),
            ),
            DialogItem {
                pick: ItemChoice::Evidence(task),
                on: false,
                text: "it happened".into(),
                consequence: "COMPLETED; the reason names the reference".into(),
            },
            one_of(false, "give up", "FAILED; never retried", resolve(Resolution::GaveUp)),
        ],
        TaskState::Completed => vec![
            one_of(
                true,
                "set failed",
                "FAILED; taints results that used it",
                vec![Command::SetFailed { task }],
            ),
            one_of(
                false,
                "rerun",
                "a new generation; the old result is kept",
                vec![Command::Rerun { task }],
            ),
        ],
        TaskState::Retrying | TaskState::Held => {
            vec![one_of(
                true,
                "give up the retry",
                "failed; what needs it is blocked",
                vec![Command::SetFailed { task }],
            )]
        }
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Running
        | TaskState::Cancelling
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => vec![one_of(
            true,
            "set completed",
            "by operator decision; taints downstream results",
            vec![Command::SetCompleted { task }],
        )],
    }
}

/// The lines of an approval: the result it is about, and the tasks it lets go on. Nothing is cut:
/// the dialog scrolls. Orders that may be ticked one by one are no part of it.
pub(super) fn approval_lines(
    run: &RunState,
    (task, asked): (TaskIx, Option<&OrdersForApproval>),
    now: DateTime<Utc>,
) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(asked) = asked {
        lines.extend(asked.head.iter().cloned());
        lines.push(format!("starts: {}", follows(run, task)));
        return lines;
    }
    for dependency in &run.plan().task(task).dependencies {
        let outcome = run.task(dependency.on).outcome.as_ref();
        let card = outcome.and_then(|outcome| approval_card::approval_card(outcome, ORDERS_MAX));
        lines.extend(card.unwrap_or_else(|| inspect::inspect_task(run, dependency.on, now).output));
    }
    lines.push(format!("starts: {}", follows(run, task)));
    lines
}

/// Orders named on a card: more than any plan has.
const ORDERS_MAX: usize = 1_000_000;

/// Tasks named as following.
const FOLLOWS_MAX: usize = 3;

/// Returns what waits for a task, by name; of what may send orders it is said.
fn follows(run: &RunState, task: TaskIx) -> String {
    let one = |&(ix, _): &(TaskIx, _)| {
        let next = run.plan().task(ix);
        let orders = next.effect == EffectClass::Effectful;
        format!("{}{}", next.id, if orders { " (sends orders)" } else { "" })
    };
    let names: Vec<_> = run.dependents(task).iter().take(FOLLOWS_MAX).map(one).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
