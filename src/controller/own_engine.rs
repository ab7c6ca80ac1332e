//! An engine for workflows of one's own, with the six agents on the data and the desk of a date.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    error::ControllerError,
    orchestration::{OrchestrationController, opening},
};
use crate::{
    agents::{self, Context, open_desk},
    plan::Mode,
    runtime::{Approver, WorkflowEngine},
    trading::desk::Backing,
};

impl OrchestrationController {
    /// An engine that executes workflows of the caller's own with the six agents, on the market data
    /// and a simulated desk of `date`. Its events go to the handlers registered here.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the system is not up, the date is unknown, or the desk cannot be
    /// opened.
    pub fn workflow_engine(&self, date: NaiveDate) -> Result<WorkflowEngine, ControllerError> {
        let days = self.days()?;
        let data = days.data().for_day(date);
        let opening = opening(days, date, Mode::Sim, 1)?;
        let desk = Arc::new(open_desk(&data, opening, Backing::default())?);
        let roster = agents::builtin(&Context::new(data, desk));
        let settings = self.config.plan_settings(Mode::Sim, 1);
        Ok(WorkflowEngine::new(roster, settings, Approver::Person, self.bus.clone()))
    }
}
