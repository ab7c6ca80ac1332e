//! Laying out: stages as blocks, tasks in columns by how many steps they stand behind the first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    chain::critical_path,
    layering::{LayerGrid, place_tasks},
    links::{Links, dependency_edges},
    model::{EdgePath, Graph, GraphNode, StageBlock},
    scope::{GraphFocus, graph_scope},
};
use crate::{format, task_row};
use engine::RunState;
use planning::plan::{StageIx, TaskIx};

/// Most lines below a block; what is beyond is counted.
const FOOT_MAX: usize = 6;

/// The graph of a run at `at`, of what is asked for or, when that is too large, of a part of it
/// around `selected`.
#[must_use]
pub fn lay_out_graph(
    run: &RunState,
    asked: GraphFocus,
    selected: Option<TaskIx>,
    at: DateTime<Utc>,
) -> Graph {
    let scope = graph_scope(run, asked, selected);
    let mut stages: BTreeMap<StageIx, Vec<TaskIx>> = BTreeMap::new();
    for &ix in &scope.tasks {
        stages.entry(run.plan().task(ix).stage).or_default().push(ix);
    }
    let mut graph = Graph {
        focus: scope.focus,
        note: scope.note,
        blocks: Vec::new(),
        nodes: Vec::new(),
        width: 0,
        height: 0,
        wires: Vec::new(),
    };
    let mut stages: Vec<_> = stages.into_iter().collect();
    stages.sort_by_key(|(stage, _)| (run.plan().stage(*stage).opens_at, *stage));
    for (stage, tasks) in stages {
        block(run, &mut graph, stage, (&tasks, at));
    }
    let ends = graph.nodes.iter().map(|node| node.x + node.width);
    let texts = graph.blocks.iter().flat_map(|block| {
        let foot = block.foot.iter().map(|text| text.chars().count() + 2);
        foot.chain([block.title.chars().count()])
    });
    graph.width = ends.chain(texts).max().unwrap_or(0);
    graph
}

/// Adds a stage below what is there.
fn block(
    run: &RunState,
    graph: &mut Graph,
    stage: StageIx,
    (tasks, at): (&[TaskIx], DateTime<Utc>),
) {
    let links = dependency_edges(run.plan(), tasks);
    let chain = critical_path(run, tasks, at);
    let grid = place_tasks(&links.ranks, &links.drawn);
    let row = graph.height + usize::from(graph.height > 0);
    let top = row + 1;
    let place = graph.blocks.len();
    let label =
        |ix: TaskIx| format!("{} {}", run.plan().task(ix).id, task_row::attempt_text(run, ix));
    // A chain of one decides nothing that its row does not tell.
    let marked: BTreeSet<_> = chain.iter().copied().filter(|_| chain.len() > 1).collect();
    let mut nodes: Vec<_> = tasks
        .iter()
        .zip(&grid.items)
        .map(|(&ix, item)| {
            let (label, critical) = (label(ix), marked.contains(&ix));
            let width = label.chars().count() + 4 + usize::from(critical);
            let (state, y) = (run.task(ix).state, top + item.slot);
            GraphNode { ix, block: place, state, label, critical, rank: item.rank, x: 0, y, width }
        })
        .collect();
    let pairs: BTreeSet<_> = chain.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let heavy: Vec<_> =
        links.drawn.iter().map(|&(a, b)| pairs.contains(&(tasks[a], tasks[b]))).collect();
    wire(graph, &mut nodes, &grid, (&heavy, top));
    let foot = foot(run, tasks, &links, &chain);
    let foot_row = top + grid.height;
    graph.height = foot_row + foot.len();
    graph.blocks.push(StageBlock { stage, title: title(run, stage), row, foot, foot_row });
    nodes.sort_by_key(|node| (node.rank, node.y));
    graph.nodes.extend(nodes);
}

