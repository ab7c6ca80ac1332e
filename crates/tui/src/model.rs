//! The model of the console: the complete input of drawing.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    audit_trail::AuditTrail,
    commands::PendingCommands,
    event_window::EventWindow,
    input_history::InputHistory,
    keymap::{KeySequence, Keymap, ROWS},
    list_actions::{SavedFilters, StreamPosition},
    log_line::{AttemptLogText, LogLine, OwnAgentText},
    nav::{Navigator, Screen},
    popup::Popup,
    screens,
    selections::Selections,
    task_list::TaskList,
    terminal::NotificationLimit,
    theme::Theme,
    time_travel::{FrozenView, RunHistory},
};
use config::MouseSetting;
use engine::{
    AlertSeverity, OrderReport, RecordedEvent, RunState,
    control::{Authority, SessionStatus},
};
use planning::{
    plan::{AgentIx, TaskIx},
    time::Span,
};
use view::{
    drill::LastDrill,
    filter::Filter,
    histogram::Histogram,
    pulse::ActivityCounts,
    time_style::{LocalOffset, TimeFormat, TimeStyle},
};

/// Settings that are fixed before the console starts.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsoleSettings {
    /// Colours and characters.
    pub theme: Theme,
    /// The keymap in use.
    pub keymap: Keymap,
    /// In whose name acts are done.
    pub operator: String,
    /// The requested authority; the engine decides the granted one.
    pub authority: Authority,
    /// The fault scenario of a simulated day, if one is set.
    pub scenario: Option<ScenarioLabel>,
    /// The number of times faster than the wall's the run's clock goes.
    pub speed: f64,
    /// The operator's own zone.
    pub zone: Option<LocalOffset>,
    /// Filters kept under a name.
    pub filters: SavedFilters,
    /// The last drill of the kill at this desk.
    pub drill: Option<LastDrill>,
    pub station: ConsoleKind,
}

/// The kind of console: in the process of the run, attached, or a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConsoleKind {
    /// Before an operator.
    #[default]
    Local,
    /// Before an operator, and the engine lives in another process: leaving leaves it alone.
    Attached,
    /// On a wall: it starts with the gauges, shows no keys, and nothing can be done at it.
    Kiosk,
}

/// The name of the fault scenario, shown so that injected faults are not taken for real ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioLabel {
    /// Its name, on every header with room for more than the clock.
    pub name: String,
    /// The effect of the scenario, in one line.
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
    /// The dependency graph.
    Graph,
    /// Alerts, and what waits for an answer.
    Alerts,
    /// The orders of the desk.
    Orders,
    /// The runs of this console.
    Runs,
    /// The day played out beforehand.
    DryRun,
    /// The audit trail.
    Audit,
}

impl Pane {
    /// Those of the day, in the order of the Tab key.
    pub const DAY: [Self; 5] = [Self::Tasks, Self::Events, Self::Agents, Self::Alerts, Self::Log];
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Tasks,
        Self::Events,
        Self::Agents,
        Self::Log,
        Self::Graph,
        Self::Alerts,
        Self::Orders,
        Self::Runs,
        Self::DryRun,
        Self::Audit,
    ];
}

/// A notice over the footer, until something newer comes or it has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusMessage {
    pub text: String,
    pub severity: AlertSeverity,
    /// Since when, on the wall.
    pub since: DateTime<Utc>,
    /// The task that it asks about, and that is answered for once it moves on, or that failed.
    pub about: Option<TaskIx>,
}

