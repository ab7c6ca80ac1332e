//! The program's own log on its way to the console's pane: over a bounded queue, so that logging
//! never waits for the console, and the console wakes for it only when there is something.

use std::fmt::{self, Write as _};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::{Event, Subscriber, field::Field};
use tracing_subscriber::{
    Layer,
    filter::LevelFilter,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use crate::{
    config::LogLevel,
    console::log::{Level, LogLine},
    present::words,
    runtime::wall,
};

/// Lines on their way. What does not fit is lost: the pane shows the newest, and a log that keeps
/// everything is a file's business.
const LINES_MAX: usize = 1_024;

/// The lines of the program's log, from the moment of [`capture_log`] on.
#[derive(Debug)]
pub struct Logged(Receiver<LogLine>);

impl Logged {
    /// Waits for lines; gives all that are there, oldest first. Never ends.
    pub(super) async fn next(&mut self) -> Vec<LogLine> {
        let mut lines = Vec::new();
        if self.0.recv_many(&mut lines, LINES_MAX).await == 0 {
            // Another subscriber was there first: nothing will ever come.
            std::future::pending::<()>().await;
        }
        lines
    }
}

/// Captures the program's own log for the console's pane, down to a level. Once per process: later
/// calls capture nothing.
#[must_use]
pub fn capture_log(level: LogLevel) -> Logged {
    let (sender, lines) = channel(LINES_MAX);
    let least = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // A second call finds a subscriber in place.
    let _ = tracing_subscriber::registry().with(Tap(sender).with_filter(least)).try_init();
    Logged(lines)
}

/// Puts every event of the log in words.
struct Tap(Sender<LogLine>);

impl<S: Subscriber> Layer<S> for Tap {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            tracing::Level::ERROR => Level::Error,
            tracing::Level::WARN => Level::Warn,
            tracing::Level::INFO => Level::Info,
            tracing::Level::DEBUG | tracing::Level::TRACE => Level::Debug,
        };
        let mut text = Text::default();
        event.record(&mut text);
        let line = LogLine {
            time: words::local(wall()).format("%H:%M:%S%.3f").to_string(),
            level,
            target: words::safe(event.metadata().target()).into_owned(),
            text: words::safe(&text.0).into_owned(),
        };
        // A full queue loses the line; see `LINES_MAX`.
        let _ = self.0.try_send(line);
    }
}

/// The message of an event, then its fields.
#[derive(Default)]
struct Text(String);

impl tracing::field::Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string does not fail.
        let _ = if field.name() == "message" {
            let fields = std::mem::take(&mut self.0);
            write!(self.0, "{value:?}{fields}")
        } else {
            write!(self.0, " {}={value:?}", field.name())
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_carries_message_fields_and_level_and_a_full_queue_loses_it_without_waiting() {
        let (sender, mut lines) = channel(1);
        let subscriber = tracing_subscriber::registry().with(Tap(sender));
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(task = "t1", "late\u{1b}[2J");
            tracing::info!("lost");
        });
        let line = lines.try_recv().expect("the first line");
        assert_eq!((line.level, line.text.as_str()), (Level::Warn, "late task=\"t1\""));
        assert!(lines.try_recv().is_err());
    }
}
