//! The signals that end a console, a terminal that is gone, and the stay in the shell.

use std::{io, mem, os::unix::net::UnixStream, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::AbortHandle,
};

/// How long the loop has to end by itself once its terminal is gone.
const GRACE: Duration = Duration::from_secs(2);

/// Frees the loop when its terminal is gone and it does not hear of it: reading from a terminal that
/// was closed at the wrong moment keeps crossterm reading for ever, and with it the loop that would
/// end on the signal. Until the handle is dropped by [`AbortHandle::abort`].
pub(super) fn last_resort() -> io::Result<AbortHandle> {
    let mut hangup = signal(SignalKind::hangup())?;
    let watch = tokio::spawn(async move {
        if hangup.recv().await.is_some() {
            tokio::time::sleep(GRACE).await;
            detach_terminal();
        }
    });
    Ok(watch.abort_handle())
}

/// Lets go of a terminal that is gone: what still reads from it finds that nothing is there yet, and
/// waits for more instead of turning in circles.
pub(super) fn detach_terminal() {
    let quiet = || -> io::Result<UnixStream> {
        let (there, here) = UnixStream::pair()?;
        here.set_nonblocking(true)?;
        nix::unistd::dup2_stdin(&here)?;
        Ok(there)
    };
    // The other end is never closed: an end of the input would be read in circles too.
    match quiet() {
        Ok(there) => mem::forget(there),
        Err(error) => tracing::warn!("the terminal cannot be let go of: {error}"),
    }
}

/// What ends a console from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopCause {
    /// Its terminal is gone.
    HungUp,
    /// The system wants it to end.
    Signalled,
}

/// The signals that end a console: the terminal went away, or the system wants the process gone.
pub(super) struct StopSignals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) -> StopCause {
        tokio::select! {
            _ = self.hangup.recv() => StopCause::HungUp,
            _ = self.terminate.recv() => StopCause::Signalled,
            _ = self.interrupt.recv() => StopCause::Signalled,
        }
    }
}

/// Returns whether a shell with job control started this process, and so can continue it: its parent is
/// of the same session and of another process group.
pub(super) fn has_job_control() -> bool {
    use nix::unistd::{getpgid, getpgrp, getppid, getsid};
    // In a container the parent may be of a session outside, whose number is told as 0. A parent that
    // cannot be asked has ended.
    let parent = getppid();
    let same_session = || Some(getsid(Some(parent)).ok()? == getsid(None).ok()?);
    let other_group = || Some(getpgid(Some(parent)).ok()? != getpgrp());
    same_session() == Some(true) && other_group() == Some(true)
}

/// Stops the process until the shell continues it. Not SIGTSTP: it would be dropped when nobody of
/// the process group's session is there to continue it.
pub(super) fn suspend_process() -> io::Result<()> {
    signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)
}
