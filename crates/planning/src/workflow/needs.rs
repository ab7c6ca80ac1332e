//! Check that tasks depend on the tasks that produce their inputs.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{agent_catalog::builtin_effect, codes::NO_INPUT, task_draft::TaskDraft};
use crate::id::{TaskId, TaskType};
use diag::DiagnosticCollector;

/// An input without which a built-in task type cannot work.
struct Need {
    task_type: &'static str,
    /// Task types that produce it.
    makers: &'static [&'static str],
    /// True if the producer may also be an indirect dependency.
    through_others: bool,
}

/// Trade plans are produced once, by a visible task. Built-in tasks produce any other missing input
/// themselves.
const NEEDS: [Need; 2] = [
    Need { task_type: "validate_trades", makers: &["generate_trades"], through_others: false },
    Need {
        task_type: "execute_orders",
        makers: &["generate_trades", "validate_trades", "closing_plan"],
        through_others: true,
    },
];

/// Reports tasks of built-in agents whose dependencies do not produce their required input.
pub(super) fn judge_needs(drafts: &[&TaskDraft], sink: &mut DiagnosticCollector) {
    let named = drafts.iter().filter_map(|draft| Some((draft.id.as_ref()?, *draft)));
    let index: BTreeMap<&TaskId, &TaskDraft> = named.collect();
    for draft in drafts {
        let built_in = draft.agent.as_ref().is_some_and(|agent| builtin_effect(agent).is_some());
        let of =
            |need: &&Need| draft.task_type.as_ref().is_some_and(|t| t.as_str() == need.task_type);
        let Some(need) = NEEDS.iter().find(of).filter(|_| built_in) else { continue };
        // A dependency that could not be read is already reported, and its output is unknown.
        let unread = draft.settled.len() < draft.waits.len();
        if !unread && !provider_of(draft, need, &index) {
            report(draft, need, sink);
        }
    }
}

/// Returns whether a task depends on one that produces its input. If this cannot be decided,
/// because a task is in another file or tasks form a cycle, the answer is true.
fn provider_of(draft: &TaskDraft, need: &Need, index: &BTreeMap<&TaskId, &TaskDraft>) -> bool {
    let on = |draft: &TaskDraft| draft.settled.iter().map(|(waits, _)| waits.on.clone()).collect();
    let direct: Vec<TaskId> = on(draft);
    let (mut next, mut seen) = (direct.clone(), BTreeSet::new());
    while let Some(id) = next.pop() {
        let Some(other) = index.get(&id).filter(|_| draft.id.as_ref() != Some(&id)) else {
            return true;
        };
        let makes = |of: &TaskType| need.makers.contains(&of.as_str());
        let counts = need.through_others || direct.contains(&id);
        if counts && other.task_type.as_ref().is_none_or(makes) {
            return true;
        }
        if seen.insert(id) {
            let further: Vec<TaskId> = on(other);
            next.extend(further);
        }
    }
    false
}

fn report(draft: &TaskDraft, need: &Need, sink: &mut DiagnosticCollector) {
    let span: &Range<usize> = draft.places.get("task_type").unwrap_or(&draft.span);
    let makers = need.makers.join("` or `");
    let message = format!("`{}` waits for no task that makes a plan of orders", need.task_type);
    sink.report(NO_INPUT, span, message)
        .label("its input is missing")
        .with_help(format!("add a task of type `{makers}` to its `dependencies`"));
}
