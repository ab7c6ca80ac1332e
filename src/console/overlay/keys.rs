//! What the keys do while something lies over the screen.

use super::{ActSpot, Overlay, Then};
use crate::{
    console::{
        action::{Answer, Motion},
        acts, fold,
        model::Model,
        msg::Effect,
        screen,
    },
    engine::{Gate, RunState, Severity},
    present::filter::Filter,
};

/// Gives an answer to the topmost overlay.
pub(crate) fn update(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Close => return closed(model),
        Answer::Accept => return accept(model),
        Answer::Next => step(model, false),
        Answer::Prev => step(model, true),
        Answer::Toggle => {
            if let Some(Overlay::Act(dialog)) = model.overlays.last_mut()
                && dialog.toggle()
            {
                return acts::propose_again(model);
            }
        }
    }
    Vec::new()
}

fn step(model: &mut Model, back: bool) {
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => dialog.step(back),
        Some(Overlay::Act(dialog)) => dialog.step(back),
        Some(Overlay::Help(help)) => help.scroll_by(if back { -1 } else { 1 }),
        Some(Overlay::Filter(_) | Overlay::Arm(_) | Overlay::Confirm(_)) | None => {}
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
        Some(Overlay::Dialog(_)) => return press(model),
        Some(Overlay::Act(_)) => return accept_act(model),
        Some(Overlay::Confirm(_)) => return acts::agree(model),
        Some(Overlay::Arm(_)) => return arm(model),
        Some(Overlay::Help(_)) => return closed(model),
        Some(Overlay::Filter(_)) => accept_filter(model),
        None => {}
    }
    Vec::new()
}

fn closed(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    Vec::new()
}

/// Presses the focused button of the dialog on top.
fn press(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Dialog(dialog)) = model.overlays.pop() else { return Vec::new() };
    let Some(choice) = dialog.button() else { return Vec::new() };
    let label = choice.label.to_lowercase();
    let what = match dialog.asked.as_str() {
        "" => label,
        told if told.starts_with(&label) => told.to_owned(),
        told => format!("{told}: {label}"),
    };
    let command = match choice.then.clone() {
        Then::Nothing => return Vec::new(),
        Then::Quit(quit) => return vec![Effect::Quit(quit)],
        Then::Propose(command) => return acts::fixed(model, what, vec![command]),
        Then::Brake(command) => command,
        Then::Drain(command) => {
            model.leaving = Some(model.wall);
            let gates = model.run.as_ref().map(RunState::gates);
            if gates.is_some_and(|gates| gates.contains_key(&Gate::Engine)) {
                // Nothing to ask for; what runs may have ended already.
                return fold::settle(model);
            }
            command
        }
    };
    vec![acts::brake(model, command, None, what)]
}

fn accept_act(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Act(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    match dialog.spot {
        ActSpot::Item(_) => return update(model, Answer::Toggle),
        ActSpot::Reason | ActSpot::Phrase => dialog.step(false),
        ActSpot::Cancel => return closed(model),
        ActSpot::Reject => return acts::reject(model),
        ActSpot::Go => return acts::agree(model),
    }
    Vec::new()
}

fn arm(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Arm(field)) = model.overlays.last() else { return Vec::new() };
    let Some(reason) = field.value().filter(|_| field.full()) else {
        model.say(Severity::Warning, "say why, in three letters at least");
        return Vec::new();
    };
    model.overlays.pop();
    vec![Effect::Arm { reason }]
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
