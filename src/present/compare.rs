//! Two runs, one task in two runs, or two attempts of one task, side by side: what differs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    inspect::{self, AttemptRow, Inspection},
    runs, words,
};
use crate::{
    engine::{RunState, TaskRun},
    plan::TaskIx,
};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What: a task, a field.
    pub what: String,
    /// How it is on the left; `-` where it is not.
    pub left: String,
    /// How it is on the right; `-` where it is not.
    pub right: String,
    /// The difference in words, where there are any: `04:10 later`.
    pub note: String,
}

/// Two things side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared.
    pub title: String,
    /// What stands on the left, and on the right.
    pub sides: (String, String),
    /// What differs, in the order of the left one.
    pub rows: Vec<Row>,
    /// How many things do not differ.
    pub alike: usize,
}

/// A run at a moment, and what it is called.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// In a word or three.
    pub name: &'a str,
    /// The run.
    pub run: &'a RunState,
    /// The moment, UTC.
    pub at: DateTime<Utc>,
}

/// Two runs: their figures, then each task that stands, began or ended otherwise.
#[must_use]
pub fn runs(left: Side<'_>, right: Side<'_>) -> Comparison {
    let mut found = Found::default();
    let figures = [figures(left), figures(right)];
    for ((what, left), (_, right)) in figures[0].iter().zip(&figures[1]) {
        found.field(what, left, right);
    }
    let mut ids = BTreeMap::new();
    for (ix, _) in right.run.tasks() {
        ids.insert(&right.run.plan().task(ix).id, ix);
    }
    for (ix, task) in left.run.tasks() {
        let id = &left.run.plan().task(ix).id;
        let other = ids.remove(id);
        let there = other.map(|other| right.run.task(other));
        match there {
            Some(there) if stands(task) == stands(there) => found.alike += 1,
            Some(there) => found.row(id.as_str(), stands(task), stands(there), later(task, there)),
            None => found.row(id.as_str(), stands(task), "-".into(), "only left".into()),
        }
    }
    let alone: BTreeSet<_> = ids.into_values().collect();
    for ix in alone {
        let id = right.run.plan().task(ix).id.as_str();
        found.row(id, "-".into(), stands(right.run.task(ix)), "only right".into());
    }
    found.told(format!("{} and {}", left.name, right.name), (left, right))
}

/// One task in two runs, field by field; nothing when the other run has none of its name.
#[must_use]
pub fn task(left: Side<'_>, ix: TaskIx, right: Side<'_>) -> Option<Comparison> {
    let id = &left.run.plan().task(ix).id;
    let other = right.run.plan().find_task(id.as_str())?;
    let mut found = Found::default();
    let sides =
        [inspect::inspect(left.run, ix, left.at), inspect::inspect(right.run, other, right.at)];
    let [ours, theirs] = &sides;
    found.field("state", &ours.state.to_string(), &theirs.state.to_string());
    let (task, there) = (left.run.task(ix), right.run.task(other));
    let started = |task: &TaskRun| moment(task.started_at);
    let ended = |task: &TaskRun| moment(task.ended_at);
    let note = later(task, there);
    found.noted(("started", note.clone()), started(task), started(there));
    found.noted(("ended", note), ended(task), ended(there));
    found.field("taints", yes(task.tainted), yes(there.tainted));
    facts(&mut found, ours, theirs);
    for at in 0..ours.attempts.len().max(theirs.attempts.len()) {
        let told = |side: &Inspection| side.attempts.get(at).map_or_else(|| "-".into(), attempt);
        found.field(&format!("attempt {}", at + 1), &told(ours), &told(theirs));
    }
    lines(&mut found, ("parameters", &ours.parameters), &theirs.parameters);
    lines(&mut found, ("output", &ours.output), &theirs.output);
    lines(&mut found, ("where from", &ours.origins), &theirs.origins);
    Some(found.told(format!("task {id}"), (left, right)))
}

/// The last two attempts of a task, field by field; nothing when it has fewer.
#[must_use]
pub fn attempts(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Option<Comparison> {
    let rows = inspect::inspect(run, ix, at).attempts;
    let [.., left, right] = rows.as_slice() else { return None };
    let mut found = Found::default();
    found.field("state", &left.state.to_string(), &right.state.to_string());
    found.field("started", &left.started, &right.started);
    found.field("took", &left.took, &right.took);
    found.field("said", &left.said, &right.said);
    let id = &run.plan().task(ix).id;
    Some(Comparison {
        title: format!("two attempts of {id}"),
        sides: (format!("attempt {}", left.number), format!("attempt {}", right.number)),
        rows: found.rows,
        alike: found.alike,
    })
}

#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    alike: usize,
}

impl Found {
    fn row(&mut self, what: &str, left: String, right: String, note: String) {
        self.rows.push(Row { what: what.to_owned(), left, right, note });
    }

    fn noted(&mut self, (what, note): (&str, String), left: String, right: String) {
        if left == right {
            self.alike += 1;
        } else {
            self.row(what, left, right, note);
        }
    }

    fn field(&mut self, what: &str, left: &str, right: &str) {
        self.noted((what, String::new()), left.to_owned(), right.to_owned());
    }

    fn told(self, title: String, (left, right): (Side<'_>, Side<'_>)) -> Comparison {
        let side = |side: Side<'_>| {
            let date = side.run.plan().date.format("%m-%d");
            format!("{} {date} {}", side.name, words::time(side.at))
        };
        Comparison { title, sides: (side(left), side(right)), rows: self.rows, alike: self.alike }
    }
}

