//! The frame, drawn from the model alone: one file for each region.
mod act;
mod agents;
mod alerts;
mod audit;
mod card;
mod day;
mod dialog;
mod footer;
mod frame;
mod graph;
mod header;
mod histogram;
mod inspector;
mod late;
mod lookup;
mod orders;
mod pane;
mod plan;
mod prompt;
mod pulse;
mod recovery;
mod runs;
mod streams;
mod tasks;

pub(super) use act::needs;
pub use frame::view;
pub(super) use streams::line_at;
