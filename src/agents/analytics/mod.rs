//! Analytics and reporting: what happened, why, what it cost, and the proof.

mod costs;
mod keep;
mod paper;
mod performance;
mod report;
mod rows;

pub(super) use self::rows::ROWS;
