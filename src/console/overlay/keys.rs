//! What the keys do while something lies over the screen.

use super::{ActDialog, ActSpot, CommandLine, Overlay, Themes, Then, late};
use crate::{
    console::{
        action::{Answer, Motion},
        acts,
        command::{self, Hit},
        fold,
        model::Model,
        msg::Effect,
        registry::Row,
        rows,
    },
    engine::{Gate, RunState, Severity},
};

/// Gives an answer to the topmost overlay.
pub(crate) fn update(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Close => return closed(model),
        Answer::Accept => return accept(model),
        Answer::Next => step(model, false),
        Answer::Prev => step(model, true),
        Answer::Complete => complete(model),
        Answer::Nth(place) => {
            if let Some(Overlay::Late(start)) = model.overlays.last_mut() {
                start.at(place);
            }
        }
        Answer::Less => return trim(model, |dialog| dialog.trim(true).map_err(str::to_owned)),
        Answer::More => return trim(model, |dialog| dialog.trim(false).map_err(str::to_owned)),
        Answer::Shares => {
            let typing = |dialog: &mut ActDialog| dialog.type_shares().map(|()| false);
            return trim(model, |dialog| typing(dialog).map_err(str::to_owned));
        }
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

/// Does something to the order at hand; the engine is asked again where other shares would be sent.
fn trim(
    model: &mut Model,
    how: impl FnOnce(&mut ActDialog) -> Result<bool, String>,
) -> Vec<Effect> {
    let Some(Overlay::Act(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    match how(dialog) {
        Ok(true) => acts::propose_again(model),
        Ok(false) => Vec::new(),
        Err(why) => refused(model, why),
    }
}

fn step(model: &mut Model, back: bool) {
    let by = if back { -1 } else { 1 };
    let offers = match model.overlays.last() {
        Some(Overlay::Filter(prompt)) => rows::options(model, prompt).len(),
        _no_offers => 0,
    };
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => dialog.step(back),
        Some(Overlay::Late(start)) => start.step(back),
        Some(Overlay::Act(dialog)) => dialog.step(back),
        Some(Overlay::Help(help)) => help.step(&model.settings.keymap, by),
        Some(Overlay::Palette(palette)) => palette.step(by),
        Some(Overlay::Command(line)) => line.walk(&model.typed, !back),
        Some(Overlay::Filter(prompt)) => prompt.step(back, offers),
        Some(Overlay::Themes(_)) => {
            model.settings.theme = Themes::step(model.settings.theme, back);
        }
        Some(Overlay::Pick(_) | Overlay::Arm(_) | Overlay::Kill(_) | Overlay::Confirm(_))
        | None => {}
    }
}

/// Offers the themes.
pub(crate) fn themes(model: &mut Model) {
    let before = model.settings.theme;
    model.overlays.push(Overlay::Themes(Themes { before }));
}

/// Scrolls what can be scrolled: the help, the palette.
pub(crate) fn scroll(model: &mut Model, motion: Motion) {
    let by = match motion {
        Motion::Up => -1,
        Motion::Down => 1,
        Motion::PageUp => -10,
        Motion::PageDown => 10,
        Motion::Top => isize::MIN,
        Motion::Bottom => isize::MAX,
    };
    match model.overlays.last_mut() {
        Some(Overlay::Help(help)) => help.step(&model.settings.keymap, by),
        Some(Overlay::Palette(palette)) => palette.step(by),
        Some(Overlay::Late(start)) => start.scroll(by),
        Some(
            Overlay::Dialog(_)
            | Overlay::Act(_)
            | Overlay::Confirm(_)
            | Overlay::Arm(_)
            | Overlay::Kill(_)
            | Overlay::Filter(_)
            | Overlay::Pick(_)
            | Overlay::Themes(_)
            | Overlay::Command(_),
        )
        | None => {}
    }
}

/// What follows from another text in the field on top.
pub(crate) fn retyped(model: &mut Model) {
    let found = match model.overlays.last() {
        Some(Overlay::Palette(palette)) => command::find(model, palette.field.text()),
        _other => Vec::new(),
    };
    match model.overlays.last_mut() {
        Some(Overlay::Palette(palette)) => palette.refresh(found),
        Some(Overlay::Help(help)) => help.refresh(),
        Some(Overlay::Filter(_)) => rows::live(model),
        _other => {}
    }
}

/// Takes what the command line, or a prompt, offers to add.
fn complete(model: &mut Model) {
    let Some(Overlay::Command(line)) = model.overlays.last() else {
        return rows::completed(model);
    };
    let ghost = command::ghost(model, line.field.text());
    if let Some(Overlay::Command(line)) = model.overlays.last_mut() {
        line.complete(ghost.as_deref());
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Dialog(_)) => return press(model),
        Some(Overlay::Late(_)) => return late::taken(model),
        Some(Overlay::Act(_)) => return accept_act(model),
        Some(Overlay::Confirm(_)) => return acts::agree(model),
        Some(Overlay::Arm(_)) => return arm(model),
        Some(Overlay::Kill(_)) => return acts::kill(model),
        Some(Overlay::Help(_)) => return accept_help(model),
        Some(Overlay::Palette(_)) => return accept_hit(model),
        Some(Overlay::Command(_)) => return accept_line(model),
        Some(Overlay::Filter(_)) => return rows::taken(model),
        Some(Overlay::Pick(_)) => return closed(model),
        Some(Overlay::Themes(_)) => {
            model.overlays.pop();
            let text = format!("theme {}", model.settings.theme.name());
            model.say(Severity::Info, text);
        }
        None => {}
    }
    Vec::new()
}

/// Closes the topmost overlay as if it had never been opened.
pub(crate) fn closed(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Act(dialog)) = model.overlays.last_mut()
        && dialog.leave_shares()
    {
        return Vec::new();
    }
    match model.overlays.pop() {
        Some(Overlay::Filter(prompt)) => rows::left(model, prompt),
        Some(Overlay::Themes(themes)) => model.settings.theme = themes.before,
        Some(Overlay::Late(start)) => late::left_open(model, start),
        _nothing_to_undo => {}
    }
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
        Then::Kill => return acts::ask_kill(model),
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
        ActSpot::Shares(_) => return trim(model, ActDialog::take_shares),
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

/// Does what the chosen row of the help says; without a choice, closes it.
fn accept_help(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Help(help)) = model.overlays.pop() else { return Vec::new() };
    let chosen = help.chosen(&model.settings.keymap);
    chosen.map(|row| command::row(model, row)).unwrap_or_default()
}

