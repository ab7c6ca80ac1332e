//! What the keys do while something lies over the screen.

use super::{
    ButtonAction, CommandDialog, CommandLine, DialogFocus, Popup, ThemePicker, late_start,
};
use crate::{
    action::{CursorMotion, PopupAction},
    command_line::{self, PaletteHit},
    commands,
    cursor::moved_row,
    ingest,
    keymap::Binding,
    list_actions,
    model::Model,
    msg::Effect,
};
use engine::{AlertSeverity, Gate, RunState};

/// Gives an answer to the topmost overlay.
pub(crate) fn popup_action(model: &mut Model, answer: PopupAction) -> Vec<Effect> {
    match answer {
        PopupAction::Close => return close_popup(model),
        PopupAction::Accept => return accept(model),
        PopupAction::Next => step(model, false),
        PopupAction::Prev => step(model, true),
        PopupAction::Complete => complete(model),
        PopupAction::Nth(place) => {
            if let Some(Popup::LateStart(start)) = model.overlays.last_mut() {
                start.select(place);
            }
        }
        PopupAction::Less => return trim(model, |dialog| dialog.trim(true).map_err(str::to_owned)),
        PopupAction::More => {
            return trim(model, |dialog| dialog.trim(false).map_err(str::to_owned));
        }
        PopupAction::Shares => {
            let typing = |dialog: &mut CommandDialog| dialog.type_shares().map(|()| false);
            return trim(model, |dialog| typing(dialog).map_err(str::to_owned));
        }
        PopupAction::Toggle => {
            if let Some(Popup::Command(dialog)) = model.overlays.last_mut()
                && dialog.toggle()
            {
                return commands::refresh_preview(model);
            }
        }
    }
    Vec::new()
}

