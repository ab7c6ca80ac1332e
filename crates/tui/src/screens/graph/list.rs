//! The graph, as the console asks of it.

use ratatui::{Frame, layout::Rect};

use crate::{
    action::CursorMotion,
    ingest,
    keymap::KeyScope,
    layout::LayoutDensity,
    model::{Model, Pane},
    screens::{list::ListPane, open::open_task},
};
use planning::plan::TaskIx;
use view::filter::Filter;

/// The dependency graph. It has the filter of the tasks.
pub(crate) struct GraphPane;

impl ListPane for GraphPane {
    fn pane(&self) -> Pane {
        Pane::Graph
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
        super::model::move_cursor(model, motion, page);
    }

    fn open(&self, model: &mut Model) {
        open_task(model);
    }

    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        model.sights.graph
    }

    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        super::view::draw(model, frame, area);
    }
}
