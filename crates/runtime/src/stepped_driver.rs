//! A day that goes on only as far as it is told, and answers while it stands still: for a tour of
//! the console, which must come out the same each time.

use std::{future::Future, pin::pin, time::Duration};

use chrono::{DateTime, Utc};

use super::driver::{DriveError, Driver};

impl Driver {
    /// Lets the run go on to `until` and no further, without waiting for a clock. What agents are
    /// asked meanwhile they have answered, as far as the answer falls due by then.
    ///
    /// Meant for a [`super::Clock::by_hand`].
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub async fn advance_to(&mut self, until: DateTime<Utc>) -> Result<(), DriveError> {
        self.record_start()?;
        self.finish()?;
        while !self.engine.state().has_ended() {
            if let Ok(control) = self.control.try_recv() {
                self.handle_driver_request(control)?;
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

    /// Waits for `question` and answers, while time stands still, whatever it asks this driver.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
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

    /// Lets the wall go on, if its clock is moved by hand, and the driver show that it lives.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub fn advance_wall(&mut self, wall: Duration) -> Result<(), DriveError> {
        self.clock.advance_wall(wall);
        self.on_heartbeat()
    }

    /// Where the run is, and what the wall says.
    pub fn run_and_wall_time(&mut self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.now(), self.clock.wall_time())
    }
}
