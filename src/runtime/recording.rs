//! First recorded, then done: how a step of the engine reaches the sinks, and its work the agents.

use std::io;

use chrono::{DateTime, Utc};

use super::driver::{DriveError, Driver};
use crate::engine::{Input, Step, Work};

/// Beats for which a simulated day that nobody watches waits until it can be recorded.
const RECORD_PATIENCE: u32 = 30;

impl Driver {
    pub(super) fn input(&mut self, at: DateTime<Utc>, input: Input) -> Result<(), DriveError> {
        let step = self.engine.step(at, input);
        if self.stage(step) {
            self.flush()?;
        }
        self.hear(self.engine.state().at())
    }

    /// Records what follows, tells it, and begins the work it asks for; in that order.
    pub(super) fn take(&mut self, step: Step) -> Result<(), DriveError> {
        self.stage(step);
        self.flush()?;
        self.hear(self.engine.state().at())
    }

    /// Takes what follows from an input; what is stricter reaches the desk before it is recorded. Says
    /// whether it must be recorded before anything else is decided.
    pub(super) fn stage(&mut self, step: Step) -> bool {
        if let Some(desk) = &mut self.desk {
            step.events.iter().for_each(|recorded| desk.before(recorded));
        }
        self.outbox.stage(step)
    }

    /// Tells the engine what the desk became by itself, or on the word of a flag file or a signal: also
    /// while that cannot be recorded, as it holds already. `at`: when that was, which for what nobody here
    /// did is now.
    pub(super) fn hear(&mut self, at: DateTime<Utc>) -> Result<(), DriveError> {
        let run = self.engine.state();
        let at = at.max(run.at());
        let news = self.desk.as_mut().filter(|_| !run.ended()).and_then(|desk| desk.next(run, at));
        match news {
            Some(news) => {
                let step = self.told(at, news);
                self.take(step)
            }
            None => Ok(()),
        }
    }

    /// Tells the engine something. While nothing can be recorded, nothing follows from it before it can.
    pub(super) fn told(&mut self, at: DateTime<Utc>, input: Input) -> Step {
        if self.outbox.frozen().is_some() {
            self.asleep = true;
            return self.engine.aside(at, input);
        }
        self.engine.step(at, input)
    }

    /// Records what is staged and begins the work that waits for it; nothing, while it cannot be
    /// recorded.
    pub(super) fn flush(&mut self) -> Result<(), DriveError> {
        if self.outbox.empty() && self.outbox.frozen().is_none() {
            return Ok(());
        }
        self.record()?;
        if self.outbox.frozen().is_none() && std::mem::take(&mut self.asleep) {
            return self.input(self.engine.state().at(), Input::Wake);
        }
        let alone = self.attendance.alone() && self.simulated();
        if alone && self.outbox.refused() > RECORD_PATIENCE {
            return self.finish();
        }
        Ok(())
    }

    /// Stops when what was recorded is no longer kept: nothing would be that comes after.
    pub(super) fn look(&mut self) -> Result<(), DriveError> {
        let before = self.outbox.frozen().is_some();
        if !before {
            self.outbox.look().map_err(DriveError::Record)?;
        }
        if let (false, Some(why), Some(desk)) = (before, self.outbox.frozen(), &mut self.desk) {
            desk.unrecorded(&why);
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), DriveError> {
        let work = self.outbox.flush(self.engine.state()).map_err(DriveError::Record)?;
        if let Some(desk) = &mut self.desk {
            match self.outbox.frozen() {
                Some(why) => desk.unrecorded(&why),
                None => desk.recorded(),
            }
        }
        for work in work {
            match work {
                Work::Start { task, attempt } => self.begin(task, attempt),
                Work::Stop { task, attempt } => self.stop(task, attempt),
                Work::Probe { task, probe } => self.probe(task, probe),
            }
        }
        Ok(())
    }

    /// Records what is staged, or says why it never was.
    pub(super) fn finish(&mut self) -> Result<(), DriveError> {
        if self.outbox.frozen().is_none() {
            return Ok(());
        }
        self.record()?;
        match self.outbox.frozen() {
            None => Ok(()),
            Some(why) => Err(DriveError::Record(io::Error::other(why.to_string()))),
        }
    }
}
