//! The list of tasks, kept in order and filtered by what changed, so that neither a frame nor a
//! batch of events costs more as the day has more tasks.
//!
//! All tasks stand in `sorted`; those that pass the filter stand in `order`, which is what is shown.
//! What changed is noted at once and put in its new place later, with all else that changed by then.
//! A new filter is tried from the top of the list down, some tasks at a time: what is in sight is
//! found first, and no key waits for the rest.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{list_actions::MarkedTasks, widget::display_width};
use engine::RunState;
use planning::plan::TaskIx;
use view::{
    filter::Filter,
    task_list::{Sort, SortPosition, Sorter},
};

/// The result of the filter for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FilterVerdict {
    /// Not yet asked.
    Untested,
    Match,
    NoMatch,
}

/// The set of columns a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ColumnSet {
    /// As many as fit beside the notes.
    #[default]
    Normal,
    /// All of them; what the notes lose is on the task's own screen.
    Wide,
}

/// The list of tasks: in which order, and where the cursor is. The cursor is a task, never a row.
#[derive(Debug, Default)]
pub(crate) struct TaskList {
    /// The tasks shown, in order. Not changed while a dialog is open.
    pub(crate) order: Vec<TaskIx>,
    /// The selected task. `None` until somebody selects one: the list then shows its top, and
    /// nothing can be done to what happens to stand there.
    pub(crate) cursor: Option<TaskIx>,
    /// The row of the selected task when it left the list. No task is selected then, so that no key
    /// acts on the one that moved there; the next movement starts from this row.
    pub(crate) gap: Option<usize>,
    /// What may be shown, from the next `TaskList::settle` on.
    pub(crate) filter: Filter,
    /// In which order, from the next `TaskList::settle` on.
    pub(crate) sort: Sort,
    /// The marked tasks. Sorting is locked while there are any.
    pub(crate) marks: MarkedTasks,
    /// The number of columns it has.
    pub(crate) width: ColumnSet,
    /// Columns of the longest names of a task and of an agent near the top of the list.
    pub(crate) widest: (u16, u16),
    /// The wall-clock time of the last sort.
    pub(crate) sorted_at: Option<DateTime<Utc>>,
    index: Option<TaskIndex>,
}

/// The sort positions and filter results of all tasks of a run.
#[derive(Debug)]
struct TaskIndex {
    sorter: Sorter,
    /// The filter the results belong to.
    filter: Filter,
    /// The place of each task, by task, as it was when the list was last put in order.
    places: Vec<SortPosition>,
    sorted: Vec<SortPosition>,
    verdicts: Vec<FilterVerdict>,
    /// Up to where in `sorted` the filter has been tried; `None`: to the end.
    tried: Option<usize>,
    /// True if those with a verdict are asked again.
    again: bool,
    /// The tasks that changed since the last sort, each once.
    changed: Vec<TaskIx>,
    touched: Vec<bool>,
    /// The tasks an agent works on.
    at_work: BTreeSet<TaskIx>,
}

impl TaskList {
    /// Tasks tried against a filter in one go: well under a millisecond.
    pub(crate) const SLICE: usize = 4_096;
    /// Rows whose names decide how wide their columns are.
    const NAMES: usize = 500;

    /// The row of the cursor.
    pub(crate) fn cursor_row(&self) -> Option<usize> {
        self.row_of(self.cursor?)
    }

    /// The row of a task, if it is shown.
    pub(crate) fn row_of(&self, ix: TaskIx) -> Option<usize> {
        let places = &self.index.as_ref()?.places;
        let place = places.get(ix.at())?;
        self.order.binary_search_by_key(&place, |other| &places[other.at()]).ok()
    }

    /// The tasks an agent works on, in the order of the plan.
    pub(crate) fn at_work(&self) -> impl Iterator<Item = TaskIx> {
        self.index.iter().flat_map(|index| &index.at_work).copied()
    }

    /// Returns how far the filter has been tried, in per cent; `None` when it has been on all
    /// tasks.
    pub(crate) fn filter_progress(&self) -> Option<usize> {
        let index = self.index.as_ref()?;
        index.tried.filter(|_| !index.again).map(|at| at * 100 / index.sorted.len().max(1))
    }