/// Does something to the order at hand; the engine is asked again where other shares would be sent.
fn trim(
    model: &mut Model,
    how: impl FnOnce(&mut CommandDialog) -> Result<bool, String>,
) -> Vec<Effect> {
    let Some(Popup::Command(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    match how(dialog) {
        Ok(true) => commands::refresh_preview(model),
        Ok(false) => Vec::new(),
        Err(why) => show_refusal(model, why),
    }
}

fn step(model: &mut Model, back: bool) {
    let by = if back { -1 } else { 1 };
    let offers = match model.overlays.last() {
        Some(Popup::Filter(prompt)) => list_actions::completions(model, prompt).len(),
        _no_offers => 0,
    };
    match model.overlays.last_mut() {
        Some(Popup::Dialog(dialog)) => dialog.move_focus(back),
        Some(Popup::LateStart(start)) => start.move_selection(back),
        Some(Popup::Command(dialog)) => {
            dialog.move_focus(back);
            scroll_to_focus(model);
        }
        Some(Popup::Help(help)) => help.move_selection(&model.settings.keymap, by),
        Some(Popup::Palette(palette)) => palette.move_selection(by),
        Some(Popup::CommandLine(line)) => line.step_history(&model.typed, !back),
        Some(Popup::Filter(prompt)) => prompt.move_selection(back, offers),
        Some(Popup::Themes(_)) => {
            model.settings.theme = ThemePicker::neighbour(model.settings.theme, back);
        }
        Some(Popup::LetterPrompt(_) | Popup::Arm(_) | Popup::Kill(_) | Popup::Confirm(_))
        | None => {}
    }
}

/// Offers the themes.
pub(crate) fn open_theme_picker(model: &mut Model) {
    let before = model.settings.theme;
    model.overlays.push(Popup::Themes(ThemePicker { before }));
}

/// Scrolls the dialog on top so that the line with the focus is in sight.
fn scroll_to_focus(model: &mut Model) {
    let Some(Popup::Command(dialog)) = model.overlays.last() else { return };
    let Some(rows) = crate::view::dialog_rows(model, dialog) else { return };
    let Some(focused) = rows.focused else { return };
    let first = rows.first.max(focused.end.saturating_sub(rows.room)).min(focused.start);
    if let Some(Popup::Command(dialog)) = model.overlays.last_mut() {
        dialog.scroll = first;
    }
}

/// Notes the rows of the dialog on top that are in sight.
pub(crate) fn note_rows_in_sight(model: &mut Model) {
    let Some(Popup::Command(dialog)) = model.overlays.last() else { return };
    let Some(rows) = crate::view::dialog_rows(model, dialog) else { return };
    let seen = rows.texts.into_iter().skip(rows.first).take(rows.room);
    if let Some(Popup::Command(dialog)) = model.overlays.last_mut() {
        dialog.seen.extend(seen);
    }
}

/// Scrolls the body of the dialog on top.
fn scroll_dialog(model: &mut Model, by: CursorMotion) {
    // A page keeps one row in sight, where there are more than a few.
    let page = |room: usize| if room > 3 { room - 1 } else { room.max(1) };
    let moved = |first, rows, room| moved_row(by, first, rows, page(room));
    match model.overlays.last() {
        Some(Popup::Command(dialog)) => {
            let Some(rows) = crate::view::dialog_rows(model, dialog) else { return };
            let to = moved(rows.first, rows.texts.len() + 1 - rows.room, rows.room);
            if let Some(Popup::Command(dialog)) = model.overlays.last_mut() {
                dialog.scroll = to;
            }
        }
        Some(Popup::Dialog(dialog)) => {
            let (first, room, rows) = crate::view::question_rows(model, dialog);
            let to = moved(first, rows + 1 - room, room);
            if let Some(Popup::Dialog(dialog)) = model.overlays.last_mut() {
                dialog.scroll = to;
            }
        }
        _other => {}
    }
}

/// Scrolls what can be scrolled: dialogs, the help, the palette.
pub(crate) fn scroll_popup(model: &mut Model, motion: CursorMotion) {
    let by = match motion {
        CursorMotion::Up => -1,
        CursorMotion::Down => 1,
        CursorMotion::PageUp => -10,
        CursorMotion::PageDown => 10,
        CursorMotion::Top => isize::MIN,
        CursorMotion::Bottom => isize::MAX,
    };
    match model.overlays.last_mut() {
        Some(Popup::Help(help)) => help.move_selection(&model.settings.keymap, by),
        Some(Popup::Palette(palette)) => palette.move_selection(by),
        Some(Popup::LateStart(start)) => start.scroll(by),
        Some(Popup::Dialog(_) | Popup::Command(_)) => scroll_dialog(model, motion),
        Some(
            Popup::Confirm(_)
            | Popup::Arm(_)
            | Popup::Kill(_)
            | Popup::Filter(_)
            | Popup::LetterPrompt(_)
            | Popup::Themes(_)
            | Popup::CommandLine(_),
        )
        | None => {}
    }
}

/// What follows from another text in the field on top.
pub(crate) fn on_text_changed(model: &mut Model) {
    let found = match model.overlays.last() {
        Some(Popup::Palette(palette)) => command_line::search(model, palette.field.text()),
        _other => Vec::new(),
    };
    match model.overlays.last_mut() {
        Some(Popup::Palette(palette)) => palette.set_hits(found),
        Some(Popup::Help(help)) => help.reset_selection(),
        Some(Popup::Filter(_)) => list_actions::apply_live_filter(model),
        _other => {}
    }
}

/// Takes what the command line, or a prompt, offers to add.
fn complete(model: &mut Model) {
    let Some(Popup::CommandLine(line)) = model.overlays.last() else {
        return list_actions::accept_completion(model);
    };
    let ghost = command_line::ghost_text(model, line.field.text());
    if let Some(Popup::CommandLine(line)) = model.overlays.last_mut() {
        line.complete(ghost.as_deref());
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Popup::Dialog(_)) => return press(model),
        Some(Popup::LateStart(_)) => return late_start::accept_choice(model),
        Some(Popup::Command(_)) => return accept_act(model),
        Some(Popup::Confirm(_)) => return commands::commit_dialog(model),
        Some(Popup::Arm(_)) => return arm(model),
        Some(Popup::Kill(_)) => return commands::confirm_kill(model),
        Some(Popup::Help(_)) => return accept_help(model),
        Some(Popup::Palette(_)) => return accept_hit(model),
        Some(Popup::CommandLine(_)) => return accept_line(model),
        Some(Popup::Filter(_)) => return list_actions::accept_prompt(model),
        Some(Popup::LetterPrompt(_)) => return close_popup(model),
        Some(Popup::Themes(_)) => {
            model.overlays.pop();
            let text = format!("theme {}", model.settings.theme.name());
            model.set_status(AlertSeverity::Info, text);
        }
        None => {}
    }
    Vec::new()
}

/// Closes the topmost overlay as if it had never been opened.
pub(crate) fn close_popup(model: &mut Model) -> Vec<Effect> {
    if let Some(Popup::Command(dialog)) = model.overlays.last_mut()
        && dialog.leave_shares()
    {
        return Vec::new();
    }
    match model.overlays.pop() {
        Some(Popup::Filter(prompt)) => list_actions::cancel_prompt(model, prompt),
        Some(Popup::Themes(themes)) => model.settings.theme = themes.before,
        Some(Popup::LateStart(start)) => late_start::cancel_choice(model, start),
        _nothing_to_undo => {}
    }
    Vec::new()
}

/// Presses the focused button of the dialog on top.
fn press(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Dialog(dialog)) = model.overlays.pop() else { return Vec::new() };
    let Some(choice) = dialog.button() else { return Vec::new() };
    let label = choice.label.to_lowercase();
    let what = match dialog.asked.as_str() {
        "" => label,
        told if told.starts_with(&label) => told.to_owned(),
        told => format!("{told}: {label}"),
    };
    let command = match choice.then.clone() {
        ButtonAction::Nothing => return Vec::new(),
        ButtonAction::Quit(quit) => return vec![Effect::Quit(quit)],
        ButtonAction::Propose(command) => {
            return commands::propose_fixed(model, what, vec![command]);
        }
        ButtonAction::Brake(command) => command,
        ButtonAction::Kill => return commands::ask_kill_word(model),
        ButtonAction::QuitWhenDrained(command) => {
            model.leaving = Some(model.wall);
            let gates = model.run.as_ref().map(RunState::closed_gates);
            if gates.is_some_and(|gates| gates.contains_key(&Gate::Engine)) {
                // Nothing to ask for; what runs may have ended already.
                return ingest::after_update(model);
            }
            command
        }
    };
    vec![commands::send_brake(model, command, None, what)]
}

