//! What grows at its end: the events of the run, and the log of the program.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use super::{pane, tasks};
use crate::{
    console::{
        layout::{self, Density},
        log::{Level, LogLine},
        model::{Model, Pane},
        theme::Theme,
        widget::{Column, Table},
    },
    engine::Severity,
    present::events::{EventLine, Mark},
};

const EVENTS: [Column; 6] = [
    Column::new("TIME", 8, 8, 0),
    Column::new("", 1, 1, 0),
    Column::new("EVENT", 20, 22, 4),
    Column::new("WHAT", 28, 200, 0),
    Column::new("CORR", 6, 8, 5),
    Column::new("SEQ", 5, 6, 6),
];

const LOG: [Column; 4] = [
    Column::new("TIME", 8, 12, 1),
    Column::new("LEVEL", 5, 5, 0),
    Column::new("TARGET", 10, 20, 2),
    Column::new("TEXT", 40, 200, 0),
];

/// What is in sight of a stream: first row, and the selected one.
fn sight(count: usize, height: usize, at: Option<usize>) -> (usize, Option<usize>) {
    match at {
        // Following: the newest is at the bottom, and nothing is selected but it.
        None => (count.saturating_sub(height), count.checked_sub(1)),
        Some(row) => (layout::offset(row, count, height), Some(row)),
    }
}

fn note(follows: bool, filter: &str) -> String {
    let state = if follows { "follows" } else { "f follows" };
    if filter.is_empty() { state.into() } else { format!("filter: {filter}  {state}") }
}

/// Draws the events in sight.
pub(super) fn events(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let stream = &model.event_stream;
    let events = &model.events;
    let last = model.shown().map_or(0, crate::engine::RunState::last_seq);
    let more = if events.working() { ", filtering" } else { "" };
    let title = format!("events {} of {last}{more}", events.len());
    let note = note(stream.at.is_none(), stream.filter.text());
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Events));
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let row = stream.at.map(|at| events.row(at).min(events.len().saturating_sub(1)));
    let (first, cursor) = sight(events.len(), height, row);
    let lines = model.shown().map(|run| events.lines(first, height, run.plan()));
    let table = Table {
        columns: &EVENTS,
        rows: lines.iter().flatten().map(|line| event(theme, line)).collect(),
        selected: cursor.map(|row| row.saturating_sub(first)),
        looks: (theme.strong(), tasks::selected(model, Pane::Events)),
        ellipsis: theme.pick("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn event(theme: Theme, line: &EventLine) -> Vec<(String, Style)> {
    let plain = match line.mark {
        Mark::State(state) => theme.state(state),
        Mark::Alert => theme.severity(line.severity.max(Severity::Warning)),
        Mark::None | Mark::Operator | Mark::Market => theme.severity(line.severity),
    };
    vec![
        // To the second; the milliseconds stand in the journal.
        (line.time.chars().take(8).collect(), Style::new()),
        (line.mark.glyph(theme.glyphs).to_owned(), plain),
        (line.kind.to_owned(), plain),
        (line.what.clone(), plain),
        (line.corr.to_string(), theme.quiet()),
        (line.seq.to_string(), theme.quiet()),
    ]
}

/// Draws the lines of the log in sight.
pub(super) fn log(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let stream = &model.log_stream;
    let lines = model.shown_log();
    let note = note(stream.at.is_none(), stream.filter.text());
    let area = pane::pane(model, frame, (area, density), ("log", &note), Some(Pane::Log));
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let row = stream.at.map(|at| lines.partition_point(|(number, _)| *number < at));
    let row = row.map(|row| row.min(lines.len().saturating_sub(1)));
    let (first, cursor) = sight(lines.len(), height, row);
    let rows = lines.iter().skip(first).take(height);
    let table = Table {
        columns: &LOG,
        rows: rows.map(|(_, line)| logged(theme, line)).collect(),
        selected: cursor.map(|row| row.saturating_sub(first)),
        looks: (theme.strong(), tasks::selected(model, Pane::Log)),
        ellipsis: theme.pick("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn logged(theme: Theme, line: &LogLine) -> Vec<(String, Style)> {
    let style = match line.level {
        Level::Error => theme.danger(),
        Level::Warn => theme.warn(),
        Level::Info => Style::new(),
        Level::Debug => theme.quiet(),
    };
    vec![
        (line.time.clone(), theme.quiet()),
        (line.level.word().to_owned(), style),
        // All of it is ours; what tells the lines apart comes after the program's name.
        (line.target.trim_start_matches("bellwether::").to_owned(), theme.quiet()),
        (line.text.clone(), style),
    ]
}
