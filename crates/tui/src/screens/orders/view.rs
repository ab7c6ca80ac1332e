//! The table of orders: on its own screen, and on the page of the task that sends them.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use super::model;
use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens::tasks,
    theme::Theme,
    view::pane,
    widget::{Column, Table, TableCell, fit},
};
use engine::ReportedState;
use view::orders::OrderRow;

const COLUMNS: [Column; 10] = [
    Column::new("ORDER", 18, 24, 9),
    Column::new("SYMBOL", 6, 8, 0),
    Column::new("SIDE", 4, 4, 0),
    Column::new("ORDERED", 7, 10, 0),
    Column::new("FILLED", 7, 10, 0),
    Column::new("LEAVES", 7, 10, 1),
    Column::new("AVERAGE", 8, 10, 3),
    Column::new("STATE", 9, 9, 0),
    Column::new("AGE", 6, 6, 4),
    Column::new("BROKER", 16, 200, 2),
];

/// Draws the orders in sight.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let theme = model.settings.theme;
    let rows = model::filtered_rows(model);
    let working = rows.iter().filter(|row| row.state.is_working()).count();
    let title = format!("orders {}, {working} working", rows.len());
    let filter = model.sights.filter(Pane::Orders).text();
    let note = match (filter, model.travel.frozen_view()) {
        ("", None) => "trouble first".to_owned(),
        ("", Some(_)) => "orders as they are now: they do not go back in time".to_owned(),
        (filter, _) => format!("filter: {filter}"),
    };
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Orders));
    let (fault, area) = fault_line(model, area);
    pane::draw_lines(
        frame,
        Rect { height: area.y.saturating_sub(fault.1), y: fault.1, ..area },
        fault.0,
    );
    if rows.is_empty() {
        let text = if filter.is_empty() { empty_text(model) } else { "no match" };
        pane::draw_lines(frame, area, [Line::styled(format!(" {text}"), theme.muted())]);
        return;
    }
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = model::cursor_row(model, &rows);
    let first = layout::first_visible_row(cursor.unwrap_or(0), rows.len(), height);
    let table = Table {
        columns: &COLUMNS,
        rows: rows.iter().skip(first).take(height).map(|row| cells(theme, row)).collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.emphasis(), tasks::view::selection_style(model, Pane::Orders)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

/// Returns why there is no order: a replayed run has no desk to ask.
fn empty_text(model: &Model) -> &'static str {
    match model.run() {
        Some(run) if run.plan().mode == planning::plan::RunMode::Replay => {
            "a recorded run has no desk to ask: each task's page has its orders"
        }
        Some(_) | None => "no orders yet",
    }
}

/// Returns the reason for which the broker cannot be asked, and what is left below it.
fn fault_line(model: &Model, area: Rect) -> ((Option<Line<'static>>, u16), Rect) {
    let Some(fault) = &model.orders.fault else { return ((None, area.y), area) };
    let theme = model.settings.theme;
    let text = format!(" {}: fills are those known here", view::format::sanitize(fault));
    let text = fit(&text, area.width, theme.glyph("…", "~"));
    let below = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
    ((Some(Line::styled(text, theme.warning())), area.y), below)
}

fn style(theme: Theme, state: ReportedState) -> Style {
    match state {
        ReportedState::Unknown | ReportedState::Rejected => theme.danger(),
        ReportedState::Cancelled | ReportedState::Expired => theme.warning(),
        ReportedState::Filled => theme.muted(),
        ReportedState::Logged
        | ReportedState::Sent
        | ReportedState::Acked
        | ReportedState::Partial => Style::new(),
    }
}

fn cells(theme: Theme, row: &OrderRow) -> Vec<TableCell> {
    let style = style(theme, row.state);
    [
        row.id.clone(),
        row.symbol.clone(),
        row.side.clone(),
        format!("{:>7}", row.ordered),
        format!("{:>7}", row.filled),
        format!("{:>7}", row.leaves),
        format!("{:>8}", row.average),
        row.state.to_string(),
        row.age.clone(),
        row.word.clone(),
    ]
    .map(|text| (text, style))
    .into()
}

/// Returns the orders of a task as lines of its page, the heading first.
pub(crate) fn lines(theme: Theme, rows: &[OrderRow]) -> Vec<Line<'static>> {
    let line = |row: &[&str; 8]| {
        let [symbol, side, ordered, filled, leaves, average, state, age] = row;
        format!(
            "  {symbol:<6} {side:<4} {ordered:>7} {filled:>7} {leaves:>7} {average:>8}  {state:<9} {age:<6}"
        )
    };
    let heading = ["SYMBOL", "SIDE", "ORDERED", "FILLED", "LEAVES", "AVERAGE", "STATE", "AGE"];
    let heading = Line::styled(format!("{} BROKER", line(&heading)), theme.muted());
    let told = rows.iter().map(|row| {
        let cells = [
            row.symbol.as_str(),
            &row.side,
            &row.ordered,
            &row.filled,
            &row.leaves,
            &row.average,
            row.state.as_str(),
            &row.age,
        ];
        Line::styled(format!("{} {}", line(&cells), row.word), style(theme, row.state))
    });
    std::iter::once(heading).chain(told).collect()
}
