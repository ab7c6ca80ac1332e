//! Types and functions for keys: from a key press to an action, or to a text field.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    action::{Action, CommandAction, Navigation},
    chord::Chord,
    commands::PendingCommands,
    keymap::{Binding, KeyMatch, KeyScope},
    model::Model,
    msg::Effect,
    popup::{self, DialogFocus, Popup},
    screens,
    update::perform_action,
};
use engine::{AlertSeverity, control::RiskTier};
use planning::time::Span;

/// Takes a key press.
pub(super) fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    if let Some(alone) = unbound_alt(model, key) {
        // Esc and the next key arrive in one piece: a terminal sends the same bytes for Alt.
        let mut effects = on_key(model, KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        effects.extend(on_key(model, alone));
        return effects;
    }
    let begun = std::mem::take(&mut model.typed.begun);
    let repeats = key.kind == KeyEventKind::Repeat;
    let found = model.settings.keymap.lookup(model.key_scope(), &begun, key);
    let halts = |row: &Binding| row.action == Action::Command(CommandAction::Halt);
    if !matches!(found, KeyMatch::Row(row) if halts(row)) {
        let armed = model.halt_armed.take().is_some();
        if armed && !matches!(found, KeyMatch::None) {
            model.notice = None;
        }
    }
    if begun.is_empty() && (is_typed_ahead(model, &found) || types_reason(model, key, &found)) {
        return Vec::new();
    }
    match found {
        // A key held down plays no sequence.
        KeyMatch::Prefix | KeyMatch::Row(_) if repeats && !begun.is_empty() => {
            model.typed.begun = begun;
            Vec::new()
        }
        KeyMatch::Prefix if repeats => Vec::new(),
        KeyMatch::Prefix => {
            model.typed.begun = begun.into_iter().chain(Chord::from_event(key)).collect();
            Vec::new()
        }
        KeyMatch::Row(row) if repeats && !row.action.repeats() => Vec::new(),
        KeyMatch::Row(row) if is_stray_key(model, row) => Vec::new(),
        KeyMatch::Row(row) => {
            if let Some(direction) = screens::graph::model::direction_of_key(model, key, row.action)
            {
                screens::graph::model::move_to_neighbour(model, direction);
                return Vec::new();
            }
            perform_action(model, row.action)
        }
        KeyMatch::None if deaf(model) => Vec::new(),
        KeyMatch::None if begun.is_empty() => {
            // A letter that answers nothing takes the question back.
            model.overlays.pop_if(|overlay| matches!(overlay, Popup::LetterPrompt(_)));
            type_into(model, key);
            Vec::new()
        }
        // A sequence that came to nothing does nothing: not what its last key means alone.
        KeyMatch::None => {
            let took_back = Chord::from_event(key) == Some(Chord::key(KeyCode::Esc));
            if !took_back {
                let keys = begun.into_iter().chain(Chord::from_event(key)).map(Chord::label);
                let keys = keys.collect::<Vec<_>>().join(" ");
                model.set_status(AlertSeverity::Info, format!("{keys} means nothing here"));
            }
            Vec::new()
        }
    }
}

/// The key without Alt, where a key with Alt means nothing: then it is Esc and the key.
fn unbound_alt(model: &mut Model, key: KeyEvent) -> Option<KeyEvent> {
    if !key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let keymap = &model.settings.keymap;
    let unbound = [&model.typed.begun[..], &[]]
        .into_iter()
        .all(|begun| matches!(keymap.lookup(model.key_scope(), begun, key), KeyMatch::None));
    // A text field moves and deletes by words with these.
    let edits = matches!(key.code, KeyCode::Char('b' | 'd' | 'f') | KeyCode::Backspace);
    let typing = model.overlays.last_mut().is_some_and(|popup| popup.text_field().is_some());
    let alone = KeyEvent { modifiers: key.modifiers - KeyModifiers::ALT, ..key };
    (unbound && !(edits && typing)).then_some(alone)
}

/// How long a dialog that was asked for keeps what is typed from acting on the screen below, on the
/// wall.
const OPENS_WITHIN: Span = Span::secs(2);

/// Returns whether a key was typed ahead, into a dialog the engine has not answered for yet. Brakes
/// and the keys that mean the same everywhere are never typed ahead.
fn is_typed_ahead(model: &mut Model, found: &KeyMatch) -> bool {
    let Some(dialog) = &model.acts.opening else { return false };
    if (model.wall - dialog.since) > OPENS_WITHIN.to_delta() || !model.overlays.is_empty() {
        return false;
    }
    match found {
        KeyMatch::Row(row) if row.action == Action::Go(Navigation::Back) => {
            model.acts.opening = None;
            true
        }
        KeyMatch::Row(row) => {
            row.scope != KeyScope::Global && row.action != Action::Command(CommandAction::Halt)
        }
        KeyMatch::Prefix | KeyMatch::None => true,
    }
}

/// Types a character into the reason of the dialog on top, where a button or a line has the focus:
/// a reason that is typed never runs a command. Returns whether it was typed.
fn types_reason(model: &mut Model, key: KeyEvent, found: &KeyMatch) -> bool {
    let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
    let letter = matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(held);
    let bound = match found {
        KeyMatch::Row(row) => row.scope != KeyScope::Dialog || row.tier == RiskTier::Brake,
        KeyMatch::Prefix | KeyMatch::None => false,
    };
    if !letter || bound || deaf(model) {
        return false;
    }
    let Some(Popup::Command(dialog)) = model.overlays.last_mut() else { return false };
    let elsewhere =
        !matches!(dialog.spot, DialogFocus::Reason | DialogFocus::Phrase | DialogFocus::Shares(_));
    let typed = elsewhere && dialog.focus_text();
    if typed {
        type_into(model, key);
    }
    typed
}

/// Whether a key is to be passed over: it was meant for what lay below a dialog that has just
/// opened, or it is an act's key held down. The brakes are never passed over.
fn is_stray_key(model: &mut Model, row: &Binding) -> bool {
    let wall = model.wall;
    if row.tier == RiskTier::Brake || matches!(row.action, Action::Global(_)) {
        return false;
    }
    if deaf(model) {
        return true;
    }
    if !row.action.changes_the_run() {
        return false;
    }
    let again = model.acts.pressed.replace((row.id, wall));
    again.is_some_and(|(id, at)| id == row.id && wall - at < PendingCommands::REPEAT.to_delta())
}

/// Whether a dialog of an act has only just opened.
fn deaf(model: &Model) -> bool {
    let over = model.overlays.last().is_some_and(Popup::may_lead_to_command);
    over && model.acts.opened.is_some_and(|at| model.wall - at < PendingCommands::DEAF.to_delta())
}

/// A letter for the field that has the keys, if one has.
fn type_into(model: &mut Model, key: KeyEvent) {
    if let Some(field) = model.overlays.last_mut().and_then(Popup::text_field) {
        let before = field.text().to_owned();
        field.on_key(key);
        if field.text() != before {
            popup::on_text_changed(model);
        }
    }
}

/// Takes pasted text: into the field that has the focus, or nowhere.
pub(super) fn paste(model: &mut Model, text: &str) {
    model.typed.begun.clear();
    if let Some(field) = model.overlays.last_mut().and_then(Popup::text_field) {
        field.paste(text);
        popup::on_text_changed(model);
    }
}
