//! Contents of a tour's script: days, and the steps of each.

use std::{fmt, time::Duration};

use chrono::{NaiveDate, NaiveTime};

use super::parse;
use tui::KeyScript;

/// A script that was read without errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// The file name in messages.
    pub(super) source: String,
    /// Steps with their line numbers, from 1.
    pub(super) steps: Vec<(usize, TourStep)>,
}

/// One step of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TourStep {
    /// Starts a day with a new console.
    Day(DayStart),
    /// Sets the size of the console in columns and rows.
    Size(u16, u16),
    /// Advances the day to this time, exchange time.
    At(NaiveTime),
    /// Presses keys, with time to watch each.
    Keys(KeyScript),
    /// Types a text quickly.
    Type(KeyScript),
    /// Advances the wall clock while the day stands still.
    Wait(Duration),
    /// Sets the caption of the recording.
    Say(String),
    /// Draws a picture, given its file name without `.svg` and its title.
    Picture(String, String),
    /// Expects a text on the screen.
    Expect(String),
    /// Expects a text to be absent from the screen.
    Absent(String),
}

/// The settings of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayStart {
    pub(super) date: NaiveDate,
    /// The name of a built-in scenario.
    pub(super) scenario: Option<String>,
    pub(super) operator: Option<String>,
    /// The guard level, as written in the configuration.
    pub(super) guards: Option<String>,
}

/// Every problem of a script, as `file:line: what`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ScriptError {
    /// The problems, in the order of lines.
    pub problems: Vec<String>,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl Script {
    /// Parses a script; `source` names it in messages.
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
