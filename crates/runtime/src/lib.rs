//! Drives a run: clock, workers, event sinks, operator sessions, recovery, attach protocol.
//!
//! This crate must never know terminals, display texts or the command line. Events are passed to
//! every [`EventSink`](engine::port::EventSink) before the work they ask for starts. Subscribers
//! follow over bounded queues: a slow one is told that it missed events, and is never waited for.

mod agent_alerts;
pub mod attach;
mod attempt_notes;
mod attempts;
mod auto_approver;
mod broker_faults;
mod buffered_sink;
mod catch_up;
mod clock;
mod desk_link;
mod driver;
mod event_bus;
mod execution;
mod handle;
mod kill_switch;
mod kill_watch;
mod operator_session;
mod outbox;
pub mod protocol;
mod recording;
mod recovery;
mod replay;
mod requests;
mod scenario;
mod schedule;
mod session_table;
mod stepped_driver;
mod subscription;
mod workers;
mod workflow_engine;

pub use auto_approver::AutoApprover;
pub use buffered_sink::BufferedSink;
pub use clock::{RunClock, heartbeat_now, instant_now, wall_now};
pub use desk_link::DeskLink;
pub use driver::{Attendance, DriveError, Driver, DriverConfig};
pub use event_bus::{BusMessage, EventBus, Handler};
pub use execution::{IntoDefinition, TaskReport, WorkflowReport};
pub use handle::{DriverGone, RunHandle};
pub use kill_switch::ProcessKillSwitch;
pub use kill_watch::{KillWatch, KillWatchConfig, hear_signals};
pub use operator_session::OperatorSession;
pub use recovery::RecoveryMode;
pub use replay::ReplayDriver;
pub use scenario::{Scenario, ScenarioError};
pub use subscription::{Subscription, SubscriptionItem};
pub use workers::recorded_request;
pub use workflow_engine::{EngineError, ExecutionId, WorkflowEngine};

pub use crate::protocol::{ClockPace, Heartbeat};
