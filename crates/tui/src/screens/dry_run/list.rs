//! The dry run, as the console asks of it.

use ratatui::{Frame, layout::Rect};

use crate::{
    action::CursorMotion,
    ingest,
    layout::LayoutDensity,
    list_actions::{NamedRow, fields},
    model::{Model, Pane},
    screens::{list::ListPane, open::open_task},
};
use planning::plan::TaskIx;
use view::filter::Filter;

/// The dry run of the day. It has the filter of the tasks.
pub(crate) struct DryRunPane;

impl ListPane for DryRunPane {
    fn pane(&self) -> Pane {
        Pane::DryRun
    }

    fn name(&self) -> &'static str {
        "plan"
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

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        (fields::plan(model), Some(model.board.selected_row()))
    }

    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        model.board.task()
    }

    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        super::view::draw(model, frame, area);
    }
}
