//! What a run looks like in words: rows of plain data for the console, the headless day and JSON.
//!
//! Everything here is computed from a `RunState` (or one event and its plan) and a moment; nothing
//! is kept, drawn or written, so every reader of a run is told the same things in the same words.

pub mod acts;
pub mod agent_detail;
pub mod agents;
pub mod alerts;
pub mod approval;
pub mod audit;
pub mod badges;
pub mod board;
pub mod calendar;
pub mod clear;
pub mod clock;
pub mod day;
pub mod diff;
pub mod doubt;
pub mod drill;
pub mod dryrun;
mod ended;
pub mod events;
pub mod explain;
pub mod filter;
pub mod graph;
pub mod histogram;
pub mod inspect;
mod json;
pub mod late;
#[cfg(test)]
mod law;
mod needs;
mod page;
pub mod part;
pub mod plain;
pub mod pretty;
pub mod pulse;
pub mod recovery;
mod row;
pub mod runs;
mod safe;
#[cfg(test)]
pub(crate) mod sample;
mod sorter;
pub mod status;
pub mod tabs;
pub mod timeline;
mod told;
pub mod trading;
pub mod watch;
pub mod why;
pub mod words;
