//! Doing what a line, a row of the help or a hit of the palette asks for.

use super::{
    NamedTarget,
    resolve::{ParsedCommand, parse_line},
};
use crate::{
    action::{Action, CommandAction, Navigation, TradingAction},
    keymap::Binding,
    model::{Model, Pane},
    msg::Effect,
    nav::Screen,
    popup::Popup,
    screens, unavailable, update,
};
use engine::AlertSeverity;
use view::filter::Filter;

/// Does what a line says.
///
/// # Errors
///
/// Why the line says nothing that can be done.
pub(crate) fn run_line(model: &mut Model, line: &str) -> Result<Vec<Effect>, String> {
    match parse_line(model, line)? {
        ParsedCommand::Row(wanted) => Ok(run_binding(model, wanted)),
        ParsedCommand::On(wanted, target) => Ok(run_on_target(model, wanted, target)),
        ParsedCommand::See(target) => {
            show_target(model, target);
            Ok(Vec::new())
        }
        ParsedCommand::Arg(command, arguments) => (command.run)(model, arguments),
    }
}

/// Does what a row says, as its key would where it holds; says why when it does not apply.
pub(crate) fn run_binding(model: &mut Model, row: &'static Binding) -> Vec<Effect> {
    let halts = row.action == Action::Command(CommandAction::Halt);
    let why = if row.is_offered() {
        let open = !halts && model.overlays.iter().any(Popup::may_lead_to_command);
        open.then(|| "close the question first".to_owned())
            .or_else(|| unavailable::why_not(model, row))
    } else {
        Some(format!("press its key {}", row.scope.title()))
    };
    if let Some(why) = why {
        model.set_status(AlertSeverity::Warning, format!("{}: not now: {why}", row.title));
        return Vec::new();
    }
    // A word on the line or a row of the palette is not the key of a brake: it asks.
    let asks = Action::Command(CommandAction::Trading(TradingAction::Halt));
    update::perform_action(model, if halts { asks } else { row.action })
}

/// Does what a row says to a thing that was named. The act finds it where it finds what is selected.
fn run_on_target(model: &mut Model, row: &'static Binding, target: NamedTarget) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let refused = |model: &mut Model, why: &str| {
        model.set_status(AlertSeverity::Warning, format!("{}: not now: {why}", row.title));
        Vec::new()
    };
    match (row.action, target, target.task(run)) {
        (Action::Command(act @ CommandAction::PauseAgent), NamedTarget::Agent(agent), _) => {
            let selected = model.agent.replace(agent);
            let effects = update::perform_action(model, Action::Command(act));
            model.agent = selected;
            effects
        }
        (Action::Command(act @ CommandAction::Task(on)), _, Some(task)) => {
            // The one that was named and no other: an approval looks for whoever asks.
            if let Some(why) = unavailable::on_task(model, on, task) {
                return refused(model, &why);
            }
            model.typed.aim = Some(task);
            let effects = update::perform_action(model, Action::Command(act));
            model.typed.aim = None;
            effects
        }
        (Action::Command(CommandAction::Task(_)), _, None) => {
            refused(model, "there is no task in it")
        }
        (Action::Go(Navigation::Open), ..) => {
            show_target(model, target);
            Vec::new()
        }
        _other => refused(model, "it takes no target"),
    }
}

/// Shows a thing: a task on its own screen, a stage as its tasks, an agent in the list of agents.
pub(crate) fn show_target(model: &mut Model, target: NamedTarget) {
    match target {
        NamedTarget::Task(ix) => {
            model.nav.go_to(Screen::Task(ix));
            model.scroll = 0;
        }
        NamedTarget::Agent(ix) => {
            model.agent = Some(ix);
            model.nav.go_to(Screen::Agents);
        }
        NamedTarget::Stage(_) => {
            let Some(run) = &model.run else { return };
            let wanted = format!("stage:{}", target.name(run).1);
            if let Ok(filter) = Filter::parse(&wanted) {
                model.nav.go_to(Screen::Tasks);
                model.pane = Pane::Tasks;
                screens::set_filter(model, filter);
            }
        }
    }
}