fn figures(side: Side<'_>) -> [(&'static str, String); 6] {
    let row = runs::row(side.run, side.at, side.at);
    [
        ("workflow", row.workflow),
        ("mode", row.mode.to_string()),
        ("status", row.status.to_owned()),
        ("done", format!("{} of {}", row.done, row.all)),
        ("failed", row.failed.to_string()),
        ("retried", row.retried.to_string()),
    ]
}

/// `COMPLETED 06:00:00–06:12:00 x2`: what is compared of a task.
fn stands(task: &TaskRun) -> String {
    let started = task.started_at.map(|at| format!(" {}", words::time(at)));
    let ended = task.ended_at.map(|at| format!("–{}", words::time(at)));
    let tries = (task.attempt > 1 && task.rounds == 0).then(|| format!(" x{}", task.attempt));
    let parts = [started, ended, tries].map(Option::unwrap_or_default);
    format!("{}{}", task.state, parts.concat())
}

/// How much later the left one ended, or if not both did, began.
fn later(left: &TaskRun, right: &TaskRun) -> String {
    let both = left.ended_at.zip(right.ended_at).filter(|_| left.state == right.state);
    match both.or(left.started_at.zip(right.started_at)) {
        Some((ours, theirs)) if ours > theirs => format!("{} later", words::age(theirs, ours)),
        Some((ours, theirs)) if ours < theirs => format!("{} earlier", words::age(ours, theirs)),
        Some(_) | None => String::new(),
    }
}

fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "-".into(), words::time)
}

const fn yes(so: bool) -> &'static str {
    if so { "yes" } else { "no" }
}

fn attempt(row: &AttemptRow) -> String {
    format!("{} {} {} {}", row.state, row.started, row.took, row.said)
}

fn facts(found: &mut Found, left: &Inspection, right: &Inspection) {
    let there: BTreeMap<_, _> = right.facts.iter().map(|(what, value)| (*what, value)).collect();
    let here: BTreeSet<_> = left.facts.iter().map(|(what, _)| *what).collect();
    for (what, value) in &left.facts {
        found.field(what, value, there.get(what).map_or("-", |value| value.as_str()));
    }
    for (what, value) in right.facts.iter().filter(|(what, _)| !here.contains(what)) {
        found.field(what, "-", value);
    }
}

/// The lines of a text that only one side has.
fn lines(found: &mut Found, (what, left): (&str, &[String]), right: &[String]) {
    let (here, there): (BTreeSet<_>, BTreeSet<_>) = (left.iter().collect(), right.iter().collect());
    found.alike += left.iter().filter(|line| there.contains(line)).count();
    let only = |lines: &[String], other: &BTreeSet<&String>| -> Vec<String> {
        lines
            .iter()
            .filter(|line| !other.contains(line))
            .map(|line| line.trim().to_owned())
            .collect()
    };
    let (left, right) = (only(left, &there), only(right, &here));
    for at in 0..left.len().max(right.len()) {
        let side = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "-".into());
        found.row(what, side(&left), side(&right), String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample::{self, Day, et, task as planned};

    fn day(ends: &str) -> Day {
        let plan = sample::plan(vec![planned("one", 0), planned("two", 0), planned("later", 2)]);
        let mut day = Day::start(plan, "06:00");
        day.answer(ends, 0, sample::done("ok"));
        day
    }

    fn side<'a>(name: &'a str, day: &'a Day) -> Side<'a> {
        Side { name, run: day.run(), at: et("06:30") }
    }

    #[test]
    fn a_run_and_itself_differ_in_nothing() {
        let day = day("06:01");
        let same = runs(side("a", &day), side("b", &day));
        assert_eq!(same.rows, []);
        assert_eq!(same.alike, 6 + 3, "six figures, three tasks");
        let same = task(side("a", &day), TaskIx(0), side("b", &day)).unwrap();
        assert_eq!(same.rows, []);
    }

    #[test]
    fn a_task_that_ended_later_is_told_with_by_how_much() {
        let (early, late) = (day("06:01"), day("06:04"));
        let found = runs(side("late", &late), side("early", &early));
        let whats: Vec<_> =
            found.rows.iter().map(|row| (row.what.as_str(), row.note.as_str())).collect();
        assert_eq!(whats, [("one", "03:00 later")]);
        let found = task(side("late", &late), TaskIx(0), side("early", &early)).unwrap();
        assert!(found.rows.iter().any(|row| row.what == "ended" && row.note == "03:00 later"));
    }

    #[test]
    fn what_only_one_run_has_is_shown_on_its_side() {
        let one = day("06:01");
        let other = Day::start(sample::plan(vec![planned("one", 0), planned("new", 0)]), "06:00");
        let found = runs(side("a", &one), side("b", &other));
        let only = |note: &str| -> Vec<_> {
            found.rows.iter().filter(|row| row.note == note).map(|row| row.what.as_str()).collect()
        };
        assert_eq!(only("only left"), ["two", "later"]);
        assert_eq!(only("only right"), ["new"]);
        assert_eq!(task(side("a", &one), TaskIx(1), side("b", &other)), None);
    }

    #[test]
    fn two_attempts_differ_in_what_they_said_and_one_is_nothing_to_compare() {
        let mut day = Day::start(sample::plan(vec![planned("one", 0)]), "06:00");
        day.answer("06:01", 0, sample::failed(crate::engine::FailureKind::Transient, "no answer"));
        assert_eq!(attempts(day.run(), TaskIx(0), et("06:02")), None);
        day.wake("06:10");
        day.answer("06:12", 0, sample::done("ok"));
        let found = attempts(day.run(), TaskIx(0), et("06:12")).unwrap();
        assert_eq!(found.sides, ("attempt 1".into(), "attempt 2".into()));
        let whats: Vec<_> = found.rows.iter().map(|row| row.what.as_str()).collect();
        assert!(whats.contains(&"state") && whats.contains(&"said"), "{whats:?}");
    }
}
