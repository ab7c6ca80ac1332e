//! Questions with what is left of their time, and alerts, those nobody has seen first.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens::alerts::{self, model::AlertLine},
    theme::Theme,
    widget::{Column, Table},
};
use crate::{screens::tasks, view::pane};
use engine::AlertSeverity;
use view::{format, time_style::TimeFormat};

const COLUMNS: [Column; 5] = [
    Column::new("ID", 6, 8, 2),
    Column::new("TIME", 8, 8, 3),
    Column::new("", 4, 4, 0),
    Column::new("WHAT", 20, 200, 0),
    Column::new("STATE", 23, 26, 1),
];

/// Draws the lines in sight.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let theme = model.settings.theme;
    let lines = alerts::model::filtered_lines(model);
    let asks = lines.iter().filter(|line| matches!(line, AlertLine::Approval(_))).count();
    let between = theme.glyph("·", "|");
    let title = format!("alerts {} {between} approvals {asks}", lines.len() - asks);
    let gone = model.displayed_run().map_or(0, engine::RunState::forgotten_alerts);
    let filter = model.sights.filter(Pane::Alerts).text();
    let note = match (filter, gone) {
        ("", 0) => "unacknowledged first".to_owned(),
        ("", gone) => format!("unacknowledged first; {gone} older ones are in the events"),
        (filter, _) => format!("filter: {filter}"),
    };
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Alerts));
    if lines.is_empty() {
        let text = if filter.is_empty() { "no alerts and no approvals" } else { "no match" };
        pane::draw_lines(
            frame,
            area,
            [ratatui::text::Line::styled(format!(" {text}"), theme.muted())],
        );
        return;
    }
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = alerts::model::cursor_row(model, &lines);
    let first = layout::first_visible_row(cursor.unwrap_or(0), lines.len(), height);
    let [id, _, severity, what, state] = COLUMNS;
    let time = Column::new(model.time_format().short_heading(), 8, 8, 3);
    let table = Table {
        columns: &[id, time, severity, what, state],
        rows: lines
            .iter()
            .skip(first)
            .take(height)
            .map(|line| cells(theme, &model.time_format(), line))
            .collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.emphasis(), tasks::view::selection_style(model, Pane::Alerts)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, clock: &TimeFormat, line: &AlertLine) -> Vec<(String, Style)> {
    match line {
        AlertLine::Approval(row) => {
            let asks = theme.warning().patch(theme.emphasis());
            let left =
                format!("{} left, to {}", row.remaining, format::format_minute(row.deadline));
            vec![
                (String::new(), asks),
                (clock.time(row.since), Style::new()),
                ("ASKS".into(), asks),
                (format!("{}: {}", row.id, row.text), asks),
                (left, asks),
            ]
        }
        AlertLine::Alert(row) => {
            let seen = row.acked_by.is_some();
            let style = if seen { theme.muted() } else { theme.severity(row.severity) };
            let state = if seen { style } else { style.patch(theme.emphasis()) };
            vec![
                (row.name.clone(), style),
                (clock.time(row.at), style),
                (severity_label(row.severity).into(), style),
                (row.text.clone(), style),
                (row.state_text(), state),
            ]
        }
    }
}

const fn severity_label(severity: AlertSeverity) -> &'static str {
    format::severity_label(severity)
}
