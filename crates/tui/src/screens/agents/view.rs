//! The agents: how each is, how busy, how fast, and what it works on.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens,
    theme::Theme,
    widget::{Column, Table},
};
use crate::{screens::tasks, view::pane};
use engine::AgentHealth;
use planning::plan::AgentIx;
use view::{agents::AgentRow, format};

const COLUMNS: [Column; 10] = [
    Column::new("AGENT", 12, 20, 0),
    Column::new("HEALTH", 9, 17, 0),
    Column::new("BUSY", 4, 5, 1),
    Column::new("DONE", 4, 5, 4),
    Column::new("FAIL", 4, 5, 3),
    Column::new("P50", 6, 8, 6),
    Column::new("P95", 6, 8, 5),
    Column::new("BREAKER", 11, 14, 7),
    Column::new("REPLY", 6, 9, 8),
    Column::new("NOW", 11, 200, 2),
];

/// Draws the rows in sight.
pub(crate) fn draw_list(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let rows = screens::agents::model::agent_rows(model);
    let healthy = rows.iter().filter(|row| row.health == AgentHealth::Healthy);
    let filter = model.sights.filter(Pane::Agents).text();
    let note = match filter {
        "" => "trouble first".to_owned(),
        filter => format!("filter: {filter}"),
    };
    let title = format!("agents {}/{} healthy", healthy.count(), rows.len());
    let rows = screens::agents::model::filtered_rows(model);
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Agents));
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = rows.iter().position(|row| Some(row.ix) == model.agent);
    let first = layout::first_visible_row(cursor.unwrap_or(0), rows.len(), height);
    let table = Table {
        columns: &COLUMNS,
        rows: rows.iter().skip(first).take(height).map(|row| cells(theme, row)).collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.emphasis(), tasks::view::selection_style(model, Pane::Agents)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, row: &AgentRow) -> Vec<(String, Style)> {
    let span = |span: Option<planning::time::Span>| {
        span.map_or_else(|| "-".into(), format::format_duration)
    };
    let plain = Style::new();
    let failed = if row.failed > 0 { theme.warning() } else { plain };
    let now = match &row.last_error {
        Some(error) if row.tasks.is_empty() => format!("{} — {error}", row.now),
        Some(_) | None => row.now.clone(),
    };
    vec![
        (row.id.to_string(), plain),
        (row.health.as_str().to_lowercase().replace('_', " "), theme.agent_health(row.health)),
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
pub(crate) fn draw_detail(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    ix: AgentIx,
) {
    let Some(run) = model.displayed_run() else { return };
    let title = format!("agent {}", run.plan().agent(ix).id);
    let area = pane::draw_pane(model, frame, (area, density), (&title, ""), Some(Pane::Agents));
    let lines = screens::agents::model::detail_lines(model, ix);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::draw_lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}
