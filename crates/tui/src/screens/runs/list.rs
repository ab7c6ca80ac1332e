//! The runs, as the console asks of them.

use ratatui::{Frame, layout::Rect};

use crate::{
    action::CursorMotion,
    layout::LayoutDensity,
    list_actions::{NamedRow, fields},
    model::{Model, Pane},
    nav::Screen,
    screens::{list::ListPane, recovery},
};

/// The runs, and what is drawn in their place.
pub(crate) struct RunPane;

impl ListPane for RunPane {
    fn pane(&self) -> Pane {
        Pane::Runs
    }

    fn name(&self) -> &'static str {
        "runs"
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        super::model::move_cursor(model, motion, page);
    }

    fn open(&self, model: &mut Model) {
        if !matches!(model.nav.screen(), Screen::Diff | Screen::Recovery) {
            super::model::open(model);
        }
    }

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let all = super::model::filtered_runs(model);
        let selected = super::model::selected_run(model);
        let at = all.iter().position(|listed| listed.of == selected);
        (all.into_iter().map(fields::run).collect(), at)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        match model.nav.screen() {
            Screen::Recovery => recovery::view::draw(model, frame, area),
            Screen::Diff => super::view::draw_diff(model, frame, area),
            _list => super::view::draw_list(model, frame, area),
        }
    }
}
