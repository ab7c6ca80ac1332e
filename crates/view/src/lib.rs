//! What a run looks like in words: rows of plain data for the console, the headless day and JSON.
//!
//! Everything here is computed from a `RunState` (or one event and its plan) and a moment; nothing
//! is kept, drawn or written, so every reader of a run is told the same things in the same words.

pub mod agent_detail;
pub mod agents;
pub mod alerts;
pub mod approval_card;
pub mod audit;
pub mod badges;
pub mod calendar;
pub mod command_text;
pub mod conditions_met;
pub mod day;
mod dependency_reasons;
pub mod diff;
pub mod drill;
pub mod dryrun;
mod ended_reasons;
pub mod event_line;
mod event_text;
pub mod explain;
pub mod filter;
pub mod format;
pub mod graph;
pub mod histogram;
pub mod in_doubt;
pub mod inspect;
pub mod late_start;
pub mod orders;
mod page;
pub mod partial_approval;
pub mod pretty;
mod process_info;
#[cfg(test)]
mod properties;
pub mod pulse;
pub mod recovery;
pub mod report;
pub mod runs;
mod safe;
mod sorter;
pub mod speech;
pub mod status;
pub mod tabs;
pub mod task_list;
mod task_row;
pub mod time_style;
pub mod timeline;
pub mod trading_state;
pub mod watchlist;
pub mod why;
