//! Hints that name the key for a reason's fix, as the operator's own keymap spells it.

use super::{
    action::{Action, CommandAction, TaskAction, TaskVerb},
    keymap::Binding,
    model::Model,
};
use engine::RunState;
use planning::plan::TaskIx;
use view::{format::GlyphSet, why::StateReason};

/// Returns what a verb of the reasons asks for. `code` tells what a resume is about.
fn action(verb: &str, code: &str) -> Option<Action> {
    let on = match (verb, code) {
        ("retry" | "rerun", _) => TaskAction::Do(TaskVerb::Retry),
        ("release", _) => TaskAction::Do(TaskVerb::Hold),
        ("run now", _) => TaskAction::Do(TaskVerb::RunNow),
        ("force", _) => TaskAction::Force,
        ("approve", _) => TaskAction::Approve,
        ("resolve", _) => TaskAction::Resolve,
        ("probe", _) => TaskAction::Do(TaskVerb::Probe),
        ("recover", _) => return Some(Action::Command(CommandAction::Recover)),
        ("unskip", _) => TaskAction::Skip,
        ("resume", "halted") => return Some(Action::Command(CommandAction::Halt)),
        ("resume", "engine_paused") => return Some(Action::Command(CommandAction::PauseAll)),
        ("resume", _) => TaskAction::Pause,
        _other => return None,
    };
    Some(Action::Command(CommandAction::Task(on)))
}

/// A key by what it asks for, as the footer would name it; empty when it has none.
pub(super) fn key_label(model: &Model, action: Action) -> String {
    let row = Binding::by_action(action);
    let chord = row.and_then(|row| model.settings.keymap.keys_of(row).first());
    chord.map_or_else(String::new, |chord| match model.settings.theme.glyphs {
        GlyphSet::Utf8 => chord.label(),
        GlyphSet::Ascii => chord.ascii_label(),
    })
}

/// Returns what helps: `fix: r retry risk_recheck`, `fix: wait`. `on` is the task the verb is for,
/// where it is another one.
pub(super) fn fix_hint(
    model: &Model,
    (verb, code): (Option<&str>, &str),
    on: Option<&str>,
) -> String {
    let Some(verb) = verb else { return "fix: wait".into() };
    let on = on.map(|id| format!(" {id}")).unwrap_or_default();
    let row = action(verb, code).and_then(Binding::by_action);
    // Without a key it is still known by its name.
    let named = |row: &Binding| match key_label(model, row.action) {
        key if key.is_empty() => format!(":{}", row.id),
        key => key,
    };
    match row.map(named) {
        Some(key) => format!("fix: {key} {verb}{on}"),
        None => format!("fix: {verb}{on}"),
    }
}

/// A reason in one line, with the key that helps. Of what went well there is nothing to fix.
pub(super) fn reason_line(model: &Model, run: &RunState, why: &StateReason) -> String {
    let told = StateReason { verb: None, on: None, ..why.clone() }.to_line(run);
    if why.code == "completed" || (why.verb.is_none() && why.next.is_none()) {
        return told;
    }
    let name = |ix: TaskIx| run.plan().task(ix).id.as_str();
    format!("{told} · {}", fix_hint(model, (why.verb, why.code), why.on.map(name)))
}
