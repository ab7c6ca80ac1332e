//! Unmet conditions of a forced start, as boxes to tick. The engine names the conditions; this
//! module adds their consequences and merges those of a stage's tasks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::popup::{DialogItem, ItemChoice};
use engine::{Gate, RunState, TaskState, UnmetCondition, Waiver, unmet_conditions};
use planning::plan::{StageIx, TaskIx};
use view::format;

/// One unmet condition. None is ticked beforehand: each waiver is chosen by the operator.
struct ConditionItem {
    /// The waiver for the condition; `None` if it cannot be waived.
    waiver: Option<Waiver>,
    text: String,
    consequence: &'static str,
}

impl ConditionItem {
    fn item(self) -> DialogItem {
        DialogItem {
            pick: self.waiver.map_or(ItemChoice::Never, ItemChoice::Waive),
            on: false,
            text: self.text,
            consequence: self.consequence.into(),
        }
    }
}

/// The unmet conditions of a task, those that nobody may waive last.
#[must_use]
pub(super) fn of_task(run: &RunState, ix: TaskIx, now: DateTime<Utc>) -> Vec<DialogItem> {
    unmet_of(run, ix, now).into_iter().map(ConditionItem::item).collect()
}

fn unmet_of(run: &RunState, ix: TaskIx, now: DateTime<Utc>) -> Vec<ConditionItem> {
    let mut list: Vec<_> = unmet_conditions(run, now, ix).iter().map(condition).collect();
    list.sort_by_key(|condition| condition.waiver.is_none());
    list
}

/// The unmet conditions of the tasks of a stage that have not started, each once. Waiting for a
/// task of the same stage that may still succeed is no condition of the stage.
#[must_use]
pub(super) fn of_stage(run: &RunState, stage: StageIx, now: DateTime<Utc>) -> Vec<DialogItem> {
    let mut list: Vec<ConditionItem> = Vec::new();
    let mut more: BTreeMap<Waiver, u32> = BTreeMap::new();
    for ix in startable_tasks(run, stage) {
        for mut condition in unmet_of(run, ix, now) {
            let inside = matches!(condition.waiver, Some(Waiver::Dependency(on))
                if run.plan().task(on).stage == stage && !run.task(on).state.is_terminal());
            let known = list.iter().any(|other| match condition.waiver {
                // Each task says it in its own words; it is one box all the same.
                Some(waiver) => other.waiver == Some(waiver),
                None => other.text.ends_with(&condition.text),
            });
            if inside {
                continue;
            }
            if !known {
                condition.text = format!("{}: {}", run.plan().task(ix).id, condition.text);
                list.push(condition);
            } else if let Some(waiver) = condition.waiver {
                *more.entry(waiver).or_default() += 1;
            }
        }
    }
    for condition in &mut list {
        // The first task is named; how many others the same tick frees is told too.
        if let Some(count) = condition.waiver.and_then(|waiver| more.get(&waiver)) {
            condition.text = condition.text.replacen(": ", &format!(" and {count} more: "), 1);
        }
    }
    // What forcing usually means stands first, what nobody may waive last.
    list.sort_by_key(|c| (c.waiver.is_none(), c.waiver != Some(Waiver::Window)));
    list.into_iter().map(ConditionItem::item).collect()
}

/// The tasks of a stage that forcing it may start.
pub(super) fn startable_tasks(run: &RunState, stage: StageIx) -> impl Iterator<Item = TaskIx> {
    run.plan().tasks_of(stage).filter(|&ix| {
        matches!(
            run.task(ix).state,
            TaskState::Pending | TaskState::Held | TaskState::Missed | TaskState::UpstreamFailed
        )
    })
}

fn condition(unmet: &UnmetCondition) -> ConditionItem {
    let consequence = match unmet.waiver {
        None => "cannot be waived",
        Some(Waiver::Window) => "starts outside its window",
        Some(Waiver::Dependency(_)) => "taints its result and all that follows",
        Some(Waiver::Freshness(_)) => "taints: decides on old results",
        Some(Waiver::Pause(_)) => "the pause stays for all others",
        Some(Waiver::Breaker) => "the agent failed repeatedly",
        Some(Waiver::Condition) => "taints: its condition is false",
        Some(Waiver::Hold) => "the hold is lifted",
        Some(Waiver::Attempts) => "one more attempt",
        Some(Waiver::OnDemand) => "starts it on demand",
    };
    ConditionItem {
        waiver: unmet.waiver,
        text: format::sanitize(unmet.text.trim_end_matches(" (taints)")).into_owned(),
        consequence,
    }
}

/// A gate by name: `the engine`, `stage intraday`, `agent economist`.
#[must_use]
pub(super) fn gate_name(run: &RunState, gate: Gate) -> String {
    match gate {
        Gate::Engine => "the engine".into(),
        Gate::Stage(stage) => format!("stage {}", run.plan().stage(stage).id),
        Gate::Agent(agent) => format!("agent {}", run.plan().agent(agent).id),
    }
}
