//! Stepped driving of a run, for the tour of the console, whose output must be reproducible.

use std::{future::Future, pin::pin, time::Duration};

use chrono::{DateTime, Utc};

use super::driver::{DriveError, Driver};

impl Driver {
    /// Advances the run to `until` without waiting for a clock. Agents called meanwhile have
    /// replied, as far as their replies fall due by then.
    ///
    /// Meant for [`RunClock`](super::RunClock)s that are advanced by hand.
    ///
    /// # Errors
    ///
    /// [`DriveError`] if an event could not be recorded.
    pub async fn advance_to(&mut self, until: DateTime<Utc>) -> Result<(), DriveError> {
        self.record_start()?;
        self.finish()?;
        while !self.engine.state().has_ended() {
            if let Ok(control) = self.control.try_recv() {
                self.handle_driver_request(control)?;
            } else if let Some(progress) = self.notes.try_next_progress() {
                self.on_progress(progress)?;
            } else if self.workers.is_busy() {
                // Time stands still while an agent computes.
                if let Some(said) = self.workers.next().await {
                    self.on_worker_report(said)?;
                }
            } else if let Some(next) = self.next_moment().filter(|next| *next <= until) {
                self.clock.jump_to(next);
                let now = self.clock.now();
                self.run_due(now)?;
            } else {
                break;
            }
            self.flush_outbox()?;
            self.finish()?;
        }
        self.clock.jump_to(until);
        Ok(())
    }

    /// Waits for `question` while time stands still, handling its requests to this driver.
    ///
    /// # Errors
    ///
    /// [`DriveError`] if an event could not be recorded.
    pub async fn run_until_answered<T>(
        &mut self,
        question: impl Future<Output = T>,
    ) -> Result<T, DriveError> {
        let mut question = pin!(question);
        loop {
            tokio::select! {
                biased;
                answer = &mut question => return Ok(answer),
                Some(control) = self.control.recv() => {
                    self.handle_driver_request(control)?;
                }
            }
        }
    }

    /// Advances the wall clock, if it is set by hand, and sends a heartbeat.
    ///
    /// # Errors
    ///
    /// [`DriveError`] if an event could not be recorded.
    pub fn advance_wall(&mut self, wall: Duration) -> Result<(), DriveError> {
        self.clock.advance_wall(wall);
        self.on_heartbeat()
    }

    /// Returns the time of the run and the wall clock's time.
    pub fn run_and_wall_time(&mut self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.now(), self.clock.wall_time())
    }
}
