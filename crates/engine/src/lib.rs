//! The engine: decides what happens next in a run, and remembers what happened.
//!
//! `decide` turns an input into events; [`RunState::apply`] folds an event into the state;
//! [`work_of`] says what the outside world must now do. None of the three reads a clock, waits,
//! or touches a file, so a recorded run replays to the same state on any machine.

#[macro_use]
mod event_families;

mod agenda;
mod agent_run;
mod alerts;
mod apply;
mod apply_agent;
mod apply_attempt;
mod apply_task;
mod approval_terms;
mod command;
pub mod control;
mod decide;
mod dependency_status;
mod engine;
mod event;
mod event_json;
mod event_kind;
mod event_subject;
mod event_types;
mod exit_request;
pub mod forecast;
mod in_doubt;
mod late_start;
pub mod math;
mod order_report;
mod outcome;
pub mod port;
mod recovery;
mod result_data;
mod retry_budget;
mod run_state;
mod snapshot;
mod stage_run;
mod step;
mod task_brief;
mod task_run;
mod task_state;
mod trading_state;
mod transitions;
mod work_clock;

pub use self::engine::Engine;
pub use agent_run::{AgentHealth, AgentRun, Breaker};
pub use alerts::{Acknowledgement, Alert};
pub use apply::IllegalEvent;
pub use approval_terms::{ApprovalTerms, ReviewedPlan};
pub use command::{Actor, Command, CommandRefusal, CommandRequest, Resolution, RetryScope, Waiver};
pub use decide::{UnmetCondition, missed_tasks, refusal_of, unmet_conditions};
pub use event::Event;
pub use event_json::event_json;
pub use event_kind::OrchestrationEvent;
pub use event_types::{
    AlertSeverity, ApprovalRejection, CorrelationId, Gate, NoRetryReason, PauseMode, Provenance,
    RecordedEvent, ResetCause, RunEnd, SkipReason, TimeoutCause,
};
pub use exit_request::ExitRequest;
pub use in_doubt::{InDoubtEffect, ProbeFinding};
pub use late_start::{CatchUpChoice, ExcuseReason, ExcusedTask, LateStartOutcome};
pub use order_report::{OrderReport, ReportedOrder, ReportedPosition, ReportedState};
pub use outcome::{AttemptOutcome, Failure, FailureKind, ProbeResult, ResultQuality, TaskResult};
pub use recovery::{Recovery, RecoveryDecision, recovery_decision};
pub use result_data::AgentAlert;
pub use retry_budget::RetryBudget;
pub use run_state::{ArmedOperator, ClosedGate, RunState, RunStatus};
pub use stage_run::{StageRun, StageStatus};
pub use step::{EngineInput, EngineStep, WorkItem, is_repeatable, work_of};
pub use task_run::{AttemptRecord, TaskEnding, TaskRun};
pub use task_state::TaskState;
pub use trading_state::{TighteningRequest, TradingState, TradingStatus};
