//! Changing what may be sent: the question which way, the word of the kill, and the way back.

use super::propose_commit::send_brake;
use crate::{
    action::TradingAction,
    commands::propose_fixed,
    model::Model,
    msg::Effect,
    popup::{ButtonAction, Dialog, DialogButton, Popup, TextField},
};
use engine::{AlertSeverity, Command, RunState, TradingState};
use view::{drill, trading_state};

/// The word that is typed for a kill.
const WORD: &str = "KILL";

pub(super) fn trading_action(model: &mut Model, rung: TradingAction) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    match rung {
        TradingAction::Ask => ask_trading_state(model, None),
        // A word on a line or a row of the palette is not the key of a brake: it asks.
        TradingAction::ReduceOnly => ask_trading_state(model, Some(TradingState::ReduceOnly)),
        TradingAction::Halt => ask_trading_state(model, Some(TradingState::Halted)),
        TradingAction::Kill => ask_kill_word(model),
        TradingAction::ReEnable => {
            let to = run.trading_status().state.next_looser();
            propose_fixed(
                model,
                format!("re-enable trading to {to}"),
                vec![Command::ReEnableTrading { to }],
            )
        }
    }
}

fn ask_trading_state(model: &mut Model, wanted: Option<TradingState>) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let dialog = question(run, model.travel.frozen_view().is_none());
    let drill = drill::drill_age(model.settings.drill, model.wall);
    let dialog =
        if drill.due { dialog.with_warning(drill.told) } else { dialog.with_line(drill.told) };
    let to = wanted.map(|to| ButtonAction::Brake(Command::TightenTrading { to }));
    let button = to.and_then(|to| dialog.choices.iter().position(|choice| choice.then == to));
    let dialog = match (wanted, button) {
        (Some(_), Some(button)) => dialog.with_focus(button),
        (Some(_), None) => dialog.with_focus(0),
        (None, _) => dialog,
    };
    model.acts.opened = Some(model.wall);
    model.overlays.push(Popup::Dialog(dialog));
    Vec::new()
}

/// Which way; only what is possible. The way back is not offered to who does not look at the live run.
fn question(run: &RunState, live: bool) -> Dialog {
    let now = run.trading_status().state;
    let mut dialog = Dialog::new("", format!("trading state: {now}"));
    if let Some(told) = trading_state::trading_state_text(run) {
        dialog = dialog.with_line(told).with_line(trading_state::orders(run));
    }
    let rungs = [
        (TradingState::ReduceOnly, "Reduce only", "only orders that reduce positions"),
        (TradingState::Halted, "Halt", "no new orders; working orders are cancelled"),
    ];
    for (to, label, hint) in rungs.into_iter().filter(|(to, ..)| *to > now) {
        dialog = dialog.with_button(DialogButton::new(
            label,
            hint,
            ButtonAction::Brake(Command::TightenTrading { to }),
        ));
    }
    if now < TradingState::Killed {
        let hint = "no orders and no tasks; the word KILL is typed";
        dialog = dialog.with_button(DialogButton::new("Kill", hint, ButtonAction::Kill));
    }
    if now > TradingState::Active && live {
        let to = now.next_looser();
        let label = format!("Re-enable to {to}");
        let then = ButtonAction::Propose(Command::ReEnableTrading { to });
        dialog =
            dialog.with_button(DialogButton::new(label, "needs a reason and a typed phrase", then));
    }
    // To let less out is the safe answer; to let more out is not.
    if now < TradingState::Halted { dialog.with_focus(1) } else { dialog }
}

/// Asks for the word of the kill.
pub(crate) fn ask_kill_word(model: &mut Model) -> Vec<Effect> {
    model.acts.opened = Some(model.wall - super::pending::PendingCommands::DEAF.to_delta());
    model.overlays.push(Popup::Kill(TextField::new("type KILL, then why", WORD.len())));
    Vec::new()
}

/// Kills, if the word was typed; what follows it is the reason.
pub(crate) fn confirm_kill(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Kill(field)) = model.overlays.last() else { return Vec::new() };
    let typed = field.trimmed_text().unwrap_or_default();
    let rest = typed.strip_prefix(WORD).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let Some(rest) = rest else {
        model.set_status(AlertSeverity::Warning, "nothing is killed: the first word must be KILL");
        return Vec::new();
    };
    let why = Some(rest.trim().to_owned()).filter(|why| !why.is_empty());
    model.overlays.pop();
    // Nothing that was agreed to before goes out behind the kill.
    (model.acts.promised, model.acts.opening) = (None, None);
    let command = Command::TightenTrading { to: TradingState::Killed };
    vec![send_brake(model, command, why, "KILL".into())]
}
