//! The plan's rows: what the acts on a task would do, the day played beforehand, what is not done.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens::dry_run::model::DryRunRow,
    theme::Theme,
    widget::fit,
};
use crate::{screens::tasks, view::pane};
use view::{
    dryrun::{OutlineText, PageStyle, RowTone},
    format,
};

/// Draws the rows in sight.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let theme = model.settings.theme;
    let board = &model.board;
    let (title, note) = match board.finished() {
        Some(made) => {
            let from = format::format_time(made.at);
            let title = format!("dry run of {} from the state at {from}", made.day.date);
            let age = format::format_age(made.at, model.now);
            (title, format!("{age} ago, follows the run  8 has the morning plan"))
        }
        None => ("dry run".to_owned(), String::new()),
    };
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::DryRun));
    let rows = board.rows();
    if rows.is_empty() {
        let text = if board.is_pending() { "the dry run is being made" } else { "no day plan yet" };
        pane::draw_lines(frame, area, [Line::styled(format!(" {text}"), theme.muted())]);
        return;
    }
    let height = usize::from(area.height);
    let first = layout::first_visible_row(board.selected_row(), rows.len(), height);
    let sheet = PageStyle { width: area.width.into(), glyphs: theme.glyphs };
    let written = board.finished().map(|made| OutlineText::for_page(&made.day, sheet));
    let lines = rows.iter().enumerate().skip(first).take(height).map(|(at, row)| {
        let (text, tone) = match (row, &written) {
            (DryRunRow::Text(tone, text), _) => ((*text).to_owned(), *tone),
            (DryRunRow::Item(item), Some(written)) => written.render_row(item),
            (DryRunRow::Item(_), None) => (String::new(), RowTone::Plain),
        };
        let text = fit(&text, area.width, theme.glyph("…", "~"));
        let width = usize::from(area.width);
        let chosen = if at == board.selected_row() {
            tasks::view::selection_style(model, Pane::DryRun)
        } else {
            Style::new()
        };
        Line::styled(format!("{text:width$}"), tone_style(theme, tone).patch(chosen))
    });
    pane::draw_lines(frame, area, lines);
}

fn tone_style(theme: Theme, tone: RowTone) -> Style {
    match tone {
        RowTone::Plain | RowTone::Good => Style::new(),
        RowTone::Head => theme.emphasis(),
        RowTone::Warn => theme.warning(),
        RowTone::Bad => theme.danger(),
    }
}
