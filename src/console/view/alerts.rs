//! Questions with what is left of their time, and alerts, those nobody has seen first.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use super::{pane, tasks};
use crate::{
    console::{
        layout::{self, Density},
        model::{Model, Pane},
        screen::alerts::{self, AlertLine},
        theme::Theme,
        widget::{Column, Table},
    },
    engine::Severity,
    present::{clock::Clock, words},
};

const COLUMNS: [Column; 5] = [
    Column::new("ID", 6, 8, 2),
    Column::new("TIME", 8, 8, 3),
    Column::new("", 4, 4, 0),
    Column::new("WHAT", 20, 200, 0),
    Column::new("STATE", 23, 26, 1),
];

/// Draws the lines in sight.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let lines = alerts::lines(model);
    let asks = lines.iter().filter(|line| matches!(line, AlertLine::Approval(_))).count();
    let between = theme.pick("·", "|");
    let title = format!("alerts {} {between} approvals {asks}", lines.len() - asks);
    let gone = model.shown().map_or(0, crate::engine::RunState::alerts_gone);
    let filter = model.sights.alert_filter.text();
    let note = match (filter, gone) {
        ("", 0) => "unseen first".to_owned(),
        ("", gone) => format!("unseen first; {gone} older ones stand in the events"),
        (filter, _) => format!("filter: {filter}"),
    };
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(Pane::Alerts));
    if lines.is_empty() {
        let text = if filter.is_empty() { "nothing wants you" } else { "nothing matches" };
        pane::lines(frame, area, [ratatui::text::Line::styled(format!(" {text}"), theme.quiet())]);
        return;
    }
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = alerts::row(model, &lines);
    let first = layout::offset(cursor.unwrap_or(0), lines.len(), height);
    let [id, _, severity, what, state] = COLUMNS;
    let time = Column::new(model.clock().word(), 8, 8, 3);
    let table = Table {
        columns: &[id, time, severity, what, state],
        rows: lines
            .iter()
            .skip(first)
            .take(height)
            .map(|line| cells(theme, &model.clock(), line))
            .collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.strong(), tasks::selected(model, Pane::Alerts)),
        ellipsis: theme.pick("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, clock: &Clock, line: &AlertLine) -> Vec<(String, Style)> {
    match line {
        AlertLine::Approval(row) => {
            let asks = theme.warn().patch(theme.strong());
            let left = format!("{} left, to {}", row.remaining, words::minute(row.deadline));
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
            let style = if seen { theme.quiet() } else { theme.severity(row.severity) };
            let state = if seen { style } else { style.patch(theme.strong()) };
            vec![
                (row.name.clone(), style),
                (clock.time(row.at), style),
                (short(row.severity).into(), style),
                (row.text.clone(), style),
                (row.state(), state),
            ]
        }
    }
}

const fn short(severity: Severity) -> &'static str {
    words::severity(severity)
}
