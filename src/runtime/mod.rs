//! The imperative shell around the engine: the clock, the workers, the feed, and the one loop that
//! waits.
//!
//! Events are handed to every [`Sink`](crate::journal::Sink) before the work they ask for begins. Watchers come after
//! that, over bounded queues: a slow one is told that it missed something, never waited for.

mod agenda;
mod alerts;
mod approver;
mod asked;
pub mod attach;
mod attempts;
mod bus;
mod clock;
mod driver;
mod execution;
mod feed;
mod handle;
mod keeper;
mod kill;
mod late;
mod link;
mod outbox;
mod outside;
mod recording;
mod recovering;
mod replay;
mod scenario;
mod session;
mod sessions;
mod stepped;
mod switch;
mod workers;
mod workflow_engine;

pub use approver::Approver;
pub use bus::{EventBus, Handler, Notice};
pub use clock::{Clock, instant, wall};
pub use driver::{Attendance, DriveError, Driver, Setup};
pub use execution::{IntoDefinition, TaskReport, WorkflowReport};
pub use feed::{Seen, Watcher};
pub use handle::{Gone, Handle};
pub use keeper::Keeper;
pub use kill::{Guarded, Watch, hear_signals};
pub use link::DeskLink;
pub use recovering::Recover;
pub use replay::Replay;
pub use scenario::{Scenario, ScenarioError};
pub use session::Session;
pub use switch::Switch;
pub use workflow_engine::{EngineError, ExecutionId, WorkflowEngine};

pub use crate::wire::{Beat, Pace};
