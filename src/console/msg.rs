//! What can come in, and what the console wants done outside.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyEvent, MouseEvent};

use super::{log::LogLine, rows::SavedFilters, travel::Rehearsed};
use crate::{
    acting::{ActPlan, Commit, Committed, NotCommitted, Standing},
    audit::Head,
    engine::{Command, LateChoice, Recorded, RunState},
    plan::Plan,
};

/// One input of the console. All of them go through one queue, in one order.
#[derive(Debug)]
pub enum Msg {
    /// Facts of the run, in order of `seq`.
    Engine(Vec<Arc<Recorded>>),
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
    /// There is time to go on with what [`super::Model::working`] tells of.
    Work,
    /// What an act would do, or why it cannot be done: the answer to [`Effect::Propose`].
    Proposed {
        /// The question's number.
        ticket: u64,
        /// What the engine said.
        answer: Result<Box<ActPlan>, NotCommitted>,
    },
    /// What became of [`Effect::Commit`] or [`Effect::Brake`].
    Committed {
        /// The question's number.
        ticket: u64,
        /// What the engine said.
        answer: Result<Committed, NotCommitted>,
    },
    /// What the operator may do from now on.
    Standing(Standing),
    /// Whether the session was armed or disarmed; [`Msg::Standing`] says what holds.
    Armed(Result<(), NotCommitted>),
    /// Where the audit trail on disk goes on from, and where it ends.
    Trail {
        /// The head of the trail before it; none for the first.
        previous: Option<Head>,
        /// Its last entry; none while there is no file.
        file: Option<Head>,
    },
    /// The engine is alive: heard at this moment, on the wall.
    Beat,
    /// Why nothing can be recorded, or that it can again.
    Frozen(Option<Arc<str>>),
    /// The line to the engine is lost, since when and what is done about it; or it is there again.
    Lost(Option<String>),
    /// New lines of the program's own log, oldest first.
    Log(Vec<LogLine>),
    /// The day was played beforehand.
    DryRun(Box<Rehearsed>),
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

/// How the reader wants to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quit {
    /// At once. What runs is abandoned; the journal knows it.
    Now,
    /// Nothing runs any more.
    Drained,
}

/// What the console wants done. It does nothing by itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the engine what these would do; answered by [`Msg::Proposed`].
    Propose {
        /// The question's number.
        ticket: u64,
        /// What would be done, in order.
        commands: Vec<Command>,
        /// Number of the last event seen.
        seen: u64,
    },
    /// Give the engine an act that was agreed to; answered by [`Msg::Committed`].
    Commit {
        /// The question's number.
        ticket: u64,
        /// What was agreed to.
        commit: Commit,
    },
    /// Give the engine a brake; answered by [`Msg::Committed`].
    Brake {
        /// The question's number.
        ticket: u64,
        /// What is asked.
        command: Command,
        /// Why, if they say.
        reason: Option<String>,
    },
    /// Arm the session; answered by [`Msg::Armed`].
    Arm {
        /// Why.
        reason: String,
    },
    /// Let the session only look again; answered by [`Msg::Armed`].
    Disarm,
    /// Events are missing: give the whole run.
    Resync,
    /// End the console.
    Quit(Quit),
    /// Give the terminal back and stop until continued.
    Suspend,
    /// Call a person who looks elsewhere.
    Notify {
        /// In a few words.
        title: String,
        /// What happened.
        body: String,
    },
    /// Take the mouse, or give it back; answered by [`Msg::Captured`].
    Mouse(bool),
    /// Give this to the clipboard; answered by [`Msg::Outcome`].
    Copy(String),
    /// Write this to a file; answered by [`Msg::Outcome`].
    Export {
        /// What the file should be called, with its ending: `tasks.csv`.
        name: String,
        /// What goes in.
        text: String,
    },
    /// Keep these filters for the next console; answered by [`Msg::Outcome`].
    SaveFilters(SavedFilters),
    /// Let the run's clock go so many times faster than the wall's; answered by [`Msg::Speed`].
    Speed(f64),
    /// Play this day beforehand, from this moment on, beside the loop; answered by
    /// [`Msg::DryRun`].
    DryRun {
        /// The day.
        plan: Arc<Plan>,
        /// When it begins, UTC.
        from: DateTime<Utc>,
    },
    /// Begin the day with this choice of what becomes of missed work.
    Late(LateChoice),
    /// Draw every cell anew.
    Redraw,
}
