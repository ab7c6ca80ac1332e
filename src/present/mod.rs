//! What a run looks like in words: rows of plain data for the console, the headless day and JSON.
//!
//! Everything here is computed from a `RunState` (or one event and its plan) and a moment; nothing
//! is kept, drawn or written, so every reader of a run is told the same things in the same words.

pub mod explain;
