//! Closing positions: which task does it, and what starts that task at once.

use chrono::{DateTime, Utc};

use super::{
    force::unmet_conditions_but_trading,
    refusal::{refuse, refuse_state, refuse_task},
    trading,
};
use crate::{
    command::{CommandRefusal, CommandRequest, Waiver},
    event::Event,
    event_types::ResetCause,
    run_state::RunState,
    task_state::TaskState,
    trading_state::{TighteningRequest, TradingState},
};

/// What an exit sets aside besides that nobody had asked for it: neither a hold nor a breaker keeps
/// positions open that a person wants closed.
const WAIVED: [Waiver; 3] = [Waiver::OnDemand, Waiver::Breaker, Waiver::Hold];

/// Starts the standing task that closes positions, also in `HALTED`. The task reads the positions of the
/// moment it starts in, so it may be asked for again after it has ended.
pub(super) fn flatten(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
    symbol: Option<&str>,
) -> Result<Vec<Event>, CommandRefusal> {
    let Some(task) = state.exit_task() else {
        let why = "no task of type emergency_exit with `on_demand: true` stands ready";
        return Err(refuse("this run", why, Some("cancel its orders with halt")));
    };
    if order.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        let why = "positions are closed only with a reason";
        return Err(refuse_task(state, task, why, "give one"));
    }
    let run = state.task(task);
    let cause = match run.state {
        TaskState::Running | TaskState::Cancelling => {
            let why = "it is closing positions now";
            return Err(refuse_task(state, task, why, "cancel it, then ask again"));
        }
        TaskState::InDoubt => {
            let why = "the outcome of its orders is unknown, and a second exit could sell twice";
            return Err(refuse_task(state, task, why, "probe it, or resolve it with evidence"));
        }
        TaskState::Completed => Some(ResetCause::Rerun),
        TaskState::Failed | TaskState::Timeout | TaskState::Cancelled => Some(ResetCause::Retry),
        TaskState::Skipped => Some(ResetCause::Unskip),
        TaskState::Missed | TaskState::UpstreamFailed => {
            return Err(refuse_state(state, task, "it did not start in time"));
        }
        TaskState::Pending | TaskState::Queued | TaskState::Retrying | TaskState::Held => None,
    };
    if state.trading_status().state == TradingState::Killed {
        let why = "trading is KILLED, which lets no order pass";
        return Err(refuse_task(state, task, why, "re-enable trading to HALTED first"));
    }
    // The request itself lets the exit pass HALTED.
    let mut waivers = Vec::new();
    for unmet in unmet_conditions_but_trading(state, at, task) {
        match unmet.waiver.filter(|waiver| WAIVED.contains(waiver)) {
            Some(waiver) => waivers.push(waiver),
            None => return Err(refuse_task(state, task, &unmet.text, "wait until it holds")),
        }
    }
    let mut events: Vec<Event> =
        cause.map(|cause| Event::TaskReset { task, cause }).into_iter().collect();
    let (only, by) = (symbol.map(Into::into), order.by.clone());
    events.push(Event::ExitRequested { task, symbol: only, by });
    if !waivers.is_empty() {
        events.push(Event::TaskForced { task, waivers });
    }
    if symbol.is_none() && state.trading_status().state == TradingState::Active {
        // Whoever closes everything wants nothing bought behind it.
        let (to, by) = (TradingState::ReduceOnly, order.by.clone());
        let why = "every position is being closed".to_owned();
        events.extend(trading::tighten_events(state, TighteningRequest { to, by, why }));
    }
    if run.state == TaskState::Held {
        events.push(Event::TaskReleased { task });
    }
    Ok(events)
}
