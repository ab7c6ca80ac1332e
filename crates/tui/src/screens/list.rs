//! Registry of the lists: what the console asks of the list of a pane.

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use super::{agents, alerts, audit, dry_run, graph, orders, runs, streams, tasks};
use crate::{
    action::CursorMotion,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions::NamedRow,
    model::{Model, Pane},
};
use planning::plan::TaskIx;
use view::filter::Filter;

/// A list with a cursor and a filter.
pub(crate) trait ListPane: Sync {
    /// The pane in which it is drawn.
    fn pane(&self) -> Pane;

    /// The name under which its filters are saved and its rows are exported.
    fn name(&self) -> &'static str;

    /// The scope of its keys.
    fn scope(&self) -> KeyScope {
        KeyScope::List
    }

    /// Its filter.
    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        model.sights.filter(self.pane())
    }

    /// Sets its filter.
    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.sights.set_filter(self.pane(), filter);
    }

    /// Moves its cursor.
    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize);

    /// Opens its selected row.
    fn open(&self, model: &mut Model);

    /// Selects the row under the pointer.
    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        let _ = (model, area, at);
    }

    /// Returns the rows that pass the filter, and the place of the selected one. Tasks and streams,
    /// which may be long, have none.
    fn rows(&self, model: &Model) -> (Vec<NamedRow>, Option<usize>) {
        let _ = model;
        (Vec::new(), None)
    }

    /// Returns the task that commands name.
    fn selected_task(&self, model: &Model) -> Option<TaskIx> {
        let _ = model;
        None
    }

    /// Returns the task that the selected row is about.
    fn subject(&self, model: &Model) -> Option<TaskIx> {
        self.selected_task(model)
    }

    /// Draws it.
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity));
}

impl Pane {
    /// Returns the list of the pane.
    pub(crate) const fn list(self) -> &'static dyn ListPane {
        match self {
            Self::Tasks => &tasks::list::TaskPane,
            Self::Graph => &graph::list::GraphPane,
            Self::Agents => &agents::list::AgentPane,
            Self::Events => &streams::list::EventPane,
            Self::Log => &streams::list::LogPane,
            Self::Alerts => &alerts::list::AlertPane,
            Self::Orders => &orders::list::OrderPane,
            Self::Runs => &runs::list::RunPane,
            Self::DryRun => &dry_run::list::DryRunPane,
            Self::Audit => &audit::list::AuditPane,
        }
    }
}
