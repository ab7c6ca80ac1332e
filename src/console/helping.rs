//! Which key helps a task that waits: a reason's verb, as the reader's own keymap spells it.

use super::{
    action::{Act, Action, OnTask, Verb},
    model::Model,
    registry::Row,
};
use crate::{
    engine::RunState,
    plan::TaskIx,
    present::{why::Why, words::GlyphSet},
};

/// What a verb of the reasons asks for. `code` tells what a resume is about.
fn action(verb: &str, code: &str) -> Option<Action> {
    let on = match (verb, code) {
        ("retry" | "rerun", _) => OnTask::Do(Verb::Retry),
        ("release", _) => OnTask::Do(Verb::Hold),
        ("run now", _) => OnTask::Do(Verb::RunNow),
        ("force", _) => OnTask::Force,
        ("approve", _) => OnTask::Approve,
        ("resolve", _) => OnTask::Resolve,
        ("probe", _) => OnTask::Do(Verb::Probe),
        ("recover", _) => return Some(Action::Act(Act::Recover)),
        ("unskip", _) => OnTask::Skip,
        ("resume", "halted") => return Some(Action::Act(Act::Halt)),
        ("resume", "engine_paused") => return Some(Action::Act(Act::PauseAll)),
        ("resume", _) => OnTask::Pause,
        _other => return None,
    };
    Some(Action::Act(Act::Task(on)))
}

/// A key by what it asks for, as the footer would name it; empty when it has none.
pub(super) fn key(model: &Model, action: Action) -> String {
    let row = Row::of(action);
    let chord = row.and_then(|row| model.settings.keymap.chords(row).first());
    chord.map_or_else(String::new, |chord| match model.settings.theme.glyphs {
        GlyphSet::Utf8 => chord.label(),
        GlyphSet::Ascii => chord.ascii(),
    })
}

/// What helps: `fix: r retry risk_recheck`, `fix: wait`. `on` is the task the verb is for, where
/// it is another one.
pub(super) fn fix(model: &Model, (verb, code): (Option<&str>, &str), on: Option<&str>) -> String {
    let Some(verb) = verb else { return "fix: wait".into() };
    let on = on.map(|id| format!(" {id}")).unwrap_or_default();
    let row = action(verb, code).and_then(Row::of);
    // Without a key it is still known by its name.
    let named = |row: &Row| match key(model, row.action) {
        key if key.is_empty() => format!(":{}", row.id),
        key => key,
    };
    match row.map(named) {
        Some(key) => format!("fix: {key} {verb}{on}"),
        None => format!("fix: {verb}{on}"),
    }
}

/// A reason in one line, with the key that helps. Of what went well there is nothing to fix.
pub(super) fn line(model: &Model, run: &RunState, why: &Why) -> String {
    let told = Why { verb: None, on: None, ..why.clone() }.line(run);
    if why.code == "completed" || (why.verb.is_none() && why.next.is_none()) {
        return told;
    }
    let name = |ix: TaskIx| run.plan().task(ix).id.as_str();
    format!("{told} · {}", fix(model, (why.verb, why.code), why.on.map(name)))
}
