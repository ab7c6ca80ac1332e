//! Going on with a run that is taken up, and what is refused until then.

use chrono::{DateTime, Utc};

use super::{gates, refusal::refuse};
use crate::{
    command::{Command, CommandRefusal, CommandRequest},
    event::Event,
    event_types::{Gate, PauseMode},
    recovery,
    run_state::RunState,
};

/// Does what is decided about every task and lets the run go on.
pub(super) fn recover(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
    paused: bool,
) -> Result<Vec<Event>, CommandRefusal> {
    if !state.is_recovering() {
        return Err(refuse("the run", "it is not recovering", None));
    }
    let mut events = recovery::decision_events(state, at);
    if paused && !state.closed_gates().contains_key(&Gate::Engine) {
        events.extend(gates::pause(state, at, order, Gate::Engine, (PauseMode::Drain, None))?);
    }
    events.push(Event::RecoveryCompleted);
    Ok(events)
}

/// Refuses what cannot be done before it is decided what became of each task.
pub(super) fn refuse_while_recovering(command: &Command) -> Result<(), CommandRefusal> {
    match command {
        Command::Recover { .. }
        | Command::Pause { .. }
        | Command::TightenTrading { .. }
        | Command::Arm
        | Command::Disarm
        | Command::Acknowledge { .. } => Ok(()),
        Command::Resume { .. }
        | Command::Hold { .. }
        | Command::Release { .. }
        | Command::Retry { .. }
        | Command::RetryStage { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::Skip { .. }
        | Command::Unskip { .. }
        | Command::Cancel { .. }
        | Command::SetCompleted { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Reject { .. }
        | Command::Resolve { .. }
        | Command::Probe { .. }
        | Command::SetPriority { .. }
        | Command::CatchUp { .. }
        | Command::ReEnableTrading { .. }
        | Command::Flatten { .. }
        | Command::CancelRun => {
            let why = "recovery decisions are still open";
            Err(refuse("the run is recovering", why, Some("run `recover` first")))
        }
    }
}
