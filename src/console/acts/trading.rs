//! Changing what may be sent: the question which way, the word of the kill, and the way back.

use super::flow::brake;
use crate::{
    console::{
        action::Rung,
        acts::fixed,
        model::Model,
        msg::Effect,
        overlay::{Choice, Dialog, Field, Overlay, Then},
    },
    engine::{Command, RunState, Severity, TradingState},
    present::{drill, trading},
};

/// The word that is typed for a kill.
const WORD: &str = "KILL";

pub(super) fn act(model: &mut Model, rung: Rung) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    match rung {
        Rung::Ask => ask(model, None),
        // A word on a line or a row of the palette is not the key of a brake: it asks.
        Rung::Reduce => ask(model, Some(TradingState::ReduceOnly)),
        Rung::Stop => ask(model, Some(TradingState::Halted)),
        Rung::Kill => ask_kill(model),
        Rung::Rearm => {
            let to = run.trading().state.below();
            fixed(model, format!("re-arm trading to {to}"), vec![Command::Rearm { to }])
        }
    }
}

fn ask(model: &mut Model, wanted: Option<TradingState>) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let dialog = question(run, model.travel.still().is_none());
    let drill = drill::age(model.settings.drill, model.wall);
    let dialog = if drill.due { dialog.warning(drill.told) } else { dialog.line(drill.told) };
    let to = wanted.map(|to| Then::Brake(Command::Tighten { to }));
    let button = to.and_then(|to| dialog.choices.iter().position(|choice| choice.then == to));
    let dialog = match (wanted, button) {
        (Some(_), Some(button)) => dialog.focus(button),
        (Some(_), None) => dialog.focus(0),
        (None, _) => dialog,
    };
    model.acts.opened = Some(model.wall);
    model.overlays.push(Overlay::Dialog(dialog));
    Vec::new()
}

/// Which way; only what is possible. The way back is not offered to who does not look at the live run.
fn question(run: &RunState, live: bool) -> Dialog {
    let now = run.trading().state;
    let mut dialog = Dialog::new("", format!("what may be sent: {now}"));
    if let Some(told) = trading::told(run) {
        dialog = dialog.line(told).line(trading::orders(run));
    }
    let rungs = [
        (TradingState::ReduceOnly, "Reduce only", "no order that adds risk; reversible"),
        (TradingState::Halted, "Stop orders", "own orders are withdrawn, no new ones leave"),
    ];
    for (to, label, hint) in rungs.into_iter().filter(|(to, ..)| *to > now) {
        dialog = dialog.choice(Choice::new(label, hint, Then::Brake(Command::Tighten { to })));
    }
    if now < TradingState::Killed {
        let hint = "no order at all, agents stop; the word is typed, the way back is long";
        dialog = dialog.choice(Choice::new("Kill", hint, Then::Kill));
    }
    if now > TradingState::Active && live {
        let to = now.below();
        let label = format!("Re-arm to {to}");
        let then = Then::Propose(Command::Rearm { to });
        dialog = dialog.choice(Choice::new(label, "asks first; reason and phrase", then));
    }
    // To let less out is the safe answer; to let more out is not.
    if now < TradingState::Halted { dialog.focus(1) } else { dialog }
}

/// Asks for the word of the kill.
pub(in crate::console) fn ask_kill(model: &mut Model) -> Vec<Effect> {
    model.acts.opened = Some(model.wall - super::state::Acts::DEAF.delta());
    model.overlays.push(Overlay::Kill(Field::new("type KILL, then why", WORD.len())));
    Vec::new()
}

/// Kills, if the word was typed; what follows it is the reason.
pub(in crate::console) fn kill(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Kill(field)) = model.overlays.last() else { return Vec::new() };
    let typed = field.value().unwrap_or_default();
    let rest = typed.strip_prefix(WORD).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let Some(rest) = rest else {
        model.say(Severity::Warning, "nothing is killed: the first word must be KILL");
        return Vec::new();
    };
    let why = Some(rest.trim().to_owned()).filter(|why| !why.is_empty());
    model.overlays.pop();
    // Nothing that was agreed to before goes out behind the kill.
    (model.acts.promised, model.acts.opening) = (None, None);
    let command = Command::Tighten { to: TradingState::Killed };
    vec![brake(model, command, why, "KILL".into())]
}
