//! Between the driver and the desk: the engine's trading state reaches the desk before anything else
//! does, and what the desk became by itself reaches the engine.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::switch::Switch;
use crate::{
    engine::{Actor, Event, Input, Recorded, RunState, Tightening, Trading, TradingState},
    store::Flag,
    trading::desk::{Desk, Withdrawn},
};

/// The policy on whose word orders stay in once events could not be recorded.
const RECORDER: &str = "recorder";

/// A driver's way to the desk of its day.
#[derive(Debug)]
pub struct DeskLink {
    desk: Arc<Desk>,
    switch: Arc<Switch>,
    /// What was withdrawn and is not told yet.
    told: Option<Withdrawn>,
    /// A state whose orders are not withdrawn yet, as somebody held the desk. The switch blocks sends
    /// meanwhile.
    owed: Option<Tightening>,
    /// What is looser and not recorded yet: from which state, and when.
    looser: Option<(TradingState, Tightening, DateTime<Utc>)>,
    /// What could not be done, in words, and is not told yet.
    wrong: Option<String>,
}

impl DeskLink {
    /// A link to a desk that looks at `switch` before each send.
    #[must_use]
    pub const fn new(desk: Arc<Desk>, switch: Arc<Switch>) -> Self {
        Self { desk, switch, told: None, owed: None, looser: None, wrong: None }
    }

    /// The trading state in force before anything begins.
    pub(super) fn begins(&self) -> Option<Tightening> {
        self.switch.asked().or_else(|| self.news(TradingState::Active))
    }

    /// What the desk or the switch has become that the engine does not know.
    pub(super) fn news(&self, known: TradingState) -> Option<Tightening> {
        let asked = self.switch.thrown().filter(|asked| asked.to > known);
        // Somebody who holds the desk is asked later; they change nothing unseen.
        let desk = self.desk.stricter_than(known);
        match (asked, desk) {
            (Some(asked), Some(desk)) if asked.to >= desk.to => Some(asked),
            (asked, None) => asked,
            (_, Some(desk)) => {
                let by = Actor::Policy(desk.by);
                Some(Tightening { to: desk.to, by, why: desk.reason })
            }
        }
    }

    /// Makes the desk as strict as a run that is taken up.
    pub(super) fn restore(&mut self, run: &RunState) {
        let Trading { state: to, by: Some(by), why, .. } = run.trading().clone() else { return };
        self.switch.throw(Tightening { to, by: by.clone(), why: why.clone() });
        self.withdraw(Tightening { to, by, why }, run.at());
    }

    /// Hears of an event before it is recorded: what is stricter holds at once, what is looser once it is.
    pub(super) fn before(&mut self, recorded: &Recorded) {
        let Event::TradingChanged { from, to, by, why } = &recorded.event else { return };
        let at = recorded.at;
        self.switch.known(*to, at);
        let wish = Tightening { to: *to, by: by.clone(), why: why.clone() };
        if to <= from {
            self.looser = Some((*from, wish, at));
            return;
        }
        self.looser = None;
        self.switch.throw(wish.clone());
        if *to == TradingState::Killed
            && let Some(flags) = self.switch.flags()
            && flags.strictest().is_ok_and(|raised| raised < TradingState::Killed)
        {
            let flag = Flag { by: Some(by.clone()), why: why.clone(), at: None };
            if let Err(error) = flags.raise(*to, &flag) {
                self.wrong = Some(format!("the flag file KILL cannot be written: {error}"));
            }
        }
        self.withdraw(wish, at);
    }

    /// Nothing can be recorded: nothing that adds risk is sent until a person has looked.
    pub(super) fn unrecorded(&mut self, why: &str) {
        let by = Actor::Policy(RECORDER.into());
        let why = format!("events cannot be recorded: {why}");
        self.switch.throw(Tightening { to: TradingState::Halted, by, why });
    }

    /// All that was heard is recorded: what is looser holds now.
    pub(super) fn recorded(&mut self) {
        let Some((from, wish, at)) = self.looser.take() else { return };
        if let Err(error) = self.switch.release(&wish) {
            self.wrong = Some(format!("a flag file cannot be taken away: {error}"));
            return;
        }
        // A desk that has become stricter meanwhile stays so, and says so.
        self.desk.follow((from, wish.to), (&wish.by.to_string(), &wish.why), at);
    }

    /// What the engine is still to be told, one thing at a time.
    pub(super) fn next(&mut self, run: &RunState, at: DateTime<Utc>) -> Option<Input> {
        let trading = run.trading();
        self.switch.known(trading.state, at);
        if let Some(text) = self.wrong.take() {
            let (severity, code) = (crate::engine::Severity::Critical, "kill_switch".into());
            return Some(Input::Alert { severity, code, text });
        }
        if let Some(wish) = self.owed.take() {
            self.withdraw(wish, at);
        }
        if let Some(Withdrawn { withdrawn, working }) = self.told.take() {
            let [withdrawn, working] =
                [withdrawn, working].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            return Some(Input::Withdrawn { withdrawn, working });
        }
        self.news(trading.state).map(Input::Tightened)
    }

    /// About once a second of the wall: fills are booked in every trading state, and orders that may
    /// still fill although none should are told when their number changes.
    pub(super) fn watch(&mut self, trading: &Trading, at: DateTime<Utc>) {
        let Some(working) = self.desk.try_watch(at) else { return };
        let stopped = trading.state >= TradingState::Halted;
        let known = trading.working.and_then(|n| usize::try_from(n).ok());
        if stopped && known.is_some_and(|known| known != working) {
            self.told = Some(Withdrawn { withdrawn: 0, working });
        }
    }

    fn withdraw(&mut self, wish: Tightening, at: DateTime<Utc>) {
        let by = wish.by.to_string();
        // Who waited here for a call that does not end would hang with it.
        self.told = self.desk.try_withdraw(wish.to, (&by, &wish.why), at);
        if self.told.is_none() {
            self.owed = Some(wish);
        }
    }
}
