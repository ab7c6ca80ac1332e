//! The engine: decides what happens next in a run, and remembers what happened.
//!
//! `decide` turns an input into events; [`RunState::apply`] folds an event into the state;
//! [`work_of`] says what the outside world must now do. None of the three reads a clock, waits,
//! or touches a file, so a recorded run replays to the same state on any machine.

mod answer;
mod command;
mod event;
mod state;

pub use answer::{Answer, Failure, FailureKind, Outcome, Quality};
pub use command::{Actor, Command, Finding, Order, Refusal, RetryScope, Waiver};
pub use event::{
    Clock, Corr, DayEnd, Event, Gate, NoRetry, PauseMode, Provenance, Recorded, ResetCause,
    Severity, SkipWhy,
};
pub use state::{
    AgentHealth, AgentRun, Attempt, Breaker, Closed, Ending, RunState, RunStatus, StageRun,
    StageStatus, TaskRun, TaskState,
};
