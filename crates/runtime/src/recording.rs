//! First recorded, then done: how a step of the engine reaches the sinks, and its work the agents.

use std::io;

use chrono::{DateTime, Utc};

use super::driver::{DriveError, Driver};
use engine::{EngineInput, EngineStep, WorkItem};

/// Beats for which a simulated day that nobody watches waits until it can be recorded.
const RECORD_PATIENCE: u32 = 30;

impl Driver {
    pub(super) fn step_with(
        &mut self,
        at: DateTime<Utc>,
        input: EngineInput,
    ) -> Result<(), DriveError> {
        let step = self.engine.step(at, input);
        if self.stage(step) {
            self.flush_outbox()?;
        }
        self.sync_trading_state(self.engine.state().last_event_at())
    }

    /// Records what follows, tells it, and begins the work it asks for; in that order.
    pub(super) fn record_step(&mut self, step: EngineStep) -> Result<(), DriveError> {
        self.stage(step);
        self.flush_outbox()?;
        self.sync_trading_state(self.engine.state().last_event_at())
    }

    /// Takes what follows from an input; what is stricter reaches the desk before it is recorded. Says
    /// whether it must be recorded before anything else is decided.
    pub(super) fn stage(&mut self, step: EngineStep) -> bool {
        if let Some(desk) = &mut self.desk {
            step.events.iter().for_each(|recorded| desk.before_record(recorded));
        }
        self.outbox.stage(step)
    }

    /// Tells the engine what the desk became by itself, or on the word of a flag file or a signal: also
    /// while that cannot be recorded, as it holds already. `at`: when that was, which for what nobody here
    /// did is now.
    pub(super) fn sync_trading_state(&mut self, at: DateTime<Utc>) -> Result<(), DriveError> {
        let run = self.engine.state();
        let at = at.max(run.last_event_at());
        let news =
            self.desk.as_mut().filter(|_| !run.has_ended()).and_then(|desk| desk.next(run, at));
        match news {
            Some(news) => {
                let step = self.step_recording(at, news);
                self.record_step(step)
            }
            None => Ok(()),
        }
    }

    /// Tells the engine something. While nothing can be recorded, nothing follows from it before it can.
    pub(super) fn step_recording(&mut self, at: DateTime<Utc>, input: EngineInput) -> EngineStep {
        if self.outbox.fault().is_some() {
            self.asleep = true;
            return self.engine.step_aside(at, input);
        }
        self.engine.step(at, input)
    }

    /// Records what is staged and begins the work that waits for it; nothing, while it cannot be
    /// recorded.
    pub(super) fn flush_outbox(&mut self) -> Result<(), DriveError> {
        if self.outbox.is_empty() && self.outbox.fault().is_none() {
            return Ok(());
        }
        self.record()?;
        if self.outbox.fault().is_none() && std::mem::take(&mut self.asleep) {
            return self.step_with(self.engine.state().last_event_at(), EngineInput::Tick);
        }
        let alone = self.attendance.is_unattended() && self.is_simulated();
        if alone && self.outbox.failures_in_a_row() > RECORD_PATIENCE {
            return self.finish();
        }
        Ok(())
    }

    /// Stops when what was recorded is no longer kept: nothing would be that comes after.
    pub(super) fn look(&mut self) -> Result<(), DriveError> {
        let before = self.outbox.fault().is_some();
        if !before {
            self.outbox.look().map_err(DriveError::Record)?;
        }
        if let (false, Some(why), Some(desk)) = (before, self.outbox.fault(), &mut self.desk) {
            desk.on_record_failed(&why);
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), DriveError> {
        let work = self.outbox.flush(self.engine.state()).map_err(DriveError::Record)?;
        if let Some(desk) = &mut self.desk {
            match self.outbox.fault() {
                Some(why) => desk.on_record_failed(&why),
                None => desk.on_recorded(),
            }
        }
        for work in work {
            match work {
                WorkItem::Start { task, attempt } => self.start_attempt(task, attempt),
                WorkItem::Stop { task, attempt } => self.stop_attempt(task, attempt),
                WorkItem::Probe { task, probe } => self.start_probe(task, probe),
            }
        }
        Ok(())
    }

    /// Records what is staged, or says why it never was.
    pub(super) fn finish(&mut self) -> Result<(), DriveError> {
        if self.outbox.fault().is_none() {
            return Ok(());
        }
        self.record()?;
        match self.outbox.fault() {
            None => Ok(()),
            Some(why) => Err(DriveError::Record(io::Error::other(why.to_string()))),
        }
    }
}
