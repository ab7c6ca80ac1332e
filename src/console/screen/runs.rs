//! The runs of this console: which are listed, which is selected, and two of them side by side.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    console::{
        action::Motion,
        model::Model,
        movement,
        nav::Screen,
        travel::{self, Kind, Of, Record},
    },
    engine::{RunState, Severity},
    id::TaskId,
    plan::TaskIx,
    present::{
        diff::{self, AttemptFacts},
        filter::Record as Seen,
        runs::{self, RunRow},
        words,
    },
};

/// Two things side by side, what was before on the left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// What is compared.
    pub(crate) title: String,
    /// What stands on either side.
    pub(crate) sides: (String, String),
    /// Values and lines of both.
    pub(crate) rows: Vec<Compared>,
    /// How many values or tasks do not differ.
    pub(crate) alike: u64,
}

/// One value or line of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compared {
    /// What it is.
    pub(crate) what: String,
    /// Whether the sides differ, as one character.
    pub(crate) mark: &'static str,
    /// On the left.
    pub(crate) left: String,
    /// On the right.
    pub(crate) right: String,
}

/// One run of the list.
pub(crate) struct Listed {
    /// Which.
    pub(crate) of: Of,
    /// What kind: `live`, `past`, `dry run`.
    pub(crate) kind: &'static str,
    /// Its figures.
    pub(crate) row: RunRow,
}

/// The runs that pass the filter: the live one, then the others, newest first.
pub(crate) fn list(model: &Model) -> Vec<Listed> {
    let began = |record: Option<&Record>, run: &RunState| record.map_or(run.at(), Record::began);
    let live = model.run.as_ref().map(|run| Listed {
        of: Of::Live,
        kind: "live",
        row: runs::row(run, began(model.travel.live(), run), model.now),
    });
    let kept = model.travel.kept().map(|kept| {
        let row = runs::row(&kept.end, kept.record.began(), kept.end.at());
        Listed { of: Of::Kept(kept.key), kind: word(kept.kind), row }
    });
    let filter = &model.sights.run_filter;
    let passes = |listed: &Listed| {
        let (date, mode) = (listed.row.date.to_string(), listed.row.mode.to_string());
        let texts = [&date, listed.kind, &mode, listed.row.status, &listed.row.workflow];
        let record = Seen { texts: &texts, at: Some(listed.row.started), ..Seen::default() };
        filter.is_empty() || filter.record(&record, model.moment())
    };
    live.into_iter().chain(kept).filter(passes).collect()
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Past => "past",
        Kind::Rehearsed => "dry run",
    }
}

/// The selected run.
pub(crate) fn selected(model: &Model) -> Of {
    model.travel.cursor.map_or(Of::Live, Of::Kept)
}

/// Moves the selection.
pub(crate) fn go(model: &mut Model, motion: Motion, page: usize) {
    let all: Vec<_> = list(model).iter().map(|listed| listed.of).collect();
    let row = all.iter().position(|of| *of == selected(model)).unwrap_or(0);
    let row = movement::moved(motion, row, all.len(), page);
    model.travel.cursor = match all.get(row) {
        Some(Of::Kept(key)) => Some(*key),
        Some(Of::Live) | None => None,
    };
}

/// Opens the selected run: the live one as it is, another as a replay.
pub(crate) fn open(model: &mut Model) {
    match selected(model) {
        Of::Live => {
            if model.travel.still().is_some() {
                travel::live(model);
            }
            model.nav.show(Screen::Day);
        }
        of @ Of::Kept(_) => travel::open(model, of),
    }
}

/// Compares what is selected: a run with another, a task with itself elsewhere, two attempts.
pub(crate) fn diff(model: &mut Model) {
    let found = match (model.nav.screen(), model.selected()) {
        (Screen::Runs | Screen::Diff, _) => runs_compared(model),
        (Screen::Task(ix), _) => attempts(model, ix).or_else(|| task(model, ix)),
        (_, Some(ix)) => task(model, ix),
        (_, None) => None,
    };
    let Some(found) = found else {
        let text = if model.travel.rehearsed().is_none() {
            "there is nothing to compare with yet: 9 plays the day beforehand"
        } else {
            "select a task or a run that another run has too"
        };
        model.say(Severity::Info, text);
        return;
    };
    model.compared = Some(found);
    model.scroll = 0;
    model.nav.show(Screen::Diff);
}

/// The last two attempts of a task.
fn attempts(model: &Model, ix: TaskIx) -> Option<Comparison> {
    let (_, of) = here(model)?;
    let run = model.shown()?;
    let all = attempts_of(model, of, ix, run.last_seq());
    let [.., left, right] = all.as_slice() else { return None };
    let title = format!("two attempts of {}", run.plan().task(ix).id);
    let sides = ("the one before".to_owned(), "the last".to_owned());
    Some(compared(title, sides, (left, right), model.moment()))
}

