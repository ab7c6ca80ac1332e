//! Deciding: from what is known and what is told to what follows. Reads the state, writes nothing.
//!
//! One file per kind of input.

mod approval;
mod attempt_end;
mod catch_up;
mod command;
mod dispatch;
mod flatten;
mod force;
mod gates;
mod operator;
mod probe;
mod readiness;
mod recovery;
mod refusal;
mod retry;
mod stage;
mod timer;
mod trading;

pub(super) use attempt_end::decide_attempt_end;
pub use catch_up::missed_tasks;
pub(super) use command::decide_command;
pub use command::refusal_of;
pub(super) use dispatch::next_start;
pub use force::{UnmetCondition, unmet_conditions};
pub(super) use probe::decide_probe_result;
pub(super) use readiness::{next_event_for, window_closed};
pub(super) use stage::{run_end, stage, stuck_stage_events};
pub(super) use timer::decide_timer;
pub(super) use trading::decide_external_tightening;
