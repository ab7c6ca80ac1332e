//! What a person does about themselves and the alerts: arming, disarming, having seen.

use super::refusal::refuse;
use crate::{
    command::{CommandRefusal, CommandRequest},
    event::Event,
    run_state::RunState,
};

/// Makes whoever asks the armed operator, in place of whoever was.
pub(super) fn arm(state: &RunState, order: &CommandRequest) -> Result<Vec<Event>, CommandRefusal> {
    let given = order.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = given else {
        return Err(refuse("the session is not armed", "arming needs a reason", Some("give one")));
    };
    let from = state.armed_operator().map(|armed| armed.by.clone()).filter(|by| *by != order.by);
    Ok(vec![Event::OperatorArmed { by: order.by.clone(), reason: reason.to_owned(), from }])
}

/// Lets nobody be armed; anybody may ask for that.
pub(super) fn disarm(
    state: &RunState,
    order: &CommandRequest,
) -> Result<Vec<Event>, CommandRefusal> {
    let Some(armed) = state.armed_operator() else {
        return Err(refuse("no session is armed", "there is nothing to disarm", None));
    };
    Ok(vec![Event::OperatorDisarmed { by: order.by.clone(), was: armed.by.clone() }])
}

/// Notes that an alert was seen, once.
pub(super) fn acknowledge(
    state: &RunState,
    order: &CommandRequest,
    alert: u64,
) -> Result<Vec<Event>, CommandRefusal> {
    let Some(known) = state.alerts().get(&alert) else {
        let what = format!("event {alert} is no alert that is remembered");
        return Err(refuse(&what, "there is nothing to acknowledge", None));
    };
    if let Some(acked) = &known.acked {
        let what = format!("alert {alert} is acknowledged by {}", acked.by);
        return Err(refuse(&what, "nothing to do", None));
    }
    Ok(vec![Event::AlertAcknowledged { alert, by: order.by.clone(), reason: order.reason.clone() }])
}
