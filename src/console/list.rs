//! The list of tasks, kept in order and filtered by what changed, so that neither a frame nor a
//! batch of events costs more as the day has more tasks.
//!
//! All tasks stand in `sorted`; those that pass the filter stand in `order`, which is what is shown.
//! What changed is noted at once and put in its new place later, with all else that changed by then.
//! A new filter is tried from the top of the list down, some tasks at a time: what is in sight is
//! found first, and no key waits for the rest.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::widget::columns;
use crate::{
    engine::RunState,
    plan::TaskIx,
    present::{
        board::{Place, Sort, Sorter},
        filter::Filter,
    },
};

/// Whether a task passes the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Not yet asked.
    Open,
    Hit,
    Miss,
}

/// The list of tasks: in which order, and where the cursor is. The cursor is a task, never a row.
#[derive(Debug, Default)]
pub(super) struct TaskList {
    /// What is shown, in order. Not touched while a dialog is open.
    pub(super) order: Vec<TaskIx>,
    /// The selected task. `None` until somebody selects one: the list then shows its top, and
    /// nothing can be done to what happens to stand there.
    pub(super) cursor: Option<TaskIx>,
    /// What may be shown, from the next [`TaskList::settle`] on.
    pub(super) filter: Filter,
    /// In which order, from the next [`TaskList::settle`] on.
    pub(super) sort: Sort,
    /// Columns of the longest names of a task and of an agent near the top of the list.
    pub(super) widest: (u16, u16),
    /// When it was last put in order, on the wall.
    pub(super) sorted_at: Option<DateTime<Utc>>,
    index: Option<Index>,
}

/// What is known of all tasks of a run.
#[derive(Debug)]
struct Index {
    sorter: Sorter,
    /// What the verdicts are about.
    filter: Filter,
    /// The place of each task, by task, as it was when the list was last put in order.
    places: Vec<Place>,
    sorted: Vec<Place>,
    /// By task.
    verdicts: Vec<Verdict>,
    /// Up to where in `sorted` the filter has been tried; `None`: to the end.
    tried: Option<usize>,
    /// Whether those with a verdict are asked again.
    again: bool,
    /// What changed since the list was last put in order, each once.
    changed: Vec<TaskIx>,
    /// By task.
    touched: Vec<bool>,
    /// The tasks an agent works on.
    at_work: BTreeSet<TaskIx>,
}

impl TaskList {
    /// Tasks tried against a filter in one go: well under a millisecond.
    pub(super) const SLICE: usize = 4_096;
    /// Rows whose names decide how wide their columns are.
    const NAMES: usize = 500;

    /// The row of the cursor.
    pub(super) fn row(&self) -> Option<usize> {
        self.row_of(self.cursor?)
    }

    /// The row of a task, if it is shown.
    pub(super) fn row_of(&self, ix: TaskIx) -> Option<usize> {
        let places = &self.index.as_ref()?.places;
        let place = places.get(ix.at())?;
        self.order.binary_search_by_key(&place, |other| &places[other.at()]).ok()
    }

    /// The tasks an agent works on, in the order of the plan.
    pub(super) fn at_work(&self) -> impl Iterator<Item = TaskIx> {
        self.index.iter().flat_map(|index| &index.at_work).copied()
    }

    /// How far the filter has been tried, in per cent; `None` when it has been on all tasks.
    pub(super) fn trying(&self) -> Option<usize> {
        let index = self.index.as_ref()?;
        index.tried.filter(|_| !index.again).map(|at| at * 100 / index.sorted.len().max(1))
    }

