//! What is known, as rows of text and plain data: the same words for console, report and JSON.
//!
//! Everything here is computed from values and a moment; nothing is kept, drawn or written, so every
//! reader is told the same things in the same words.

pub mod calendar;
pub mod explain;
