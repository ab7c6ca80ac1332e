//! The runs of this console: which are listed, which is selected, and two of them side by side.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    action::CursorMotion,
    cursor,
    model::{Model, Pane},
    nav::Screen,
    time_travel::{self, RunRecording, RunRef, StoredRunKind},
};
use engine::{AlertSeverity, RunState};
use planning::{id::TaskId, plan::TaskIx};
use view::{
    diff::{self, AttemptFacts},
    filter::FilterRecord as Seen,
    format,
    runs::{self, RunListRow},
};

/// Two things side by side, what was before on the left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunComparison {
    pub(crate) title: String,
    /// The titles of the two sides.
    pub(crate) sides: (String, String),
    /// Values and lines of both.
    pub(crate) rows: Vec<ComparedRow>,
    /// The number of values or tasks do not differ.
    pub(crate) alike: u64,
}

/// One value or line of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComparedRow {
    pub(crate) what: String,
    /// True if the sides differ, as one character.
    pub(crate) mark: &'static str,
    pub(crate) left: String,
    pub(crate) right: String,
}

/// One run of the list.
pub(crate) struct RunListEntry {
    pub(crate) of: RunRef,
    /// The kind of run: `live`, `past`, `dry run`.
    pub(crate) kind: &'static str,
    pub(crate) row: RunListRow,
}

/// The runs that pass the filter: the live one, then the others, newest first.
pub(crate) fn filtered_runs(model: &Model) -> Vec<RunListEntry> {
    let began = |record: Option<&RunRecording>, run: &RunState| {
        record.map_or(run.last_event_at(), RunRecording::started_at)
    };
    let live = model.run.as_ref().map(|run| RunListEntry {
        of: RunRef::Live,
        kind: "live",
        row: runs::run_list_row(run, began(model.travel.live_recording(), run), model.now),
    });
    let kept = model.travel.stored_runs().map(|kept| {
        let row = runs::run_list_row(&kept.end, kept.record.started_at(), kept.end.last_event_at());
        RunListEntry { of: RunRef::Stored(kept.key), kind: kind_label(kept.kind), row }
    });
    let filter = model.sights.filter(Pane::Runs);
    let passes = |listed: &RunListEntry| {
        let (date, mode) = (listed.row.date.to_string(), listed.row.mode.to_string());
        let texts = [&date, listed.kind, &mode, listed.row.status, &listed.row.workflow];
        let record = Seen { texts: &texts, at: Some(listed.row.started), ..Seen::default() };
        filter.is_empty() || filter.matches_record(&record, model.displayed_moment())
    };
    live.into_iter().chain(kept).filter(passes).collect()
}

const fn kind_label(kind: StoredRunKind) -> &'static str {
    match kind {
        StoredRunKind::Ended => "past",
        StoredRunKind::DryRun => "morning plan",
    }
}

/// The selected run.
pub(crate) fn selected_run(model: &Model) -> RunRef {
    model.travel.cursor.map_or(RunRef::Live, RunRef::Stored)
}

/// Moves the selection.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let all: Vec<_> = filtered_runs(model).iter().map(|listed| listed.of).collect();
    let row = all.iter().position(|of| *of == selected_run(model)).unwrap_or(0);
    let row = cursor::moved_row(motion, row, all.len(), page);
    model.travel.cursor = match all.get(row) {
        Some(RunRef::Stored(key)) => Some(*key),
        Some(RunRef::Live) | None => None,
    };
}

/// Opens the selected run: the live one as it is, another as a replay.
pub(crate) fn open(model: &mut Model) {
    match selected_run(model) {
        RunRef::Live => {
            if model.travel.frozen_view().is_some() {
                time_travel::return_to_live(model);
            }
            model.nav.go_to(Screen::Day);
        }
        of @ RunRef::Stored(_) => time_travel::open(model, of),
    }
}

/// Compares what is selected: a run with another, a task with itself elsewhere, two attempts.
pub(crate) fn compare_selection(model: &mut Model) {
    let found = match (model.nav.screen(), model.selected_task()) {
        (Screen::Runs | Screen::Diff, _) => runs_compared(model),
        (Screen::Task(ix), _) => attempts(model, ix).or_else(|| task(model, ix)),
        (_, Some(ix)) => task(model, ix),
        (_, None) => None,
    };
    let Some(found) = found else {
        let text = if model.travel.newest_dry_run().is_none() {
            "no run to compare with: press 9 for a dry run"
        } else {
            "select a task or a run that another run has too"
        };
        model.set_status(AlertSeverity::Info, text);
        return;
    };
    model.compared = Some(found);
    model.scroll = 0;
    model.nav.go_to(Screen::Diff);
}

/// The last two attempts of a task.
fn attempts(model: &Model, ix: TaskIx) -> Option<RunComparison> {
    let (_, of) = here(model)?;
    let run = model.displayed_run()?;
    let all = attempts_of(model, of, ix, run.last_seq());
    let [.., left, right] = all.as_slice() else { return None };
    let title = format!("two attempts of {}", run.plan().task(ix).id);
    let sides = ("the one before".to_owned(), "the last".to_owned());
    Some(compared(title, sides, (left, right), model.displayed_moment()))
}

/// Returns what the screens show now, by name.
fn here(model: &Model) -> Option<(&'static str, RunRef)> {
    model.displayed_run()?;
    Some(match model.travel.frozen_view().map(time_travel::FrozenView::run_ref) {
        None => ("live", RunRef::Live),
        Some(RunRef::Live) => ("frozen", RunRef::Live),
        Some(of @ RunRef::Stored(key)) => (kind_label(model.travel.stored_run(key)?.kind), of),
    })
}

