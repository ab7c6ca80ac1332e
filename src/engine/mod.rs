//! The engine: decides what happens next in a run, and remembers what happened.
//!
//! `decide` turns an input into events; [`RunState::apply`] folds an event into the state;
//! [`work_of`] says what the outside world must now do. None of the three reads a clock, waits,
//! or touches a file, so a recorded run replays to the same state on any machine.

mod agenda;
mod answer;
mod apply;
mod apply_task;
mod command;
mod core;
mod decide;
mod event;
mod kind;
mod legal;
mod state;

pub use answer::{Answer, Failure, FailureKind, Outcome, Quality};
pub use apply::IllegalEvent;
pub use command::{Actor, Command, Finding, Order, Refusal, RetryScope, Waiver};
pub use core::{Engine, Input, Step, Work, repeatable, work_of};
pub use decide::{Unmet, unmet};
pub use event::{
    Clock, Corr, DayEnd, Event, Gate, NoRetry, PauseMode, Provenance, Recorded, ResetCause,
    Severity, SkipWhy,
};
pub use kind::OrchestrationEvent;
pub use state::{
    AgentHealth, AgentRun, Attempt, Breaker, Closed, Ending, RunState, RunStatus, StageRun,
    StageStatus, TaskRun, TaskState,
};
