//! What keeps orders in from outside the desk: looked at before each send, obeyed at once.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    state::{Desk, DeskState},
    trading_state::{TradingStateChange, TradingStateError},
};
use crate::trading::{
    broker::CancelOutcome,
    limits::TradingState,
    order::ClOrdId,
    pretrade::{CheckCode, Enforcement, Violation},
};

/// A trading state asked for from outside the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalTradingState {
    /// Which.
    pub state: TradingState,
    /// Who, by name.
    pub by: String,
    /// Why, in words.
    pub why: String,
}

/// What the desk looks at before each order it sends. It must answer at once and never fail: whoever
/// cannot tell says something strict.
pub trait KillSwitch: Send + Sync + fmt::Debug {
    /// The strictest state anybody asks for now; `None` while nobody asks for any.
    fn external_state(&self) -> Option<ExternalTradingState>;
}

/// Nobody asks for anything.
impl KillSwitch for () {
    fn external_state(&self) -> Option<ExternalTradingState> {
        None
    }
}

/// What a desk still has at its broker after orders were withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CancelSummary {
    /// Orders withdrawn.
    pub withdrawn: usize,
    /// Orders that may still fill.
    pub working: usize,
}

impl CancelSummary {
    fn summarize(state: &DeskState, done: &[(ClOrdId, CancelOutcome)], at: DateTime<Utc>) -> Self {
        Self { withdrawn: done.len(), working: state.working_orders(at).len() }
    }
}

impl Desk {
    /// This desk, with a switch it looks at before each send.
    #[must_use]
    pub fn with_kill_switch(self, switch: std::sync::Arc<dyn KillSwitch>) -> Self {
        self.lock().switch = switch;
        self
    }

    /// As [`Desk::tighten`], and says what is left. A state as strict already withdraws again what it
    /// forbids.
    ///
    /// # Errors
    ///
    /// `StateError::Loosens` when the desk is stricter already; nothing is withdrawn then.
    pub fn tighten_and_cancel(
        &self,
        to: TradingState,
        (by, why): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<CancelSummary, TradingStateError> {
        let mut state = self.lock();
        let done = state.tighten(to, (by, why), at)?;
        Ok(CancelSummary::summarize(&state, &done, at))
    }

    /// As `Desk::withdraw`, but `None` at once while somebody holds the desk.
    pub fn try_withdraw(
        &self,
        to: TradingState,
        (by, why): (&str, &str),
        at: DateTime<Utc>,
    ) -> Option<CancelSummary> {
        let mut state = self.try_lock()?;
        let to = to.max(state.memory.session.state);
        // It is made no looser, so it cannot be refused.
        let done = state.tighten(to, (by, why), at).unwrap_or_default();
        Some(CancelSummary::summarize(&state, &done, at))
    }

    /// Makes the desk as loose as `to`, but only if it still is in `from`: what was tightened meanwhile
    /// stays so. Says whether it did.
    pub fn re_enable_if_unchanged(
        &self,
        (from, to): (TradingState, TradingState),
        (by, why): (&str, &str),
        at: DateTime<Utc>,
    ) -> bool {
        let mut state = self.lock();
        let same = state.memory.session.state == from;
        if same && let Some(change) = state.state_change_fact(to, (by, why), at) {
            state.record_fact(change);
        }
        same
    }

    /// Books what has been filled by `at`, and counts the own orders that may still fill; `None` at once
    /// while somebody holds the desk. Works in every trading state: who stops sending must go on watching.
    pub fn try_watch(&self, at: DateTime<Utc>) -> Option<usize> {
        let mut state = self.try_lock()?;
        state.sync(at);
        Some(state.working_orders(at).len())
    }

    /// The last change of the trading state if that is stricter than `known`; `None` at once while
    /// somebody holds the desk.
    pub fn stricter_than(&self, known: TradingState) -> Option<TradingStateChange> {
        self.try_lock()?.memory.changes.last().filter(|change| change.to > known).cloned()
    }
}

impl DeskState {
    /// Becomes as strict as the switch asks, and withdraws what that forbids. Gives the state then.
    pub(super) fn apply_external_state(&mut self, at: DateTime<Utc>) -> TradingState {
        if let Some(ExternalTradingState { state, by, why }) = self.switch.external_state()
            && state > self.memory.session.state
        {
            // It is made stricter, so it cannot be refused.
            let _stricter = self.tighten(state, (&by, &why), at);
        }
        self.memory.session.state
    }

    /// Why an order that had passed the gate does not go out.
    pub(super) fn not_sent_violation(&self) -> Violation {
        let state = self.memory.session.state;
        Violation {
            code: CheckCode::TradingState,
            limit: "no stricter state since the gate looked".into(),
            observed: state.to_string(),
            severity: Enforcement::Hard,
            text: format!("state {state} came between the gate and the send; it is not sent"),
        }
    }
}
