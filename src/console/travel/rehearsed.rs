//! The day played beforehand, made ready to be looked at: what came of it, and its record.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    engine::IllegalEvent,
    forecast::{DryDay, rehearse},
    plan::{Mode, Plan},
};

/// A rehearsal of a day.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    /// What came of it.
    pub day: DryDay,
    /// Its events, to be stepped through.
    pub record: Record,
}

impl Rehearsed {
    /// Plays a day from a moment on with the real engine and no agent; takes as long as the day has
    /// events, so it belongs beside the loop that draws, not in it.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] when the engine said what cannot follow, which it never should.
    pub fn new(plan: &Plan, from: DateTime<Utc>) -> Result<Self, IllegalEvent> {
        let plan = Plan { mode: Mode::Dry, ..plan.clone() };
        let played = rehearse(Arc::new(plan), from);
        let record = Record::of(&played.events)?;
        Ok(Self { day: played.day, record })
    }
}
