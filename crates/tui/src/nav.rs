//! Navigation: the current screen, the way back, and the zoom of the focused pane.

use super::model::Pane;
use planning::plan::{AgentIx, TaskIx};

/// A screen of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    /// The day: every pane that fits.
    Day,
    /// The tasks, all columns.
    Tasks,
    /// One task, from all sides.
    Task(TaskIx),
    /// The dependency graph.
    Graph,
    /// The agents.
    Agents,
    /// One agent, from all sides.
    Agent(AgentIx),
    /// The events.
    Events,
    /// One event, by its sequence number: all it says.
    Event(u64),
    /// The program's own log.
    Log,
    /// Alerts, and what waits for an answer.
    Alerts,
    /// The orders of the desk.
    Orders,
    /// The runs of this console.
    Runs,
    /// The day played out beforehand.
    DryRun,
    /// Two runs, tasks or attempts side by side.
    Diff,
    /// Every act of a person or a policy, and every decision of the machine that matters.
    Audit,
    /// One entry of the audit trail, by its number: all it says.
    AuditEntry(u64),
    /// Gauges for a wall.
    Pulse,
    /// The recovery decisions about each task.
    Recovery,
}

impl Screen {
    /// Its name in the breadcrumb and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Tasks => "tasks",
            Self::Task(_) => "task",
            Self::Graph => "graph",
            Self::Agents => "agents",
            Self::Agent(_) => "agent",
            Self::Events => "events",
            Self::Event(_) => "event",
            Self::Log => "log",
            Self::Alerts => "alerts",
            Self::Orders => "orders",
            Self::Runs => "runs",
            Self::DryRun => "plan",
            Self::Diff => "diff",
            Self::Audit => "audit",
            Self::AuditEntry(_) => "entry",
            Self::Pulse => "pulse",
            Self::Recovery => "recovery",
        }
    }

    /// The list that fills it; `None` where the operator chooses the pane.
    #[must_use]
    pub(super) const fn pane(self) -> Option<Pane> {
        match self {
            Self::Day | Self::Pulse => None,
            Self::Tasks | Self::Task(_) => Some(Pane::Tasks),
            Self::Graph => Some(Pane::Graph),
            Self::Agents | Self::Agent(_) => Some(Pane::Agents),
            Self::Events | Self::Event(_) => Some(Pane::Events),
            Self::Log => Some(Pane::Log),
            Self::Alerts => Some(Pane::Alerts),
            Self::Orders => Some(Pane::Orders),
            Self::Runs | Self::Diff | Self::Recovery => Some(Pane::Runs),
            Self::DryRun => Some(Pane::DryRun),
            Self::Audit | Self::AuditEntry(_) => Some(Pane::Audit),
        }
    }

    /// The task it shows, if it shows one.
    #[must_use]
    pub const fn task(self) -> Option<TaskIx> {
        if let Self::Task(ix) = self { Some(ix) } else { None }
    }

    /// Returns whether it shows one thing, opened from a list, and so goes back to where it was
    /// opened.
    #[must_use]
    pub const fn is_detail(self) -> bool {
        matches!(
            self,
            Self::Task(_) | Self::Agent(_) | Self::Event(_) | Self::AuditEntry(_) | Self::Diff
        )
    }
}

/// The zoom of the focused pane on the day screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PaneZoom {
    /// As the layout says.
    #[default]
    Normal,
    /// The timeline stays, the other panes go.
    Half,
    /// All of the screen between header and footer.
    Full,
}

/// The current screen and the history that leads back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Navigator {
    screen: Screen,
    back: Vec<Screen>,
    forward: Vec<Screen>,
    /// Room of the focused pane.
    pub(super) zoom: PaneZoom,
}

impl Navigator {
    /// Screens remembered on the way; the oldest are forgotten.
    const DEPTH_MAX: usize = 100;

    /// On a screen, having been nowhere.
    pub(super) const fn new(screen: Screen) -> Self {
        Self { screen, back: Vec::new(), forward: Vec::new(), zoom: PaneZoom::Normal }
    }

    /// Returns what fills the frame.
    pub(super) const fn screen(&self) -> Screen {
        self.screen
    }

    /// Goes to a screen; the one left is remembered.
    pub(super) fn go_to(&mut self, screen: Screen) {
        if screen != self.screen {
            self.back.push(self.screen);
            if self.back.len() > Self::DEPTH_MAX {
                self.back.remove(0);
            }
            self.forward.clear();
            self.screen = screen;
        }
    }

    /// Another of the same kind in its place: the way here stays what it was.
    pub(super) const fn replace(&mut self, screen: Screen) {
        self.screen = screen;
    }

    /// To the screen before; `false` when there is none.
    pub(super) fn go_back(&mut self) -> bool {
        let Some(before) = self.back.pop() else { return false };
        self.forward.push(std::mem::replace(&mut self.screen, before));
        true
    }

    /// To the screen one came back from; `false` when there is none.
    pub(super) fn forward(&mut self) -> bool {
        let Some(after) = self.forward.pop() else { return false };
        self.back.push(std::mem::replace(&mut self.screen, after));
        true
    }

    /// The screen before the one in sight.
    pub(super) fn previous(&self) -> Option<Screen> {
        self.back.last().copied()
    }

    /// Forgets the way: its screens belong to another run.
    pub(super) fn clear_history(&mut self) {
        let screen = if self.screen.is_detail() { Screen::Day } else { self.screen };
        *self = Self { zoom: self.zoom, ..Self::new(screen) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forward_retrace_the_way_and_a_new_step_forgets_the_way_forward() {
        let mut nav = Navigator::new(Screen::Day);
        nav.go_to(Screen::Tasks);
        nav.go_to(Screen::Events);
        nav.go_to(Screen::Events);
        assert!(nav.go_back());
        assert_eq!(nav.screen(), Screen::Tasks);
        assert!(nav.forward());
        assert_eq!(nav.screen(), Screen::Events);
        assert!(!nav.forward());
        assert!(nav.go_back() && nav.go_back());
        assert_eq!(nav.screen(), Screen::Day);
        assert!(!nav.go_back());
        nav.go_to(Screen::Log);
        assert!(!nav.forward(), "a new step leaves the old way");
    }

    #[test]
    fn the_way_is_remembered_only_so_far() {
        let mut nav = Navigator::new(Screen::Day);
        for seq in 0..1_000 {
            nav.go_to(Screen::Event(seq));
        }
        let mut steps = 0;
        while nav.go_back() {
            steps += 1;
        }
        assert_eq!(steps, Navigator::DEPTH_MAX);
    }
}
