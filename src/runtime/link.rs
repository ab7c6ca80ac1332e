//! Between the driver and the desk: the engine's trading state reaches the desk before anything else
//! does, and what the desk became by itself reaches the engine.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{clock::wall, switch::Switch};
use crate::{
    engine::{Actor, Event, Input, Recorded, RunState, Tightening, Trading, TradingState},
    store::{Flag, Raised},
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
    /// A state whose flag is not on disk as it should be; tried again with each beat.
    unkept: Option<Tightening>,
}

impl DeskLink {
    /// A link to a desk that looks at `switch` before each send.
    #[must_use]
    pub const fn new(desk: Arc<Desk>, switch: Arc<Switch>) -> Self {
        let (told, owed, looser, wrong, unkept) = (None, None, None, None, None);
        Self { desk, switch, told, owed, looser, wrong, unkept }
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
        self.hold(wish.clone());
        self.withdraw(wish, at);
    }

    /// Blocks what a stricter state forbids, and keeps it as a flag file, which outlives the process and the
    /// day until a person re-arms it, and needs no journal.
    fn hold(&mut self, wish: Tightening) {
        self.switch.throw(wish.clone());
        let Some(flags) = self.switch.flags() else { return };
        let raised = flags.strictest().is_ok_and(|raised| raised >= wish.to);
        if raised && self.unkept.is_none() {
            return;
        }
        let Tightening { to, by, why } = wish.clone();
        match flags.raise(to, &Flag { by: Some(by), why, at: Some(wall()) }) {
            Ok(Raised::Whole) => self.unkept = None,
            Ok(Raised::Bare(_full)) => self.unkept = Some(wish),
            Err(error) => {
                if self.unkept.replace(wish).is_none() {
                    let name = crate::store::Flags::name(to).unwrap_or_default();
                    let text = format!(
                        "the flag file {name} cannot be written, so {to} ends with this process: {error}"
                    );
                    self.wrong = Some(text);
                }
            }
        }
    }

    /// An act that would have loosened was undone before it was recorded.
    pub(super) fn undone(&mut self, run: &RunState) {
        self.looser = None;
        self.switch.known(run.trading().state, run.at());
    }

    /// Nothing can be recorded: nothing that adds risk is sent until a person has looked.
    pub(super) fn unrecorded(&mut self, why: &str) {
        let by = Actor::Policy(RECORDER.into());
        let why = format!("events cannot be recorded: {why}");
        let wish = Tightening { to: TradingState::Halted, by, why };
        if self.switch.thrown().is_none_or(|thrown| thrown.to < wish.to) {
            self.hold(wish);
        }
    }

    /// All that was heard is recorded: what is looser holds now.
    pub(super) fn recorded(&mut self) {
        let Some((from, wish, at)) = self.looser.take() else { return };
        self.unkept = None;
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
        if let Some(wish) = self.unkept.clone() {
            self.hold(wish);
        }
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
