//! The agents, as the console asks of them.

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use crate::{
    action::CursorMotion,
    cursor::moved_row,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions::{self, NamedRow, fields},
    model::{Model, Pane},
    nav::Screen,
    screens::{agents::model::filtered_rows, list::ListPane, open::open_agent},
};
use planning::plan::TaskIx;

/// The agents.
pub(crate) struct AgentPane;

impl ListPane for AgentPane {
    fn pane(&self) -> Pane {
        Pane::Agents
    }

    fn name(&self) -> &'static str {
        "agents"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Agent
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        let agents: Vec<_> = filtered_rows(model).into_iter().map(|row| row.ix).collect();
        let row = agents.iter().position(|&ix| Some(ix) == model.agent).unwrap_or(0);
        model.agent = agents.get(moved_row(motion, row, agents.len(), page)).copied();
    }

    fn open(&self, model: &mut Model) {
        open_agent(model);
    }

    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        let agents = filtered_rows(model);
        let cursor = agents.iter().position(|row| Some(row.ix) == model.agent).unwrap_or(0);
        let found = list_actions::clicked_row(area, at, (cursor, agents.len()));
        model.agent = found.and_then(|row| agents.get(row)).map_or(model.agent, |a| Some(a.ix));
    }

    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let rows = filtered_rows(model);
        let at = rows.iter().position(|row| Some(row.ix) == model.selected_agent());
        (rows.into_iter().map(fields::agent).collect(), at)
    }

    fn subject(&self, model: &Model) -> Option<TaskIx> {
        let run = model.displayed_run()?;
        let of = |ix: &TaskIx| Some(run.plan().task(*ix).agent) == model.selected_agent();
        model.tasks.order.iter().copied().find(of)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        match model.nav.screen() {
            Screen::Agent(ix) => super::view::draw_detail(model, frame, area, ix),
            _list => super::view::draw_list(model, frame, area),
        }
    }
}
