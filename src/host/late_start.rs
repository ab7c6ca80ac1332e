//! A day that begins late: the setting decides what becomes of missed work, or a person is asked.

use std::io::{BufRead, Write};

use tokio::sync::oneshot;

use super::start::{MissedWorkAnswer, StartDialog};
use crate::cli::{CliError, Exit};
use crate::host::PreparedRun;
use config::{CatchUpSetting, Config};
use engine::{
    Actor, CatchUpChoice,
    forecast::catch_up::{LateStart, late_start_headline},
};

/// The policy that decides where nobody is asked.
const POLICY: &str = "catch-up";

/// Outcome of the question about missed work.
pub(crate) enum MissedWork {
    /// It is settled, or nothing was missed.
    Settled,
    /// The operator chooses while the run waits.
    Pending(oneshot::Receiver<CatchUpChoice>),
    /// The operator would rather not begin.
    Left,
}

/// Settles the work a run that starts late has missed: by the configuration, or by the operator.
pub(crate) fn settle_missed_work(
    day: &mut PreparedRun,
    config: &Config,
    dialog: &mut dyn StartDialog,
) -> Result<MissedWork, CliError> {
    let choice = match config.day.catch_up {
        CatchUpSetting::Ask if dialog.can_ask() => None,
        CatchUpSetting::Ask => Some(CatchUpSetting::UNASKED),
        CatchUpSetting::Choice(choice) => Some(choice),
    };
    // A recovered run knows what it missed only once it continues.
    if let Some(choice) = choice {
        day.driver.set_default_catch_up(choice);
    } else if !dialog.can_ask_later() {
        day.driver.set_default_catch_up(CatchUpSetting::UNASKED);
    }
    let Some(late) = day.driver.late_start() else { return Ok(MissedWork::Settled) };
    if let Some(choice) = choice {
        apply_choice(day, choice, Actor::Policy(POLICY.into()))?;
        dialog.note(&choice_summary(&late, choice))?;
        return Ok(MissedWork::Settled);
    }
    match dialog.ask_missed_work(late)? {
        MissedWorkAnswer::Choice(choice) => {
            apply_choice(day, choice, Actor::Operator(config.day.operator.clone()))?;
            Ok(MissedWork::Settled)
        }
        MissedWorkAnswer::Pending(choice) => Ok(MissedWork::Pending(choice)),
        MissedWorkAnswer::Leave => Ok(MissedWork::Left),
    }
}

/// What was missed and what becomes of it.
fn choice_summary(late: &LateStart, choice: CatchUpChoice) -> String {
    let settled = late.outcome_of(choice).map(|option| (option.caught_up.len(), option.left.len()));
    let (caught_up, excused) = settled.unwrap_or_default();
    format!(
        "{}; {choice}: {caught_up} caught up, {excused} excused (--catch-up chooses)",
        late_start_headline(late),
    )
}

fn apply_choice(day: &mut PreparedRun, choice: CatchUpChoice, by: Actor) -> Result<(), CliError> {
    day.driver.choose_catch_up(choice, by).map_err(|refusal| {
        CliError::new(Exit::Internal, format!("missed work cannot be settled: {refusal}"))
    })
}

/// Asks in lines until one of the choices is named; the end of the input and `quit` leave.
pub(crate) fn prompt_choice(
    late: &LateStart,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<MissedWorkAnswer, CliError> {
    for line in view::late_start::spoken_lines(late) {
        writeln!(out, "{line}")?;
    }
    let words = CatchUpChoice::ALL.map(CatchUpChoice::as_str).join(", ");
    loop {
        writeln!(out, "type {words}, or quit; an empty line takes {}", late.recommended)?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(MissedWorkAnswer::Leave);
        }
        let word = line.trim().to_lowercase();
        match CatchUpChoice::ALL.into_iter().find(|choice| choice.as_str() == word) {
            Some(choice) => return Ok(MissedWorkAnswer::Choice(choice)),
            None if word.is_empty() => return Ok(MissedWorkAnswer::Choice(late.recommended)),
            None if word == "quit" => return Ok(MissedWorkAnswer::Leave),
            None => writeln!(out, "{} is none of them", diag::quote(&word))?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::DayFactory;
    use engine::forecast::catch_up::late_start_of_new_run;
    use planning::plan::RunMode;

    /// What is asked of a start at 10:41, and what `typed` answers.
    fn parse_choice(typed: &str) -> (Option<CatchUpChoice>, String) {
        let date = "2018-12-12".parse().unwrap();
        let days = DayFactory::new(Config::default()).unwrap();
        let (plan, _) = days.day_plan(date, RunMode::Sim, 1, &[]).unwrap();
        let late = late_start_of_new_run(&plan, "2018-12-12T15:41:00Z".parse().unwrap()).unwrap();
        let mut out = Vec::new();
        let answer = match prompt_choice(&late, &mut typed.as_bytes(), &mut out).unwrap() {
            MissedWorkAnswer::Choice(choice) => Some(choice),
            MissedWorkAnswer::Pending(_) | MissedWorkAnswer::Leave => None,
        };
        (answer, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_line_chooses_an_empty_one_takes_the_recommended_and_no_line_takes_none() {
        assert_eq!(parse_choice("full\n").0, Some(CatchUpChoice::Full));
        assert_eq!(parse_choice(" Observe \n").0, Some(CatchUpChoice::Observe));
        assert_eq!(parse_choice("\n").0, Some(CatchUpChoice::Minimal));
        assert_eq!(parse_choice("").0, None);
        assert_eq!(parse_choice("quit\nfull\n").0, None);
        let (answer, out) = parse_choice("all\u{1b}[2J\nnone\n");
        assert_eq!(answer, Some(CatchUpChoice::None));
        assert!(out.contains("is none of them") && !out.contains('\u{1b}'), "{out}");
    }

    #[test]
    fn every_choice_is_told_with_its_numbers_the_recommended_first() {
        let (_, out) = parse_choice("");
        let lines: Vec<_> = out.lines().collect();
        assert!(lines[0].starts_with("10:41: 20 tasks were missed"), "{}", lines[0]);
        assert!(lines[1].starts_with("minimal, recommended: catch up what"), "{}", lines[1]);
        let told = "minimal: 3 tasks caught up by 10:41:35";
        assert!(lines[2].starts_with(told), "{}", lines[2]);
        assert!(out.contains("observe: 0 tasks caught up; no orders today"), "{out}");
    }
}
