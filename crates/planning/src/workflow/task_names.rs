//! Resolution of the name in a dependency to a single task.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::TaskId;
use diag::{list_of, nearest};

/// The tasks to which a file may refer.
#[derive(Debug, Default)]
pub(super) struct TaskNames {
    /// All ids; the flag is true if the id was written and not derived from the task type.
    ids: BTreeMap<TaskId, bool>,
    types: BTreeMap<String, Vec<TaskId>>,
    /// Names of tasks that could not be read; errors about their dependents would only hide the
    /// cause.
    spoiled: BTreeSet<String>,
    /// True if any well-formed name may be valid, because the base workflow is not available.
    open: bool,
}

/// The result of resolving a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NameMatch {
    One(TaskId),
    /// A task type of several tasks.
    Ambiguous(Vec<TaskId>),
    /// No task; holds the nearest name if one is close.
    NotFound(Option<String>),
    /// A task with errors of its own.
    Unusable,
}

impl TaskNames {
    /// Creates an empty set; `open` if any well-formed name is accepted.
    pub(super) fn new(open: bool) -> Self {
        Self { open, ..Self::default() }
    }

    pub(super) fn add(&mut self, id: &TaskId, task_type: &str, given: bool) {
        self.ids.insert(id.clone(), given);
        self.types.entry(task_type.into()).or_default().push(id.clone());
    }

    pub(super) fn mark_unusable(&mut self, name: &str) {
        self.spoiled.insert(name.into());
    }

    pub(super) fn remove(&mut self, id: &TaskId) {
        self.ids.remove(id);
        for ids in self.types.values_mut() {
            ids.retain(|other| other != id);
        }
    }

    pub(super) fn contains(&self, id: &TaskId) -> bool {
        self.ids.contains_key(id)
    }

    /// Resolves a name: a written id wins over a task type, a task type over a derived id.
    pub(super) fn resolve(&self, name: &str) -> NameMatch {
        let by_id = self.ids.get_key_value(name);
        if let Some((id, true)) = by_id {
            return NameMatch::One(id.clone());
        }
        match self.types.get(name).map(Vec::as_slice) {
            Some([id]) => return NameMatch::One(id.clone()),
            Some(ids @ [_, _, ..]) => return NameMatch::Ambiguous(ids.to_vec()),
            Some([]) | None => {}
        }
        if let Some((id, _)) = by_id {
            return NameMatch::One(id.clone());
        }
        if self.spoiled.contains(name) {
            return NameMatch::Unusable;
        }
        if self.open
            && let Ok(id) = TaskId::parse(name)
        {
            return NameMatch::One(id);
        }
        let live = self.types.iter().filter(|(_, ids)| !ids.is_empty());
        let types = live.map(|(name, _)| name.as_str());
        let names = self.ids.keys().map(TaskId::as_str).chain(types);
        NameMatch::NotFound(nearest(name, names).map(Into::into))
    }
}

/// Formats the candidates for a message.
pub(super) fn format_candidates(ids: &[TaskId]) -> String {
    list_of(ids.iter().map(TaskId::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> TaskId {
        TaskId::parse(text).unwrap()
    }

    fn names() -> TaskNames {
        let mut names = TaskNames::default();
        names.add(&id("sod"), "reconcile", true);
        names.add(&id("eod"), "reconcile", true);
        names.add(&id("tca"), "tca", false);
        names
    }

    #[test]
    fn a_type_of_one_task_means_it_and_a_type_of_two_is_ambiguous() {
        let mut names = names();
        assert_eq!(names.resolve("tca"), NameMatch::One(id("tca")));
        assert_eq!(names.resolve("sod"), NameMatch::One(id("sod")));
        assert_eq!(names.resolve("reconcile"), NameMatch::Ambiguous(vec![id("sod"), id("eod")]));
        names.remove(&id("sod"));
        assert_eq!(names.resolve("reconcile"), NameMatch::One(id("eod")));
    }

    #[test]
    fn a_written_id_wins_over_a_type_and_a_made_one_does_not() {
        let mut names = names();
        names.add(&id("reconcile"), "other", true);
        assert_eq!(names.resolve("reconcile"), NameMatch::One(id("reconcile")));
        names.add(&id("tca_2"), "tca", false);
        assert_eq!(names.resolve("tca"), NameMatch::Ambiguous(vec![id("tca"), id("tca_2")]));
        assert_eq!(names.resolve("tca_2"), NameMatch::One(id("tca_2")));
    }
}
