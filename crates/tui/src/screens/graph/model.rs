//! The cursor on the graph: a task, moved along its lines; and the question why one waits.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::{
    action::{Action, CursorMotion, Navigation},
    keymap::KeyScope,
    model::Model,
    nav::Screen,
};
use engine::AlertSeverity;
use planning::plan::TaskIx;
use view::graph::{Direction, Graph, GraphFocus, lay_out_graph};

/// The graph as it is laid out now, and the task the cursor is on.
pub(crate) fn current_layout(model: &Model) -> Option<(Graph, Option<TaskIx>)> {
    let run = model.displayed_run()?;
    let cursor = model.sights.graph;
    let drawn = lay_out_graph(run, GraphFocus::Day, cursor, model.displayed_moment());
    Some((drawn, cursor))
}

/// On the graph the sideways keys follow its lines; Enter and Esc mean what they mean elsewhere.
pub(crate) fn direction_of_key(model: &Model, key: KeyEvent, action: Action) -> Option<Direction> {
    if model.nav.screen() != Screen::Graph || !model.overlays.is_empty() {
        return None;
    }
    match (action, key.code) {
        (Action::Go(Navigation::Open), KeyCode::Enter)
        | (Action::Go(Navigation::Back), KeyCode::Esc | KeyCode::Backspace) => None,
        (Action::Go(Navigation::Open), _) => Some(Direction::Right),
        (Action::Go(Navigation::Back), _) => Some(Direction::Left),
        _other => None,
    }
}

/// To the neighbour that way. The first step goes to what is most pressing.
pub(crate) fn move_to_neighbour(model: &mut Model, direction: Direction) {
    let Some((drawn, cursor)) = current_layout(model) else { return };
    let pressing = || model.tasks.order.iter().copied().find(|&ix| drawn.node(ix).is_some());
    let first = || pressing().or_else(|| drawn.nodes.first().map(|node| node.ix));
    model.sights.graph = match cursor {
        Some(ix) => drawn.neighbour(ix, direction),
        None => first(),
    };
}

/// Moves the cursor by a movement of the lists.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let direction = match motion {
        CursorMotion::Up | CursorMotion::PageUp => Direction::Up,
        CursorMotion::Down | CursorMotion::PageDown => Direction::Down,
        CursorMotion::Top | CursorMotion::Bottom => {
            let Some((drawn, _)) = current_layout(model) else { return };
            let last = motion == CursorMotion::Bottom;
            let node = if last { drawn.nodes.last() } else { drawn.nodes.first() };
            model.sights.graph = node.map(|node| node.ix);
            return;
        }
    };
    let paged = matches!(motion, CursorMotion::PageUp | CursorMotion::PageDown);
    for _ in 0..if paged { page } else { 1 } {
        move_to_neighbour(model, direction);
    }
}

/// Shows why the task in question waits: the selected one, or the one the selected line is about.
pub(crate) fn show_reasons(model: &mut Model) {
    let nothing_selected = model.key_scope() == KeyScope::Task && model.selected_task().is_none();
    let pressing = model.tasks.order.first().copied().filter(|_| nothing_selected);
    match task_of_selection(model).or(pressing) {
        Some(ix) => {
            model.sights.graph = Some(ix);
            model.nav.go_to(Screen::Graph);
            model.scroll = 0;
        }
        None => model.set_status(AlertSeverity::Info, "this line is about no task"),
    }
}

/// The task of what is selected on any screen.
fn task_of_selection(model: &Model) -> Option<TaskIx> {
    if let Screen::Event(seq) = model.nav.screen() {
        return model.event_by_seq(seq)?.event.task();
    }
    model.focused_pane().list().subject(model)
}
