//! The four choices of a late start over the screen: a table, and below it the one looked at.

use ratatui::{Frame, layout::Rect, text::Line};

use super::{dialog::wrap_texts, pane::draw_lines};
use crate::{
    model::Model,
    popup::LateStartDialog,
    widget::{draw_popup, inner_width, text_width},
};
use engine::forecast::catch_up::late_start_headline;
use view::late_start::{choice_details, choice_meaning, choice_table};

/// Draws the question; what has no room is scrolled to.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, start: &LateStartDialog) {
    let theme = model.settings.theme;
    let width = inner_width(frame);
    let table =
        choice_table(&start.late).lines(text_width(frame.area().width).into(), Some(start.spot));
    let told = start.late.options.get(start.spot).map(|option| {
        let sentence = format!("{}: {}", option.title, choice_meaning(option.choice));
        let all: Vec<_> = std::iter::once(sentence).chain(choice_details(option)).collect();
        wrap_texts(&all, width)
    });
    let told = told.unwrap_or_default();
    let top = 1 + table.len() + 1;
    let height = u16::try_from(top + told.len()).unwrap_or(u16::MAX);
    // A day under way does not wait for the answer.
    let (title, note) = match model.run() {
        None => ("late start", "left right choose   j k scroll   enter starts   esc leaves"),
        Some(_) => {
            ("missed meanwhile", "left right choose   j k scroll   enter commits   esc closes")
        }
    };
    let area = draw_popup(frame, theme, (title, note), height);
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let room = area.height.saturating_sub(count(top));
    let mut rows = vec![Line::raw(format!(" {}", late_start_headline(&start.late)))];
    rows.extend(table.into_iter().enumerate().map(|(at, row)| {
        let row = format!(" {row}");
        if at == 0 { Line::styled(row, theme.emphasis()) } else { Line::raw(row) }
    }));
    rows.push(Line::raw(""));
    draw_lines(frame, Rect { height: area.height - room, ..area }, rows);
    let above = start.above.min(told.len().saturating_sub(room.into()));
    let more = told.len().saturating_sub(above + usize::from(room));
    let mut shown: Vec<_> = told.into_iter().skip(above).take(room.into()).collect();
    if more > 0
        && let Some(last) = shown.last_mut()
    {
        *last = Line::styled(format!(" ({} more lines: j)", more + 1), theme.muted());
    }
    let below = Rect { y: area.y + (area.height - room), height: room, ..area };
    draw_lines(frame, below, shown);
}
