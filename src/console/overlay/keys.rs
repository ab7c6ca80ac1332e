//! What the keys do while something lies over the screen.

use super::{Dialog, Field, Force, ForceSpot, Overlay, Spot, Then};
use crate::{
    console::{
        act,
        action::{Answer, Motion},
        fold,
        model::Model,
        msg::Effect,
        rows,
    },
    engine::{Gate, Severity},
};

/// Gives an answer to the topmost overlay.
pub(crate) fn update(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Close => return closed(model),
        Answer::Complete => rows::completed(model),
        Answer::Accept => return accept(model),
        Answer::Next => step(model, false),
        Answer::Prev => step(model, true),
        Answer::Toggle => {
            if let Some(Overlay::Force(force)) = model.overlays.last_mut() {
                force.toggle(model.run.as_ref(), model.now);
            }
        }
    }
    Vec::new()
}

fn step(model: &mut Model, back: bool) {
    let offers = match model.overlays.last() {
        Some(Overlay::Filter(prompt)) => rows::options(model, prompt).len(),
        _no_offers => 0,
    };
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => dialog.step(back),
        Some(Overlay::Force(force)) => force.step(back),
        Some(Overlay::Help(help)) => help.scroll_by(if back { -1 } else { 1 }),
        Some(Overlay::Filter(prompt)) => prompt.step(back, offers),
        Some(Overlay::Pick(_)) | None => {}
    }
}

/// Scrolls what can be scrolled: the help.
pub(crate) fn scroll(model: &mut Model, motion: Motion) {
    if let Some(Overlay::Help(help)) = model.overlays.last_mut() {
        help.scroll_by(match motion {
            Motion::Up => -1,
            Motion::Down => 1,
            Motion::PageUp => -10,
            Motion::PageDown => 10,
            Motion::Top => isize::MIN,
            Motion::Bottom => isize::MAX,
        });
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) if dialog.spot == Spot::Field => dialog.step(false),
        Some(Overlay::Dialog(_)) => return press(model),
        Some(Overlay::Force(_)) => return accept_force(model),
        Some(Overlay::Help(_) | Overlay::Pick(_)) => return closed(model),
        Some(Overlay::Filter(_)) => return rows::taken(model),
        None => {}
    }
    Vec::new()
}

/// Closes the topmost overlay as if it had never been opened.
pub(crate) fn closed(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Filter(prompt)) = model.overlays.pop() {
        rows::left(model, prompt);
    }
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
    let label = label.to_lowercase();
    let asked = match asked.as_str() {
        "" => label,
        told if told.starts_with(&label) => told.to_owned(),
        told => format!("{told}: {label}"),
    };
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
