//! Everything a frame is drawn from, and nothing that is not.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use super::{
    log::LogLine,
    nav::{Nav, Screen},
    overlay::Overlay,
    registry::{Keymap, Scope},
    sights::Sights,
    theme::Theme,
};
use crate::{
    engine::{RunState, Severity},
    plan::{AgentIx, TaskIx},
    present::{audit::AuditRow, events::EventLine, filter::Filter, pulse::Pulse},
};

/// What is settled before the console starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Colours and characters.
    pub theme: Theme,
    /// Which key asks for what.
    pub keymap: Keymap,
    /// In whose name orders go out.
    pub operator: String,
    /// What goes wrong on purpose on a simulated day, if anything does.
    pub scenario: Option<Scenario>,
    /// How many times faster than the wall's the run's clock goes.
    pub speed: f64,
    /// Where it stands.
    pub station: Station,
    /// Id of the first order. Must differ from every id used in this run before, also by others.
    pub first_order: u64,
}

/// Where a console stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Station {
    /// Before an operator.
    #[default]
    Desk,
    /// On a wall: it starts with the gauges, shows no keys, and nothing can be done at it.
    Wall,
}

/// What goes wrong on purpose: nobody may take a drill for the real thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, on every header with room for more than the clock.
    pub name: String,
    /// What it does, in a line.
    pub title: String,
}

/// A list that can be focused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// Tasks.
    Tasks,
    /// Events.
    Events,
    /// Agents.
    Agents,
    /// Log.
    Log,
    /// What waits for what.
    Graph,
    /// Alerts, and what waits for an answer.
    Alerts,
    /// The runs of this console.
    Runs,
    /// The day played out beforehand.
    Plan,
    /// Every act of a person or a policy.
    Audit,
}

impl Pane {
    /// Those of the day, in the order of the Tab key.
    pub const DAY: [Self; 5] = [Self::Tasks, Self::Events, Self::Agents, Self::Alerts, Self::Log];
}

/// A notice over the footer, until something newer comes or it has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// In words.
    pub text: String,
    /// How loud.
    pub severity: Severity,
    /// Since when, on the wall.
    pub since: DateTime<Utc>,
    /// The task that is asked about; once it is answered there is nothing to say.
    pub about: Option<TaskIx>,
}

/// The list of tasks: in which order, and where the cursor is. The cursor is a task, never a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct TaskList {
    /// What is shown, in order. Not touched while a dialog is open.
    pub(super) order: Vec<TaskIx>,
    /// The selected task. `None` until somebody selects one: the list then shows its top, and
    /// nothing can be done to what happens to stand there.
    pub(super) cursor: Option<TaskIx>,
    /// What may be shown.
    pub(super) filter: Filter,
}

impl TaskList {
    /// The row of the cursor.
    pub(super) fn row(&self) -> Option<usize> {
        self.cursor.and_then(|ix| self.order.iter().position(|&other| other == ix))
    }
}

/// A place in a stream that grows at its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stream {
    /// The selected line by its number; `None` follows the newest.
    pub(super) at: Option<u64>,
    /// What may be shown.
    pub(super) filter: Filter,
}

/// The console's state. Only [`crate::console::update()`] changes it.
#[derive(Debug)]
pub struct Model {
    pub(super) settings: Settings,
    /// Our own fold of the run's events.
    pub(super) run: Option<RunState>,
    pub(super) now: DateTime<Utc>,
    pub(super) wall: DateTime<Utc>,
    /// Columns and rows.
    pub(super) size: (u16, u16),
    pub(super) events: VecDeque<EventLine>,
    /// What happened by the minute.
    pub(super) pulse: Pulse,
    /// Acts of people and policies, oldest first.
    pub(super) audit: VecDeque<AuditRow>,
    pub(super) log: VecDeque<LogLine>,
    /// Lines of the log seen so far; numbers them.
    pub(super) logged: u64,
    pub(super) nav: Nav,
    pub(super) pane: Pane,
    pub(super) tasks: TaskList,
    pub(super) agent: Option<AgentIx>,
    pub(super) sights: Sights,
    pub(super) event_stream: Stream,
    pub(super) log_stream: Stream,
    /// First line shown of a text that is longer than its pane.
    pub(super) scroll: usize,
    pub(super) overlays: Vec<Overlay>,
    pub(super) notice: Option<Notice>,
    /// The last event somebody should look at; shown where there is no notice, and as long.
    pub(super) loud: Option<Notice>,
    /// Orders given and not yet answered, in words.
    pub(super) asked: BTreeMap<u64, String>,
    /// When the first of the two keys of the halt was pressed, on the wall.
    pub(super) halt_armed: Option<DateTime<Utc>>,
    /// When it last rang, on the wall.
    pub(super) rang: Option<DateTime<Utc>>,
    /// The console leaves as soon as nothing runs.
    pub(super) leaving: Option<DateTime<Utc>>,
    pub(super) next_order: u64,
    /// Whether the next frame differs from the last.
    pub(super) dirty: bool,
}

