//! What the keys are about: the list they move in, the task and the agent that are selected.

use super::{
    model::{Model, Pane},
    nav::Screen,
    overlay::Overlay,
    registry::Scope,
};
use crate::plan::{AgentIx, TaskIx};

impl Model {
    /// The selected task: the one a command names while it is done, else the cursor's.
    #[must_use]
    pub fn selected(&self) -> Option<TaskIx> {
        if self.typed.aim.is_some() {
            return self.typed.aim;
        }
        match self.nav.screen() {
            Screen::Task(ix) => Some(ix),
            Screen::Tasks => self.tasks.cursor,
            Screen::Day if self.pane == Pane::Tasks => self.tasks.cursor,
            Screen::Plan => self.board.task(),
            Screen::Graph => self.sights.graph,
            Screen::Day if self.pane == Pane::Alerts => self.sights.asking(),
            Screen::Alerts => self.sights.asking(),
            Screen::Day
            | Screen::Agents
            | Screen::Agent(_)
            | Screen::Events
            | Screen::Event(_)
            | Screen::Log
            | Screen::Runs
            | Screen::Diff
            | Screen::Audit
            | Screen::Pulse
            | Screen::Entry(_)
            | Screen::Recovery => None,
        }
    }

    /// The agent that is shown, or selected among the others.
    pub(super) const fn selected_agent(&self) -> Option<AgentIx> {
        match self.nav.screen() {
            Screen::Agent(ix) => Some(ix),
            Screen::Day
            | Screen::Tasks
            | Screen::Task(_)
            | Screen::Graph
            | Screen::Agents
            | Screen::Events
            | Screen::Event(_)
            | Screen::Log
            | Screen::Alerts
            | Screen::Runs
            | Screen::Plan
            | Screen::Diff
            | Screen::Audit
            | Screen::Pulse
            | Screen::Entry(_)
            | Screen::Recovery => self.agent,
        }
    }

    /// The list the keys move in.
    pub(super) const fn focus(&self) -> Pane {
        match self.nav.screen() {
            Screen::Day | Screen::Pulse => self.pane,
            Screen::Tasks | Screen::Task(_) => Pane::Tasks,
            Screen::Graph => Pane::Graph,
            Screen::Agents | Screen::Agent(_) => Pane::Agents,
            Screen::Events | Screen::Event(_) => Pane::Events,
            Screen::Log => Pane::Log,
            Screen::Alerts => Pane::Alerts,
            Screen::Runs | Screen::Diff | Screen::Recovery => Pane::Runs,
            Screen::Plan => Pane::Plan,
            Screen::Audit | Screen::Entry(_) => Pane::Audit,
        }
    }

    /// Where a key is looked up now.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.overlays.last().map_or_else(|| self.pane_scope(), Overlay::scope)
    }

    /// Where the reader is, whatever they look something up in: a dialog, else the focused list.
    #[must_use]
    pub fn place(&self) -> Scope {
        let looks = |overlay: &&Overlay| {
            matches!(overlay, Overlay::Help(_) | Overlay::Palette(_) | Overlay::Command(_))
        };
        let place = self.overlays.iter().rev().find(|overlay| !looks(overlay));
        place.map_or_else(|| self.pane_scope(), Overlay::scope)
    }

    fn pane_scope(&self) -> Scope {
        if self.nav.screen() == Screen::Recovery {
            return Scope::Recovery;
        }
        match self.focus() {
            Pane::Tasks | Pane::Graph => Scope::Task,
            Pane::Agents => Scope::Agent,
            Pane::Events | Pane::Log => Scope::Stream,
            Pane::Alerts => Scope::Alert,
            Pane::Runs | Pane::Plan | Pane::Audit => Scope::List,
        }
    }

    /// The tasks an act is meant for: the marked ones, in the order of the plan, or else the
    /// selected one. Empty when nothing is marked or selected.
    #[must_use]
    pub fn targets(&self) -> Vec<TaskIx> {
        if self.nav.screen().task().is_none() && !self.tasks.marks.is_empty() {
            return self.tasks.marks.iter().collect();
        }
        self.selected().into_iter().collect()
    }
}
