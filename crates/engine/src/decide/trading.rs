//! The trading state: made stricter by whoever may act, looser by a person with a reason, and what
//! being KILLED stops at once.

use super::{
    gates,
    refusal::{describe_actor_and_reason, refuse},
};
use crate::{
    command::{Actor, CommandRefusal, CommandRequest},
    event::Event,
    event_types::{Gate, PauseMode},
    run_state::RunState,
    trading_state::{TighteningRequest, TradingState},
};

pub(super) fn tighten(
    state: &RunState,
    order: &CommandRequest,
    to: TradingState,
) -> Result<Vec<Event>, CommandRefusal> {
    let now = state.trading_status().state;
    if to <= now {
        let (why, remedy) = if to == now {
            ("it is as strict as asked", None)
        } else {
            ("that would loosen it", Some("re-enable it"))
        };
        return Err(refuse(&format!("trading is {now}"), why, remedy));
    }
    let why = order.reason.clone().unwrap_or_else(|| "no reason given".into());
    Ok(changed(state, (to, order.by.clone(), why), &describe_actor_and_reason(order)))
}

pub(super) fn re_enable(
    state: &RunState,
    order: &CommandRequest,
    to: TradingState,
) -> Result<Vec<Event>, CommandRefusal> {
    let trading = state.trading_status();
    let now = trading.state;
    let no = |why: &str, remedy: &str| Err(refuse(&format!("trading is {now}"), why, Some(remedy)));
    if to >= now {
        return if now == TradingState::Active {
            Err(refuse("trading is ACTIVE", "there is nothing to re-enable", None))
        } else {
            no("that would not loosen it", "name a looser state")
        };
    }
    let given = order.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = given else { return no("re-enable needs a reason", "give one") };
    if matches!(order.by, Actor::Policy(_)) {
        return no("only an operator may re-enable trading", "let an operator re-enable it");
    }
    if !trading.allows_change(to, &order.by) {
        return no("it is left only by way of HALTED", "re-enable to HALTED first");
    }
    Ok(vec![Event::TradingChanged { from: now, to, by: order.by.clone(), why: reason.into() }])
}

/// What follows when something beside the engine has made the trading state stricter.
pub(crate) fn decide_external_tightening(state: &RunState, wish: TighteningRequest) -> Vec<Event> {
    let TighteningRequest { to, by, why } = wish;
    if to <= state.trading_status().state {
        return Vec::new();
    }
    let told = format!("{by} ({why})");
    changed(state, (to, by, why), &told)
}

/// The change; with KILLED the engine's gate closes as firmly as it can.
fn changed(
    state: &RunState,
    (to, by, why): (TradingState, Actor, String),
    told: &str,
) -> Vec<Event> {
    let mut events =
        vec![Event::TradingChanged { from: state.trading_status().state, to, by, why }];
    let for_good =
        state.closed_gates().get(&Gate::Engine).is_some_and(|closed| closed.until.is_none());
    if to == TradingState::Killed && !(state.is_halted() && for_good) {
        let (gate, mode) = (Gate::Engine, PauseMode::Halt);
        let by = format!("the kill: {told}");
        events.push(Event::GateClosed { gate, mode, until: None, by });
        events.extend(gates::tasks_stopped_by(state, gate, mode));
    }
    events
}
