//! A day that begins late: the setting decides what becomes of missed work, or a person is asked.

use std::io::{BufRead, Write};

use super::{CliError, Exit};
use crate::{
    config::{Config, OnMissed},
    controller::Day,
    engine::{Actor, LateChoice},
    forecast::late::{Late, headline},
    present,
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
    let choice = match config.day.on_missed {
        OnMissed::Ask if somebody == Somebody::There => return Ok(day.driver.late()),
        OnMissed::Ask => OnMissed::UNASKED,
        OnMissed::Choose(choice) => choice,
    };
    // What a run missed that is taken up is known once it goes on.
    day.driver.unless_asked(choice);
    let Some(late) = day.driver.late() else { return Ok(None) };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{controller::Days, forecast::late::began_late, plan::Mode};

    /// What is asked of a start at 10:41, and what `typed` answers.
    fn asked(typed: &str) -> (Option<LateChoice>, String) {
        let date = "2018-12-12".parse().unwrap();
        let days = Days::new(Config::default()).unwrap();
        let (plan, _) = days.plan(date, Mode::Sim, 1, &[]).unwrap();
        let late = began_late(&plan, "2018-12-12T15:41:00Z".parse().unwrap()).unwrap();
        let mut out = Vec::new();
        let answer = ask(&late, &mut typed.as_bytes(), &mut out).unwrap();
        (answer, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_line_chooses_an_empty_one_takes_the_recommended_and_no_line_takes_none() {
        assert_eq!(asked("full\n").0, Some(LateChoice::Full));
        assert_eq!(asked(" Skip \n").0, Some(LateChoice::Skip));
        assert_eq!(asked("\n").0, Some(LateChoice::Minimal));
        assert_eq!(asked("").0, None);
        assert_eq!(asked("quit\nfull\n").0, None);
        let (answer, out) = asked("all\u{1b}[2J\njoin\n");
        assert_eq!(answer, Some(LateChoice::Join));
        assert!(out.contains("is none of them") && !out.contains('\u{1b}'), "{out}");
    }

    #[test]
    fn every_choice_is_told_with_its_numbers_the_recommended_first() {
        let (_, out) = asked("");
        let lines: Vec<_> = out.lines().collect();
        assert!(lines[0].starts_with("it is 10:41: 20 tasks were missed"), "{}", lines[0]);
        assert!(lines[1].starts_with("minimal, recommended: make up for what"), "{}", lines[1]);
        let told = "minimal: 3 tasks made up for, through at 10:41:35";
        assert!(lines[2].starts_with(told), "{}", lines[2]);
        assert!(out.contains("skip: 0 tasks made up for; no orders go out"), "{out}");
    }
}
