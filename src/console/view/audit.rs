//! The acts of people and policies as a table: when, who, what, why, and what came of it.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use super::{pane, tasks};
use crate::{
    console::{
        layout::{self, Density},
        model::{Model, Pane},
        screen::audit,
        theme::Theme,
        widget::{Column, Table},
    },
    present::{audit::AuditRow, clock::Clock},
};

const COLUMNS: [Column; 6] = [
    Column::new("TIME", 8, 8, 0),
    Column::new("ID", 5, 8, 4),
    Column::new("WHO", 8, 16, 1),
    Column::new("WHAT", 20, 60, 0),
    Column::new("RESULT", 8, 80, 2),
    Column::new("WHY", 12, 200, 3),
];

/// Draws the acts in sight.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let rows = audit::rows(model);
    let refused = rows.iter().filter(|row| row.result.starts_with("refused")).count();
    let title = format!("audit {} acts, {refused} refused", rows.len());
    let filter = model.sights.audit_filter.text();
    let note = if filter.is_empty() { "newest first".into() } else { format!("filter: {filter}") };
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Audit));
    if rows.is_empty() {
        let text = if filter.is_empty() { "nobody has acted yet" } else { "nothing matches" };
        pane::lines(frame, area, [Line::styled(format!(" {text}"), theme.quiet())]);
        return;
    }
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = audit::row(model, &rows);
    let first = layout::offset(cursor.unwrap_or(0), rows.len(), height);
    let [_, rest @ ..] = COLUMNS;
    let [id, who, what, result, why] = rest;
    let time = Column::new(model.clock().word(), 8, 8, 0);
    let table = Table {
        columns: &[time, id, who, what, result, why],
        rows: rows
            .iter()
            .skip(first)
            .take(height)
            .map(|row| cells(theme, &model.clock(), row))
            .collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.strong(), tasks::selected(model, Pane::Audit)),
        ellipsis: theme.pick("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, clock: &Clock, row: &AuditRow) -> Vec<(String, Style)> {
    let plain = Style::new();
    let result = if row.result.starts_with("refused") { theme.warn() } else { plain };
    vec![
        (clock.time(row.at), plain),
        (row.name.clone(), theme.quiet()),
        (row.who.clone(), plain),
        (row.what.clone(), plain),
        (row.result.clone(), result),
        (row.why.clone(), plain),
    ]
}
