//! The program's own log, as lines for a pane.
//!
//! `tui-logger` captures (it stands at the end of `tracing`); [`read`] takes the newest records out
//! of it, so that the pane itself is drawn from the model like every other one. Its time stamps
//! are the wall clock's: these lines tell of the program, not of the run.

use std::sync::{Arc, Mutex, PoisonError};

use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget as _};
use tui_logger::{ExtLogRecord, LogFormatter, TuiLoggerWidget};

use crate::present::words;

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something does not work.
    Error,
    /// Something is odd.
    Warn,
    /// Good to know.
    Info,
    /// For developers.
    Debug,
}

impl Level {
    /// The word on screen, five columns.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN ",
            Self::Info => "INFO ",
            Self::Debug => "DEBUG",
        }
    }
}

/// One line of the log, made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Time of day on the wall, `10:42:03.001`.
    pub time: String,
    /// How loud.
    pub level: Level,
    /// Which part of the program.
    pub target: String,
    /// What it says.
    pub text: String,
}

/// Hands every record it is asked to format to a list.
struct Tap(Arc<Mutex<Vec<LogLine>>>);

impl LogFormatter for Tap {
    fn min_width(&self) -> u16 {
        1
    }

    fn format(&self, _width: usize, record: &ExtLogRecord) -> Vec<Line<'_>> {
        let level = match record.level.to_string().as_str() {
            "ERROR" => Level::Error,
            "WARN" => Level::Warn,
            "INFO" => Level::Info,
            _debug_or_trace => Level::Debug,
        };
        let line = LogLine {
            time: record.timestamp.strftime("%H:%M:%S%.3f").to_string(),
            level,
            target: words::safe(record.target()).into_owned(),
            text: words::safe(record.msg()).into_owned(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        vec![Line::raw("")]
    }
}

/// The newest lines of the program's log, at most `most`, oldest first. Reads a process-wide
/// buffer: the loop calls it and sends [`crate::console::Msg::Log`]; nothing that draws may.
#[must_use]
pub fn read(most: u16) -> Vec<LogLine> {
    tui_logger::move_events();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let area = Rect::new(0, 0, 1, most);
    TuiLoggerWidget::default()
        .formatter(Box::new(Tap(Arc::clone(&lines))))
        .render(area, &mut Buffer::empty(area));
    // The widget asks for the newest first.
    let mut lines = std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner));
    lines.reverse();
    lines
}
