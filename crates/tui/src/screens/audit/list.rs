//! The audit trail, as the console asks of it.

use ratatui::{Frame, layout::Rect};

use crate::{
    action::CursorMotion,
    layout::LayoutDensity,
    list_actions::{NamedRow, fields},
    model::{Model, Pane},
    nav::Screen,
    screens::list::ListPane,
};
use planning::plan::TaskIx;

/// The audit trail.
pub(crate) struct AuditPane;

impl ListPane for AuditPane {
    fn pane(&self) -> Pane {
        Pane::Audit
    }

    fn name(&self) -> &'static str {
        "audit"
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        super::model::move_cursor(model, motion, page);
    }

    fn open(&self, model: &mut Model) {
        super::model::open(model);
    }

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let rows = super::model::filtered_rows(model);
        let at = super::model::cursor_row(model, &rows);
        (rows.into_iter().map(fields::act).collect(), at)
    }

    fn subject(&self, model: &Model) -> Option<TaskIx> {
        let seq = super::model::selected(model)?.entry.act.event_seq?;
        model.event_by_seq(seq)?.event.task()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        match model.nav.screen() {
            Screen::AuditEntry(seq) => super::view::draw_detail(model, frame, area, seq),
            _list => super::view::draw_list(model, frame, area),
        }
    }
}