/// Another run than the one shown: for a run that is over the live one, for the live one its
/// rehearsal, else the newest that is over.
fn comparison_run(model: &Model, of: RunRef) -> Option<(&'static str, RunRef)> {
    match of {
        RunRef::Stored(_) => Some(("live", RunRef::Live)),
        RunRef::Live => {
            let rehearsed = model
                .travel
                .newest_dry_run()
                .map(|key| (kind_label(StoredRunKind::DryRun), RunRef::Stored(key)));
            let past = model.travel.stored_runs().next();
            rehearsed.or_else(|| past.map(|kept| (kind_label(kept.kind), RunRef::Stored(kept.key))))
        }
    }
}

/// A run as it was at the moment shown, if that is a moment of its day; else as it ended.
fn state_at_cursor(model: &Model, of: RunRef) -> Option<(RunState, DateTime<Utc>)> {
    if of == RunRef::Live
        && model.travel.frozen_view().is_none_or(|still| still.run_ref() != RunRef::Live)
    {
        return model.run.clone().map(|run| (run, model.now));
    }
    let (record, at) = (model.travel.recording_of(of)?, model.displayed_moment());
    let end = record.state_at(record.last_seq());
    let same = model.displayed_run()?.plan().date == end.plan().date;
    if same && at < end.last_event_at() {
        Some((record.state_at(record.seq_at(at)), at))
    } else {
        let at = end.last_event_at();
        Some((end, at))
    }
}

fn task(model: &Model, ix: TaskIx) -> Option<RunComparison> {
    let (name, of) = here(model)?;
    let (there, other) = comparison_run(model, of)?;
    let (run, at) = state_at_cursor(model, other)?;
    let shown = model.displayed_run()?;
    let id = &shown.plan().task(ix).id;
    let theirs = run.plan().find_task(id.as_str())?;
    let last = |of, ix, seq| attempts_of(model, of, ix, seq).pop();
    let left = last(other, theirs, run.last_seq())?;
    let right = last(of, ix, shown.last_seq())?;
    let title = format!("task {id}");
    Some(compared(
        title,
        (side(there, at), side(name, model.displayed_moment())),
        (&left, &right),
        at,
    ))
}

/// The attempts of a task as its run's events tell them, up to one of them.
fn attempts_of(model: &Model, of: RunRef, ix: TaskIx, seq: u64) -> Vec<AttemptFacts> {
    let events = model.travel.recording_of(of).map(|record| record.events_until(seq, usize::MAX));
    diff::attempts_of(events.into_iter().flatten().map(Arc::as_ref), ix)
}

fn side(name: &str, at: DateTime<Utc>) -> String {
    format!("{name} at {}", format::format_time(at))
}

/// Two attempts side by side: figures, then what each gave, line by line.
fn compared(
    title: String,
    sides: (String, String),
    (left, right): (&AttemptFacts, &AttemptFacts),
    at: DateTime<Utc>,
) -> RunComparison {
    let found = diff::diff_attempts(left, right, at);
    let mut rows: Vec<_> = found.rows.iter().map(|row| field(row.label, row)).collect();
    let alike = found.rows.iter().filter(|row| !row.differs()).count();
    for line in found.output {
        let (left, right) = match line.side {
            diff::DiffSide::Both => (line.text.clone(), line.text),
            diff::DiffSide::Left => (line.text, String::new()),
            diff::DiffSide::Right => (String::new(), line.text),
        };
        rows.push(ComparedRow { what: "output".into(), mark: line.side.prefix(), left, right });
    }
    RunComparison { title, sides, rows, alike: u64::try_from(alike).unwrap_or(u64::MAX) }
}

fn field(what: &str, row: &diff::DiffRow) -> ComparedRow {
    let mark = if row.differs() { "*" } else { " " };
    ComparedRow { what: what.to_owned(), mark, left: row.left.clone(), right: row.right.clone() }
}

/// The one shown against the selected run; if it is selected itself, against another.
fn runs_compared(model: &Model) -> Option<RunComparison> {
    let (name, of) = here(model)?;
    let chosen = selected_run(model);
    let (there, other) = if chosen == of {
        comparison_run(model, of)?
    } else {
        let listed = filtered_runs(model).into_iter().find(|listed| listed.of == chosen)?;
        (listed.kind, chosen)
    };
    let (run, at) = state_at_cursor(model, other)?;
    let found = diff::diff_runs(&run, model.displayed_run()?);
    let mut rows: Vec<_> = found.totals.iter().map(|row| field(row.label, row)).collect();
    for task in &found.tasks {
        let mut what = task.id.to_string();
        for row in &task.rows {
            rows.push(field(&format!("{what} {}", row.label), row));
            what = " ".into();
        }
    }
    let alone = |id: &TaskId, (left, right): (&str, &str)| ComparedRow {
        what: id.to_string(),
        mark: "*",
        left: left.into(),
        right: right.into(),
    };
    rows.extend(found.only_left.iter().map(|id| alone(id, ("only here", "-"))));
    rows.extend(found.only_right.iter().map(|id| alone(id, ("-", "only here"))));
    Some(RunComparison {
        title: format!("{there} and {name}"),
        sides: (side(there, at), side(name, model.displayed_moment())),
        rows,
        alike: found.same,
    })
}
