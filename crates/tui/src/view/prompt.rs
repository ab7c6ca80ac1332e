//! The line one types at the foot of the screen, its offers above it, what is wrong with it below.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::{Block, Clear, Widget as _},
};

use super::{footer, pane};
use crate::{
    list_actions,
    model::Model,
    popup::{LetterPrompt, Prompt},
    widget::{display_width, field_line, fit},
};

/// Offers in sight at once.
const OFFERS_MOST: u16 = 8;

/// Draws a prompt in place of the last word.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, prompt: &Prompt) {
    let theme = model.settings.theme;
    let [line, below] = footer::prompt_rows(frame);
    let offers = list_actions::completions(model, prompt);
    field_line(frame, line, &prompt.field, (true, theme.emphasis()));
    if let Some(fault) = &prompt.fault {
        // What is wrong stands where the keys stand else, below the place it is wrong at.
        Clear.render(below, frame.buffer_mut());
        let label = usize::from(display_width(prompt.field.label)) + 3;
        let said = format!("{} {fault}", theme.glyph("▲", "^"));
        let room = usize::from(below.width).saturating_sub(usize::from(display_width(&said)));
        let text = if label + fault.at <= room {
            format!("{}{said}", " ".repeat(label + fault.at))
        } else {
            format!(" at {}: {fault}", fault.at + 1)
        };
        let text = fit(&text, below.width, theme.glyph("…", "~"));
        Line::styled(text, theme.warning()).render(below, frame.buffer_mut());
    }
    ghost(model, frame, (line, prompt));
    let told: Vec<_> = offers.into_iter().map(|offer| offer.display).collect();
    popup(model, frame, line, (prompt, &told));
}

/// What Tab would write, dimmed behind the cursor.
fn ghost(model: &Model, frame: &mut Frame<'_>, (line, prompt): (Rect, &Prompt)) {
    let at_end = prompt.field.cursor_index() == prompt.field.text().chars().count();
    let offers = list_actions::completions(model, prompt);
    let Some(offer) = offers.get(prompt.chosen.unwrap_or(0)).filter(|_| at_end) else { return };
    let typed = prompt.field.cursor_index().saturating_sub(offer.from);
    let written: String = prompt.field.text().chars().skip(offer.from).collect();
    // Only an offer that goes on where the line ends can be shown there.
    if typed == 0 || !offer.insert.to_lowercase().starts_with(&written.to_lowercase()) {
        return;
    }
    let rest: String = offer.insert.chars().skip(typed).collect();
    let used = display_width(prompt.field.label) + 3 + display_width(prompt.field.text());
    // One column of the cursor's own is left free in every terminal that draws it as a bar.
    if used < line.width {
        let area = Rect { x: line.x + used, width: line.width - used, ..line };
        let style = model.settings.theme.muted();
        Line::styled(rest, style).render(area, frame.buffer_mut());
    }
}

/// The offers in a box above the line, the chosen one reversed.
fn popup(model: &Model, frame: &mut Frame<'_>, line: Rect, (prompt, offers): (&Prompt, &[String])) {
    let all = frame.area();
    let theme = model.settings.theme;
    let count = u16::try_from(offers.len()).unwrap_or(u16::MAX).min(OFFERS_MOST);
    let above = line.y.saturating_sub(all.y);
    if count == 0 || above < count + 2 || all.width < 20 {
        return;
    }
    let wide = offers.iter().map(|offer| display_width(offer)).max().unwrap_or(0) + 4;
    let area = Rect {
        x: all.x + 1,
        y: line.y - count - 2,
        width: wide.clamp(30.min(all.width - 2), all.width - 2),
        height: count + 2,
    };
    Clear.render(area, frame.buffer_mut());
    let block = Block::bordered()
        .border_set(theme.borders(false))
        .border_style(theme.border(false))
        .title_bottom(Line::from(Span::styled(" tab takes  up down choose ", theme.muted())));
    let inner = block.inner(area);
    block.render(area, frame.buffer_mut());
    let chosen = prompt.chosen.map(|at| at.min(offers.len() - 1));
    let first = chosen.unwrap_or(0).saturating_sub(usize::from(count) - 1);
    let lines = offers.iter().enumerate().skip(first).take(usize::from(count)).map(|(i, offer)| {
        let style = if chosen == Some(i) { theme.selected() } else { Style::new() };
        let text = fit(&format!(" {offer}"), inner.width, theme.glyph("…", "~"));
        Line::styled(text, style)
    });
    pane::draw_lines(frame, inner, lines.collect::<Vec<_>>());
}

/// Draws what a single letter is asked for; the letters themselves stand in the footer below.
pub(super) fn draw_letter_prompt(model: &Model, frame: &mut Frame<'_>, pick: LetterPrompt) {
    let [row, _] = footer::prompt_rows(frame);
    let theme = model.settings.theme;
    let text = fit(&format!(" {}", pick.title()), row.width, theme.glyph("…", "~"));
    Line::styled(text, theme.emphasis()).render(row, frame.buffer_mut());
}
