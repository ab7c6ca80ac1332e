//! Everything a frame is drawn from, and nothing that is not.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use super::{
    acts::Acts,
    list::TaskList,
    log::LogLine,
    nav::{Nav, Screen},
    overlay::Overlay,
    registry::{Keymap, Keys, ROWS},
    rows::{SavedFilters, Stream},
    screen,
    sights::Sights,
    store::Events,
    terminal::Calls,
    theme::Theme,
    trail::Trail,
    travel::{Still, Travel},
    typed::Typed,
};
use crate::{
    acting::{Authority, Standing},
    config::Mouse,
    engine::{Recorded, RunState, Severity},
    plan::{AgentIx, TaskIx},
    present::{
        clock::{Clock, TimeStyle, Zone},
        drill::LastDrill,
        filter::Filter,
        histogram::Histogram,
        pulse::Pulse,
    },
    time::Span,
};

/// What is settled before the console starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Colours and characters.
    pub theme: Theme,
    /// Which key asks for what.
    pub keymap: Keymap,
    /// In whose name acts are done.
    pub operator: String,
    /// What the session would like to do; the engine says what it may.
    pub authority: Authority,
    /// What goes wrong on purpose on a simulated day, if anything does.
    pub scenario: Option<Scenario>,
    /// How many times faster than the wall's the run's clock goes.
    pub speed: f64,
    /// The operator's own zone.
    pub zone: Option<Zone>,
    /// Filters kept under a name.
    pub filters: SavedFilters,
    /// The last drill of the kill at this desk.
    pub drill: Option<LastDrill>,
    /// Where it stands.
    pub station: Station,
}

/// Where a console stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Station {
    /// Before an operator.
    #[default]
    Desk,
    /// Before an operator, and the engine lives in another process: leaving leaves it alone.
    Away,
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
    /// The audit trail.
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

/// The console's state. Only [`crate::console::update()`] changes it.
#[derive(Debug)]
pub struct Model {
    pub(super) settings: Settings,
    /// Our own fold of the run's events.
    pub(super) run: Option<RunState>,
    pub(super) now: DateTime<Utc>,
    pub(super) wall: DateTime<Utc>,
    /// The runs of this console, and the moment that is looked at.
    pub(super) travel: Travel,
    /// The day played beforehand.
    pub(super) board: screen::plan::Board,
    /// What is compared.
    pub(super) compared: Option<screen::runs::Comparison>,
    /// Columns and rows.
    pub(super) size: (u16, u16),
    pub(super) events: Events,
    /// How many events came when.
    pub(super) histogram: Histogram,
    /// How moments are written.
    pub(super) times: TimeStyle,
    /// What happened by the minute.
    pub(super) pulse: Pulse,
    /// The audit trail: acts of people and policies, decisions of the machine.
    pub(super) audit: Trail,
    pub(super) log: VecDeque<LogLine>,
    /// Lines of the log seen so far; numbers them.
    pub(super) logged: u64,
    pub(super) nav: Nav,
    pub(super) pane: Pane,
    pub(super) tasks: TaskList,
    pub(super) agent: Option<AgentIx>,
    /// The last filter of each list, which the search keys look for also when it is off.
    pub(super) patterns: BTreeMap<Pane, Filter>,
    pub(super) sights: Sights,
    pub(super) event_stream: Stream,
    pub(super) log_stream: Stream,
    /// First line shown of a text that is longer than its pane.
    pub(super) scroll: usize,
    pub(super) overlays: Vec<Overlay>,
    /// What was typed before: the begun sequence, the commands, the target a command named.
    pub(super) typed: Typed,
    pub(super) notice: Option<Notice>,
    /// The last event somebody should look at; shown where there is no notice, and as long.
    pub(super) loud: Option<Notice>,
    /// Acts under way.
    pub(super) acts: Acts,
    /// When the first of the two keys of the halt was pressed, on the wall.
    pub(super) halt_armed: Option<DateTime<Utc>>,
    /// How lately a person was called.
    pub(super) calls: Calls,
    /// Whether the console has the mouse.
    pub(super) mouse: Mouse,
    /// The console leaves as soon as nothing runs.
    pub(super) leaving: Option<DateTime<Utc>>,
    /// Whether the next frame differs from the last.
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
    pub fn new(settings: Settings, now: DateTime<Utc>, size: (u16, u16)) -> Self {
        Self {
            nav: Nav::new(match settings.station {
                Station::Desk | Station::Away => Screen::Day,
                Station::Wall => Screen::Pulse,
            }),
            settings,
            run: None,
            now,
            wall: now,
            travel: Travel::default(),
            board: screen::plan::Board::default(),
            compared: None,
            size,
            events: Events::of(Self::EVENTS_MAX),
            histogram: Histogram::default(),
            times: TimeStyle::default(),
            pulse: Pulse::default(),
            audit: Trail::default(),
            log: VecDeque::new(),
            logged: 0,
            pane: Pane::Tasks,
            tasks: TaskList::default(),
            agent: None,
            patterns: BTreeMap::new(),
            sights: Sights::default(),
            event_stream: Stream::default(),
            log_stream: Stream::default(),
            scroll: 0,
            overlays: Vec::new(),
            typed: Typed::default(),
            notice: None,
            loud: None,
            acts: Acts::default(),
            halt_armed: None,
            calls: Calls::default(),
            mouse: Mouse::Off,
            leaving: None,
            dirty: true,
        }
    }

