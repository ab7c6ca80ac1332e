//! Going to the next row that is wanted: one the last filter matches, one that tells of a failure,
//! one that belongs to the same thing.

use super::Which;
use crate::{
    console::{
        model::{Model, Pane},
        nav::Screen,
    },
    engine::Severity,
    present::filter::Filter,
};

/// To the next row the list's last filter matches, or the one before. The filter need not be on:
/// once it is taken off, these keys walk from match to match among all rows.
pub(super) fn to_match(model: &mut Model, forward: bool) {
    let pane = model.focus();
    let pattern = model.patterns.get(&pane).cloned().unwrap_or_default();
    if pattern.is_empty() {
        model.say(Severity::Info, "nothing was searched for yet: / asks for a filter");
        return;
    }
    if let Some(which) = Which::of(pane) {
        let reading = which.read(model);
        let found = reading.seek(forward, |row| reading.passes(&pattern, row));
        arrive(model, which, found, forward, &format!("match of {}", pattern.text()));
    } else if pane == Pane::Tasks {
        to_task(model, &pattern, forward);
    }
}

fn to_task(model: &mut Model, pattern: &Filter, forward: bool) {
    let Some(run) = model.shown() else { return };
    let order = &model.tasks.order;
    let passes =
        |row: &usize| order.get(*row).is_some_and(|&ix| pattern.task(run, ix, model.moment()));
    let row = model.tasks.row();
    let found = if forward {
        (row.map_or(0, |row| row + 1)..order.len()).find(passes)
    } else {
        (0..row.unwrap_or(0)).rev().find(passes)
    };
    if let Some(&task) = found.and_then(|row| order.get(row)) {
        model.tasks.cursor = Some(task);
    } else {
        let text = format!("no {} match of {}", further(forward), pattern.text());
        model.say(Severity::Info, text);
    }
}

/// To the next line that tells of something wrong, or the one before.
pub(super) fn to_error(model: &mut Model, which: Which, forward: bool) {
    let reading = which.read(model);
    let found = reading.seek(forward, |row| reading.wrong(row));
    let back = hint(model, forward, ("line.previous_error", "line.next_error"));
    let what = format!("line that tells of something wrong{back}");
    arrive(model, which, found, forward, &what);
}

/// To the next line that belongs to the same thing, or the one before: the same correlation id of
/// events, the same target of log lines.
pub(super) fn to_same(model: &mut Model, which: Which, forward: bool) {
    let reading = which.read(model);
    let here = reading.cursor();
    let found = here.and_then(|here| reading.seek(forward, |row| reading.alike(here, row)));
    let back = hint(model, forward, ("line.previous_same", "line.next_same"));
    let what = format!("line that belongs to the same thing{back}");
    arrive(model, which, found, forward, &what);
}

/// The key that looks the other way.
fn hint(model: &Model, forward: bool, (earlier, later): (&str, &str)) -> String {
    let (id, way) = if forward { (earlier, "earlier") } else { (later, "later") };
    format!(": {} looks {way}", model.key(id))
}

fn arrive(model: &mut Model, which: Which, found: Option<u64>, forward: bool, what: &str) {
    match found {
        Some(number) => {
            which.stream_mut(model).at = Some(number);
            if let Screen::Event(_) = model.nav.screen() {
                model.nav.turn(Screen::Event(number));
                model.scroll = 0;
            }
        }
        None => model.say(Severity::Info, format!("no {} {what}", further(forward))),
    }
}

const fn further(forward: bool) -> &'static str {
    if forward { "later" } else { "earlier" }
}
