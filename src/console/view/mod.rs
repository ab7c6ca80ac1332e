//! The frame, drawn from the model alone: one file for each region.
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
mod inspector;
mod pane;
mod pulse;
mod streams;
mod tasks;

pub use frame::view;
