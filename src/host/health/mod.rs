//! The health of a desk, component by component: measured, with the remedy for what is broken.

mod checks;
mod component;
mod run_totals;

pub(crate) use checks::check_system;
pub use checks::{DataHealth, HealthInputs, ServedRun, check_components};
pub use component::{Component, ComponentHealth, HealthReport, HealthState};
pub(crate) use run_totals::totals_of_folder;
