//! The trading state: made stricter by anyone, looser by an operator with a reason, and what HALTED
//! and KILLED stop at once.

use super::refusal::refuse;
use crate::{
    command::{Actor, CommandRefusal, CommandRequest},
    event::Event,
    run_state::RunState,
    task_state::TaskState,
    trading_state::{TighteningRequest, TradingState},
};
use planning::workflow::EffectClass;

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
    Ok(tighten_events(state, TighteningRequest { to, by: order.by.clone(), why }))
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

/// Decides what follows when something beside the engine has made the trading state stricter.
pub(crate) fn decide_external_tightening(state: &RunState, wish: TighteningRequest) -> Vec<Event> {
    if wish.to <= state.trading_status().state { Vec::new() } else { tighten_events(state, wish) }
}

/// The change, and the running tasks that it stops. Pure tasks end their round: monitors of
/// positions and fills are needed most then.
pub(super) fn tighten_events(state: &RunState, wish: TighteningRequest) -> Vec<Event> {
    let TighteningRequest { to, by, why } = wish;
    let stops = |effect: EffectClass| match (to, effect) {
        (TradingState::Halted | TradingState::Killed, EffectClass::Effectful)
        | (TradingState::Killed, EffectClass::Idempotent) => true,
        (_, EffectClass::Pure | EffectClass::Human | EffectClass::Idempotent)
        | (TradingState::Active | TradingState::ReduceOnly, EffectClass::Effectful) => false,
    };
    let stopped = state
        .tasks()
        .filter(|(ix, run)| run.state == TaskState::Running && stops(state.plan().task(*ix).effect))
        .map(|(task, _)| Event::TaskCancelling { task });
    let from = state.trading_status().state;
    std::iter::once(Event::TradingChanged { from, to, by, why }).chain(stopped).collect()
}
