//! A day that begins late: the setting decides what becomes of missed work, or a person is asked.

use std::io::{BufRead, Write};

use super::{CliError, Exit};
use crate::{
    config::{Config, OnMissed},
    controller::Day,
    engine::{Actor, LateChoice},
    forecast::late::Late,
    present::{self, late::headline},
};

/// The policy that decides where nobody is asked.
const POLICY: &str = "on-missed";

/// Whether somebody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Somebody {
    /// At a terminal.
    There,
    /// Nobody.
    Nobody,
}

/// Decides what becomes of missed work, if any was missed, and says so on `err`; gives the question
/// back instead where a person is to be asked.
pub(super) fn on_missed(
    day: &mut Day,
    config: &Config,
    somebody: Somebody,
    err: &mut dyn Write,
) -> Result<Option<Late>, CliError> {
    let Some(late) = day.driver.late() else { return Ok(None) };
    let choice = match config.day.on_missed {
        OnMissed::Ask if somebody == Somebody::There => return Ok(Some(late)),
        OnMissed::Ask => OnMissed::UNASKED,
        OnMissed::Choose(choice) => choice,
    };
    choose(day, choice, Actor::Policy(POLICY.into()))?;
    writeln!(err, "bellwether: note: {}", told(&late, choice))?;
    Ok(None)
}

/// What was missed and what becomes of it.
fn told(late: &Late, choice: LateChoice) -> String {
    let settled = late.option(choice).map(|option| (option.made_up.len(), option.left.len()));
    let (made_up, left) = settled.unwrap_or_default();
    format!(
        "{}; {choice}: {made_up} made up for, {left} let go (--on-missed chooses)",
        headline(late),
    )
}

/// Settles it.
pub(super) fn choose(day: &mut Day, choice: LateChoice, by: Actor) -> Result<(), CliError> {
    day.driver.choose(choice, by).map_err(|refusal| {
        CliError::new(Exit::Internal, format!("missed work cannot be settled: {refusal}"))
    })
}

/// Asks in lines, until one of the four is answered; nothing at the end of the input, or for `quit`.
pub(super) fn ask(
    late: &Late,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<Option<LateChoice>, CliError> {
    for line in present::late::spoken(late) {
        writeln!(out, "{line}")?;
    }
    let words = LateChoice::ALL.map(LateChoice::word).join(", ");
    loop {
        writeln!(out, "type {words}, or quit; an empty line takes {}", late.recommended)?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let word = line.trim().to_lowercase();
        match LateChoice::ALL.into_iter().find(|choice| choice.word() == word) {
            Some(choice) => return Ok(Some(choice)),
            None if word.is_empty() => return Ok(Some(late.recommended)),
            None if word == "quit" => return Ok(None),
            None => writeln!(out, "{} is none of them", crate::yaml::shown(&word))?,
        }
    }
}
