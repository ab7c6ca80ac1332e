//! The part of a day that is laid out: all of it while it is small, else a stage or the tasks
//! around one.

use std::collections::BTreeSet;

use crate::format;
use engine::RunState;
use planning::plan::{StageIx, TaskIx};

/// Most tasks that are laid out; more would be read by nobody and take time to place.
pub const NODES_MAX: usize = 200;

/// Steps around a task that are shown when its stage is too large.
pub const HOPS: u16 = 2;

/// The part of a day a graph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFocus {
    /// All stages.
    Day,
    /// One stage.
    Stage(StageIx),
    /// The tasks around a task.
    Around {
        task: TaskIx,
        /// The number of steps, either way.
        hops: u16,
    },
}

/// The tasks shown, in plan order, and a note on those left out.
pub(super) struct GraphScope {
    pub(super) focus: GraphFocus,
    pub(super) tasks: Vec<TaskIx>,
    pub(super) note: Option<String>,
}

/// The scope for what was asked; narrower when that has more than [`NODES_MAX`] tasks.
pub(super) fn graph_scope(
    run: &RunState,
    asked: GraphFocus,
    selected: Option<TaskIx>,
) -> GraphScope {
    let plan = run.plan();
    let selected = selected.filter(|ix| ix.at() < plan.tasks.len());
    let first = || (!plan.tasks.is_empty()).then_some(TaskIx(0));
    match asked {
        GraphFocus::Day if plan.tasks.len() <= NODES_MAX => {
            let tasks = (0..plan.tasks.len()).map(TaskIx::new).collect();
            GraphScope { focus: asked, tasks, note: None }
        }
        GraphFocus::Day => {
            let stage = selected.map_or_else(|| open_stage(run), |ix| plan.task(ix).stage);
            let note = format!(
                "{} tasks are too many to draw: only stage {} is shown",
                plan.tasks.len(),
                plan.stages.get(stage.at()).map_or("", |stage| stage.id.as_str()),
            );
            let narrower = graph_scope(run, GraphFocus::Stage(stage), selected);
            GraphScope { note: narrower.note.or(Some(note)), ..narrower }
        }
        GraphFocus::Stage(stage) => {
            let tasks: Vec<_> = plan.tasks_of(stage).collect();
            if tasks.len() <= NODES_MAX {
                return GraphScope { focus: asked, tasks, note: None };
            }
            let here = selected.filter(|ix| plan.task(*ix).stage == stage);
            match here.or_else(|| tasks.first().copied()) {
                Some(task) => around(run, task, HOPS, Some(stage)),
                None => GraphScope { focus: asked, tasks, note: None },
            }
        }
        GraphFocus::Around { task, hops } => {
            match Some(task).filter(|ix| ix.at() < plan.tasks.len()) {
                Some(task) => around(run, task, hops, None),
                None => match selected.or_else(first) {
                    Some(task) => around(run, task, hops, None),
                    None => GraphScope { focus: asked, tasks: Vec::new(), note: None },
                },
            }
        }
    }
}

/// The first stage that has not ended, or the last.
fn open_stage(run: &RunState) -> StageIx {
    let open = run.stages().find(|(_, stage)| !stage.status.has_ended());
    open.or_else(|| run.stages().last()).map_or(StageIx(0), |(ix, _)| ix)
}

fn around(run: &RunState, task: TaskIx, hops: u16, large: Option<StageIx>) -> GraphScope {
    let plan = run.plan();
    let (mut shown, mut edge, mut more) = (BTreeSet::from([task]), vec![task], false);
    for _ in 0..hops {
        let near = edge.iter().flat_map(|&ix| neighbours(run, ix));
        let next: BTreeSet<_> = near.filter(|ix| !shown.contains(ix)).collect();
        let room = NODES_MAX.saturating_sub(shown.len());
        more |= next.len() > room;
        edge = next.into_iter().take(room).collect();
        shown.extend(&edge);
    }
    let id = &plan.task(task).id;
    let steps = format::count_noun(u64::from(hops), "step");
    let mut note = format!("tasks within {steps} of {id}");
    if let Some(stage) = large {
        note = format!("stage {} has too many tasks to draw: {note}", plan.stage(stage).id);
    }
    if more {
        note = format!("{note}; only {NODES_MAX} are shown");
    }
    let tasks = shown.into_iter().collect();
    GraphScope { focus: GraphFocus::Around { task, hops }, tasks, note: Some(note) }
}

/// Returns what a task waits for and what waits for it; of thousands no more than can be shown.
fn neighbours(run: &RunState, ix: TaskIx) -> impl Iterator<Item = TaskIx> {
    let needs = run.plan().task(ix).dependencies.iter().map(|dependency| dependency.on);
    needs.chain(run.dependents(ix).iter().map(|&(ix, _)| ix)).take(NODES_MAX + 1)
}
