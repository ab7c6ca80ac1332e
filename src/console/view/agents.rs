//! The agents: how each is, how busy, how fast, and what it works on.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use super::{pane, tasks};
use crate::{
    console::{
        layout::{self, Density},
        model::{Model, Pane},
        screen,
        theme::Theme,
        widget::{Column, Table},
    },
    engine::AgentHealth,
    plan::AgentIx,
    present::{agents::AgentRow, words},
};

const COLUMNS: [Column; 10] = [
    Column::new("AGENT", 12, 20, 0),
    Column::new("HEALTH", 9, 17, 0),
    Column::new("BUSY", 4, 5, 1),
    Column::new("DONE", 4, 5, 4),
    Column::new("FAIL", 4, 5, 3),
    Column::new("P50", 5, 8, 6),
    Column::new("P95", 5, 8, 5),
    Column::new("BREAKER", 10, 14, 7),
    Column::new("ANSWERED", 8, 9, 8),
    Column::new("NOW", 12, 200, 2),
];

/// Draws the rows in sight.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let rows = screen::agent::rows(model);
    let healthy = rows.iter().filter(|row| row.health == AgentHealth::Healthy);
    let filter = model.sights.agent_filter.text();
    let note = match filter {
        "" => "trouble first".to_owned(),
        filter => format!("filter: {filter}"),
    };
    let title = format!("agents {}/{} healthy", healthy.count(), rows.len());
    let rows = screen::agent::listed(model);
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Agents));
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = rows.iter().position(|row| Some(row.ix) == model.agent);
    let first = layout::offset(cursor.unwrap_or(0), rows.len(), height);
    let table = Table {
        columns: &COLUMNS,
        rows: rows.iter().skip(first).take(height).map(|row| cells(theme, row)).collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.strong(), tasks::selected(model, Pane::Agents)),
        ellipsis: theme.pick("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, row: &AgentRow) -> Vec<(String, Style)> {
    let span = |span: Option<crate::time::Span>| span.map_or_else(|| "-".into(), words::duration);
    let plain = Style::new();
    let failed = if row.failed > 0 { theme.warn() } else { plain };
    let now = match &row.last_error {
        Some(error) if row.tasks.is_empty() => format!("{} — {error}", row.now),
        Some(_) | None => row.now.clone(),
    };
    vec![
        (row.id.to_string(), plain),
        (row.health.word().to_lowercase().replace('_', " "), theme.health(row.health)),
        (format!("{}/{}", row.running, row.slots), plain),
        (row.done.to_string(), plain),
        (row.failed.to_string(), failed),
        (span(row.p50), plain),
        (span(row.p95), plain),
        (row.breaker.clone(), plain),
        (row.answered.clone(), plain),
        (now, plain),
    ]
}

/// Draws everything known of one agent, from the line scrolled to.
pub(super) fn one(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, Density),
    ix: AgentIx,
) {
    let Some(run) = model.shown() else { return };
    let title = format!("agent {}", run.plan().agent(ix).id);
    let area = pane::pane(model, frame, (area, density), (&title, ""), Some(Pane::Agents));
    let lines = screen::agent::lines(model, ix);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}
