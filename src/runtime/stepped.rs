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
    pub async fn advance(&mut self, until: DateTime<Utc>) -> Result<(), DriveError> {
        self.begun()?;
        self.finish()?;
        while !self.engine.state().ended() {
            if let Ok(control) = self.control.try_recv() {
                self.controlled(control)?;
            } else if self.workers.busy() {
                // Time stands still while an agent computes.
                if let Some(said) = self.workers.next().await {
                    self.said(said)?;
                }
            } else if let Some(next) = self.next_moment().filter(|next| *next <= until) {
                self.clock.reach(next);
                let now = self.clock.now();
                self.due(now)?;
            } else {
                break;
            }
            self.flush()?;
            self.finish()?;
        }
        self.clock.reach(until);
        Ok(())
    }

    /// Waits for `question` and answers, while time stands still, whatever it asks this driver.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub async fn answering<T>(
        &mut self,
        question: impl Future<Output = T>,
    ) -> Result<T, DriveError> {
        let mut question = pin!(question);
        loop {
            tokio::select! {
                biased;
                answer = &mut question => return Ok(answer),
                Some(control) = self.control.recv() => {
                    self.controlled(control)?;
                }
            }
        }
    }

    /// Lets the wall go on, if its clock is moved by hand, and the driver show that it lives.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub fn pass(&mut self, wall: Duration) -> Result<(), DriveError> {
        self.clock.pass(wall);
        self.beat()
    }

    /// Where the run is, and what the wall says.
    pub fn times(&mut self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.now(), self.clock.wall())
    }
}
