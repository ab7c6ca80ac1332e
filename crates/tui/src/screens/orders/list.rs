//! The orders, as the console asks of them.

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use crate::{
    action::CursorMotion,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions::{self, NamedRow},
    model::{Model, Pane},
    screens::{list::ListPane, orders::model},
};
use planning::plan::TaskIx;
use view::orders::OrderRow;

/// The orders of the desk.
pub(crate) struct OrderPane;

impl ListPane for OrderPane {
    fn pane(&self) -> Pane {
        Pane::Orders
    }

    fn name(&self) -> &'static str {
        "orders"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Task
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        model::move_cursor(model, motion, page);
    }

    fn open(&self, model: &mut Model) {
        model::open(model);
    }

    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        let rows = model::filtered_rows(model);
        let cursor = model::cursor_row(model, &rows).unwrap_or(0);
        let found = list_actions::clicked_row(area, at, (cursor, rows.len()));
        if let Some(row) = found.and_then(|row| rows.into_iter().nth(row)) {
            model.sights.select(Pane::Orders, row.id);
        }
    }

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let rows = model::filtered_rows(model);
        let at = model::cursor_row(model, &rows);
        (rows.into_iter().map(fields).collect(), at)
    }

    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        model::selected(model)?.task
    }

    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        super::view::draw(model, frame, area);
    }
}

fn fields(row: OrderRow) -> NamedRow {
    let fields = vec![
        ("order", row.id.clone()),
        ("task", row.task_name),
        ("symbol", row.symbol),
        ("side", row.side),
        ("ordered", row.ordered),
        ("filled", row.filled),
        ("leaves", row.leaves),
        ("average", row.average),
        ("state", row.state.to_string()),
        ("age", row.age),
        ("broker", row.word),
    ];
    (row.id, fields)
}
