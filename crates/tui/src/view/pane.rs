//! The border around a pane: thick where the keys go, with a title above and a count below.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Widget as _},
};

use crate::{
    layout::LayoutDensity,
    model::{Model, Pane},
};

/// Draws the border of a pane, where there is room for borders, and says what is inside.
pub(crate) fn draw_pane(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    (title, note): (&str, &str),
    focus: Option<Pane>,
) -> Rect {
    if !density.has_borders() {
        return area;
    }
    let theme = model.settings.theme;
    let focused = focus == Some(model.focused_pane());
    let block = Block::bordered()
        .border_set(theme.borders(focused))
        .border_style(theme.border(focused))
        .title(Span::styled(format!(" {title} "), theme.emphasis()));
    let note = if note.is_empty() { String::new() } else { format!(" {note} ") };
    let block = block.title_bottom(Line::from(note).right_aligned());
    let inner = block.inner(area);
    block.render(area, frame.buffer_mut());
    inner
}

/// Draws lines of text from the first row on, as many as fit.
pub(crate) fn draw_lines<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    lines: impl IntoIterator<Item = Line<'a>>,
) {
    let rows = area.y..area.y.saturating_add(area.height);
    for (line, y) in lines.into_iter().zip(rows) {
        line.render(Rect { y, height: 1, ..area }, frame.buffer_mut());
    }
}
