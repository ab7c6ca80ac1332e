//! The audit trail as a table: when, who, what, why, what came of it; and one entry in full.

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
    present::{audit::AuditRow, clock::Clock, words},
};

const COLUMNS: [Column; 6] = [
    Column::new("TIME", 8, 8, 0),
    Column::new("ID", 5, 6, 4),
    Column::new("WHO", 8, 20, 1),
    Column::new("WHAT", 22, 36, 0),
    Column::new("RESULT", 16, 60, 2),
    Column::new("WHY", 12, 200, 3),
];

/// Draws the entries in sight.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let rows = audit::rows(model);
    let refused = rows.iter().filter(|row| row.refused()).count();
    let chain = model.audit.chained();
    let title = format!(
        "audit {}, {refused} refused, {}",
        words::plural(rows.len().try_into().unwrap_or(u64::MAX), "entry"),
        chain.words(audit::ticks(theme))
    );
    let filter = model.sights.audit_filter.text();
    let note = if filter.is_empty() { "newest first".into() } else { format!("filter: {filter}") };
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Audit));
    if rows.is_empty() {
        let text = if filter.is_empty() { "nothing was entered yet" } else { "nothing matches" };
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

/// Draws one entry: all it says.
pub(super) fn one(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, Density),
    seq: u64,
) {
    let title = model.audit.find(seq).map_or_else(
        || format!("entry A-{seq}"),
        |row| format!("entry {}  {}  {}", row.name, model.clock().time(row.at), row.who),
    );
    let note = "enter its event  esc back";
    let area = pane::pane(model, frame, (area, density), (&title, note), Some(Pane::Audit));
    let lines = audit::lines(model, seq);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}

fn cells(theme: Theme, clock: &Clock, row: &AuditRow) -> Vec<(String, Style)> {
    let plain = Style::new();
    let result = if row.refused() { theme.warn() } else { plain };
    vec![
        (clock.time(row.at), plain),
        (row.name.clone(), theme.quiet()),
        (row.who.clone(), plain),
        (row.what.clone(), plain),
        (row.result.clone(), result),
        (row.why.clone(), plain),
    ]
}
