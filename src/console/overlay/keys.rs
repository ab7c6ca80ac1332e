//! What the keys do while something lies over the screen.

use super::{Dialog, Field, Force, ForceSpot, Overlay, Spot, Then};
use crate::{
    console::{act, action::Action, fold, model::Model, msg::Effect, screen},
    engine::{Gate, Severity},
    present::filter::Filter,
};

/// Gives an action to the topmost overlay.
pub(crate) fn update(model: &mut Model, action: Action) -> Vec<Effect> {
    if action == Action::Close {
        model.overlays.pop();
        return Vec::new();
    }
    let now = model.now;
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => match action {
            Action::Next => dialog.step(false),
            Action::Prev => dialog.step(true),
            Action::Accept if dialog.spot == Spot::Field => dialog.step(false),
            Action::Accept => return press(model),
            _other => {}
        },
        Some(Overlay::Force(force)) => match action {
            Action::Next => force.step(false),
            Action::Prev => force.step(true),
            Action::Toggle => force.toggle(model.run.as_ref(), now),
            Action::Accept => return accept_force(model),
            _other => {}
        },
        Some(Overlay::Help(help)) => {
            let most = help.lines().len().saturating_sub(1);
            match action {
                Action::Next => help.scroll += 1,
                Action::Prev => help.scroll = help.scroll.saturating_sub(1),
                Action::PageDown => help.scroll += 10,
                Action::PageUp => help.scroll = help.scroll.saturating_sub(10),
                Action::Accept => return closed(model),
                _other => {}
            }
            help.scroll = help.scroll.min(most);
        }
        Some(Overlay::Filter(_)) if action == Action::Accept => accept_filter(model),
        Some(Overlay::Filter(_)) | None => {}
    }
    Vec::new()
}

fn closed(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    Vec::new()
}

/// Presses the focused button of the dialog on top.
fn press(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Dialog(dialog)) = model.overlays.last() else { return Vec::new() };
    if let Some(lacks) = dialog.lacks() {
        model.say(Severity::Warning, lacks);
        return Vec::new();
    }
    let Dialog { asked, .. } = dialog;
    let Some(choice) = dialog.button() else { return Vec::new() };
    let text = dialog.field.as_ref().and_then(Field::value);
    let (then, label) = (choice.then.clone(), choice.label.clone());
    let asked = format!("{asked}: {}", label.to_lowercase());
    model.overlays.pop();
    let command = then.command(text.as_deref());
    match then {
        Then::Nothing => return Vec::new(),
        Then::Quit(quit) => return vec![Effect::Quit(quit)],
        Then::Drain(_) => model.leaving = Some(model.wall),
        Then::Send(_) | Then::Happened(_) => {}
    }
    let paused = model.run.as_ref().is_some_and(|run| run.gates().contains_key(&Gate::Engine));
    if model.leaving.is_some() && paused {
        // Nothing to ask for; what runs may have ended already.
        return fold::settle(model);
    }
    command.map(|command| act::send(model, command, text, asked)).into_iter().collect()
}

fn accept_force(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(Overlay::Force(force)) = model.overlays.last_mut() else { return Vec::new() };
    match force.spot {
        ForceSpot::Item(_) => force.toggle(model.run.as_ref(), now),
        ForceSpot::Reason => force.step(false),
        ForceSpot::Cancel => return closed(model),
        ForceSpot::Go if !force.reason.full() => {
            model.say(Severity::Warning, "type the reason first");
        }
        ForceSpot::Go => return go(model),
    }
    Vec::new()
}

fn go(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Force(force)) = model.overlays.pop() else { return Vec::new() };
    let Force { name, reason, .. } = &force;
    let (asked, reason) = (format!("force {name}"), reason.value());
    vec![act::send(model, force.command(), reason, asked)]
}

fn accept_filter(model: &mut Model) {
    let Some(Overlay::Filter(field)) = model.overlays.last() else { return };
    match Filter::parse(field.text().trim()) {
        Ok(filter) => {
            model.overlays.pop();
            screen::set_filter(model, filter);
        }
        Err(error) => model.say(Severity::Warning, error.to_string()),
    }
}
