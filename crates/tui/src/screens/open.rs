//! From screen to screen: opening what is selected, going back, and each list's filter.

use crate::{
    ingest,
    list_actions::StreamKind,
    model::{Model, Pane},
    nav::Screen,
    time_travel,
};
use engine::AlertSeverity;
use view::{event_line, filter::Filter};

/// The filter of the focused list. The graph has that of the tasks.
pub(crate) fn focused_filter(model: &Model) -> &Filter {
    model.focused_pane().list().filter(model)
}

/// Sets the filter of the focused list.
pub(crate) fn set_filter(model: &mut Model, filter: Filter) {
    model.focused_pane().list().set_filter(model, filter);
}

/// Opens what is selected: a task, an agent's tasks, the task an event is about.
pub(crate) fn open(model: &mut Model) {
    model.focused_pane().list().open(model);
}

/// Opens the event under the cursor; from there the task it is about.
pub(super) fn open_event(model: &mut Model) {
    if let Screen::Event(seq) = model.nav.screen() {
        let found = model.run.as_ref().zip(model.event_by_seq(seq));
        match found.and_then(|(run, recorded)| event_line::event_line(recorded, run.plan()).task) {
            Some(ix) => model.nav.go_to(Screen::Task(ix)),
            None => model.set_status(AlertSeverity::Info, "this event is about no task"),
        }
    } else {
        let Some(seq) = StreamKind::Events.reader(model).cursor_line() else { return };
        model.event_stream.at = Some(seq);
        model.nav.go_to(Screen::Event(seq));
    }
    model.scroll = 0;
}

pub(super) fn open_task(model: &mut Model) {
    match model.selected_task() {
        Some(ix) => {
            model.nav.go_to(Screen::Task(ix));
            model.scroll = 0;
        }
        None => model.set_status(AlertSeverity::Info, "no task is selected: j selects the first"),
    }
}

/// An agent's own screen; from there, its tasks.
pub(super) fn open_agent(model: &mut Model) {
    let Some((run, ix)) = model.displayed_run().zip(model.selected_agent()) else { return };
    if !matches!(model.nav.screen(), Screen::Agent(_)) {
        model.nav.go_to(Screen::Agent(ix));
        model.scroll = 0;
        return;
    }
    let wanted = format!("agent:{}", run.plan().agent(ix).id);
    if let Ok(filter) = Filter::parse(&wanted) {
        model.nav.go_to(Screen::Tasks);
        model.pane = Pane::Tasks;
        set_filter(model, filter);
    }
}

/// One step out: the filter first, then the marks, then the screen, then the selection.
pub(crate) fn go_back(model: &mut Model) {
    let screen = model.nav.screen();
    if screen.is_detail() {
        if !model.nav.go_back() {
            model.nav.go_to(Screen::Day);
        }
        if let Screen::Task(ix) = screen {
            let listed = model.tasks.row_of(ix).map(|_row| ix);
            model.tasks.cursor = listed.or(model.tasks.cursor);
        }
        model.scroll = 0;
        return;
    }
    if !focused_filter(model).is_empty() {
        set_filter(model, Filter::default());
    } else if model.focused_pane() == Pane::Tasks && model.tasks.marks.clear() {
        ingest::sort_now(model);
    } else if screen == Screen::Day && model.tasks.cursor.is_none() {
        if model.travel.frozen_view().is_some() {
            time_travel::return_to_live(model);
        }
    } else if screen == Screen::Day {
        model.tasks.cursor = None;
    } else {
        model.nav.go_to(Screen::Day);
    }
}
