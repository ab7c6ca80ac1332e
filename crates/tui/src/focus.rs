//! The target of the keys: the focused list, and the selected task and agent.

use super::{
    keymap::KeyScope,
    model::{Model, Pane},
    nav::Screen,
    popup::Popup,
};
use planning::plan::{AgentIx, TaskIx};

impl Model {
    /// The selected task: the one a command names while it is done, else the cursor's.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    pub fn selected_task(&self) -> Option<TaskIx> {
        if self.typed.aim.is_some() {
            return self.typed.aim;
        }
        match self.nav.screen() {
            Screen::Task(ix) => Some(ix),
            Screen::Pulse => None,
            screen if screen.is_detail() => None,
            _list => self.focused_pane().list().selected_task(self),
        }
    }

    /// The agent that is shown, or selected among the others.
    pub(super) const fn selected_agent(&self) -> Option<AgentIx> {
        if let Screen::Agent(ix) = self.nav.screen() { Some(ix) } else { self.agent }
    }

    /// The list the keys move in.
    pub(super) const fn focused_pane(&self) -> Pane {
        match self.nav.screen().pane() {
            Some(pane) => pane,
            None => self.pane,
        }
    }

    /// Returns where a key is looked up now.
    #[must_use]
    pub fn key_scope(&self) -> KeyScope {
        self.overlays.last().map_or_else(|| self.pane_scope(), Popup::scope)
    }

    /// Returns where the reader is, whatever they look something up in: a dialog, else the focused
    /// list.
    #[must_use]
    pub fn base_scope(&self) -> KeyScope {
        let looks = |overlay: &&Popup| {
            matches!(overlay, Popup::Help(_) | Popup::Palette(_) | Popup::CommandLine(_))
        };
        let place = self.overlays.iter().rev().find(|overlay| !looks(overlay));
        place.map_or_else(|| self.pane_scope(), Popup::scope)
    }

    fn pane_scope(&self) -> KeyScope {
        if self.nav.screen() == Screen::Recovery {
            return KeyScope::Recovery;
        }
        self.focused_pane().list().scope()
    }

    /// The tasks an act is meant for: the marked ones, in the order of the plan, or else the
    /// selected one. Empty when nothing is marked or selected.
    #[must_use]
    pub fn command_targets(&self) -> Vec<TaskIx> {
        if self.nav.screen().task().is_none() && !self.tasks.marks.is_empty() {
            return self.tasks.marks.iter().collect();
        }
        self.selected_task().into_iter().collect()
    }
}
