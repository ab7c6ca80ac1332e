//! The operations console for the day of an AI trading desk.
//!
//! This crate composes the others: [`cli`] parses the command line, [`host`] runs days, consoles and
//! drills. It must never decide anything about tasks or orders; those rules are in [`engine`] and
//! [`desk`]. `ARCHITECTURE.md` describes the crates, `examples/` has whole programs.
//!
//! A trading day on recorded market data, from start-up to its report:
//!
//! ```
//! use bellwether::{
//!     config,
//!     host::{DailyTradingWorkflow, OrchestrationController},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut controller = OrchestrationController::new(config::resolve(&[])?);
//! controller.startup_system()?;
//! let date = "2018-12-19".parse()?;
//! let report = DailyTradingWorkflow::new(&mut controller).run_daily_workflow(date).await?;
//! assert!(report.succeeded());
//! # Ok(())
//! # }
//! ```
//!
//! # Agents of one's own
//!
//! An agent is an [`engine::port::Agent`]: it describes its task types and performs attempts.
//! [`OrchestrationController::builder`](host::OrchestrationController::builder) takes agents and a
//! workflow for days that run under the controller. [`cli::main_with`] is the whole program, console
//! included, with agents added. [`runtime::WorkflowEngine`] executes workflows without desk, journal
//! or controller.

pub mod cli;
pub mod host;

pub use audit;
pub use config;
pub use desk;
pub use diag;
pub use engine;
pub use metrics;
pub use planning;
pub use runtime;
pub use store;
#[cfg(feature = "tui")]
pub use tui;
pub use view;