/// What the screens show now, by name.
fn here(model: &Model) -> Option<(&'static str, Of)> {
    model.shown()?;
    Some(match model.travel.still().map(travel::Still::of) {
        None => ("live", Of::Live),
        Some(Of::Live) => ("frozen", Of::Live),
        Some(of @ Of::Kept(key)) => (word(model.travel.one(key)?.kind), of),
    })
}

/// Another run than the one shown: for a run that is over the live one, for the live one its
/// rehearsal, else the newest that is over.
fn other(model: &Model, of: Of) -> Option<(&'static str, Of)> {
    match of {
        Of::Kept(_) => Some(("live", Of::Live)),
        Of::Live => {
            let rehearsed =
                model.travel.rehearsed().map(|key| (word(Kind::Rehearsed), Of::Kept(key)));
            let past = model.travel.kept().next();
            rehearsed.or_else(|| past.map(|kept| (word(kept.kind), Of::Kept(kept.key))))
        }
    }
}

/// A run as it was at the moment shown, if that is a moment of its day; else as it ended.
fn then(model: &Model, of: Of) -> Option<(RunState, DateTime<Utc>)> {
    if of == Of::Live && model.travel.still().is_none_or(|still| still.of() != Of::Live) {
        return model.run.clone().map(|run| (run, model.now));
    }
    let (record, at) = (model.travel.record(of)?, model.moment());
    let end = record.state(record.last());
    let same = model.shown()?.plan().date == end.plan().date;
    if same && at < end.at() {
        Some((record.state(record.seq_at(at)), at))
    } else {
        let at = end.at();
        Some((end, at))
    }
}

fn task(model: &Model, ix: TaskIx) -> Option<Comparison> {
    let (name, of) = here(model)?;
    let (there, other) = other(model, of)?;
    let (run, at) = then(model, other)?;
    let shown = model.shown()?;
    let id = &shown.plan().task(ix).id;
    let theirs = run.plan().find_task(id.as_str())?;
    let last = |of, ix, seq| attempts_of(model, of, ix, seq).pop();
    let left = last(other, theirs, run.last_seq())?;
    let right = last(of, ix, shown.last_seq())?;
    let title = format!("task {id}");
    Some(compared(title, (side(there, at), side(name, model.moment())), (&left, &right), at))
}

/// The attempts of a task as its run's events tell them, up to one of them.
fn attempts_of(model: &Model, of: Of, ix: TaskIx, seq: u64) -> Vec<AttemptFacts> {
    let events = model.travel.record(of).map(|record| record.until(seq, usize::MAX));
    diff::attempts(events.into_iter().flatten().map(Arc::as_ref), ix)
}

fn side(name: &str, at: DateTime<Utc>) -> String {
    format!("{name} at {}", words::time(at))
}

/// Two attempts side by side: figures, then what each gave, line by line.
fn compared(
    title: String,
    sides: (String, String),
    (left, right): (&AttemptFacts, &AttemptFacts),
    at: DateTime<Utc>,
) -> Comparison {
    let found = diff::between(left, right, at);
    let mut rows: Vec<_> = found.rows.iter().map(|row| field(row.label, row)).collect();
    let alike = found.rows.iter().filter(|row| !row.differs()).count();
    for line in found.output {
        let (left, right) = match line.side {
            diff::Side::Both => (line.text.clone(), line.text),
            diff::Side::Left => (line.text, String::new()),
            diff::Side::Right => (String::new(), line.text),
        };
        rows.push(Compared { what: "output".into(), mark: line.side.mark(), left, right });
    }
    Comparison { title, sides, rows, alike: u64::try_from(alike).unwrap_or(u64::MAX) }
}

fn field(what: &str, row: &diff::Row) -> Compared {
    let mark = if row.differs() { "*" } else { " " };
    Compared { what: what.to_owned(), mark, left: row.left.clone(), right: row.right.clone() }
}

/// The one shown against the selected run; if it is selected itself, against another.
fn runs_compared(model: &Model) -> Option<Comparison> {
    let (name, of) = here(model)?;
    let chosen = selected(model);
    let (there, other) = if chosen == of {
        other(model, of)?
    } else {
        let listed = list(model).into_iter().find(|listed| listed.of == chosen)?;
        (listed.kind, chosen)
    };
    let (run, at) = then(model, other)?;
    let found = diff::runs(&run, model.shown()?);
    let mut rows: Vec<_> = found.totals.iter().map(|row| field(row.label, row)).collect();
    for task in &found.tasks {
        let mut what = task.id.to_string();
        for row in &task.rows {
            rows.push(field(&format!("{what} {}", row.label), row));
            what = " ".into();
        }
    }
    let alone = |id: &TaskId, (left, right): (&str, &str)| Compared {
        what: id.to_string(),
        mark: "*",
        left: left.into(),
        right: right.into(),
    };
    rows.extend(found.only_left.iter().map(|id| alone(id, ("only here", "-"))));
    rows.extend(found.only_right.iter().map(|id| alone(id, ("-", "only here"))));
    Some(Comparison {
        title: format!("{there} and {name}"),
        sides: (side(there, at), side(name, model.moment())),
        rows,
        alike: found.same,
    })
}
