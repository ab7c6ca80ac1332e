//! Link between driver and desk: changes of the engine's trading state reach the desk before
//! anything else, and the desk's own changes reach the engine.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{clock::wall_now, kill_switch::ProcessKillSwitch};
use desk::trading::desk::{CancelSummary, Desk};
use engine::{
    Actor, EngineInput, Event, OrderReport, RecordedEvent, RunState, TighteningRequest,
    TradingState, TradingStatus,
};
use store::{Raised, TradingFlag};

/// The policy that halts trading when events cannot be recorded.
const RECORDER: &str = "recorder";

/// The link from a driver to the desk of its run.
#[derive(Debug)]
pub struct DeskLink {
    desk: Arc<Desk>,
    switch: Arc<ProcessKillSwitch>,
    /// Cancelled orders not reported yet.
    told: Option<CancelSummary>,
    /// A state whose orders are not cancelled yet, because another call held the desk. The kill
    /// switch blocks sends meanwhile.
    owed: Option<TighteningRequest>,
    /// A loosening not recorded yet: previous state, request and time.
    looser: Option<(TradingState, TighteningRequest, DateTime<Utc>)>,
    /// An error message not reported yet.
    wrong: Option<String>,
    /// A state whose flag file could not be written; tried again with each heartbeat.
    unkept: Option<TighteningRequest>,
}

impl DeskLink {
    /// Creates a link to a desk that tests `switch` before each send.
    #[must_use]
    pub const fn new(desk: Arc<Desk>, switch: Arc<ProcessKillSwitch>) -> Self {
        let (told, owed, looser, wrong, unkept) = (None, None, None, None, None);
        Self { desk, switch, told, owed, looser, wrong, unkept }
    }

    /// Returns the trading state in force before the run starts.
    pub(super) fn initial_state(&self) -> Option<TighteningRequest> {
        self.switch.strictest_request().or_else(|| self.pending_tightening(TradingState::Active))
    }

    /// Returns a tightening by desk or kill switch that the engine does not know yet.
    pub(super) fn pending_tightening(&self, known: TradingState) -> Option<TighteningRequest> {
        let asked = self.switch.own_request().filter(|asked| asked.to > known);
        // A desk held by another call is asked later; it cannot change unnoticed.
        let desk = self.desk.stricter_than(known);
        match (asked, desk) {
            (Some(asked), Some(desk)) if asked.to >= desk.to => Some(asked),
            (asked, None) => asked,
            (_, Some(desk)) => {
                let by = Actor::Policy(desk.by);
                Some(TighteningRequest { to: desk.to, by, why: desk.reason })
            }
        }
    }

    /// Makes the desk as strict as a recovered run.
    pub(super) fn restore(&mut self, run: &RunState) {
        let TradingStatus { state: to, by: Some(by), why, .. } = run.trading_status().clone()
        else {
            return;
        };
        self.switch.tighten(TighteningRequest { to, by: by.clone(), why: why.clone() });
        self.withdraw(TighteningRequest { to, by, why }, run.last_event_at());
    }

    /// Handles an event before it is recorded: a tightening takes effect at once, a loosening after
    /// recording.
    pub(super) fn before_record(&mut self, recorded: &RecordedEvent) {
        let Event::TradingChanged { from, to, by, why } = &recorded.event else { return };
        let at = recorded.at;
        self.switch.record_engine_state(*to, at);
        let wish = TighteningRequest { to: *to, by: by.clone(), why: why.clone() };
        if to <= from {
            self.looser = Some((*from, wish, at));
            return;
        }
        self.looser = None;
        self.hold(wish.clone());
        self.withdraw(wish, at);
    }

