//! The engine: decides what happens next in a run, and remembers what happened.
//!
//! `decide` turns an input into events; [`RunState::apply`] folds an event into the state;
//! [`work_of`] says what the outside world must now do. None of the three reads a clock, waits,
//! or touches a file, so a recorded run replays to the same state on any machine.

mod agenda;
mod agent_run;
mod alert;
mod answer;
mod apply;
mod apply_task;
mod brief;
mod budget;
mod command;
mod core;
mod decide;
mod doubt;
mod event;
mod fact;
mod kind;
mod ladder;
mod late;
mod legal;
mod recovery;
mod snapshot;
mod stage_run;
mod standing;
mod state;
mod step;
mod subject;
mod task_run;
mod task_state;
mod terms;

pub use agent_run::{AgentHealth, AgentRun, Breaker};
pub use alert::{Acked, Alert};
pub use answer::{Answer, Failure, FailureKind, Lookup, Outcome, Quality};
pub use apply::IllegalEvent;
pub use budget::RetryBudget;
pub use command::{Actor, Command, Finding, Order, Refusal, RetryScope, Waiver};
pub use core::Engine;
pub use decide::{Unmet, missed, refused, unmet};
pub use doubt::{Doubt, Probed};
pub use event::Event;
pub use fact::{
    Clock, Corr, DayEnd, Gate, NoRetry, PauseMode, Provenance, Recorded, Rejection, ResetCause,
    Severity, SkipWhy,
};
pub use kind::OrchestrationEvent;
pub use ladder::{Tightening, Trading, TradingState};
pub use late::{LateChoice, Lateness, Left, LeftWhy};
pub use recovery::{Recovery, TakeUp, take_up};
pub use stage_run::{StageRun, StageStatus};
pub use state::{Armed, Closed, RunState, RunStatus};
pub use step::{Input, Step, Work, repeatable, work_of};
pub use task_run::{Attempt, Ending, TaskRun};
pub use task_state::TaskState;
pub use terms::{Reading, Terms};
