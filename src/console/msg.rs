//! What can come in, and what the console wants done outside.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyEvent, MouseEvent};

use super::{log::LogLine, rows::SavedFilters};
use crate::engine::{Order, Recorded, Refusal, RunState};

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
    /// The engine took an order, or refused it.
    Answer {
        /// The order's id.
        id: u64,
        /// What it said.
        answer: Result<(), Refusal>,
    },
    /// New lines of the program's own log, oldest first.
    Log(Vec<LogLine>),
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
    /// Give this to the engine, and its answer back.
    Send(Order),
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
    /// Draw every cell anew.
    Redraw,
}
