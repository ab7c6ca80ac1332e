//! The laid-out graph: nodes at places a cursor can move between, and the wires between them.

use super::scope::GraphFocus;
use engine::TaskState;
use planning::plan::{StageIx, TaskIx};

/// A graph that was laid out. Places are columns and rows of text from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The part of the day shown.
    pub focus: GraphFocus,
    /// The note on tasks left out; `None` when every requested task is shown.
    pub note: Option<String>,
    /// Stages, top to bottom.
    pub blocks: Vec<StageBlock>,
    /// Tasks, by block, then column, then row.
    pub nodes: Vec<GraphNode>,
    /// Columns of text.
    pub width: usize,
    /// Rows of text.
    pub height: usize,
    pub(super) wires: Vec<EdgePath>,
}

/// The part of a graph that shows a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageBlock {
    pub stage: StageIx,
    /// `intraday 10:30–15:00  4/11 ended`.
    pub title: String,
    /// The row of its title.
    pub row: usize,
    /// The dependencies outside the block, and the critical path of its work.
    pub foot: Vec<String>,
    /// The row of the first line of its foot.
    pub foot_row: usize,
}

/// A task of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// Its place in the plan.
    pub ix: TaskIx,
    /// Its block, as a place in [`Graph::blocks`].
    pub block: usize,
    /// Its state; the mark before its name comes from it.
    pub state: TaskState,
    /// Name and attempt: `risk_recheck 3/3`.
    pub label: String,
    /// True if it is on the chain that decides when the work of its stage ends.
    pub critical: bool,
    /// The number of steps it stands behind the first tasks of its block.
    pub rank: usize,
    /// First column.
    pub x: usize,
    /// Row.
    pub y: usize,
    /// Columns it takes, brackets and mark included.
    pub width: usize,
}

/// One line between two tasks, as corners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EdgePath {
    /// Wires of one task share it; a wire of another crosses without touching.
    pub(super) owner: usize,
    pub(super) corners: Vec<(usize, usize)>,
    pub(super) heavy: bool,
}

/// One row of a drawn graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphRow {
    /// The text, trailing blanks cut.
    pub text: String,
    /// The nodes on it, left to right.
    pub pieces: Vec<GraphSegment>,
}

/// A node on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphSegment {
    pub ix: TaskIx,
    pub state: TaskState,
    /// First column.
    pub x: usize,
    /// Columns.
    pub width: usize,
}

/// The direction of a cursor move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what is waited for.
    Left,
    /// To what waits.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Graph {
    /// The node of a task, if it is shown.
    #[must_use]
    pub fn node(&self, ix: TaskIx) -> Option<&GraphNode> {
        self.nodes.iter().find(|node| node.ix == ix)
    }

    /// Returns where a cursor on `ix` goes; stays when there is nothing that way. From a task that
    /// is not shown it goes to the first that is.
    #[must_use]
    pub fn neighbour(&self, ix: TaskIx, direction: Direction) -> Option<TaskIx> {
        let Some(here) = self.node(ix) else { return self.nodes.first().map(|node| node.ix) };
        let distance = |node: &&GraphNode| {
            let (across, down) = (node.x.abs_diff(here.x), node.y.abs_diff(here.y));
            match direction {
                Direction::Left | Direction::Right => (node.rank.abs_diff(here.rank), down, across),
                Direction::Up | Direction::Down => {
                    let aside = usize::from(node.block == here.block && node.rank != here.rank);
                    (aside, down, across)
                }
            }
        };
        let that_way = |node: &&GraphNode| match direction {
            Direction::Left => node.block == here.block && node.rank < here.rank,
            Direction::Right => node.block == here.block && node.rank > here.rank,
            Direction::Up => node.y < here.y,
            Direction::Down => node.y > here.y,
        };
        // A line that leads there is followed before anything that merely stands there.
        let linked = |node: &&GraphNode| match direction {
            Direction::Left => self.are_linked(node, here),
            Direction::Right => self.are_linked(here, node),
            Direction::Up | Direction::Down => false,
        };
        let all = || self.nodes.iter().filter(that_way);
        let along = all().filter(linked).min_by_key(distance);
        Some(along.or_else(|| all().min_by_key(distance)).map_or(ix, |node| node.ix))
    }

    fn are_linked(&self, from: &GraphNode, to: &GraphNode) -> bool {
        let start = |wire: &EdgePath| wire.corners.first() == Some(&(from.x + from.width, from.y));
        let end =
            |wire: &EdgePath| wire.corners.last().is_some_and(|&(x, y)| y == to.y && x + 1 == to.x);
        self.wires.iter().any(|wire| start(wire) && end(wire))
    }
}
