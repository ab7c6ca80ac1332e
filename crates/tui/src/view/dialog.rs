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
    widget::{display_width, draw_popup, field_line, fit, inner_columns, wrap},
};

/// The rows at the end of a popup that stay in sight while its body scrolls.
#[derive(Default)]
pub(super) struct PopupFooter<'a> {
    /// Lines that stay in sight, such as the total of the orders.
    pub(super) pinned: Vec<Line<'static>>,
    /// The text fields, each with whether it has the focus.
    pub(super) fields: Vec<(&'a TextField, bool)>,
    /// The buttons.
    pub(super) buttons: Vec<ButtonText>,
    /// Columns of the labels of the buttons.
    pub(super) label_width: u16,
}

/// A button of a popup in words.
pub(super) struct ButtonText {
    /// Whether it has the focus.
    pub(super) focused: bool,
    /// The verb.
    pub(super) label: String,
    /// The effect of pressing it.
    pub(super) hint: String,
}

/// A popup arranged for a window: its body scrolls, its footer does not.
pub(super) struct PopupLayout<'a> {
    pub(super) body: Vec<Line<'static>>,
    /// Rows of the body in sight at a time.
    pub(super) room: usize,
    /// The first row of the body in sight.
    pub(super) first: usize,
    pinned: Vec<Line<'static>>,
    fields: Vec<(&'a TextField, bool)>,
    buttons: Vec<Line<'static>>,
}

/// Rows of a popup that are its border.
const BORDERS: u16 = 2;
/// Rows a body that scrolls gets before the buttons are drawn one at a time.
const ROOM_WANTED: usize = 6;

impl<'a> PopupLayout<'a> {
    /// Arranges a popup in a window of so many columns and rows. Where the body would get too few
    /// rows, only the focused button is drawn.
    pub(super) fn new(
        model: &Model,
        (width, rows): (u16, u16),
        body: Vec<Line<'static>>,
        foot: PopupFooter<'a>,
        scroll: usize,
    ) -> Self {
        let width = inner_columns(width);
        let inner = usize::from(rows.saturating_sub(BORDERS));
        let draw = |button: &ButtonText, label: &str, wide: u16| {
            let texts = (label, button.hint.as_str());
            self::button(model, button.focused, texts, (wide, width))
        };
        let all = foot.buttons.iter();
        let all = all.flat_map(|button| draw(button, &button.label, foot.label_width));
        let mut buttons: Vec<_> = all.collect();
        let fixed = foot.pinned.len() + foot.fields.len();
        let wanted = body.len().min(ROOM_WANTED);
        if fixed + buttons.len() + wanted > inner {
            let count = foot.buttons.len();
            let focused = foot.buttons.iter().position(|button| button.focused);
            let focused = focused.unwrap_or(count.saturating_sub(1));
            let one = foot.buttons.get(focused).map(|button| {
                let label = format!("{} {}/{count}", button.label, focused + 1);
                let wide = foot.label_width.max(display_width(&label) + 2).min(width);
                draw(button, &label, wide)
            });
            buttons = one.unwrap_or_default();
        }
        let room = inner.saturating_sub(fixed + buttons.len()).min(body.len());
        let first = scroll.min(body.len() - room);
        Self { body, room, first, pinned: foot.pinned, fields: foot.fields, buttons }
    }

    /// The rows of the body in sight.
    pub(super) fn visible_rows(&self) -> &[Line<'static>] {
        &self.body[self.first..self.first + self.room]
    }

    /// The rows in sight of those there are, and the key that shows the others; empty where all
    /// are in sight.
    pub(super) fn position_text(&self, model: &Model) -> String {
        if self.room == self.body.len() {
            return String::new();
        }
        let (from, to) = (self.first + 1, self.first + self.room);
        let [down, up] = ["dialog.page_down", "dialog.page_up"].map(|id| model.key_label(id));
        format!("rows {from}-{to} of {}: {down} {up}   ", self.body.len())
    }

    /// Draws the popup.
    pub(super) fn draw(self, model: &Model, frame: &mut Frame<'_>, (title, note): (&str, &str)) {
        let theme = model.settings.theme;
        let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let rows = self.room + self.pinned.len() + self.fields.len() + self.buttons.len();
        let note = format!("{}{note}", self.position_text(model));
        let area = draw_popup(frame, theme, (title, &note), count(rows));
        let end = area.y + area.height;
        let mut y = area.y;
        let below = |y: &mut u16, rows: usize| {
            let height = count(rows).min(end.saturating_sub(*y));
            let row = Rect { y: *y, height, ..area };
            *y += height;
            row
        };
        draw_lines(frame, below(&mut y, self.room), self.visible_rows().to_vec());
        draw_lines(frame, below(&mut y, self.pinned.len()), self.pinned);
        for (field, active) in self.fields {
            field_line(frame, below(&mut y, 1), field, (active, theme.emphasis()));
        }
        draw_lines(frame, below(&mut y, self.buttons.len()), self.buttons);
    }
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

pub(super) fn wrap_texts(texts: &[String], width: u16) -> Vec<Line<'static>> {
    let room = width.saturating_sub(2);
    // What fits stays as it is: it may be a row of a table.
    let all = texts.iter().flat_map(|text| {
        if display_width(text) <= room { vec![text.clone()] } else { wrap(text, room) }
    });
    all.map(|line| Line::raw(format!(" {line}"))).collect()
}

/// Draws a dialog with buttons.
pub(super) fn draw_question(model: &Model, frame: &mut Frame<'_>, dialog: &Dialog) {
    let area = frame.area();
    let layout = question_layout(model, dialog, (area.width, area.height));
    layout.draw(model, frame, (&dialog.title, "esc goes back"));
}

fn question_layout<'a>(model: &Model, dialog: &'a Dialog, size: (u16, u16)) -> PopupLayout<'a> {
    let width = inner_columns(size.0);
    let mut body = vec![Line::raw("")];
    body.extend(wrap_texts(&dialog.body, width));
    let warn = model.settings.theme.warning();
    body.extend(wrap_texts(&dialog.warnings, width).into_iter().map(|line| line.style(warn)));
    body.push(Line::raw(""));
    let labels = dialog.choices.iter().map(|choice| display_width(&choice.label) + 2);
    let buttons = dialog.choices.iter().enumerate().map(|(i, choice)| ButtonText {
        focused: dialog.spot == i,
        label: choice.label.clone(),
        hint: choice.hint.clone(),
    });
    let foot = PopupFooter {
        buttons: buttons.collect(),
        label_width: labels.max().unwrap_or(0).clamp(LABEL.0, LABEL.1),
        ..PopupFooter::default()
    };
    PopupLayout::new(model, size, body, foot, dialog.scroll)
}

/// Returns the first row of a dialog's body in sight, the rows in sight, and all of them.
pub(crate) fn question_rows(model: &Model, dialog: &Dialog) -> (usize, usize, usize) {
    let layout = question_layout(model, dialog, model.size);
    (layout.first, layout.room, layout.body.len())
}
