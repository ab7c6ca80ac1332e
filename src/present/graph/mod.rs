//! The tasks of a day as a graph on a screen of text: where each stands, what it waits for, and why.

mod blocked;
mod canvas;
mod chain;
#[cfg(test)]
mod law;
mod lay;
mod links;
mod model;
mod order;
mod scope;

pub use blocked::{Cause, why_blocked};
pub use chain::{Deciding, deciding};
pub use lay::graph;
pub use model::{Block, Direction, Graph, GraphRow, Node, Piece};
pub use scope::{Focus, HOPS, NODES_MAX};
