//! What is known, as rows of text and plain data: the same words for console, report and JSON.

pub mod calendar;
