//! Property tests of the task list over random histories.

use std::sync::Arc;

use proptest::prelude::{any, prop_assert_eq, proptest};

use chrono::{DateTime, Utc};

use super::TaskList;
use engine::{Engine, EngineInput, FailureKind, WorkItem};
use planning::plan::TaskIx;
use testkit::sample::{self, exchange_time, task};
use view::{
    filter::Filter,
    task_list::{self, Sort, SortKey},
};

const FILTERS: [&str; 9] =
    ["", "t1", "t1 done", "t12", "state:failed", "!state:completed", "age>20s", "is:flaky", "x"];

/// A day of sixty tasks, and a list that is told what happens.
struct ListHarness {
    engine: Engine,
    work: Vec<(TaskIx, u32)>,
    at: DateTime<Utc>,
    list: TaskList,
}

impl ListHarness {
    fn new() -> Self {
        let mut tasks: Vec<_> = (0..60).map(|i| task(&format!("t{i}"), i % 4)).collect();
        for (i, task) in tasks.iter_mut().enumerate() {
            (task.opens_at, task.closes_at) = (exchange_time("06:00"), exchange_time("18:00"));
            task.agent = planning::plan::AgentIx::new(i % 3);
        }
        let (engine, step) =
            Engine::start(Arc::new(sample::sample_plan(tasks)), exchange_time("10:30"));
        let mut desk = Self {
            engine,
            work: Vec::new(),
            at: exchange_time("10:30"),
            list: TaskList::default(),
        };
        desk.take(step.work);
        desk
    }

    fn take(&mut self, work: Vec<WorkItem>) {
        self.work.extend(work.into_iter().filter_map(|work| match work {
            WorkItem::Start { task, attempt } => Some((task, attempt)),
            WorkItem::Stop { .. } | WorkItem::Probe { .. } => None,
        }));
    }

    /// One thing that happens, chosen by a number.
    fn happen(&mut self, dice: u8) {
        self.at += chrono::TimeDelta::seconds(i64::from(dice % 7));
        let input = if self.work.is_empty() {
            EngineInput::Tick
        } else {
            let (task, attempt) = self.work.swap_remove(usize::from(dice) % self.work.len());
            let answer = match dice % 4 {
                0 => sample::failed(FailureKind::BadInput, "no"),
                1 => sample::failed(FailureKind::Transient, "busy"),
                _done => sample::completed("done"),
            };
            EngineInput::AttemptEnded { task, attempt, answer }
        };
        let step = self.engine.step(self.at, input);
        for recorded in &step.events {
            if let Some(ix) = recorded.event.task() {
                self.list.mark_changed(self.engine.state(), ix);
            }
        }
        self.take(step.work);
    }

    fn settle(&mut self, most: usize) {
        self.list.apply_changes(self.engine.state(), self.at, most);
    }
}

proptest! {
    #[test]
    fn a_list_that_follows_what_changed_shows_what_one_made_from_nothing_does(
        steps in proptest::collection::vec((any::<u8>(), any::<u8>()), 1..120),
    ) {
        let mut desk = ListHarness::new();
        for (kind, dice) in steps {
            match kind % 8 {
                0 => desk.list.filter = Filter::parse(FILTERS[usize::from(dice) % 9]).unwrap(),
                1 => {
                    let key = SortKey::ALL[usize::from(dice) % SortKey::ALL.len()];
                    desk.list.sort = Sort { key, reversed: dice > 127 };
                }
                2 => desk.settle(usize::from(dice % 9)),
                3 => drop(desk.list.filter_more(desk.engine.state(), desk.at, usize::from(dice % 9))),
                4 => desk.list.cursor = desk.list.order.first().copied(),
                _often => desk.happen(dice),
            }
            // The cursor is found by its place, and the place is where it is.
            let found = desk.list.cursor.and_then(|ix| desk.list.order.iter().position(|&o| o == ix));
            prop_assert_eq!(desk.list.cursor_row(), found);
        }
        desk.settle(3);
        while desk.list.is_filtering() {
            desk.list.filter_more(desk.engine.state(), desk.at, 3);
        }
        // What passes by its age is asked again with every settling, and only then.
        if desk.list.filter.depends_on_time() {
            desk.settle(usize::MAX);
        }
        let (run, list) = (desk.engine.state(), &desk.list);
        prop_assert_eq!(&list.order, &task_list::order(run, desk.at, list.sort, &list.filter));
        let at_work: Vec<_> = list.at_work().collect();
        prop_assert_eq!(at_work, view::agents::active_tasks(run));
    }
}

#[test]
fn a_filter_tried_in_slices_shows_the_top_of_the_list_first_and_says_how_far_it_is() {
    let mut desk = ListHarness::new();
    desk.settle(usize::MAX);
    desk.list.filter = Filter::parse("t").unwrap();
    let all = desk.list.order.clone();
    desk.settle(15);
    assert_eq!(desk.list.order, all[..15]);
    assert_eq!(desk.list.filter_progress(), Some(25));
    while desk.list.is_filtering() {
        desk.list.filter_more(desk.engine.state(), desk.at, 15);
    }
    assert_eq!((desk.list.order.len(), desk.list.filter_progress()), (60, None));
}

#[test]
fn no_task_is_selected_once_the_selected_one_is_filtered_out() {
    let mut desk = ListHarness::new();
    desk.list.sort.key = SortKey::Plan;
    desk.settle(usize::MAX);
    desk.list.cursor = Some(TaskIx(12));
    desk.list.filter = Filter::parse("t12").unwrap();
    desk.settle(1);
    assert_eq!(desk.list.cursor, Some(TaskIx(12)), "not reached yet, but it passes");
    desk.list.filter = Filter::parse("!t12").unwrap();
    desk.settle(usize::MAX);
    assert_eq!((desk.list.cursor, desk.list.gap), (None, Some(0)), "it stood in the first row");
}
