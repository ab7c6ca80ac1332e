//! The alerts, as the console asks of them.

use ratatui::{Frame, layout::Rect};

use crate::{
    action::CursorMotion,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions::{NamedRow, fields},
    model::{Model, Pane},
    screens::list::ListPane,
    selections::AlertKey,
};
use planning::plan::TaskIx;

/// Alerts and approvals.
pub(crate) struct AlertPane;

impl ListPane for AlertPane {
    fn pane(&self) -> Pane {
        Pane::Alerts
    }

    fn name(&self) -> &'static str {
        "alerts"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Alert
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        super::model::move_cursor(model, motion, page);
    }

    fn open(&self, model: &mut Model) {
        super::model::open(model);
    }

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let lines = super::model::filtered_lines(model);
        let at = super::model::cursor_row(model, &lines);
        (lines.into_iter().map(fields::alert).collect(), at)
    }

    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        model.sights.task_awaiting_approval()
    }

    fn subject(&self, model: &Model) -> Option<TaskIx> {
        match model.sights.alert? {
            AlertKey::Approval(ix) => Some(ix),
            AlertKey::Alert(seq) => model.displayed_run()?.alerts().get(&seq)?.task,
        }
    }

    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        super::view::draw(model, frame, area);
    }
}
