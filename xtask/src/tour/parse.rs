//! Parser of a tour's script, line by line, with rules for the order of lines.

use std::{collections::BTreeSet, time::Duration};

use chrono::{NaiveDate, NaiveTime};

use super::script::{DayStart, TourStep};
use runtime::Scenario;
use tui::KeyScript;

/// The keywords of lines, each with an example of its arguments.
const WORDS: [(&str, &str); 12] = [
    ("day", "day 2018-12-19 scenario demo"),
    ("operator", "operator ana"),
    ("guards", "guards live"),
    ("size", "size 120x40"),
    ("at", "at 09:33:00"),
    ("keys", "keys a<tab>"),
    ("type", "type as agreed with the desk"),
    ("wait", "wait 1.5"),
    ("say", "say \"what is to be seen\""),
    ("picture", "picture approval \"orders to approve\""),
    ("expect", "expect \"on the screen\""),
    ("absent", "absent \"not on the screen\""),
];
/// Most columns or rows of a console in a tour.
const SIZE_MAX: u16 = 500;
/// The longest wait, in seconds.
const WAIT_MAX: f64 = 3_600.0;

/// A line of a script, parsed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ScriptLine {
    Step(TourStep),
    Operator(String),
    Guards(String),
}

/// Parses a line that is neither blank nor a comment.
pub(super) fn parse_line(line: &str) -> Result<ScriptLine, String> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let Some((_, example)) = WORDS.iter().find(|(known, _)| *known == word) else {
        let known: Vec<_> = WORDS.iter().map(|(word, _)| *word).collect();
        let near = diag::nearest(word, known.iter().copied());
        let near = near.map_or_else(|| known.join(", "), |near| format!("do you mean `{near}`?"));
        return Err(format!("no step is called {}; {near}", diag::quote(word)));
    };
    let wrong = |what: &str| format!("{what}; write it as in `{example}`");
    if rest.is_empty() {
        return Err(wrong("it needs something after it"));
    }
    let step = match word {
        "operator" => return Ok(ScriptLine::Operator(rest.into())),
        "guards" if matches!(rest, "mode" | "live") => return Ok(ScriptLine::Guards(rest.into())),
        "guards" => return Err(wrong("guards are `mode` or `live`")),
        "day" => TourStep::Day(parse_day_start(rest).map_err(|what| wrong(&what))?),
        "size" => size(rest).ok_or_else(|| wrong("no size of 1x1 to 500x500"))?,
        "at" => TourStep::At(time(rest).ok_or_else(|| wrong("no time of day"))?),
        "keys" => TourStep::Keys(KeyScript::parse(rest)?),
        "type" => TourStep::Type(KeyScript::from_text(rest)),
        "wait" => TourStep::Wait(seconds(rest).ok_or_else(|| wrong("no number of seconds"))?),
        "picture" => {
            let (name, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if !name.chars().all(letter) {
                return Err(wrong("a picture's name is made of small letters, digits and `-`"));
            }
            TourStep::Picture(
                name.into(),
                quoted_text(title).ok_or_else(|| wrong("no title in quotes"))?,
            )
        }
        _text => {
            let text = quoted_text(rest).ok_or_else(|| wrong("no text in quotes"))?;
            match word {
                "expect" => TourStep::Expect(text),
                "absent" => TourStep::Absent(text),
                _say => TourStep::Say(text),
            }
        }
    };
    Ok(ScriptLine::Step(step))
}

fn parse_day_start(rest: &str) -> Result<DayStart, String> {
    let mut words = rest.split_whitespace();
    let date = words.next().and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
    let date = date.ok_or("no date")?;
    let scenario = match (words.next(), words.next(), words.next()) {
        (None, ..) => None,
        (Some("scenario"), Some(name), None) => {
            Scenario::builtin(name)
                .ok_or_else(|| format!("no scenario `{name}` in the program"))?;
            Some(name.to_owned())
        }
        (Some(_), ..) => {
            return Err("the date may only be followed by `scenario` and a name".into());
        }
    };
    Ok(DayStart { date, scenario, operator: None, guards: None })
}

fn size(text: &str) -> Option<TourStep> {
    let (width, height) = text.split_once('x')?;
    let sides = [width.parse().ok()?, height.parse().ok()?];
    let [width, height] = sides;
    sides.iter().all(|side| (1..=SIZE_MAX).contains(side)).then_some(TourStep::Size(width, height))
}

