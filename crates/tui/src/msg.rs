//! Messages to the console, and the effects it requests.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyEvent, MouseEvent};

use super::{
    list_actions::SavedFilters,
    log_line::{AttemptLogText, LogLine, OwnAgentText},
    time_travel::DryRunRecording,
};
use audit::TrailHead;
use engine::{
    CatchUpChoice, Command, OrderReport, RecordedEvent, RunState,
    control::{Commit, CommitError, CommitResult, Preview, SessionStatus},
    forecast::DryRunReport,
};
use planning::plan::DayPlan;

/// One input of the console. All of them go through one queue, in one order.
#[derive(Debug)]
pub enum Msg {
    /// Facts of the run, in order of `seq`.
    Engine(Vec<Arc<RecordedEvent>>),
    /// The whole run, asked for with [`Effect::Resync`].
    Snapshot(Box<RunState>),
    /// A key went down (or repeats; releases are ignored).
    Key(KeyEvent),
    /// The mouse. Only the wheel means something.
    Mouse(MouseEvent),
    /// Text was pasted. Ignored outside text fields.
    Paste(String),
    /// The terminal has so many columns and rows now.
    Resize(u16, u16),
    /// Time went on.
    Tick {
        /// The run's clock, which may be virtual.
        now: DateTime<Utc>,
        /// The reader's clock: how long a notice stays, whether two keys belong together.
        wall: DateTime<Utc>,
    },
    /// There is time to go on with what `super::Model::working` tells of.
    Work,
    /// The preview of a command, or the reason it is refused: the reply to [`Effect::Propose`].
    Preview {
        ticket: u64,
        /// The engine's reply.
        answer: Result<Box<Preview>, CommitError>,
    },
    /// The result of [`Effect::Commit`] or [`Effect::Brake`].
    Committed {
        ticket: u64,
        /// What the engine said.
        answer: Result<CommitResult, CommitError>,
    },
    /// The authority of the operator from now on.
    SessionStatus(SessionStatus),
    /// The events of the run from its first on, as its journal has them: the reply to
    /// [`Effect::LoadHistory`].
    History(Vec<Arc<RecordedEvent>>),
    /// Whether the session was armed or disarmed; `Msg::Standing` says what holds.
    ArmResult(Result<(), CommitError>),
    /// The start and end of the audit trail on disk.
    Trail {
        /// The head of the trail before it; none for the first.
        previous: Option<TrailHead>,
        /// Its last entry; none while there is no file.
        file: Option<TrailHead>,
    },
    /// The engine is alive: heard at this moment, on the wall.
    Heartbeat,
    /// The journal's fault; `None` once it is writable again.
    JournalFault(Option<Arc<str>>),
    /// The orders of the desk, when they have changed.
    Orders(Arc<OrderReport>),
    /// The line to the engine is lost, since when and what is done about it; or it is there again.
    ConnectionLost(Option<String>),
    /// New lines of the program's own log, oldest first.
    Log(Vec<LogLine>),
    /// The processes of own agents.
    OwnAgents(Vec<OwnAgentText>),
    /// The log of the last attempt of the open task.
    AttemptLog(AttemptLogText),
    /// The rest of the run was played from its state: the reply to [`Effect::Forecast`].
    Forecast(Box<DryRunReport>),
    /// The day was played beforehand.
    DryRun(Box<DryRunRecording>),
    /// The run's clock goes so many times faster than the wall's now.
    Speed(f64),
    /// The terminal got or lost the reader's attention.
    Focus(bool),
    /// The system asks the program to end.
    Terminate,
    /// Back from the shell.
    Resumed,
    /// The console has the mouse now, or has it no more.
    Captured(bool),
    /// What [`Effect::Copy`] or [`Effect::Export`] came to, in words.
    Outcome(Result<String, String>),
}

/// The way to leave the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuitMode {
    /// At once. What runs is abandoned; the journal knows it.
    Now,
    /// No task is running any more.
    Drained,
}

/// A request of the console to its host. The console performs none itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the engine what these would do; answered by `Msg::Proposed`.
    Propose {
        ticket: u64,
        /// The commands to preview, in order.
        commands: Vec<Command>,
        /// Number of the last event seen.
        seen: u64,
    },
    /// Give the engine an act that was agreed to; answered by [`Msg::Committed`].
    Commit {
        ticket: u64,
        /// The committed proposal.
        commit: Commit,
    },
    /// Give the engine a brake; answered by [`Msg::Committed`].
    Brake {
        ticket: u64,
        command: Command,
        /// The reason, if one was given.
        reason: Option<String>,
    },
    /// Arm the session; answered by `Msg::Armed`.
    Arm { reason: String },
    /// Let the session only look again; answered by `Msg::Armed`.
    Disarm,
    /// Events are missing: give the whole run.
    Resync,
    /// Read the events of this run from its journal; answered by [`Msg::History`].
    LoadHistory {
        /// The id of the run.
        run: String,
        /// The number of the last event that is needed.
        until: u64,
    },
    /// End the console.
    Quit(QuitMode),
    /// Give the terminal back and stop until continued.
    Suspend,
    /// Call a person who looks elsewhere.
    Notify {
        /// In a few words.
        title: String,
        body: String,
    },
    /// Take the mouse, or give it back; answered by [`Msg::Captured`].
    Mouse(bool),
    /// Give this to the clipboard; answered by [`Msg::Outcome`].
    Copy(String),
    /// Write this to a file; answered by [`Msg::Outcome`].
    Export {
        /// The proposed file name with its extension: `tasks.csv`.
        name: String,
        text: String,
    },
    /// Keep these filters for the next console; answered by [`Msg::Outcome`].
    SaveFilters(SavedFilters),
    /// Let the run's clock go so many times faster than the wall's; answered by [`Msg::Speed`].
    Speed(f64),
    /// Play this day beforehand, from this moment on, beside the loop; answered by
    /// [`Msg::DryRun`].
    DryRun {
        plan: Arc<DayPlan>,
        /// The start, UTC.
        from: DateTime<Utc>,
    },
    /// Play the rest of the run from its state, beside the loop; answered by [`Msg::Forecast`].
    Forecast {
        state: Box<RunState>,
        /// The moment it is played from, UTC.
        at: DateTime<Utc>,
    },
    /// Begin the day with this choice of what becomes of missed work.
    ChooseCatchUp(CatchUpChoice),
    /// Draw every cell anew.
    Redraw,
}
