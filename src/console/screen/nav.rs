//! From screen to screen: opening what is selected, going back, and each list's filter.

use crate::{
    console::{
        fold,
        model::{Model, Pane, Screen},
    },
    engine::Severity,
    present::filter::Filter,
};

/// The filter of the focused list. The agents have none of their own: few enough.
pub(crate) const fn filter(model: &Model) -> &Filter {
    match model.focus() {
        Pane::Tasks | Pane::Agents => &model.tasks.filter,
        Pane::Events => &model.event_stream.filter,
        Pane::Log => &model.log_stream.filter,
    }
}

/// Sets the filter of the focused list.
pub(crate) fn set_filter(model: &mut Model, filter: Filter) {
    match model.focus() {
        Pane::Tasks | Pane::Agents => {
            model.tasks.filter = filter;
            fold::sort(model);
        }
        Pane::Events => model.event_stream.filter = filter,
        Pane::Log => model.log_stream.filter = filter,
    }
}

/// Opens what is selected: a task, an agent's tasks, the task an event is about.
pub(crate) fn open(model: &mut Model) {
    match model.focus() {
        Pane::Tasks => open_task(model),
        Pane::Agents => open_agent(model),
        Pane::Events => {
            let lines = model.shown_events();
            let at = model.event_stream.at;
            let line = at.map_or_else(
                || lines.last().copied(),
                |at| lines.iter().copied().find(|line| line.seq >= at),
            );
            match line.and_then(|line| line.task) {
                Some(ix) => model.screen = Screen::Task(ix),
                None => model.say(Severity::Info, "that line is about no task"),
            }
        }
        Pane::Log => {}
    }
}

fn open_task(model: &mut Model) {
    match model.selected() {
        Some(ix) => {
            model.screen = Screen::Task(ix);
            model.scroll = 0;
        }
        None => model.say(Severity::Info, "no task is selected: j selects the first"),
    }
}

fn open_agent(model: &mut Model) {
    let Some((run, ix)) = model.run.as_ref().zip(model.agent) else { return };
    let wanted = format!("agent:{}", run.plan().agent(ix).id);
    if let Ok(filter) = Filter::parse(&wanted) {
        model.screen = Screen::Tasks;
        model.pane = Pane::Tasks;
        set_filter(model, filter);
    }
}

/// One step out: the filter first, then the screen, then the selection.
pub(crate) fn back(model: &mut Model) {
    if let Screen::Task(ix) = model.screen {
        model.screen = Screen::Day;
        model.pane = Pane::Tasks;
        model.tasks.cursor = model.tasks.order.contains(&ix).then_some(ix).or(model.tasks.cursor);
        return;
    }
    if !filter(model).is_empty() {
        set_filter(model, Filter::default());
    } else if model.screen == Screen::Day {
        model.tasks.cursor = None;
    } else {
        model.screen = Screen::Day;
    }
}
