//! An engine for workflows of one's own, with the six agents on the data and the desk of a date.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    error::ControllerError,
    orchestration_controller::{OrchestrationController, opening},
};
use desk::{
    agents::{AgentContext, builtin_agents, open_desk},
    trading::desk::DeskBacking,
};
use planning::plan::RunMode;
use runtime::WorkflowEngine;

impl OrchestrationController {
    /// An engine that executes workflows of the caller's own with the six agents, on the market data
    /// and a simulated desk of `date`. Its events go to the handlers registered here.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the system is not up, the date is unknown, or the desk cannot be
    /// opened.
    pub fn workflow_engine(&self, date: NaiveDate) -> Result<WorkflowEngine, ControllerError> {
        let days = self.day_factory()?;
        let data = days.data().for_day(date);
        let opening = opening(days, date, RunMode::Sim, 1)?;
        let desk = Arc::new(open_desk(&data, opening, DeskBacking::default())?);
        let mut roster = builtin_agents(&AgentContext::new(data, desk));
        self.route_own_agents(&mut roster);
        Ok(WorkflowEngine::new(roster, &self.config).with_bus(self.bus.clone()))
    }
}
