//! The steps of stopping a process that does not confirm a cancellation.

use std::{pin::Pin, time::Duration};

use tokio::time::Sleep;

use super::child::AgentChild;

/// Time a process has to confirm a cancellation, and after SIGTERM to end.
const GRACE: Duration = Duration::from_secs(5);

/// A step of stopping a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StopStep {
    Cancelled,
    Terminated,
    Killed,
}

/// A process that is being stopped.
#[derive(Debug)]
pub(super) struct Stopping {
    step: StopStep,
    due: Pin<Box<Sleep>>,
}

impl Stopping {
    /// Begins with a cancellation that has been sent.
    pub(super) fn for_cancelled_attempt() -> Self {
        Self { step: StopStep::Cancelled, due: Box::pin(tokio::time::sleep(GRACE)) }
    }

    /// Takes the next step: SIGTERM, then SIGKILL, to the process and its children.
    pub(super) fn advance(&mut self, child: &mut AgentChild) {
        self.step = match self.step {
            StopStep::Cancelled => {
                child.terminate();
                StopStep::Terminated
            }
            StopStep::Terminated | StopStep::Killed => {
                child.kill();
                StopStep::Killed
            }
        };
        self.due = Box::pin(tokio::time::sleep(GRACE));
    }
}

/// Waits until the next step is due; forever while nothing is being stopped.
pub(super) async fn next_step(stopping: Option<&mut Stopping>) {
    match stopping {
        Some(stopping) => stopping.due.as_mut().await,
        None => std::future::pending().await,
    }
}
