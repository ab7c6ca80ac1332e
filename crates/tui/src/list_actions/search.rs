//! Going to the next row that is wanted: one the last filter matches, one that tells of a failure,
//! one that belongs to the same thing.

use super::StreamKind;
use crate::{
    model::{Model, Pane},
    nav::Screen,
};
use engine::AlertSeverity;
use view::filter::Filter;

/// To the next row the list's last filter matches, or the one before. The filter need not be on:
/// once it is taken off, these keys walk from match to match among all rows.
pub(super) fn to_match(model: &mut Model, forward: bool) {
    let pane = model.focused_pane();
    let pattern = model.patterns.get(&pane).cloned().unwrap_or_default();
    if pattern.is_empty() {
        model.set_status(AlertSeverity::Info, "no search yet: press / to filter");
        return;
    }
    if let Some(which) = StreamKind::of_pane(pane) {
        let reading = which.reader(model);
        let found = reading.find_line(forward, |row| reading.passes(&pattern, row));
        arrive(model, which, found, forward, &format!("match of {}", pattern.text()));
    } else if pane == Pane::Tasks {
        to_task(model, &pattern, forward);
    }
}

fn to_task(model: &mut Model, pattern: &Filter, forward: bool) {
    let Some(run) = model.displayed_run() else { return };
    let order = &model.tasks.order;
    let passes = |row: &usize| {
        order.get(*row).is_some_and(|&ix| pattern.task(run, ix, model.displayed_moment()))
    };
    let row = model.tasks.cursor_row();
    let found = if forward {
        (row.map_or(0, |row| row + 1)..order.len()).find(passes)
    } else {
        (0..row.unwrap_or(0)).rev().find(passes)
    };
    if let Some(&task) = found.and_then(|row| order.get(row)) {
        model.tasks.cursor = Some(task);
    } else {
        let text = format!("no {} match of {}", further(forward), pattern.text());
        model.set_status(AlertSeverity::Info, text);
    }
}

/// To the next line that tells of something wrong, or the one before.
pub(super) fn to_error(model: &mut Model, which: StreamKind, forward: bool) {
    let reading = which.reader(model);
    let found = reading.find_line(forward, |row| reading.is_problem(row));
    let back = hint(model, forward, ("line.previous_error", "line.next_error"));
    let what = format!("error line{back}");
    arrive(model, which, found, forward, &what);
}

/// To the next line that belongs to the same thing, or the one before: the same correlation id of
/// events, the same target of log lines.
pub(super) fn to_same(model: &mut Model, which: StreamKind, forward: bool) {
    let reading = which.reader(model);
    let here = reading.cursor_row();
    let found =
        here.and_then(|here| reading.find_line(forward, |row| reading.same_subject(here, row)));
    let back = hint(model, forward, ("line.previous_same", "line.next_same"));
    let what = format!("line that belongs to the same thing{back}");
    arrive(model, which, found, forward, &what);
}

/// The key that looks the other way.
fn hint(model: &Model, forward: bool, (earlier, later): (&str, &str)) -> String {
    let (id, way) = if forward { (earlier, "earlier") } else { (later, "later") };
    format!(": {} looks {way}", model.key_label(id))
}

fn arrive(model: &mut Model, which: StreamKind, found: Option<u64>, forward: bool, what: &str) {
    match found {
        Some(number) => {
            which.stream_mut(model).at = Some(number);
            if let Screen::Event(_) = model.nav.screen() {
                model.nav.replace(Screen::Event(number));
                model.scroll = 0;
            }
        }
        None => model.set_status(AlertSeverity::Info, format!("no {} {what}", further(forward))),
    }
}

const fn further(forward: bool) -> &'static str {
    if forward { "later" } else { "earlier" }
}