fn accept_act(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Command(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    match dialog.spot {
        DialogFocus::Item(_) => return popup_action(model, PopupAction::Toggle),
        DialogFocus::Shares(_) => return trim(model, CommandDialog::take_shares),
        DialogFocus::Reason | DialogFocus::Phrase => dialog.move_focus(false),
        DialogFocus::Cancel => return close_popup(model),
        DialogFocus::Reject => return commands::reject_approval(model),
        DialogFocus::Commit => return commands::commit_dialog(model),
    }
    Vec::new()
}

fn arm(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Arm(field)) = model.overlays.last() else { return Vec::new() };
    let Some(reason) = field.trimmed_text().filter(|_| field.is_full()) else {
        model.set_status(AlertSeverity::Warning, "say why, in three letters at least");
        return Vec::new();
    };
    model.overlays.pop();
    vec![Effect::Arm { reason }]
}

/// Does what the chosen row of the help says; without a choice, closes it.
fn accept_help(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Help(help)) = model.overlays.pop() else { return Vec::new() };
    let chosen = help.selected(&model.settings.keymap);
    chosen.map(|row| command_line::run_binding(model, row)).unwrap_or_default()
}

/// Does what was found, or goes there. What takes words gets a line to write them on.
fn accept_hit(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Palette(palette)) = model.overlays.pop() else { return Vec::new() };
    let typed = |text: &str| {
        let mut line = CommandLine::default();
        line.field = line.field.with_text(text);
        Popup::CommandLine(line)
    };
    match palette.selected() {
        None => Vec::new(),
        Some(PaletteHit::Row(id)) => {
            Binding::by_id(id).map(|row| command_line::run_binding(model, row)).unwrap_or_default()
        }
        Some(PaletteHit::Command(word)) => {
            model.overlays.push(typed(&format!("{word} ")));
            Vec::new()
        }
        Some(PaletteHit::Target(kind, name)) => {
            let effects = command_line::run_line(model, &format!("goto {kind} {name}"));
            effects.unwrap_or_else(|why| show_refusal(model, why))
        }
    }
}

/// Does what the line says. One that says nothing that can be done stays, with the reason.
fn accept_line(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::CommandLine(line)) = model.overlays.pop() else { return Vec::new() };
    let text = line.field.text().trim().to_owned();
    if text.trim_start_matches(':').trim().is_empty() {
        return Vec::new();
    }
    model.typed.push(&text);
    match command_line::run_line(model, &text) {
        Ok(effects) => effects,
        Err(why) => {
            model.overlays.push(Popup::CommandLine(line));
            show_refusal(model, why)
        }
    }
}

fn show_refusal(model: &mut Model, why: String) -> Vec<Effect> {
    model.set_status(AlertSeverity::Warning, why);
    Vec::new()
}
