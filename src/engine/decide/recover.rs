//! Going on with a run that is taken up, and what is refused until then.

use chrono::{DateTime, Utc};

use super::{gates, refusal::refuse};
use crate::engine::{
    command::{Command, Order, Refusal},
    event::Event,
    fact::{Gate, PauseMode},
    recovery,
    state::RunState,
};

/// Does what is decided about every task and lets the run go on.
pub(super) fn recover(
    state: &RunState,
    at: DateTime<Utc>,
    order: &Order,
    paused: bool,
) -> Result<Vec<Event>, Refusal> {
    if !state.recovering() {
        return Err(refuse("the run", "it is not being taken up", None));
    }
    let mut events = recovery::decided(state, at);
    if paused && !state.gates().contains_key(&Gate::Engine) {
        events.extend(gates::pause(state, at, order, Gate::Engine, (PauseMode::Drain, None))?);
    }
    events.push(Event::RecoveryEnded);
    Ok(events)
}

/// Refuses what cannot be done before it is decided what became of each task.
pub(super) fn patient(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Recover { .. }
        | Command::Pause { .. }
        | Command::Tighten { .. }
        | Command::Arm
        | Command::Disarm
        | Command::Acknowledge { .. } => Ok(()),
        Command::Resume { .. }
        | Command::Hold { .. }
        | Command::Release { .. }
        | Command::Retry { .. }
        | Command::RetryFailed { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::Skip { .. }
        | Command::Unskip { .. }
        | Command::Cancel { .. }
        | Command::SetOk { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Reject { .. }
        | Command::Resolve { .. }
        | Command::Probe { .. }
        | Command::SetPriority { .. }
        | Command::CatchUp { .. }
        | Command::Rearm { .. }
        | Command::CancelRun => {
            let why = "what became of each task is not decided yet";
            Err(refuse("the run is being taken up", why, Some("say `recover` first")))
        }
    }
}
