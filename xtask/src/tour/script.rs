//! What a tour is made of: days, and what is done and looked at in each.

use std::{fmt, time::Duration};

use chrono::{NaiveDate, NaiveTime};

use super::parse;
use tui::KeyScript;

/// A script, found sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// What it was read from, for messages.
    pub(super) source: String,
    /// Steps with the numbers of their lines, from 1.
    pub(super) steps: Vec<(usize, TourStep)>,
}

/// One line of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TourStep {
    /// A day begins, and with it another console.
    Day(DayStart),
    /// The console has so many columns and rows from now on.
    Size(u16, u16),
    /// The day goes on to this time, exchange time.
    At(NaiveTime),
    /// Keys are pressed, with time to watch each.
    Keys(KeyScript),
    /// A text is typed, swiftly.
    Type(KeyScript),
    /// The wall goes on so long; the day stands still.
    Wait(Duration),
    /// A caption for the recording.
    Say(String),
    /// A picture, by the name of its file without `.svg`, and its title.
    Picture(String, String),
    /// What must be on the screen.
    Expect(String),
    /// What must not be.
    Absent(String),
}

/// How a day begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayStart {
    pub(super) date: NaiveDate,
    /// The name of a scenario inside the program.
    pub(super) scenario: Option<String>,
    /// In whose name acts are done.
    pub(super) operator: Option<String>,
    /// How strict the driver is, by its word in the configuration.
    pub(super) guards: Option<String>,
}

/// Every problem of a script, as `file:line: what`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ScriptError {
    /// In the order of the lines.
    pub problems: Vec<String>,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl Script {
    /// Reads a script; `source` names it in messages.
    ///
    /// # Errors
    ///
    /// [`ScriptError`] with every problem of every line.
    pub fn parse(source: &str, text: &str) -> Result<Self, ScriptError> {
        let mut problems = Vec::new();
        let mut steps = Vec::new();
        let mut order = parse::ScriptParser::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse::parse_line(line).and_then(|line| order.next_step(line, &mut steps)) {
                Ok(Some(step)) => steps.push((number, step)),
                Ok(None) => {}
                Err(what) => problems.push(format!("{source}:{number}: {what}")),
            }
        }
        if steps.is_empty() && problems.is_empty() {
            problems.push(format!("{source}: it says nothing; begin with `day 2018-12-19`"));
        }
        if problems.is_empty() {
            Ok(Self { source: source.into(), steps })
        } else {
            Err(ScriptError { problems })
        }
    }
}
