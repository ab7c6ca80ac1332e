//! The senior analyst: judgement on few names, ranked, each with the price that proves it wrong.

mod deep_dive;
mod rank_ideas;
mod task_types;

pub(super) use self::task_types::ROWS;