/// The console's state. Only [`crate::update()`] changes it.
#[derive(Debug)]
pub struct Model {
    pub(super) settings: ConsoleSettings,
    /// Our own fold of the run's events.
    pub(super) run: Option<RunState>,
    pub(super) now: DateTime<Utc>,
    pub(super) wall: DateTime<Utc>,
    /// The runs of this console, and the moment that is looked at.
    pub(super) travel: RunHistory,
    /// The day played beforehand.
    pub(super) board: screens::dry_run::model::DryRunScreen,
    pub(super) compared: Option<screens::runs::model::RunComparison>,
    /// Columns and rows.
    pub size: (u16, u16),
    pub(super) events: EventWindow,
    /// The number of events came when.
    pub(super) histogram: Histogram,
    /// The time format in use.
    pub(super) times: TimeStyle,
    /// Counts of events per minute.
    pub(super) pulse: ActivityCounts,
    /// The audit trail: acts of people and policies, decisions of the machine.
    pub(super) audit: AuditTrail,
    /// The orders of the desk, as last reported.
    pub(super) orders: Arc<OrderReport>,
    pub(super) log: VecDeque<LogLine>,
    pub(super) attempt_log: Option<AttemptLogText>,
    pub(super) own_agents: Vec<OwnAgentText>,
    /// Lines of the log seen so far; numbers them.
    pub(super) logged: u64,
    pub(super) nav: Navigator,
    pub(super) pane: Pane,
    pub(super) tasks: TaskList,
    pub(super) agent: Option<AgentIx>,
    /// The last filter of each list, which the search keys look for also when it is off.
    pub(super) patterns: BTreeMap<Pane, Filter>,
    pub(super) sights: Selections,
    pub(super) event_stream: StreamPosition,
    pub(super) log_stream: StreamPosition,
    /// First line shown of a text that is longer than its pane.
    pub(super) scroll: usize,
    pub(super) overlays: Vec<Popup>,
    /// Earlier input: an unfinished key sequence, commands, a named target.
    pub(super) typed: InputHistory,
    pub(super) notice: Option<StatusMessage>,
    /// The last event somebody should look at; shown where there is no notice, and as long.
    pub(super) loud: Option<StatusMessage>,
    /// Acts under way.
    pub(super) acts: PendingCommands,
    /// The wall-clock time of the first of the two halt keys.
    pub(super) halt_armed: Option<DateTime<Utc>>,
    /// The rate limit of notifications.
    pub(super) calls: NotificationLimit,
    /// True if the console has the mouse.
    pub(super) mouse: MouseSetting,
    /// The console leaves as soon as nothing runs.
    pub(super) leaving: Option<DateTime<Utc>>,
    /// True if the next frame differs from the last.
    pub(super) dirty: bool,
}

impl Model {
    /// Events kept for the pane; older ones stand in the journal.
    pub const EVENTS_MAX: usize = 200_000;
    /// Lines of the log kept for the pane.
    pub const LOG_MAX: usize = 1_000;
    /// Tasks up to which the list is put in order with every batch of events; a longer one is
    /// with the ticks, at most twice a second, so that it can be read while events flood in.
    pub const SORT_AT_ONCE: usize = 2_000;

    /// A console before its first message.
    #[must_use]
    pub fn new(settings: ConsoleSettings, now: DateTime<Utc>, size: (u16, u16)) -> Self {
        Self {
            nav: Navigator::new(match settings.station {
                ConsoleKind::Local | ConsoleKind::Attached => Screen::Day,
                ConsoleKind::Kiosk => Screen::Pulse,
            }),
            settings,
            run: None,
            now,
            wall: now,
            travel: RunHistory::default(),
            board: screens::dry_run::model::DryRunScreen::default(),
            compared: None,
            size,
            events: EventWindow::with_capacity(Self::EVENTS_MAX),
            histogram: Histogram::default(),
            times: TimeStyle::default(),
            pulse: ActivityCounts::default(),
            audit: AuditTrail::default(),
            orders: Arc::default(),
            log: VecDeque::new(),
            attempt_log: None,
            own_agents: Vec::new(),
            logged: 0,
            pane: Pane::Tasks,
            tasks: TaskList::default(),
            agent: None,
            patterns: BTreeMap::new(),
            sights: Selections::default(),
            event_stream: StreamPosition::default(),
            log_stream: StreamPosition::default(),
            scroll: 0,
            overlays: Vec::new(),
            typed: InputHistory::default(),
            notice: None,
            loud: None,
            acts: PendingCommands::default(),
            halt_armed: None,
            calls: NotificationLimit::default(),
            mouse: MouseSetting::Off,
            leaving: None,
            dirty: true,
        }
    }

    /// The run as far as it is known here.
    #[must_use]
    pub const fn run(&self) -> Option<&RunState> {
        self.run.as_ref()
    }

    /// Returns what fills the frame.
    #[must_use]
    pub const fn screen(&self) -> Screen {
        self.nav.screen()
    }

    /// The run the screens draw. What acts acts on [`Model::run`] alone.
    #[must_use]
    pub fn displayed_run(&self) -> Option<&RunState> {
        self.travel.frozen_view().map(FrozenView::run).or(self.run.as_ref())
    }

