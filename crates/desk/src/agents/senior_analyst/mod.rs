//! The senior analyst: views on few names, ranked, each with the price that would invalidate it.

mod deep_dive;
mod rank_ideas;
mod task_types;

pub(super) use self::task_types::ROWS;