    /// Returns whether there is more to try.
    pub(crate) fn is_filtering(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.tried.is_some())
    }

    /// Returns whether something changed since it was last put in order.
    pub(crate) fn needs_sort(&self) -> bool {
        self.index.as_ref().is_none_or(|index| !index.changed.is_empty())
    }

    /// Forgets everything but the cursor, the filter and the sort: another state of a run, or
    /// another run, is shown from now on.
    pub(crate) fn reset(&mut self) {
        self.index = None;
    }

    /// Notes that something happened to a task.
    pub(crate) fn mark_changed(&mut self, run: &RunState, ix: TaskIx) {
        let Some(index) = &mut self.index else { return };
        let at_work = run.task(ix).state.is_active() && !run.is_human_task(ix);
        if at_work {
            index.at_work.insert(ix);
        } else {
            index.at_work.remove(&ix);
        }
        if let Some(touched) = index.touched.get_mut(ix.at()).filter(|touched| !**touched) {
            *touched = true;
            index.changed.push(ix);
        }
    }

    /// Puts what changed in its place, and tries the filter on at most so many other tasks.
    /// Whether the list may differ.
    pub(crate) fn apply_changes(&mut self, run: &RunState, at: DateTime<Utc>, most: usize) -> bool {
        let known = self.index.take();
        let row = known.as_ref().and_then(|index| {
            let place = index.places.get(self.cursor?.at())?;
            self.order.binary_search_by_key(&place, |other| &index.places[other.at()]).ok()
        });
        let known = known.filter(|index| index.touched.len() == run.tasks().len());
        let (mut index, mut moved) = match known {
            Some(index) => (index, false),
            None => (TaskIndex::new(run, self.sort, &self.filter), true),
        };
        moved |= index.arrange(run, self.sort);
        index.note_come(run);
        moved |= index.place_changed(run, at);
        index.let_through(&self.filter);
        if self.filter.depends_on_time() && index.tried.is_none() {
            (index.tried, index.again) = (Some(0), true);
        }
        // Whether the cursor's task passes is known at once: the cursor leaves it only if not.
        if let Some(cursor) = self.cursor
            && index.verdicts.get(cursor.at()) == Some(&FilterVerdict::Untested)
        {
            index.set_verdict(cursor, self.filter.task(run, cursor, at));
        }
        moved |= index.try_more(run, at, most);
        if moved {
            index.show(&mut self.order);
            self.widest = widest(run, &self.order);
        }
        self.index = Some(index);
        self.keep_cursor(row);
        moved
    }

    /// Tries the filter on at most so many more tasks; nothing changes its place. Whether the list
    /// may differ.
    pub(crate) fn filter_more(&mut self, run: &RunState, at: DateTime<Utc>, most: usize) -> bool {
        let Some(index) = &mut self.index else { return false };
        let moved = index.try_more(run, at, most);
        if moved {
            index.show(&mut self.order);
            self.widest = widest(run, &self.order);
        }
        moved
    }

    /// The row the list is shown around: that of the cursor, or where it was.
    pub(crate) fn center_row(&self) -> usize {
        self.cursor_row().or(self.gap).unwrap_or(0)
    }

    /// The cursor stays on its task; if that is no longer shown, no task is selected.
    fn keep_cursor(&mut self, row: Option<usize>) {
        if self.cursor.is_some() && self.cursor_row().is_none() {
            (self.cursor, self.gap) = (None, row);
        }
    }
}

/// Columns of the longest names near the top.
fn widest(run: &RunState, order: &[TaskIx]) -> (u16, u16) {
    let plan = run.plan();
    let names = order.iter().take(TaskList::NAMES).map(|&ix| {
        let task = plan.task(ix);
        (display_width(task.id.as_str()), display_width(plan.agent(task.agent).id.as_str()))
    });
    names.fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1)))
}

impl TaskIndex {
    fn new(run: &RunState, sort: Sort, filter: &Filter) -> Self {
        let all = run.tasks().len();
        let verdict =
            if filter.is_empty() { FilterVerdict::Match } else { FilterVerdict::Untested };
        let active =
            run.tasks().filter(|(ix, task)| task.state.is_active() && !run.is_human_task(*ix));
        Self {
            sorter: Sorter::new(run.plan(), sort),
            filter: filter.clone(),
            places: Vec::new(),
            sorted: Vec::new(),
            verdicts: vec![verdict; all],
            tried: Some(0),
            again: false,
            changed: Vec::new(),
            touched: vec![false; all],
            at_work: active.map(|(ix, _)| ix).collect(),
        }
    }

