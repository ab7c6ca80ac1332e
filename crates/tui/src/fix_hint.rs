//! Hints that name the key for a reason's fix, as the operator's own keymap spells it.

use super::{
    action::{Action, CommandAction, GlobalAction, TaskAction, TaskVerb, TradingAction},
    keymap::Binding,
    model::Model,
};
use engine::{RunState, control::CommandVerb};
use planning::plan::TaskIx;
use view::{format::GlyphSet, why::StateReason};

/// Returns the action whose key asks for a verb; the reason's `code` tells apart what is paused.
fn action(verb: CommandVerb, code: &str) -> Option<Action> {
    let on = match verb {
        // The key of a retry reruns what is finished.
        CommandVerb::Retry | CommandVerb::Rerun => TaskAction::Do(TaskVerb::Retry),
        CommandVerb::RetryDownstream => TaskAction::Do(TaskVerb::RetryDownstream),
        CommandVerb::Hold | CommandVerb::Release => TaskAction::Do(TaskVerb::Hold),
        CommandVerb::RunNow => TaskAction::Do(TaskVerb::RunNow),
        CommandVerb::Cancel => TaskAction::Do(TaskVerb::Cancel),
        CommandVerb::Probe => TaskAction::Do(TaskVerb::Probe),
        CommandVerb::Force => TaskAction::Force,
        CommandVerb::ForceStage => TaskAction::ForceStage,
        CommandVerb::Approve | CommandVerb::Reject => TaskAction::Approve,
        CommandVerb::SetCompleted | CommandVerb::SetFailed | CommandVerb::Resolve => {
            TaskAction::Resolve
        }
        CommandVerb::SetPriority => TaskAction::Priority,
        CommandVerb::Skip | CommandVerb::SkipSatisfied | CommandVerb::Unskip => TaskAction::Skip,
        CommandVerb::Pause | CommandVerb::Resume if code == "engine_paused" => {
            return Some(Action::Command(CommandAction::PauseAll));
        }
        CommandVerb::Pause | CommandVerb::Resume => TaskAction::Pause,
        CommandVerb::Halt => return Some(Action::Command(CommandAction::Halt)),
        CommandVerb::ReduceOnly | CommandVerb::Kill | CommandVerb::ReEnable => {
            return Some(Action::Command(CommandAction::Trading(TradingAction::Ask)));
        }
        CommandVerb::Flatten => return Some(Action::Command(CommandAction::Flatten)),
        CommandVerb::Recover => return Some(Action::Command(CommandAction::Recover)),
        CommandVerb::RecoverPaused => return Some(Action::Command(CommandAction::RecoverPaused)),
        CommandVerb::Acknowledge => return Some(Action::Command(CommandAction::Acknowledge)),
        CommandVerb::CancelRun => return Some(Action::Command(CommandAction::CancelRun)),
        CommandVerb::Arm | CommandVerb::Disarm => return Some(Action::Global(GlobalAction::Arm)),
        CommandVerb::Recall => return Some(Action::Global(GlobalAction::Recall)),
        CommandVerb::RetryStage | CommandVerb::CatchUp => return None,
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
    (verb, code): (Option<CommandVerb>, &str),
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
