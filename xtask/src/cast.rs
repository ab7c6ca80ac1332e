//! Recorder of the console's output in asciicast version 2: a header, then one line per output
//! event.

use std::{io, time::Duration};

use ratatui::{
    backend::{Backend as _, CrosstermBackend},
    buffer::Buffer,
    crossterm::style::force_color_output,
    layout::Rect,
    style::{Modifier, Style},
};
use serde_json::json;

use tui::{Model, render_frame};

/// Largest size of a recording, in bytes: it is meant for viewing, and stored in the repository.
const BYTES_MAX: usize = 2 << 20;

/// A recording in progress. The last row of its screen is the caption.
#[derive(Debug)]
pub struct Asciicast {
    lines: String,
    shown: Buffer,
    size: (u16, u16),
}

impl Asciicast {
    /// Creates an empty recording of a console of this size, in columns and rows.
    #[must_use]
    pub fn new((width, height): (u16, u16), title: &str) -> Self {
        // A recording always has colors, regardless of the environment.
        force_color_output(true);
        let rows = height.saturating_add(1);
        let header = json!({ "version": 2, "width": width, "height": rows, "title": title });
        let clean = json!([0.0, "o", "\u{1b}[?25l\u{1b}[2J"]);
        let shown = Buffer::empty(Rect::new(0, 0, width, rows));
        Self { lines: format!("{header}\n{clean}\n"), shown, size: (width, height) }
    }

    /// Adds a frame of the console at a time from the start. A console of another size is skipped,
    /// because a recording has one size.
    ///
    /// # Errors
    ///
    /// The recording would exceed its largest size.
    pub fn push_frame(&mut self, at: Duration, model: &Model, caption: &str) -> io::Result<()> {
        if model.size != self.size {
            return Ok(());
        }
        let mut next = Buffer::empty(self.shown.area);
        next.merge(&render_frame(model));
        let style = Style::new().add_modifier(Modifier::REVERSED);
        let width = usize::from(self.size.0);
        next.set_string(0, self.size.1, format!(" {caption:<width$}"), style);
        let mut bytes = Vec::new();
        CrosstermBackend::new(&mut bytes).draw(self.shown.diff(&next).into_iter())?;
        if self.shown == next {
            return Ok(());
        }
        self.shown = next;
        let text = String::from_utf8_lossy(&bytes);
        self.lines.push_str(&json!([at.as_secs_f64(), "o", text]).to_string());
        self.lines.push('\n');
        if self.lines.len() > BYTES_MAX {
            return Err(io::Error::other(format!(
                "the recording is larger than {BYTES_MAX} bytes"
            )));
        }
        Ok(())
    }

    /// Returns the recording as the contents of a file.
    #[must_use]
    pub fn finish(self) -> String {
        self.lines
    }
}
