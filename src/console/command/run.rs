//! Doing what a line, a row of the help or a hit of the palette asks for.

use super::{
    Target,
    resolve::{Wanted, resolve},
};
use crate::{
    console::{
        action::{Act, Action, Go},
        model::{Model, Pane},
        msg::Effect,
        nav::Screen,
        overlay::Overlay,
        registry::Row,
        screen, update, why_not,
    },
    engine::Severity,
    present::filter::Filter,
};

/// Does what a line says.
///
/// # Errors
///
/// Why the line says nothing that can be done.
pub(in crate::console) fn line(model: &mut Model, line: &str) -> Result<Vec<Effect>, String> {
    match resolve(model, line)? {
        Wanted::Row(wanted) => Ok(row(model, wanted)),
        Wanted::On(wanted, target) => Ok(on(model, wanted, target)),
        Wanted::See(target) => {
            go_to(model, target);
            Ok(Vec::new())
        }
        Wanted::Arg(command, arguments) => (command.run)(model, arguments),
    }
}

/// Does what a row says, as its key would where it holds; says why when it does not apply.
pub(in crate::console) fn row(model: &mut Model, row: &'static Row) -> Vec<Effect> {
    let halts = row.action == Action::Act(Act::Halt);
    let why = if row.offered() {
        let open = !halts && model.overlays.iter().any(Overlay::acts);
        open.then(|| "close the question first".to_owned()).or_else(|| why_not::why_not(model, row))
    } else {
        Some(format!("press its key {}", row.scope.title()))
    };
    if let Some(why) = why {
        model.say(Severity::Warning, format!("{}: not now: {why}", row.title));
        return Vec::new();
    }
    update::perform(model, row.action)
}

/// Does what a row says to a thing that was named. The act finds it where it finds what is selected.
fn on(model: &mut Model, row: &'static Row, target: Target) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let refused = |model: &mut Model, why: &str| {
        model.say(Severity::Warning, format!("{}: not now: {why}", row.title));
        Vec::new()
    };
    match (row.action, target, target.task(run)) {
        (Action::Act(act @ Act::PauseAgent), Target::Agent(agent), _) => {
            let selected = model.agent.replace(agent);
            let effects = update::perform(model, Action::Act(act));
            model.agent = selected;
            effects
        }
        (Action::Act(act @ Act::Task(on)), _, Some(task)) => {
            // The one that was named and no other: an approval looks for whoever asks.
            if let Some(why) = why_not::on_task(model, on, task) {
                return refused(model, &why);
            }
            model.typed.aim = Some(task);
            let effects = update::perform(model, Action::Act(act));
            model.typed.aim = None;
            effects
        }
        (Action::Act(Act::Task(_)), _, None) => refused(model, "there is no task in it"),
        (Action::Go(Go::Open), ..) => {
            go_to(model, target);
            Vec::new()
        }
        _other => refused(model, "it takes no target"),
    }
}

/// Shows a thing: a task on its own screen, a stage as its tasks, an agent in the list of agents.
pub(in crate::console) fn go_to(model: &mut Model, target: Target) {
    match target {
        Target::Task(ix) => {
            model.nav.show(Screen::Task(ix));
            model.scroll = 0;
        }
        Target::Agent(ix) => {
            model.agent = Some(ix);
            model.nav.show(Screen::Agents);
        }
        Target::Stage(_) => {
            let Some(run) = &model.run else { return };
            let wanted = format!("stage:{}", target.name(run).1);
            if let Ok(filter) = Filter::parse(&wanted) {
                model.nav.show(Screen::Tasks);
                model.pane = Pane::Tasks;
                screen::set_filter(model, filter);
            }
        }
    }
}
