//! The count of recent ends of a process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// Time after which an end no longer counts.
const WINDOW: Duration = Duration::from_mins(1);
/// Ends within [`WINDOW`] that make a crash loop.
const ENDS_MAX: u32 = 3;

/// Counts the ends of a process within the last minute.
#[derive(Debug, Default)]
pub(super) struct CrashCounter(Arc<AtomicU32>);

impl CrashCounter {
    /// Counts an end for the next minute. Must be called inside a runtime.
    pub(super) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        let ends = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(WINDOW).await;
            ends.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Returns the number of ends if they make a crash loop.
    pub(super) fn crash_loop(&self) -> Option<u32> {
        let ends = self.0.load(Ordering::Relaxed);
        (ends >= ENDS_MAX).then_some(ends)
    }
}