    /// Whether there is more to try.
    pub(super) fn working(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.tried.is_some())
    }

    /// Whether something changed since it was last put in order.
    pub(super) fn stale(&self) -> bool {
        self.index.as_ref().is_none_or(|index| !index.changed.is_empty())
    }

    /// Forgets everything but the cursor, the filter and the sort: another state of a run, or
    /// another run, is shown from now on.
    pub(super) fn forget(&mut self) {
        self.index = None;
    }

    /// Notes that something happened to a task.
    pub(super) fn note(&mut self, run: &RunState, ix: TaskIx) {
        let Some(index) = &mut self.index else { return };
        let at_work = run.task(ix).state.active() && !run.human(ix);
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
    pub(super) fn settle(&mut self, run: &RunState, at: DateTime<Utc>, most: usize) -> bool {
        let known = self.index.take();
        let row = known.as_ref().and_then(|index| {
            let place = index.places.get(self.cursor?.at())?;
            self.order.binary_search_by_key(&place, |other| &index.places[other.at()]).ok()
        });
        let known = known.filter(|index| index.touched.len() == run.tasks().len());
        let (mut index, mut moved) = match known {
            Some(index) => (index, false),
            None => (Index::new(run, self.sort, &self.filter), true),
        };
        moved |= index.arrange(run, self.sort);
        index.note_come(run);
        moved |= index.place_changed(run, at);
        index.let_through(&self.filter);
        if self.filter.timed() && index.tried.is_none() {
            (index.tried, index.again) = (Some(0), true);
        }
        // Whether the cursor's task passes is known at once: the cursor leaves it only if not.
        if let Some(cursor) = self.cursor
            && index.verdicts.get(cursor.at()) == Some(&Verdict::Open)
        {
            index.judge(cursor, self.filter.task(run, cursor, at));
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
    pub(super) fn more(&mut self, run: &RunState, at: DateTime<Utc>, most: usize) -> bool {
        let Some(index) = &mut self.index else { return false };
        let moved = index.try_more(run, at, most);
        if moved {
            index.show(&mut self.order);
            self.widest = widest(run, &self.order);
        }
        moved
    }

    /// The cursor stays on its task; if that is no longer shown, on the one in its place.
    fn keep_cursor(&mut self, row: Option<usize>) {
        if self.cursor.is_some() && self.row().is_none() {
            let last = self.order.len().saturating_sub(1);
            self.cursor = self.order.get(row.unwrap_or(0).min(last)).copied();
        }
    }
}

/// Columns of the longest names near the top.
fn widest(run: &RunState, order: &[TaskIx]) -> (u16, u16) {
    let plan = run.plan();
    let names = order.iter().take(TaskList::NAMES).map(|&ix| {
        let task = plan.task(ix);
        (columns(task.id.as_str()), columns(plan.agent(task.agent).id.as_str()))
    });
    names.fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1)))
}

impl Index {
    fn new(run: &RunState, sort: Sort, filter: &Filter) -> Self {
        let all = run.tasks().len();
        let verdict = if filter.is_empty() { Verdict::Hit } else { Verdict::Open };
        let active = run.tasks().filter(|(ix, task)| task.state.active() && !run.human(*ix));
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
        self.places = run.tasks().map(|(ix, _)| self.sorter.place(run, ix)).collect();
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
            let place = self.sorter.place(run, ix);
            self.places[ix.at()] = place;
            fresh.push(place);
            self.judge(ix, self.filter.task(run, ix, at));
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
        let fewer = filter.refines(&self.filter);
        for verdict in &mut self.verdicts {
            if !(fewer && *verdict == Verdict::Miss) {
                *verdict = if filter.is_empty() { Verdict::Hit } else { Verdict::Open };
            }
        }
        (self.tried, self.again) = (Some(0), false);
        self.filter = filter.clone();
    }

