//! The signals that end a console, and the stay in the shell.

use std::{io, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::AbortHandle,
};

/// How long the loop has to end by itself once its terminal is gone.
const GRACE: Duration = Duration::from_secs(2);

/// Ends the program when its terminal is gone and the loop does not hear of it: reading from a
/// terminal that was closed at the wrong moment keeps crossterm reading for ever, and with it the
/// loop that would end on the signal. Until the handle is dropped by [`AbortHandle::abort`].
pub(super) fn last_resort() -> io::Result<AbortHandle> {
    let mut hangup = signal(SignalKind::hangup())?;
    let watch = tokio::spawn(async move {
        if hangup.recv().await.is_some() {
            tokio::time::sleep(GRACE).await;
            // There is nobody to tell that this failed too.
            let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGHUP);
        }
    });
    Ok(watch.abort_handle())
}

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
