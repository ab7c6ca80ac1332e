//! The orders that are listed, and the cursor among them.

use crate::{
    action::CursorMotion,
    cursor::moved_row,
    model::{Model, Pane},
    nav::Screen,
};
use engine::AlertSeverity;
use view::orders::{self, OrderRow};

/// The orders that pass the filter.
pub(crate) fn filtered_rows(model: &Model) -> Vec<OrderRow> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let filter = model.sights.filter(Pane::Orders);
    let mut rows = orders::order_rows(run, &model.orders, model.now);
    rows.retain(|row| {
        let texts = [&row.id, &row.symbol, &row.side, row.state.as_str(), &row.word];
        filter.is_empty() || filter.matches_record(&row.filter_record(&texts), model.now)
    });
    rows
}

/// The row of the cursor.
pub(crate) fn cursor_row(model: &Model, rows: &[OrderRow]) -> Option<usize> {
    let id = model.sights.name(Pane::Orders)?;
    rows.iter().position(|row| row.id == id)
}

/// The selected order.
pub(crate) fn selected(model: &Model) -> Option<OrderRow> {
    let mut rows = filtered_rows(model);
    cursor_row(model, &rows).map(|at| rows.swap_remove(at))
}

/// Moves the cursor; the first movement selects the first order.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let rows = filtered_rows(model);
    let to = match cursor_row(model, &rows) {
        Some(row) => moved_row(motion, row, rows.len(), page),
        None if motion == CursorMotion::Bottom => rows.len().saturating_sub(1),
        None => 0,
    };
    if let Some(row) = rows.into_iter().nth(to) {
        model.sights.select(Pane::Orders, row.id);
    }
}

/// Opens the task that sends the selected order.
pub(crate) fn open(model: &mut Model) {
    match selected(model).map(|row| row.task) {
        Some(Some(ix)) => {
            model.nav.go_to(Screen::Task(ix));
            model.scroll = 0;
        }
        Some(None) => model.set_status(AlertSeverity::Info, "no task of this run sends this order"),
        None => model.set_status(AlertSeverity::Info, "no order is selected: j selects the first"),
    }
}
