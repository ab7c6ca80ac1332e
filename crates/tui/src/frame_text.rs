//! A frame as cells and as text, for tests and for the pictures of the documentation.

use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, Cell},
};
use unicode_width::UnicodeWidthStr;

use super::{draw, model::Model};

/// Returns what a console shows now, at its own size.
#[must_use]
pub fn render_frame(model: &Model) -> Buffer {
    let (width, height) = model.size;
    // A test backend cannot fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(_frame) = terminal.draw(|frame| draw(model, frame));
    terminal.backend().buffer().clone()
}

/// The characters of a frame, line by line, without trailing blanks.
#[must_use]
pub fn frame_text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let line: String = frame_row(buffer, y).map(|(_, cell)| cell.symbol()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Returns the cells of a row with their columns; the second half of a wide character is left out.
pub fn frame_row(buffer: &Buffer, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
    let mut covered = 0;
    (0..buffer.area.width).filter_map(move |x| {
        let cell = buffer.cell((buffer.area.x + x, buffer.area.y + y))?;
        if x < covered {
            return None;
        }
        covered = x + u16::try_from(cell.symbol().width()).unwrap_or(1).max(1);
        Some((x, cell))
    })
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn a_wide_character_takes_two_columns_and_is_written_once() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "日x", Style::new());
        assert_eq!(frame_text(&buffer), "日x\n");
    }
}