    /// The moment the screens draw.
    #[must_use]
    pub fn displayed_moment(&self) -> DateTime<Utc> {
        self.travel.frozen_view().map_or(self.now, FrozenView::moment)
    }

    /// Returns what lies over the screen, the topmost last.
    #[must_use]
    pub fn popups(&self) -> &[Popup] {
        &self.overlays
    }

    /// The notice over the footer.
    #[must_use]
    pub const fn status_message(&self) -> Option<&StatusMessage> {
        self.notice.as_ref()
    }

    /// Returns whether the console has the mouse.
    #[must_use]
    pub const fn mouse(&self) -> MouseSetting {
        self.mouse
    }

    /// Returns whether a filter is still being tried: [`super::Msg::Work`] goes on with it. Under a
    /// dialog the list of tasks stands still, and so does its filter.
    #[must_use]
    pub fn is_filtering(&self) -> bool {
        (self.tasks.is_filtering() && self.overlays.is_empty()) || self.events.is_filtering()
    }

    /// Returns whether the frame must be drawn anew; asking answers the question.
    pub const fn take_dirty(&mut self) -> bool {
        std::mem::replace(&mut self.dirty, false)
    }

    /// Returns when something changes by time alone, on the wall: whoever keeps the time should
    /// tick then.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        let opens = match self.overlays.last() {
            Some(Popup::Command(dialog)) => {
                let left = dialog.opens_in(self.wall).to_delta();
                (left > chrono::TimeDelta::zero()).then(|| self.wall + left)
            }
            _other => None,
        };
        [opens, self.acts.next_deadline()].into_iter().flatten().min()
    }

    /// Returns what the operator may do, once the session is open.
    #[must_use]
    pub const fn session_status(&self) -> Option<SessionStatus> {
        self.acts.standing
    }

    /// Returns how long the engine of a run that goes on has not been heard, if too long.
    pub(super) fn heartbeat_age_if_stale(&self) -> Option<Span> {
        let goes_on = self.run.as_ref().is_some_and(|run| !run.has_ended());
        self.acts.heartbeat_age_if_stale(self.wall).filter(|_| goes_on)
    }

    /// Returns whether something stands over everything else: the engine cannot be heard, or
    /// records nothing.
    pub(super) const fn has_banner(&self) -> bool {
        self.acts.lost.is_some() || self.acts.frozen.is_some()
    }

    /// The first key of an action, as the footer writes it.
    pub(super) fn key_label(&self, id: &str) -> String {
        let keymap = &self.settings.keymap;
        let row = ROWS.iter().find(|row| row.id == id);
        let chord = row.and_then(|row| keymap.keys_of(row).first());
        chord.map_or_else(|| format!(":{id}"), KeySequence::label)
    }

    /// Says something over the footer.
    pub(super) fn set_status(&mut self, severity: AlertSeverity, text: impl Into<String>) {
        let text = text.into();
        self.notice = Some(StatusMessage { text, severity, since: self.wall, about: None });
    }

    /// Returns how moments are written now.
    pub(super) fn time_format(&self) -> TimeFormat {
        TimeFormat {
            style: self.times,
            now: self.displayed_moment(),
            zone: self.settings.zone.clone(),
        }
    }

    /// Returns whether the order of the tasks stands still: under a dialog, and while something is
    /// marked, nothing may move to where somebody is about to press a key.
    pub(super) fn sort_is_locked(&self) -> bool {
        !self.overlays.is_empty() || !self.tasks.marks.is_empty()
    }

    /// The events the screens draw.
    pub(super) fn displayed_events(&self) -> &EventWindow {
        self.travel.frozen_view().map_or(&self.events, FrozenView::events)
    }

    /// Returns what the screens draw of what happened by the minute.
    pub(super) fn displayed_activity(&self) -> &ActivityCounts {
        self.travel.frozen_view().map_or(&self.pulse, FrozenView::pulse)
    }

    /// Returns what the screens draw of how many events came when.
    pub(super) fn displayed_histogram(&self) -> &Histogram {
        self.travel.frozen_view().map_or(&self.histogram, FrozenView::histogram)
    }

    /// An event as it was recorded, while it is kept.
    pub(super) fn event_by_seq(&self, seq: u64) -> Option<&RecordedEvent> {
        self.displayed_events().find(seq).map(AsRef::as_ref)
    }
}
