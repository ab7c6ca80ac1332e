//! The tasks of a day as a graph on a screen of text: where each stands, what it waits for, and why.

mod blocking_chain;
mod canvas;
mod chain;
mod layering;
mod layout;
mod links;
mod model;
#[cfg(test)]
mod properties;
mod scope;

pub use blocking_chain::{BlockingTask, why_blocked};
pub use chain::{CriticalPath, critical_path_of_run};
pub use layout::lay_out_graph;
pub use model::{Direction, Graph, GraphNode, GraphRow, GraphSegment, StageBlock};
pub use scope::{GraphFocus, HOPS, NODES_MAX};
