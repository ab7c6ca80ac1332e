//! Marked tasks: a set of ids, so that no order of the list can move a mark to another task.

use std::collections::BTreeSet;

use planning::plan::TaskIx;

/// The marked tasks, and the one marked last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct MarkedTasks {
    tasks: BTreeSet<TaskIx>,
    anchor: Option<TaskIx>,
}

impl MarkedTasks {
    /// The marked tasks, in the order of the plan.
    pub(crate) fn iter(&self) -> impl Iterator<Item = TaskIx> + '_ {
        self.tasks.iter().copied()
    }

    /// Returns how many.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Returns whether none is.
    pub(crate) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Returns whether a task is marked.
    pub(crate) fn contains(&self, task: TaskIx) -> bool {
        self.tasks.contains(&task)
    }

    /// Marks a task, or takes its mark away.
    pub(super) fn toggle(&mut self, task: TaskIx) {
        if !self.tasks.remove(&task) {
            self.tasks.insert(task);
        }
        self.anchor = Some(task);
    }

    /// Marks the rows of `order` between the task marked last and `to`, both included. Without
    /// one in sight only `to`.
    pub(super) fn mark_range(&mut self, order: &[TaskIx], to: TaskIx) {
        let row = |task: TaskIx| order.iter().position(|&other| other == task);
        let ends = (self.anchor.and_then(row).or_else(|| row(to)), row(to));
        if let (Some(a), Some(b)) = ends {
            self.tasks.extend(order.iter().take(a.max(b) + 1).skip(a.min(b)));
        }
        self.anchor = Some(to);
    }

    /// Marks those of `order` that are not marked, and takes the marks of the others away. Marks
    /// on tasks that are not in `order` stay as they are: nobody sees what would become of them.
    pub(super) fn invert(&mut self, order: &[TaskIx]) {
        for task in order {
            if !self.tasks.remove(task) {
                self.tasks.insert(*task);
            }
        }
    }

    /// Takes all marks away; `false` when there were none.
    pub(crate) fn clear(&mut self) -> bool {
        let some = !self.tasks.is_empty();
        *self = Self::default();
        some
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tasks(numbers: &[u32]) -> Vec<TaskIx> {
        numbers.iter().map(|&n| TaskIx(n)).collect()
    }

    #[test]
    fn a_range_reaches_from_the_last_mark_to_the_cursor_in_either_direction() {
        let order = tasks(&[5, 3, 9, 1, 7]);
        for (from, to) in [(3, 1), (1, 3)] {
            let mut marks = MarkedTasks::default();
            marks.toggle(TaskIx(from));
            marks.mark_range(&order, TaskIx(to));
            assert_eq!(marks.iter().collect::<Vec<_>>(), tasks(&[1, 3, 9]));
        }
        let mut marks = MarkedTasks::default();
        marks.mark_range(&order, TaskIx(9));
        assert_eq!(marks.iter().collect::<Vec<_>>(), tasks(&[9]), "no mark before: the row alone");
        marks.mark_range(&order, TaskIx(2));
        assert_eq!(marks.len(), 1, "a row that is not shown marks nothing");
    }

    proptest! {
        #[test]
        fn inverting_twice_changes_nothing_and_touches_only_what_is_shown(
            marked in proptest::collection::btree_set(0..30_u32, 0..30),
            shown in proptest::collection::btree_set(0..30_u32, 0..30),
        ) {
            let mut marks = MarkedTasks::default();
            for &n in &marked {
                marks.toggle(TaskIx(n));
            }
            let before = marks.clone();
            let order: Vec<_> = shown.iter().map(|&n| TaskIx(n)).collect();
            marks.invert(&order);
            for n in 0..30 {
                let flipped = shown.contains(&n);
                prop_assert_eq!(marks.contains(TaskIx(n)), marked.contains(&n) != flipped);
            }
            marks.invert(&order);
            prop_assert_eq!(marks, before);
        }
    }
}
