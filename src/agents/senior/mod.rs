//! The senior analyst: judgement on few names, ranked, each with the price that proves it wrong.

mod dive;
mod rank;
mod rows;

pub(super) use self::rows::ROWS;