    /// Puts all tasks in order, if that is not done yet.
    fn arrange(&mut self, run: &RunState, sort: Sort) -> bool {
        if self.sorter.sort() != sort {
            self.sorter = Sorter::new(run.plan(), sort);
        } else if self.places.len() == self.touched.len() {
            return false;
        }
        self.places = run.tasks().map(|(ix, _)| self.sorter.position(run, ix)).collect();
        self.sorted.clone_from(&self.places);
        self.sorted.sort_unstable();
        // Those not yet asked may stand anywhere now; those that have been are passed over.
        self.tried = self.tried.map(|_place| 0);
        true
    }

    /// Takes what changed out of the order and merges it in where it stands now.
    fn place_changed(&mut self, run: &RunState, at: DateTime<Utc>) -> bool {
        if self.changed.is_empty() {
            return false;
        }
        let changed = std::mem::take(&mut self.changed);
        let mut fresh = Vec::with_capacity(changed.len());
        for &ix in &changed {
            let place = self.sorter.position(run, ix);
            self.places[ix.at()] = place;
            fresh.push(place);
            self.set_verdict(ix, self.filter.task(run, ix, at));
        }
        fresh.sort_unstable();
        let mut fresh = fresh.into_iter().peekable();
        let mut merged = Vec::with_capacity(self.sorted.len());
        for &place in &self.sorted {
            if self.touched[self.sorter.task(place).at()] {
                continue;
            }
            while let Some(new) = fresh.next_if(|new| *new < place) {
                merged.push(new);
            }
            merged.push(place);
        }
        merged.extend(fresh);
        self.sorted = merged;
        for ix in changed {
            self.touched[ix.at()] = false;
        }
        self.tried = self.tried.map(|_place| 0);
        true
    }

    /// Lets other tasks through. If only fewer, only those that passed are asked again.
    fn let_through(&mut self, filter: &Filter) {
        if self.filter == *filter {
            return;
        }
        let fewer = filter.is_narrower_than(&self.filter);
        for verdict in &mut self.verdicts {
            if !(fewer && *verdict == FilterVerdict::NoMatch) {
                *verdict =
                    if filter.is_empty() { FilterVerdict::Match } else { FilterVerdict::Untested };
            }
        }
        (self.tried, self.again) = (Some(0), false);
        self.filter = filter.clone();
    }

    /// Notes the tasks whose next moment has come, if that is what they are sorted by.
    fn note_come(&mut self, run: &RunState) {
        let come = |place: &&SortPosition| self.sorter.is_due(**place, run.last_event_at());
        let come: Vec<_> = if self.sorter.sort().reversed {
            self.sorted.iter().rev().take_while(come).copied().collect()
        } else {
            self.sorted.iter().take_while(come).copied().collect()
        };
        for ix in come.into_iter().map(|place| self.sorter.task(place)) {
            if !std::mem::replace(&mut self.touched[ix.at()], true) {
                self.changed.push(ix);
            }
        }
    }

    fn set_verdict(&mut self, ix: TaskIx, passes: bool) -> bool {
        let verdict = if passes { FilterVerdict::Match } else { FilterVerdict::NoMatch };
        std::mem::replace(&mut self.verdicts[ix.at()], verdict) != verdict
    }

    /// Tries the filter on the next tasks; whether a verdict changed.
    fn try_more(&mut self, run: &RunState, at: DateTime<Utc>, most: usize) -> bool {
        let Some(from) = self.tried else { return false };
        let (mut left, mut moved, mut to) = (most, false, from);
        while left > 0
            && let Some(&place) = self.sorted.get(to)
        {
            let ix = self.sorter.task(place);
            if self.again || self.verdicts[ix.at()] == FilterVerdict::Untested {
                moved |= self.set_verdict(ix, self.filter.task(run, ix, at));
                left -= 1;
            }
            to += 1;
        }
        let done = to >= self.sorted.len();
        self.tried = (!done).then_some(to);
        // A filter that lets everything through is tried at once, and shows what was hidden.
        moved || (from == 0 && !self.again)
    }

    /// Makes the list of what passes.
    fn show(&self, order: &mut Vec<TaskIx>) {
        order.clear();
        let shown = self.sorted.iter().map(|&place| self.sorter.task(place));
        order.extend(shown.filter(|ix| self.verdicts[ix.at()] == FilterVerdict::Match));
    }
}
