//! SIGINT, SIGTERM and SIGHUP while a day runs: the first ends it in order, a second ends the program.

use std::{
    io,
    sync::{Arc, OnceLock},
};

use config::OnHangup;
use runtime::RunHandle;

/// Whether somebody asked for the end, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignalWatch(Arc<OnceLock<&'static str>>);

impl SignalWatch {
    /// Listens from now on, on the tokio runtime this is called in; stops the day at the first. A
    /// hang-up counts where it is to finish the day, and is passed over where it is not.
    ///
    /// # Errors
    ///
    /// Whatever keeps the system from telling of signals.
    #[cfg(unix)]
    pub(crate) fn listen(day: RunHandle, on_hangup: OnHangup) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupts = signal(SignalKind::interrupt())?;
        let mut terminates = signal(SignalKind::terminate())?;
        let mut hangups = signal(SignalKind::hangup())?;
        let by = Self::default();
        let told = by.clone();
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
                if told.0.set(name).is_err() {
                    // Asked twice: whoever waits has waited enough.
                    std::process::exit(1);
                }
                // A day that is over needs no stopping.
                let _ = day.stop().await;
            }
        });
        Ok(by)
    }

    /// Listens for Ctrl+C, the only signal there is.
    #[cfg(not(unix))]
    pub(crate) fn listen(day: Handle, _on_hangup: OnHangup) -> io::Result<Self> {
        let by = Self::default();
        let told = by.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if told.0.set("Ctrl+C").is_err() {
                    std::process::exit(1);
                }
                let _ = day.stop().await;
            }
        });
        Ok(by)
    }

    /// What asked for the end.
    pub(crate) fn signal_name(&self) -> Option<&'static str> {
        self.0.get().copied()
    }
}
