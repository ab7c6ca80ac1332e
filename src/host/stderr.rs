//! Lines for standard error from a task of a run. A terminal that takes no text delays none of them.

use std::{
    io::{self, Write as _},
    sync::{OnceLock, mpsc},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

/// Lines that may wait for the terminal; more are dropped.
const WAITING_MAX: usize = 64;
/// The longest a task waits until its line is written.
const WRITTEN_WITHIN: Duration = Duration::from_millis(500);

type Line = (String, oneshot::Sender<()>);

/// Writes `bellwether: LINE`, and returns once it is written or the terminal has not taken it in time.
pub(crate) async fn write_stderr(line: String) {
    static LINES: OnceLock<mpsc::SyncSender<Line>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let (lines, queue) = mpsc::sync_channel::<Line>(WAITING_MAX);
        // Without a thread the queue is closed, and lines are dropped.
        let _ = std::thread::Builder::new().name("stderr".into()).spawn(move || {
            for (line, written) in queue {
                // A closed terminal has no reader, and a task that gave up needs no answer.
                let _ = writeln!(io::stderr(), "bellwether: {line}");
                let _ = written.send(());
            }
        });
        lines
    });
    let (written, heard) = oneshot::channel();
    if lines.try_send((line, written)).is_ok() {
        // A line that is late stays in the queue.
        let _ = timeout(WRITTEN_WITHIN, heard).await;
    }
}
