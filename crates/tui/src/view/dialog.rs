//! The questions that lie over a screen, and the force dialog.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::pane::draw_lines;
use crate::{
    model::Model,
    popup::{Dialog, TextField},
    widget::{display_width, draw_popup, field_line, fit, inner_width, wrap},
};

/// Rows at the end of a popup that stay in sight however small it gets.
#[derive(Default)]
pub(super) struct PopupFooter<'a> {
    /// The text fields, each with its focus.
    pub(super) fields: Vec<(&'a TextField, bool)>,
    pub(super) buttons: Vec<Line<'static>>,
}

/// Draws the body as far as there is room, and the foot in any case.
pub(super) fn body_and_foot(
    model: &Model,
    frame: &mut Frame<'_>,
    area: Rect,
    body: Vec<Line<'static>>,
    foot: PopupFooter<'_>,
) {
    let theme = model.settings.theme;
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let rows = count(foot.buttons.len() + foot.fields.len());
    let room = area.height.saturating_sub(rows);
    let wanted = body_height(&body, &foot).saturating_add(2);
    let cut = body.len() > usize::from(room);
    let above = Rect { height: room, ..area };
    draw_lines(frame, above, body);
    if cut && room > 0 {
        let row = Rect { y: area.y + room - 1, height: 1, ..area };
        let size = format!("{}x{wanted}", frame.area().width);
        let text = format!(" (too small a window: all of this needs {size})");
        let text = fit(&text, area.width, "~");
        draw_lines(frame, row, [Line::styled(text, theme.warning())]);
    }
    let mut y = area.y + room;
    let end = area.y + area.height;
    for (field, active) in foot.fields.into_iter().take(usize::from(end - y.min(end))) {
        let row = Rect { y, height: 1, ..area };
        field_line(frame, row, field, (active, theme.emphasis()));
        y += 1;
    }
    let below = Rect { y, height: end.saturating_sub(y), ..area };
    draw_lines(frame, below, foot.buttons);
}

/// Columns of a button: at least and at most.
pub(super) const LABEL: (u16, u16) = (12, 30);

/// A button on a row of its own, with what it would do.
pub(super) fn button(
    model: &Model,
    focused: bool,
    (label, hint): (&str, &str),
    (wide, width): (u16, u16),
) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mark = if focused { theme.glyph("▸", ">") } else { " " };
    let style = if focused { theme.selected() } else { Style::new() };
    let room = width.saturating_sub(wide + 6);
    let mut hints = wrap(hint, room);
    if hints.len() > HINT_LINES {
        let rest = hints.split_off(HINT_LINES - 1).join(" ");
        hints.push(fit(&rest, room, theme.glyph("…", "~")));
    }
    let indent = " ".repeat(usize::from(wide) + 5);
    let mut lines: Vec<_> = hints
        .into_iter()
        .map(|hint| Line::from(vec![Span::raw(indent.clone()), Span::styled(hint, theme.muted())]))
        .collect();
    if let Some(first) = lines.first_mut() {
        let hint = first.spans.pop().unwrap_or_default();
        *first = Line::from(vec![
            Span::raw(format!(" {mark} ")),
            Span::styled(fit(&format!(" {label} "), wide, theme.glyph("…", "~")), style),
            Span::raw("  "),
            hint,
        ]);
    }
    lines
}

/// Lines a button may take to say what it would do.
const HINT_LINES: usize = 2;

pub(super) fn wrapped(texts: &[String], width: u16) -> Vec<Line<'static>> {
    let room = width.saturating_sub(2);
    // What fits stays as it is: it may be a row of a table.
    let all = texts.iter().flat_map(|text| {
        if display_width(text) <= room { vec![text.clone()] } else { wrap(text, room) }
    });
    all.map(|line| Line::raw(format!(" {line}"))).collect()
}

pub(super) fn body_height(body: &[Line<'_>], foot: &PopupFooter<'_>) -> u16 {
    let rows = body.len() + foot.buttons.len() + foot.fields.len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// A question with its buttons.
pub(super) fn draw_question(model: &Model, frame: &mut Frame<'_>, dialog: &Dialog) {
    let width = inner_width(frame);
    let mut body = vec![Line::raw("")];
    body.extend(wrapped(&dialog.body, width));
    let warn = model.settings.theme.warning();
    body.extend(wrapped(&dialog.warnings, width).into_iter().map(|line| line.style(warn)));
    body.push(Line::raw(""));
    let labels = dialog.choices.iter().map(|choice| display_width(&choice.label) + 2);
    let wide = labels.max().unwrap_or(0).clamp(LABEL.0, LABEL.1);
    let buttons = dialog.choices.iter().enumerate().flat_map(|(i, choice)| {
        let texts = (choice.label.as_str(), choice.hint.as_str());
        button(model, dialog.spot == i, texts, (wide, width))
    });
    let foot = PopupFooter { fields: Vec::new(), buttons: buttons.collect() };
    let height = body_height(&body, &foot);
    let area = draw_popup(frame, model.settings.theme, (&dialog.title, "esc goes back"), height);
    body_and_foot(model, frame, area, body, foot);
}