impl Model {
    /// Events kept for the pane; older ones stand in the journal.
    pub const EVENTS_MAX: usize = 5_000;
    /// Acts kept for the audit; older ones stand in the journal.
    pub const AUDIT_MAX: usize = 5_000;
    /// Lines of the log kept for the pane.
    pub const LOG_MAX: usize = 1_000;
    /// Tasks up to which the list is sorted anew with every batch of events; a longer one is
    /// sorted with the ticks, so that a flood of events cannot keep the console sorting.
    pub const SORT_AT_ONCE: usize = 2_000;

    /// A console before its first message.
    #[must_use]
    pub fn new(settings: Settings, now: DateTime<Utc>, size: (u16, u16)) -> Self {
        Self {
            next_order: settings.first_order,
            nav: Nav::new(match settings.station {
                Station::Desk => Screen::Day,
                Station::Wall => Screen::Pulse,
            }),
            settings,
            run: None,
            now,
            wall: now,
            size,
            events: VecDeque::new(),
            pulse: Pulse::default(),
            audit: VecDeque::new(),
            log: VecDeque::new(),
            logged: 0,
            pane: Pane::Tasks,
            tasks: TaskList::default(),
            agent: None,
            sights: Sights::default(),
            event_stream: Stream::default(),
            log_stream: Stream::default(),
            scroll: 0,
            overlays: Vec::new(),
            notice: None,
            loud: None,
            asked: BTreeMap::new(),
            halt_armed: None,
            rang: None,
            leaving: None,
            dirty: true,
        }
    }

    /// The run as far as it is known here.
    #[must_use]
    pub const fn run(&self) -> Option<&RunState> {
        self.run.as_ref()
    }

    /// The selected task.
    #[must_use]
    pub fn selected(&self) -> Option<TaskIx> {
        match self.nav.screen() {
            Screen::Task(ix) => Some(ix),
            Screen::Tasks => self.tasks.cursor,
            Screen::Day if self.pane == Pane::Tasks => self.tasks.cursor,
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
            | Screen::Plan
            | Screen::Audit
            | Screen::Pulse => None,
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
            | Screen::Audit
            | Screen::Pulse => self.agent,
        }
    }

    /// What fills the frame.
    #[must_use]
    pub const fn screen(&self) -> Screen {
        self.nav.screen()
    }

    /// The run the screens draw. What acts acts on [`Model::run`] alone.
    #[must_use]
    pub const fn shown(&self) -> Option<&RunState> {
        self.run.as_ref()
    }

    /// The moment the screens draw.
    #[must_use]
    pub const fn moment(&self) -> DateTime<Utc> {
        self.now
    }

    /// What lies over the screen, the topmost last.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// The notice over the footer.
    #[must_use]
    pub const fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Whether the frame must be drawn anew; asking answers the question.
    pub const fn take_dirty(&mut self) -> bool {
        std::mem::replace(&mut self.dirty, false)
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
            Screen::Runs => Pane::Runs,
            Screen::Plan => Pane::Plan,
            Screen::Audit => Pane::Audit,
        }
    }

    /// Where a key is looked up now.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.overlays.last() {
            Some(overlay) => overlay.scope(),
            None => match self.focus() {
                Pane::Tasks | Pane::Graph => Scope::Task,
                Pane::Agents => Scope::Agent,
                Pane::Events | Pane::Log => Scope::Stream,
                Pane::Alerts => Scope::Alert,
                Pane::Runs | Pane::Plan | Pane::Audit => Scope::List,
            },
        }
    }

    /// Says something over the footer.
    pub(super) fn say(&mut self, severity: Severity, text: impl Into<String>) {
        let text = text.into();
        self.notice = Some(Notice { text, severity, since: self.wall, about: None });
    }

    /// The events that pass the filter, oldest first.
    pub(super) fn shown_events(&self) -> Vec<&EventLine> {
        let filter = &self.event_stream.filter;
        match &self.run {
            Some(run) if !filter.is_empty() => {
                self.events.iter().filter(|line| filter.event(run, line, self.now)).collect()
            }
            _all => self.events.iter().collect(),
        }
    }

    /// The lines of the log that contain every word of the filter, oldest first, with their numbers.
    pub(super) fn shown_log(&self) -> Vec<(u64, &LogLine)> {
        let first = self.logged - u64::try_from(self.log.len()).unwrap_or(0);
        let text = self.log_stream.filter.text();
        let words: Vec<_> = text.split_whitespace().collect();
        let passes = |line: &LogLine| {
            let holds = |part: &str| {
                let hay = [line.level.word(), line.target.as_str(), line.text.as_str()];
                let has = |word: &str| hay.iter().any(|text| text.contains(word));
                part.strip_prefix('!').map_or_else(|| has(part), |word| !has(word))
            };
            words.iter().all(|part| holds(part))
        };
        (first..).zip(&self.log).filter(|(_, line)| passes(line)).collect()
    }
}
