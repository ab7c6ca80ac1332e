//! The list of tasks, as the console asks of it.

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use crate::{
    action::CursorMotion,
    cursor::moved_row,
    ingest,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions,
    model::{Model, Pane},
    nav::Screen,
    screens::{list::ListPane, open::open_task},
};
use planning::plan::TaskIx;
use view::filter::Filter;

/// The tasks.
pub(crate) struct TaskPane;

impl ListPane for TaskPane {
    fn pane(&self) -> Pane {
        Pane::Tasks
    }

    fn name(&self) -> &'static str {
        "tasks"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Task
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.tasks.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.tasks.filter = filter;
        ingest::sort_now(model);
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        let rows = model.tasks.order.len();
        let row = match (model.tasks.cursor_row(), model.tasks.gap.take()) {
            (Some(row), _) => moved_row(motion, row, rows, page),
            // The next task has moved up into the row of the one that left.
            (None, Some(gap)) if motion == CursorMotion::Down => gap.min(rows.max(1) - 1),
            (None, Some(gap)) => moved_row(motion, gap.min(rows), rows, page),
            // The first movement selects the first row in sight.
            (None, None) if motion == CursorMotion::Bottom => rows.saturating_sub(1),
            (None, None) => 0,
        };
        model.tasks.cursor = model.tasks.order.get(row).copied();
    }

    fn open(&self, model: &mut Model) {
        open_task(model);
    }

    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        let rows = model.tasks.order.len();
        let found = list_actions::clicked_row(area, at, (model.tasks.center_row(), rows));
        if let Some(&task) = found.and_then(|row| model.tasks.order.get(row)) {
            model.tasks.cursor = Some(task);
        }
    }

    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        model.tasks.cursor
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        match model.nav.screen() {
            Screen::Task(ix) => super::view::draw_detail(model, frame, area, ix),
            _list => super::view::draw_list(model, frame, area),
        }
    }
}