fn time(text: &str) -> Option<NaiveTime> {
    let seconds = NaiveTime::parse_from_str(text, "%H:%M:%S");
    seconds.or_else(|_no_seconds| NaiveTime::parse_from_str(text, "%H:%M")).ok()
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok().filter(|s| (0.0..=WAIT_MAX).contains(s))?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Returns the text between the first and the last quote; quotes inside need no escape.
fn quoted_text(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.is_empty()).then(|| inside.to_owned())
}

/// The progress of a day within the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayProgress {
    /// Only settings so far.
    Started,
    /// Some step has been performed.
    CommandIssued,
}

/// A parser that checks the order of lines: every step belongs to a day, settings come first, time
/// never goes back.
#[derive(Debug, Default)]
pub(super) struct ScriptParser {
    /// Progress of the current day, if one has begun.
    day: Option<DayProgress>,
    latest: Option<NaiveTime>,
    pictures: BTreeSet<String>,
}

impl ScriptParser {
    /// Returns the step of a line, or `None` for a setting of the preceding day.
    pub(super) fn next_step(
        &mut self,
        line: ScriptLine,
        steps: &mut [(usize, TourStep)],
    ) -> Result<Option<TourStep>, String> {
        let step = match line {
            ScriptLine::Step(step) => step,
            ScriptLine::Operator(_) | ScriptLine::Guards(_)
                if self.day != Some(DayProgress::Started) =>
            {
                return Err("it is a setting of a day: write it right after its `day`".into());
            }
            setting @ (ScriptLine::Operator(_) | ScriptLine::Guards(_)) => {
                let day = steps.iter_mut().rev().find_map(|(_, step)| {
                    if let TourStep::Day(begin) = step { Some(begin) } else { None }
                });
                match (setting, day) {
                    (ScriptLine::Operator(name), Some(day)) => day.operator = Some(name),
                    (ScriptLine::Guards(word), Some(day)) => day.guards = Some(word),
                    (_, _) => {}
                }
                return Ok(None);
            }
        };
        match &step {
            TourStep::Day(_) => {
                (self.day, self.latest) = (Some(DayProgress::Started), None);
                return Ok(Some(step));
            }
            TourStep::Size(..) => return Ok(Some(step)),
            TourStep::At(time) if self.latest.is_some_and(|latest| *time < latest) => {
                return Err("time does not go back; begin another `day`".into());
            }
            TourStep::At(time) => self.latest = Some(*time),
            TourStep::Picture(name, _) if !self.pictures.insert(name.clone()) => {
                return Err(format!("the picture `{name}` exists already"));
            }
            TourStep::Picture(..)
            | TourStep::Keys(_)
            | TourStep::Type(_)
            | TourStep::Wait(_)
            | TourStep::Say(_)
            | TourStep::Expect(_)
            | TourStep::Absent(_) => {}
        }
        if self.day.is_none() {
            return Err("no day has begun: begin with `day`".into());
        }
        self.day = Some(DayProgress::CommandIssued);
        Ok(Some(step))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Script;

    #[test]
    fn reports_every_invalid_line_with_its_number() {
        let text = "\
# a comment
operator ana
size 0x40
day 2018-13-01
day 2018-12-19 scenario nothing
day 2018-12-19 scenario demo
guards harsh
at 25:00
at 09:33
guards live
at 09:30
keys a<tap>
exect \"x\"
wait soon
say hello
picture A \"a\"
picture one \"first\"
picture one \"again\"
expect \"\"
wait
";
        let problems = Script::parse("t.keys", text).unwrap_err().problems;
        let places: Vec<_> = problems.iter().filter_map(|p| p.split(": ").next()).collect();
        let wrong = [2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20];
        assert_eq!(places, wrong.map(|n| format!("t.keys:{n}")), "{problems:#?}");
        assert!(problems.iter().any(|p| p.contains("do you mean `expect`?")), "{problems:#?}");
        assert!(Script::parse("t.keys", "# nothing\n").is_err());
    }

    #[test]
    fn settings_go_to_the_day_they_stand_under() {
        let text =
            "day 2018-12-19\noperator ana\nguards live\nat 06:00\nday 2018-12-20\nkeys <enter>\n";
        let script = Script::parse("t.keys", text).unwrap();
        let told = format!("{:?}", script.steps);
        assert_eq!(told.matches("Some(\"ana\")").count(), 1, "{told}");
        assert_eq!(script.steps.len(), 4);
    }
}