    /// Blocks what a stricter state forbids, and writes a flag file, which outlives process and day
    /// until an operator re-enables trading, and needs no journal.
    fn hold(&mut self, wish: TighteningRequest) {
        self.switch.tighten(wish.clone());
        let Some(flags) = self.switch.flags() else { return };
        let raised = flags.strictest_raised().is_ok_and(|raised| raised >= wish.to);
        if raised && self.unkept.is_none() {
            return;
        }
        let TighteningRequest { to, by, why } = wish.clone();
        match flags.raise(to, &TradingFlag { by: Some(by), why, at: Some(wall_now()) }) {
            Ok(Raised::Whole) => self.unkept = None,
            Ok(Raised::Bare(_full)) => self.unkept = Some(wish),
            Err(error) => {
                if self.unkept.replace(wish).is_none() {
                    let name = store::FlagFiles::file_name(to).unwrap_or_default();
                    let text = format!(
                        "the flag file {name} cannot be written, so {to} ends with this process: {error}"
                    );
                    self.wrong = Some(text);
                }
            }
        }
    }

    /// Drops a loosening whose command was undone before it was recorded.
    pub(super) fn undo_fill(&mut self, run: &RunState) {
        self.looser = None;
        self.switch.record_engine_state(run.trading_status().state, run.last_event_at());
    }

    /// Halts trading after events could not be recorded, until an operator re-enables it.
    pub(super) fn on_record_failed(&mut self, why: &str) {
        let by = Actor::Policy(RECORDER.into());
        let why = format!("events cannot be recorded: {why}");
        let wish = TighteningRequest { to: TradingState::Halted, by, why };
        if self.switch.own_request().is_none_or(|thrown| thrown.to < wish.to) {
            self.hold(wish);
        }
    }

    /// Applies a pending loosening after its event is recorded.
    pub(super) fn on_recorded(&mut self) {
        let Some((from, wish, at)) = self.looser.take() else { return };
        self.unkept = None;
        if let Err(error) = self.switch.loosen(&wish) {
            self.wrong = Some(format!("cannot remove a flag file: {error}"));
            return;
        }
        // A desk that became stricter meanwhile stays so and reports it.
        self.desk.re_enable_if_unchanged((from, wish.to), (&wish.by.to_string(), &wish.why), at);
    }

    /// Returns the next input for the engine, one at a time.
    pub(super) fn next(&mut self, run: &RunState, at: DateTime<Utc>) -> Option<EngineInput> {
        let trading = run.trading_status();
        self.switch.record_engine_state(trading.state, at);
        if let Some(text) = self.wrong.take() {
            let (severity, code) = (engine::AlertSeverity::Critical, "kill_switch".into());
            return Some(EngineInput::Alert { severity, code, text });
        }
        if let Some(wish) = self.owed.take() {
            self.withdraw(wish, at);
        }
        if let Some(CancelSummary { withdrawn, working }) = self.told.take() {
            // The watching thread may have been first.
            let withdrawn = withdrawn.saturating_add(self.switch.take_cancelled());
            let [withdrawn, working] =
                [withdrawn, working].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            return Some(EngineInput::OrdersCancelled { withdrawn, working });
        }
        self.pending_tightening(trading.state).map(EngineInput::TradingTightened)
    }

    /// Called about once a second of wall time: books fills in every trading state, and reports a
    /// change in the number of working orders that should not exist.
    pub(super) fn sync_fills(&mut self, trading: &TradingStatus, at: DateTime<Utc>) {
        if let Some(wish) = self.unkept.clone() {
            self.hold(wish);
        }
        let Some(working) = self.desk.try_watch(at) else { return };
        let stopped = trading.state >= TradingState::Halted;
        let known = trading.working.and_then(|n| usize::try_from(n).ok());
        let late = self.switch.take_cancelled();
        if stopped && (late > 0 || known.is_some_and(|known| known != working)) {
            self.told = Some(CancelSummary { withdrawn: late, working });
        }
    }

    /// Returns the desk's orders; `None` while another call holds the desk.
    pub(super) fn order_report(&self, at: DateTime<Utc>) -> Option<OrderReport> {
        self.desk.try_report(at)
    }

    fn withdraw(&mut self, wish: TighteningRequest, at: DateTime<Utc>) {
        let by = wish.by.to_string();
        // Waiting here for a call that never ends would block the driver.
        self.told = self.desk.try_withdraw(wish.to, (&by, &wish.why), at);
        if self.told.is_none() {
            self.owed = Some(wish);
        }
    }
}