    /// The run as far as it is known here.
    #[must_use]
    pub const fn run(&self) -> Option<&RunState> {
        self.run.as_ref()
    }

    /// What fills the frame.
    #[must_use]
    pub const fn screen(&self) -> Screen {
        self.nav.screen()
    }

    /// The run the screens draw. What acts acts on [`Model::run`] alone.
    #[must_use]
    pub fn shown(&self) -> Option<&RunState> {
        self.travel.still().map(Still::run).or(self.run.as_ref())
    }

    /// The moment the screens draw.
    #[must_use]
    pub fn moment(&self) -> DateTime<Utc> {
        self.travel.still().map_or(self.now, Still::moment)
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

    /// Whether the console has the mouse.
    #[must_use]
    pub const fn mouse(&self) -> Mouse {
        self.mouse
    }

    /// Whether a filter is still being tried: [`super::Msg::Work`] goes on with it. Under a dialog
    /// the list of tasks stands still, and so does its filter.
    #[must_use]
    pub fn working(&self) -> bool {
        (self.tasks.working() && self.overlays.is_empty()) || self.events.working()
    }

    /// Whether the frame must be drawn anew; asking answers the question.
    pub const fn take_dirty(&mut self) -> bool {
        std::mem::replace(&mut self.dirty, false)
    }

    /// When something changes by time alone, on the wall: whoever keeps the time should tick then.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let opens = match self.overlays.last() {
            Some(Overlay::Act(dialog)) => {
                let left = dialog.opens_in(self.wall).delta();
                (left > chrono::TimeDelta::zero()).then(|| self.wall + left)
            }
            _other => None,
        };
        [opens, self.acts.due()].into_iter().flatten().min()
    }

    /// What the operator may do, once the session is open.
    #[must_use]
    pub const fn standing(&self) -> Option<Standing> {
        self.acts.standing
    }

    /// How long the engine of a run that goes on has not been heard, if too long.
    pub(super) fn stale(&self) -> Option<Span> {
        let goes_on = self.run.as_ref().is_some_and(|run| !run.ended());
        self.acts.stale(self.wall).filter(|_| goes_on)
    }

    /// Whether something stands over everything else: the engine cannot be heard, or records nothing.
    pub(super) const fn banner(&self) -> bool {
        self.acts.lost.is_some() || self.acts.frozen.is_some()
    }

    /// The first key of an action, as the footer writes it.
    pub(super) fn key(&self, id: &str) -> String {
        let keymap = &self.settings.keymap;
        let row = ROWS.iter().find(|row| row.id == id);
        let chord = row.and_then(|row| keymap.chords(row).first());
        chord.map_or_else(|| format!(":{id}"), Keys::label)
    }

    /// Says something over the footer.
    pub(super) fn say(&mut self, severity: Severity, text: impl Into<String>) {
        let text = text.into();
        self.notice = Some(Notice { text, severity, since: self.wall, about: None });
    }

    /// How moments are written now.
    pub(super) fn clock(&self) -> Clock {
        Clock { style: self.times, now: self.moment(), zone: self.settings.zone.clone() }
    }

    /// Whether the order of the tasks stands still: under a dialog, and while something is marked,
    /// nothing may move to where somebody is about to press a key.
    pub(super) fn frozen(&self) -> bool {
        !self.overlays.is_empty() || !self.tasks.marks.is_empty()
    }

    /// The events the screens draw.
    pub(super) fn stored(&self) -> &Events {
        self.travel.still().map_or(&self.events, Still::events)
    }

    /// What the screens draw of what happened by the minute.
    pub(super) fn beat(&self) -> &Pulse {
        self.travel.still().map_or(&self.pulse, Still::pulse)
    }

    /// What the screens draw of how many events came when.
    pub(super) fn bars(&self) -> &Histogram {
        self.travel.still().map_or(&self.histogram, Still::histogram)
    }

    /// An event as it was recorded, while it is kept.
    pub(super) fn recorded(&self, seq: u64) -> Option<&Recorded> {
        self.stored().find(seq).map(AsRef::as_ref)
    }
}
