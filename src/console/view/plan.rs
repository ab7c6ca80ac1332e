//! The plan's rows: what the acts on a task would do, the day played beforehand, what is not done.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use super::{pane, tasks};
use crate::{
    console::{
        layout::{self, Density},
        model::{Model, Pane},
        screen::plan::Row,
        theme::Theme,
        widget::fit,
    },
    present::{
        dryrun::{Sheet, Tone, Written},
        words,
    },
};

/// Draws the rows in sight.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let board = &model.board;
    let (title, note) = match board.made() {
        Some(made) => {
            let title = format!("plan of {}, played beforehand", made.day.date);
            let age = words::age(made.at, model.now);
            (title, format!("played {} ({age} ago)  D plays it anew", words::time(made.at)))
        }
        None => ("plan".to_owned(), String::new()),
    };
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Plan));
    let rows = board.rows();
    if rows.is_empty() {
        let text = if board.waits() { "the day is being played" } else { "there is no day yet" };
        pane::lines(frame, area, [Line::styled(format!(" {text}"), theme.quiet())]);
        return;
    }
    let height = usize::from(area.height);
    let first = layout::offset(board.row(), rows.len(), height);
    let sheet = Sheet { width: area.width.into(), glyphs: theme.glyphs };
    let written = board.made().map(|made| Written::on(&made.day, sheet));
    let lines = rows.iter().enumerate().skip(first).take(height).map(|(at, row)| {
        let (text, tone) = match (row, &written) {
            (Row::Told(tone, text), _) => ((*text).to_owned(), *tone),
            (Row::Item(item), Some(written)) => written.row(item),
            (Row::Item(_), None) => (String::new(), Tone::Plain),
        };
        let text = fit(&text, area.width, theme.pick("…", "~"));
        let width = usize::from(area.width);
        let chosen =
            if at == board.row() { tasks::selected(model, Pane::Plan) } else { Style::new() };
        Line::styled(format!("{text:width$}"), look(theme, tone).patch(chosen))
    });
    pane::lines(frame, area, lines);
}

fn look(theme: Theme, tone: Tone) -> Style {
    match tone {
        Tone::Plain | Tone::Good => Style::new(),
        Tone::Head => theme.strong(),
        Tone::Warn => theme.warn(),
        Tone::Grave => theme.danger(),
    }
}
