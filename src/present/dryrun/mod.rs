//! What a dry run found, as text and as JSON: who is late, when things run, what does not run and why.

mod gantt;
mod page;
mod sentence;
mod table;

pub use page::{Sheet, json, rows};
