//! A box over the screen, and a line to type into.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Block, Clear, Widget as _},
};

use super::{display_width, fit};
use crate::{popup::TextField, theme::Theme};

/// Widest a popup gets: longer lines are hard to read.
const WIDEST: u16 = 92;

/// Clears a box of `height` rows inside its border in the middle of the frame, draws its border
/// with a title above and a note below, and says what is inside. Smaller when the frame is.
pub(crate) fn draw_popup(
    frame: &mut Frame<'_>,
    theme: Theme,
    (title, note): (&str, &str),
    height: u16,
) -> Rect {
    let all = frame.area();
    let area = boxed(all, height);
    let note_width = display_width(note).saturating_add(2);
    let room = area.width.saturating_sub(2).min(note_width);
    let block = Block::bordered()
        .border_set(theme.borders(true))
        .border_style(theme.border(true))
        .title(Span::styled(format!(" {title} "), theme.emphasis()))
        .title_bottom(Line::from(fit(&format!(" {note} "), room, "")).right_aligned());
    let inner = block.inner(area);
    Clear.render(area, frame.buffer_mut());
    block.render(area, frame.buffer_mut());
    inner
}

fn boxed(all: Rect, height: u16) -> Rect {
    let width = all.width.saturating_sub(4).clamp(all.width.min(36), WIDEST.min(all.width));
    let height = height.saturating_add(2).min(all.height);
    Rect { x: all.x + (all.width - width) / 2, y: all.y + (all.height - height) / 2, width, height }
}

/// Columns of a line of a popup's text in a frame of so many.
pub(crate) fn text_width(frame: u16) -> u16 {
    boxed(Rect::new(0, 0, frame, 1), 1).width.saturating_sub(4)
}

/// Columns a popup has in a frame of this width.
pub(crate) fn inner_width(frame: &Frame<'_>) -> u16 {
    inner_columns(frame.area().width)
}

/// Columns a popup has in a frame of so many.
pub(crate) fn inner_columns(frame: u16) -> u16 {
    boxed(Rect::new(0, 0, frame, 1), 1).width.saturating_sub(2)
}

/// Draws a text field on one row, its end in sight, and puts the cursor there if it has the keys.
pub(crate) fn field_line(
    frame: &mut Frame<'_>,
    area: Rect,
    field: &TextField,
    (active, style): (bool, Style),
) {
    if area.width == 0 || area.height == 0 {
        return;
    }
    let label = format!(" {}: ", field.label);
    let label_width = display_width(&label).min(area.width);
    let room = usize::from(area.width - label_width);
    // What does not fit is cut on the left, column by column, so that the cursor is in sight.
    let hidden = (field.cursor_column() + 1).saturating_sub(room);
    let mut skipped = 0;
    let shown: String = field
        .text()
        .chars()
        .skip_while(|c| {
            let before = skipped;
            skipped += usize::from(display_width(&c.to_string()));
            before < hidden
        })
        .collect();
    let text_style = if active { style } else { Style::new() };
    let line = Line::from(vec![Span::raw(label), Span::styled(shown, text_style)]);
    line.render(Rect { height: 1, ..area }, frame.buffer_mut());
    let column =
        u16::try_from(field.cursor_column() - hidden.min(field.cursor_column())).unwrap_or(0);
    let x = area.x + (label_width + column).min(area.width - 1);
    if active {
        frame.set_cursor_position(Position::new(x, area.y));
    }
}
