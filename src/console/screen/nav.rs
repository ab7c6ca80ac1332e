//! From screen to screen: opening what is selected, going back, and each list's filter.

use crate::{
    console::{
        fold,
        model::{Model, Pane},
        nav::Screen,
        rows::Which,
        travel,
    },
    engine::Severity,
    present::{events, filter::Filter},
};

/// The filter of the focused list. The graph has that of the tasks.
pub(crate) const fn filter(model: &Model) -> &Filter {
    match model.focus() {
        Pane::Tasks | Pane::Graph | Pane::Plan => &model.tasks.filter,
        Pane::Agents => &model.sights.agent_filter,
        Pane::Runs => &model.sights.run_filter,
        Pane::Alerts => &model.sights.alert_filter,
        Pane::Audit => &model.sights.audit_filter,
        Pane::Events => &model.event_stream.filter,
        Pane::Log => &model.log_stream.filter,
    }
}

/// Sets the filter of the focused list.
pub(crate) fn set_filter(model: &mut Model, filter: Filter) {
    match model.focus() {
        Pane::Tasks | Pane::Graph | Pane::Plan => {
            model.tasks.filter = filter;
            fold::sort_now(model);
        }
        Pane::Events => {
            model.events.set_filter(filter.clone());
            model.travel.set_filter(&filter);
            model.event_stream.filter = filter;
            fold::work(model);
        }
        Pane::Agents => model.sights.agent_filter = filter,
        Pane::Runs => model.sights.run_filter = filter,
        Pane::Alerts => model.sights.alert_filter = filter,
        Pane::Audit => model.sights.audit_filter = filter,
        Pane::Log => model.log_stream.filter = filter,
    }
}

/// Opens what is selected: a task, an agent's tasks, the task an event is about.
pub(crate) fn open(model: &mut Model) {
    match model.focus() {
        Pane::Tasks | Pane::Graph | Pane::Plan => open_task(model),
        Pane::Agents => open_agent(model),
        Pane::Events => open_event(model),
        Pane::Runs if matches!(model.nav.screen(), Screen::Diff | Screen::Recovery) => {}
        Pane::Runs => super::runs::open(model),
        Pane::Alerts => super::alerts::open(model),
        Pane::Audit => super::audit::open(model),
        Pane::Log => {}
    }
}

/// Opens the event under the cursor; from there the task it is about.
fn open_event(model: &mut Model) {
    if let Screen::Event(seq) = model.nav.screen() {
        let found = model.run.as_ref().zip(model.recorded(seq));
        match found.and_then(|(run, recorded)| events::line(recorded, run.plan()).task) {
            Some(ix) => model.nav.show(Screen::Task(ix)),
            None => model.say(Severity::Info, "this event is about no task"),
        }
    } else {
        let Some(seq) = Which::Events.read(model).at() else { return };
        model.event_stream.at = Some(seq);
        model.nav.show(Screen::Event(seq));
    }
    model.scroll = 0;
}

fn open_task(model: &mut Model) {
    match model.selected() {
        Some(ix) => {
            model.nav.show(Screen::Task(ix));
            model.scroll = 0;
        }
        None => model.say(Severity::Info, "no task is selected: j selects the first"),
    }
}

/// An agent's own screen; from there, its tasks.
fn open_agent(model: &mut Model) {
    let Some((run, ix)) = model.shown().zip(model.selected_agent()) else { return };
    if !matches!(model.nav.screen(), Screen::Agent(_)) {
        model.nav.show(Screen::Agent(ix));
        model.scroll = 0;
        return;
    }
    let wanted = format!("agent:{}", run.plan().agent(ix).id);
    if let Ok(filter) = Filter::parse(&wanted) {
        model.nav.show(Screen::Tasks);
        model.pane = Pane::Tasks;
        set_filter(model, filter);
    }
}

/// One step out: the filter first, then the marks, then the screen, then the selection.
pub(crate) fn back(model: &mut Model) {
    let screen = model.nav.screen();
    if screen.detail() {
        if !model.nav.back() {
            model.nav.show(Screen::Day);
        }
        if let Screen::Task(ix) = screen {
            let listed = model.tasks.row_of(ix).map(|_row| ix);
            model.tasks.cursor = listed.or(model.tasks.cursor);
        }
        model.scroll = 0;
        return;
    }
    if !filter(model).is_empty() {
        set_filter(model, Filter::default());
    } else if model.focus() == Pane::Tasks && model.tasks.marks.clear() {
        fold::sort_now(model);
    } else if screen == Screen::Day && model.tasks.cursor.is_none() {
        if model.travel.still().is_some() {
            travel::live(model);
        }
    } else if screen == Screen::Day {
        model.tasks.cursor = None;
    } else {
        model.nav.show(Screen::Day);
    }
}
