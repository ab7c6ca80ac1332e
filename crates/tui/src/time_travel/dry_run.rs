//! The day played beforehand, made ready to be looked at: what came of it, and its record.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::RunRecording;
use engine::{
    IllegalEvent,
    forecast::{DryRunReport, dry_run_with_events},
};
use planning::plan::{DayPlan, RunMode};

/// A rehearsal of a day.
#[derive(Debug, Clone)]
pub struct DryRunRecording {
    /// The result of the dry run.
    pub day: DryRunReport,
    /// Its events, to be stepped through.
    pub record: RunRecording,
}

impl DryRunRecording {
    /// Plays a day from a moment on with the real engine and no agent; takes as long as the day has
    /// events, so it belongs beside the loop that draws, not in it.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] when the engine said what cannot follow, which it never should.
    pub fn new(plan: &DayPlan, from: DateTime<Utc>) -> Result<Self, IllegalEvent> {
        let plan = DayPlan { mode: RunMode::Dry, ..plan.clone() };
        let played = dry_run_with_events(Arc::new(plan), from);
        let record = RunRecording::from_events(&played.events)?;
        Ok(Self { day: played.day, record })
    }
}
