//! The specification's `DailyTradingWorkflow`: the workflow of whatever day it is, run to its end.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    error::ControllerError,
    orchestration_controller::{OrchestrationController, RunRequest, StartKind},
};
use planning::plan::{DayPlan, RunMode};
use runtime::{Attendance, ClockPace, RunClock, WorkflowReport};

/// Chooses and runs the workflow of a day: the standard one, or with the overlays of earnings,
/// decisions, expirations, half days, closed days and volatility.
#[derive(Debug)]
pub struct DailyTradingWorkflow<'a> {
    controller: &'a mut OrchestrationController,
}

impl<'a> DailyTradingWorkflow<'a> {
    /// The daily workflow of a system that is up.
    pub const fn new(controller: &'a mut OrchestrationController) -> Self {
        Self { controller }
    }

    /// The session of a day, UTC: nominal hours on a closed day.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the calendar does not know the date.
    pub fn market_hours(
        &self,
        date: NaiveDate,
    ) -> Result<(DateTime<Utc>, DateTime<Utc>), ControllerError> {
        let day = planning::calendar::exchange_day(date)?;
        Ok((day.open, day.close))
    }

    /// The workflow of a day, settled, with the overlays that apply.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the system is not up or the day cannot be planned.
    pub fn workflow_for(&self, date: NaiveDate) -> Result<DayPlan, ControllerError> {
        let (plan, _applied) =
            self.controller.day_factory()?.day_plan(date, RunMode::Sim, 1, &[])?;
        Ok((*plan).clone())
    }

    /// Runs the workflow of a day in SIM, from its first stage to its end, without waiting.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the system is not up, or the day cannot be planned or driven.
    pub async fn run_daily_workflow(
        &mut self,
        date: NaiveDate,
    ) -> Result<WorkflowReport, ControllerError> {
        let first = self.workflow_for(date)?;
        let starts = first.stages.iter().map(|stage| stage.opens_at).min().unwrap_or(first.open);
        let day = self.controller.prepare_run(RunRequest {
            date,
            mode: RunMode::Sim,
            clock: RunClock::starting(starts, ClockPace::Max),
            scenario: None,
            overlays: Vec::new(),
            attendance: Attendance::Unattended,
            sinks: Vec::new(),
            begins: StartKind::default(),
        })?;
        let report = WorkflowReport { state: day.driver.run().await? };
        self.controller.record_report(&report);
        Ok(report)
    }
}