/// Does what was found, or goes there. What takes words gets a line to write them on.
fn accept_hit(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = model.overlays.pop() else { return Vec::new() };
    let typed = |text: &str| {
        let mut line = CommandLine::default();
        line.field = line.field.with(text);
        Overlay::Command(line)
    };
    match palette.chosen() {
        None => Vec::new(),
        Some(Hit::Row(id)) => {
            Row::named(id).map(|row| command::row(model, row)).unwrap_or_default()
        }
        Some(Hit::Command(word)) => {
            model.overlays.push(typed(&format!("{word} ")));
            Vec::new()
        }
        Some(Hit::Thing(kind, name)) => {
            let effects = command::line(model, &format!("goto {kind} {name}"));
            effects.unwrap_or_else(|why| refused(model, why))
        }
    }
}

/// Does what the line says. One that says nothing that can be done stays, with the reason.
fn accept_line(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Command(line)) = model.overlays.pop() else { return Vec::new() };
    let text = line.field.text().trim().to_owned();
    if text.trim_start_matches(':').trim().is_empty() {
        return Vec::new();
    }
    model.typed.remember(&text);
    match command::line(model, &text) {
        Ok(effects) => effects,
        Err(why) => {
            model.overlays.push(Overlay::Command(line));
            refused(model, why)
        }
    }
}

fn refused(model: &mut Model, why: String) -> Vec<Effect> {
    model.say(Severity::Warning, why);
    Vec::new()
}