    /// Notes the tasks whose next moment has come, if that is what they are sorted by.
    fn note_come(&mut self, run: &RunState) {
        let come = |place: &&Place| self.sorter.come(**place, run.at());
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

    fn judge(&mut self, ix: TaskIx, passes: bool) -> bool {
        let verdict = if passes { Verdict::Hit } else { Verdict::Miss };
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
            if self.again || self.verdicts[ix.at()] == Verdict::Open {
                moved |= self.judge(ix, self.filter.task(run, ix, at));
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
        order.extend(shown.filter(|ix| self.verdicts[ix.at()] == Verdict::Hit));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;
    use crate::{
        engine::{Engine, FailureKind, Input, Work},
        present::{
            board::{self, SortKey},
            sample::{self, et, task},
        },
    };

    const FILTERS: [&str; 9] = [
        "",
        "t1",
        "t1 done",
        "t12",
        "state:failed",
        "!state:completed",
        "age>20s",
        "is:flaky",
        "x",
    ];

    /// A day of sixty tasks, and a list that is told what happens.
    struct Desk {
        engine: Engine,
        work: Vec<(TaskIx, u32)>,
        at: DateTime<Utc>,
        list: TaskList,
    }

    impl Desk {
        fn new() -> Self {
            let mut tasks: Vec<_> = (0..60).map(|i| task(&format!("t{i}"), i % 4)).collect();
            for (i, task) in tasks.iter_mut().enumerate() {
                (task.opens_at, task.closes_at) = (et("06:00"), et("18:00"));
                task.agent = crate::plan::AgentIx::new(i % 3);
            }
            let (engine, step) = Engine::start(Arc::new(sample::plan(tasks)), et("10:30"));
            let mut desk =
                Self { engine, work: Vec::new(), at: et("10:30"), list: TaskList::default() };
            desk.take(step.work);
            desk
        }

        fn take(&mut self, work: Vec<Work>) {
            self.work.extend(work.into_iter().filter_map(|work| match work {
                Work::Start { task, attempt } => Some((task, attempt)),
                Work::Stop { .. } => None,
            }));
        }

        /// One thing that happens, chosen by a number.
        fn happen(&mut self, dice: u8) {
            self.at += chrono::TimeDelta::seconds(i64::from(dice % 7));
            let input = if self.work.is_empty() {
                Input::Wake
            } else {
                let (task, attempt) = self.work.swap_remove(usize::from(dice) % self.work.len());
                let answer = match dice % 4 {
                    0 => sample::failed(FailureKind::BadInput, "no"),
                    1 => sample::failed(FailureKind::Transient, "busy"),
                    _done => sample::done("done"),
                };
                Input::Answer { task, attempt, answer }
            };
            let step = self.engine.step(self.at, input);
            for recorded in &step.events {
                if let Some(ix) = recorded.event.task() {
                    self.list.note(self.engine.state(), ix);
                }
            }
            self.take(step.work);
        }

        fn settle(&mut self, most: usize) {
            self.list.settle(self.engine.state(), self.at, most);
        }
    }

    proptest! {
        #[test]
        fn a_list_that_follows_what_changed_shows_what_one_made_from_nothing_does(
            steps in proptest::collection::vec((any::<u8>(), any::<u8>()), 1..120),
        ) {
            let mut desk = Desk::new();
            for (kind, dice) in steps {
                match kind % 8 {
                    0 => desk.list.filter = Filter::parse(FILTERS[usize::from(dice) % 9]).unwrap(),
                    1 => {
                        let key = SortKey::ALL[usize::from(dice) % SortKey::ALL.len()];
                        desk.list.sort = Sort { key, reversed: dice > 127 };
                    }
                    2 => desk.settle(usize::from(dice % 9)),
                    3 => drop(desk.list.more(desk.engine.state(), desk.at, usize::from(dice % 9))),
                    4 => desk.list.cursor = desk.list.order.first().copied(),
                    _often => desk.happen(dice),
                }
                // The cursor is found by its place, and the place is where it is.
                let found = desk.list.cursor.and_then(|ix| desk.list.order.iter().position(|&o| o == ix));
                prop_assert_eq!(desk.list.row(), found);
            }
            desk.settle(3);
            while desk.list.working() {
                desk.list.more(desk.engine.state(), desk.at, 3);
            }
            // What passes by its age is asked again with every settling, and only then.
            if desk.list.filter.timed() {
                desk.settle(usize::MAX);
            }
            let (run, list) = (desk.engine.state(), &desk.list);
            prop_assert_eq!(&list.order, &board::order(run, desk.at, list.sort, &list.filter));
            let at_work: Vec<_> = list.at_work().collect();
            prop_assert_eq!(at_work, crate::present::agents::active(run));
        }
    }

    #[test]
    fn a_filter_tried_in_slices_shows_the_top_of_the_list_first_and_says_how_far_it_is() {
        let mut desk = Desk::new();
        desk.settle(usize::MAX);
        desk.list.filter = Filter::parse("t").unwrap();
        let all = desk.list.order.clone();
        desk.settle(15);
        assert_eq!(desk.list.order, all[..15]);
        assert_eq!(desk.list.trying(), Some(25));
        while desk.list.working() {
            desk.list.more(desk.engine.state(), desk.at, 15);
        }
        assert_eq!((desk.list.order.len(), desk.list.trying()), (60, None));
    }

    #[test]
    fn the_cursor_leaves_a_task_only_for_the_one_in_its_place_when_it_is_filtered_out() {
        let mut desk = Desk::new();
        desk.list.sort.key = SortKey::Plan;
        desk.settle(usize::MAX);
        desk.list.cursor = Some(TaskIx(12));
        desk.list.filter = Filter::parse("t12").unwrap();
        desk.settle(1);
        assert_eq!(desk.list.cursor, Some(TaskIx(12)), "not reached yet, but it passes");
        desk.list.filter = Filter::parse("!t12").unwrap();
        desk.settle(usize::MAX);
        assert_eq!(desk.list.cursor, desk.list.order.first().copied(), "it stood in the first row");
    }
}
