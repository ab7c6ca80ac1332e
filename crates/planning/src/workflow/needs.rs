//! Results that only another task of the workflow can provide.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{agent_catalog::builtin_effect, codes::NO_INPUT, task_draft::TaskDraft};
use crate::id::{TaskId, TaskType};
use diag::DiagnosticCollector;

/// What a built-in task type cannot work without.
struct Need {
    task_type: &'static str,
    /// Types of tasks that provide it.
    makers: &'static [&'static str],
    /// Whether the maker may stand further up than the tasks waited for.
    through_others: bool,
}

/// Plans of orders are made once, by a task people can see. All other inputs a built-in task that
/// gets none makes itself.
const NEEDS: [Need; 2] = [
    Need { task_type: "validate_trades", makers: &["generate_trades"], through_others: false },
    Need {
        task_type: "execute_orders",
        makers: &["generate_trades", "validate_trades", "closing_plan"],
        through_others: true,
    },
];

/// Notes the tasks of built-in agents that no task of the workflow gives what they need.
pub(super) fn judge_needs(drafts: &[&TaskDraft], sink: &mut DiagnosticCollector) {
    let named = drafts.iter().filter_map(|draft| Some((draft.id.as_ref()?, *draft)));
    let index: BTreeMap<&TaskId, &TaskDraft> = named.collect();
    for draft in drafts {
        let built_in = draft.agent.as_ref().is_some_and(|agent| builtin_effect(agent).is_some());
        let of =
            |need: &&Need| draft.task_type.as_ref().is_some_and(|t| t.as_str() == need.task_type);
        let Some(need) = NEEDS.iter().find(of).filter(|_| built_in) else { continue };
        // A dependency that could not be read is reported already; what it provides is not known.
        let unread = draft.settled.len() < draft.waits.len();
        if !unread && !provided(draft, need, &index) {
            report(draft, need, sink);
        }
    }
}

/// Whether a task waits for one that provides what it needs. Where that cannot be known, because a
/// task is of another file or the tasks wait for each other, nothing is held against it.
fn provided(draft: &TaskDraft, need: &Need, index: &BTreeMap<&TaskId, &TaskDraft>) -> bool {
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
        .label("would have nothing to work on")
        .with_help(format!("add a task of type `{makers}` to its `dependencies`"));
}
