//! The signals that end a console, and the stay in the shell.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end a console: the terminal went away, or the system wants the process gone.
pub(super) struct Stops {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Stops {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.hangup.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Stops the process until the shell continues it. Not SIGTSTP: it would be dropped when nobody of
/// the process group's session is there to continue it.
pub(super) fn stop() -> io::Result<()> {
    signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)
}