/// Gives the nodes of a block their columns, and draws the lines between them.
fn wire(
    graph: &mut Graph,
    nodes: &mut [GraphNode],
    grid: &LayerGrid,
    (heavy, top): (&[bool], usize),
) {
    let ranks = nodes.iter().map(|node| node.rank + 1).max().unwrap_or(0);
    // Each item whose lines go up or down has an upright of its own in the gap after its column.
    let mut uprights: Vec<Vec<usize>> = vec![Vec::new(); ranks];
    for &(from, to, _) in &grid.steps {
        let (a, b) = (grid.items[from], grid.items[to]);
        if a.slot != b.slot && !uprights[a.rank].contains(&from) {
            uprights[a.rank].push(from);
        }
    }
    let (mut starts, mut widths, mut x) = (Vec::new(), Vec::new(), 1);
    for (rank, uprights) in uprights.iter().enumerate() {
        let here = nodes.iter().filter(|node| node.rank == rank);
        let width = here.map(|node| node.width).max().unwrap_or(0);
        starts.push(x);
        widths.push(width);
        x += width + uprights.len() + 4;
    }
    for node in nodes.iter_mut() {
        node.x = starts[node.rank];
    }
    let owners = graph.wires.len() + 1;
    let mut open: BTreeMap<usize, EdgePath> = BTreeMap::new();
    // Steps of one link follow each other, so a passing line is taken up where it was left.
    for &(from, to, link) in &grid.steps {
        let (a, b) = (grid.items[from], grid.items[to]);
        let (ya, yb) = (top + a.slot, top + b.slot);
        let mut wire = open.remove(&link).unwrap_or_else(|| {
            let end = a.task.map_or(starts[a.rank], |task| nodes[task].x + nodes[task].width);
            let source = graph_owner(owners, a.task.unwrap_or(from));
            EdgePath { owner: source, corners: vec![(end, ya)], heavy: heavy[link] }
        });
        if let Some(lane) = uprights[a.rank].iter().position(|&i| i == from).filter(|_| ya != yb) {
            let x = starts[a.rank] + widths[a.rank] + 1 + lane;
            wire.corners.extend([(x, ya), (x, yb)]);
        }
        wire.corners.push((starts[b.rank] - 1, yb));
        if b.task.is_some() {
            graph.wires.push(wire);
        } else {
            open.insert(link, wire);
        }
    }
}

/// The owner of the lines of an item, different from those of other blocks.
const fn graph_owner(before: usize, item: usize) -> usize {
    before * 1_000 + item
}

fn title(run: &RunState, stage: StageIx) -> String {
    let (planned, done) = (run.plan().stage(stage), run.stage(stage));
    format!(
        "{} {}–{}  {}",
        planned.id,
        format::format_minute(planned.opens_at),
        format::format_minute(planned.closes_at),
        done.status.as_str(),
    )
}

/// Returns what is not drawn: what the tasks wait for elsewhere, long links, and the deciding
/// chain.
fn foot(run: &RunState, tasks: &[TaskIx], links: &Links, chain: &[TaskIx]) -> Vec<String> {
    let plan = run.plan();
    let id = |ix: TaskIx| plan.task(ix).id.as_str();
    let shown: BTreeSet<_> = tasks.iter().collect();
    let away = tasks.iter().flat_map(|&ix| {
        let needs = plan.task(ix).dependencies.iter().map(move |d| (ix, d.on));
        needs.filter(|(_, on)| !shown.contains(on))
    });
    let long = links.told.iter().map(|&(from, to)| (tasks[to], tasks[from]));
    let mut needs = away.chain(long);
    let mut lines: Vec<String> = needs
        .by_ref()
        .take(FOOT_MAX)
        .map(|(ix, on)| {
            let stage = &plan.stage(plan.task(on).stage).id;
            format!("{} also needs {} of {stage} ({})", id(ix), id(on), run.task(on).state)
        })
        .collect();
    let more = needs.count();
    if more > 0 {
        let more = format::count_noun(u64::try_from(more).unwrap_or(u64::MAX), "more such need");
        lines.push(format!("and {more}"));
    }
    if chain.len() > 1 {
        let names: Vec<_> = chain.iter().map(|&ix| id(ix)).collect();
        lines.push(format!("* critical path: {}", names.join(", ")));
    }
    lines
}
