//! The program's own log on its way to the console's pane: over a bounded queue, so that logging
//! never waits for the console, and the console wakes for it only when there is something.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use chrono::DateTime;
use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget as _};
use tokio::sync::Notify;
use tracing::{Event, Subscriber};
use tracing_subscriber::{
    Layer,
    filter::LevelFilter,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};
use tui_logger::{ExtLogRecord, LogFormatter, TuiLoggerWidget, TuiTracingSubscriberLayer};

use config::LogLevel;
use tui::log_line::{LogLine, LogLineLevel};
use view::format;

/// Lines taken at once. Of more only the newest are shown: a log that keeps everything is a file's
/// business.
const LINES_MAX: usize = 1_000;

/// The lines of the program's log, from the moment of [`capture_log`] on.
///
/// `tui-logger` keeps the records; its own thread, which would wake a hundred times a second, is
/// not started. Who waits here is woken when there is something.
#[derive(Debug)]
pub struct LogCapture(Arc<LogSignal>);

/// Counts what was logged and not read.
#[derive(Debug, Default)]
struct LogSignal {
    unread: AtomicUsize,
    wake: Notify,
}

impl LogCapture {
    /// Waits for lines; gives all that are there, oldest first. Never ends.
    pub(super) async fn next(&mut self) -> Vec<LogLine> {
        loop {
            let unread = self.0.unread.swap(0, Ordering::AcqRel);
            if unread > 0 {
                return read_log_lines(unread.min(LINES_MAX));
            }
            self.0.wake.notified().await;
        }
    }
}

/// Captures the program's own log for the console's pane, down to a level. Once per process: later
/// calls capture nothing.
#[must_use]
pub fn capture_log(level: LogLevel) -> LogCapture {
    let least = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tui_logger::set_default_level(tui_logger::LevelFilter::Trace);
    let rung = Arc::new(LogSignal::default());
    // The bell rings once the record is kept: layers are asked in the order they were added.
    let layers =
        TuiTracingSubscriberLayer.and_then(LogNotifyLayer(Arc::clone(&rung))).with_filter(least);
    // A second call finds a subscriber in place.
    let _ = tracing_subscriber::registry().with(layers).try_init();
    LogCapture(rung)
}

/// Says that something was logged.
struct LogNotifyLayer(Arc<LogSignal>);

impl<S: Subscriber> Layer<S> for LogNotifyLayer {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        self.0.unread.fetch_add(1, Ordering::AcqRel);
        self.0.wake.notify_one();
    }
}

/// The newest records, oldest first. The widget is the only way to them: it is asked to draw so
/// many rows, and what it would draw is taken from it.
fn read_log_lines(most: usize) -> Vec<LogLine> {
    tui_logger::move_events();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let area = Rect::new(0, 0, 1, u16::try_from(most).unwrap_or(u16::MAX));
    TuiLoggerWidget::default()
        .formatter(Box::new(LogLineFormatter(Arc::clone(&lines))))
        .render(area, &mut Buffer::empty(area));
    // The widget asks for the newest first.
    let mut lines = std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner));
    lines.truncate(most);
    lines.reverse();
    lines
}

/// Keeps every record it is asked to format.
struct LogLineFormatter(Arc<Mutex<Vec<LogLine>>>);

impl LogFormatter for LogLineFormatter {
    fn min_width(&self) -> u16 {
        1
    }

    fn format(&self, _width: usize, record: &ExtLogRecord) -> Vec<Line<'_>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line(record));
        vec![Line::raw("")]
    }
}

fn line(record: &ExtLogRecord) -> LogLine {
    let level = match record.level.to_string().as_str() {
        "ERROR" => LogLineLevel::Error,
        "WARN" => LogLineLevel::Warn,
        "INFO" => LogLineLevel::Info,
        _debug_or_trace => LogLineLevel::Debug,
    };
    let at = DateTime::from_timestamp_millis(record.timestamp.timestamp().as_millisecond());
    LogLine {
        time: at.map_or_else(String::new, |at| {
            format::local_time(at).format("%H:%M:%S%.3f").to_string()
        }),
        level,
        target: format::sanitize(record.target()).into_owned(),
        text: format::sanitize(record.msg().trim_start()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_logged_is_read_once_in_order_with_fields_and_level_and_made_safe() {
        let mut logged = capture_log(LogLevel::Info);
        tracing::warn!(task = "t1", "late\u{1b}[2J");
        tracing::debug!("not asked for");
        tracing::info!("second");
        // The log is the process's: other tests write to it at the same time.
        let own = |lines: Vec<LogLine>| {
            lines.into_iter().filter(|line| line.target == module_path!()).collect::<Vec<_>>()
        };
        let mut lines = own(logged.next().await);
        while lines.len() < 2 {
            lines.extend(own(logged.next().await));
        }
        let told: Vec<_> = lines.iter().map(|line| (line.level, line.text.as_str())).collect();
        assert_eq!(told, [(LogLineLevel::Warn, "late task: t1"), (LogLineLevel::Info, "second")]);
        tracing::info!("third");
        let mut third = own(logged.next().await);
        while third.is_empty() {
            third = own(logged.next().await);
        }
        let third: Vec<_> = third.into_iter().map(|line| line.text).collect();
        assert_eq!(third, ["third"], "what was read is not read again");
    }
}
