//! SIGINT, SIGTERM and SIGHUP during a run: the first stops the run in order, a second SIGINT ends the program.

use std::{io, sync::Arc};

use tokio::sync::watch;

use config::OnHangup;
use runtime::RunHandle;

/// The signals that end a run, kept from the moment of registration until somebody listens.
#[derive(Debug)]
pub(crate) struct SignalStreams {
    #[cfg(unix)]
    interrupts: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminates: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangups: tokio::signal::unix::Signal,
    /// Signals that would otherwise end the program without a word: nothing follows from them.
    #[cfg(unix)]
    _ignored: Vec<tokio::signal::unix::Signal>,
}

/// The file size limit, which a failed write reports by itself, and timers that this program does not set.
#[cfg(unix)]
const IGNORED: [i32; 4] = {
    use signal_hook::consts::{SIGALRM, SIGPROF, SIGVTALRM, SIGXFSZ};
    [SIGXFSZ, SIGALRM, SIGVTALRM, SIGPROF]
};

impl SignalStreams {
    /// Registers with the tokio runtime this is called in.
    ///
    /// # Errors
    ///
    /// The system's error when signals cannot be received.
    pub(crate) fn register() -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        #[cfg(unix)]
        let ignored = IGNORED.map(|number| signal(SignalKind::from_raw(number)));
        Ok(Self {
            #[cfg(unix)]
            interrupts: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminates: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            hangups: signal(SignalKind::hangup())?,
            #[cfg(unix)]
            _ignored: ignored.into_iter().collect::<io::Result<_>>()?,
        })
    }
}

/// The signal that asked for the end of a run, if one has.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignalWatch(Arc<watch::Sender<Option<&'static str>>>);

impl SignalWatch {
    /// Listens on the tokio runtime this is called in, and stops the run at the first signal. `on_hangup`
    /// decides whether SIGHUP is one.
    ///
    /// # Errors
    ///
    /// The system's error when signals cannot be received.
    pub(crate) fn listen(day: RunHandle, on_hangup: OnHangup) -> io::Result<Self> {
        Ok(Self::listen_to(SignalStreams::register()?, day, on_hangup))
    }

    /// The same with signals that were registered earlier: one that came since is not lost.
    #[cfg(unix)]
    pub(crate) fn listen_to(streams: SignalStreams, day: RunHandle, on_hangup: OnHangup) -> Self {
        let SignalStreams { mut interrupts, mut terminates, mut hangups, _ignored } = streams;
        let watch = Self::default();
        let heard = watch.clone();
        tokio::spawn(async move {
            loop {
                let name = tokio::select! {
                    _ = interrupts.recv() => "SIGINT",
                    _ = terminates.recv() => "SIGTERM",
                    _ = hangups.recv() => match on_hangup {
                        OnHangup::Finish => "SIGHUP",
                        OnHangup::Headless => continue,
                    },
                };
                heard.on_signal(name, &day);
            }
        });
        watch
    }

    /// Listens for Ctrl+C, the only signal on this system.
    #[cfg(not(unix))]
    pub(crate) fn listen_to(_none: SignalStreams, day: RunHandle, _on_hangup: OnHangup) -> Self {
        let watch = Self::default();
        let heard = watch.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                heard.on_signal("Ctrl+C", &day);
            }
        });
        watch
    }

    /// Stops the run at the first signal; a later one changes nothing, unless it ends the program.
    fn on_signal(&self, name: &'static str, day: &RunHandle) {
        let first = self.0.send_if_modified(|signal| {
            let first = signal.is_none();
            signal.get_or_insert(name);
            first
        });
        if !first && ends_at_once(name) {
            std::process::exit(1);
        }
        if !first {
            return;
        }
        let day = day.clone();
        // In a task of its own: a driver that does not answer must not keep the next signal waiting.
        tokio::spawn(async move {
            // A run that is over needs no stopping.
            let _ = day.stop().await;
        });
    }

    /// Returns the signal that asked for the end.
    pub(crate) fn signal_name(&self) -> Option<&'static str> {
        *self.0.borrow()
    }

    /// Waits until a signal asks for the end.
    pub(crate) async fn wait(&self) {
        // The sender is in `self`, so the channel stays open.
        let _ = self.0.subscribe().wait_for(Option::is_some).await;
    }
}

/// Returns whether a signal ends the program while the run is already being stopped: only the key of
/// somebody who sits there. A service manager may repeat SIGTERM, and the run ends in order all the same.
fn ends_at_once(name: &str) -> bool {
    matches!(name, "SIGINT" | "Ctrl+C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sigterm_lets_the_run_end_in_order() {
        assert!(ends_at_once("SIGINT"), "who waits at the terminal may give up waiting");
        for repeated in ["SIGTERM", "SIGHUP"] {
            assert!(!ends_at_once(repeated), "{repeated}");
        }
    }
}
