//! The cursor on the graph: a task, moved along its lines; and the question why one waits.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::{
    console::{
        action::{Action, Go, Motion},
        model::{Model, Pane},
        nav::Screen,
        sights::AlertKey,
    },
    engine::Severity,
    plan::TaskIx,
    present::graph::{Direction, Focus, Graph, graph},
};

/// The graph as it is laid out now, and the task the cursor is on.
pub(crate) fn laid_out(model: &Model) -> Option<(Graph, Option<TaskIx>)> {
    let run = model.shown()?;
    let cursor = model.sights.graph;
    let drawn = graph(run, Focus::Day, cursor, model.moment());
    Some((drawn, cursor))
}

/// On the graph the sideways keys follow its lines; Enter and Esc mean what they mean elsewhere.
pub(crate) fn along(model: &Model, key: KeyEvent, action: Action) -> Option<Direction> {
    if model.nav.screen() != Screen::Graph || !model.overlays.is_empty() {
        return None;
    }
    match (action, key.code) {
        (Action::Go(Go::Open), KeyCode::Enter)
        | (Action::Go(Go::Back), KeyCode::Esc | KeyCode::Backspace) => None,
        (Action::Go(Go::Open), _) => Some(Direction::Right),
        (Action::Go(Go::Back), _) => Some(Direction::Left),
        _other => None,
    }
}

/// To the neighbour that way. The first step goes to what is most pressing.
pub(crate) fn step(model: &mut Model, direction: Direction) {
    let Some((drawn, cursor)) = laid_out(model) else { return };
    let pressing = || model.tasks.order.iter().copied().find(|&ix| drawn.node(ix).is_some());
    let first = || pressing().or_else(|| drawn.nodes.first().map(|node| node.ix));
    model.sights.graph = match cursor {
        Some(ix) => drawn.neighbour(ix, direction),
        None => first(),
    };
}

/// Moves the cursor by a movement of the lists.
pub(crate) fn go(model: &mut Model, motion: Motion, page: usize) {
    let direction = match motion {
        Motion::Up | Motion::PageUp => Direction::Up,
        Motion::Down | Motion::PageDown => Direction::Down,
        Motion::Top | Motion::Bottom => {
            let Some((drawn, _)) = laid_out(model) else { return };
            let last = motion == Motion::Bottom;
            let node = if last { drawn.nodes.last() } else { drawn.nodes.first() };
            model.sights.graph = node.map(|node| node.ix);
            return;
        }
    };
    let paged = matches!(motion, Motion::PageUp | Motion::PageDown);
    for _ in 0..if paged { page } else { 1 } {
        step(model, direction);
    }
}

/// Shows why the task in question waits: the selected one, or the one the selected line is about.
pub(crate) fn why(model: &mut Model) {
    match meant(model) {
        Some(ix) => {
            model.sights.graph = Some(ix);
            model.nav.show(Screen::Graph);
            model.scroll = 0;
        }
        None => model.say(Severity::Info, "no task is selected: j selects the first"),
    }
}

/// The task of what is selected on any screen.
fn meant(model: &Model) -> Option<TaskIx> {
    let event = |seq: u64| model.recorded(seq)?.event.task();
    if let Screen::Event(seq) = model.nav.screen() {
        return event(seq);
    }
    match model.focus() {
        Pane::Tasks | Pane::Graph => model.selected(),
        Pane::Agents => {
            let run = model.shown()?;
            let of = |ix: &TaskIx| Some(run.plan().task(*ix).agent) == model.selected_agent();
            model.tasks.order.iter().copied().find(of)
        }
        Pane::Events => match model.event_stream.at {
            Some(seq) => event(seq),
            None => model.stored().all().next_back()?.event.task(),
        },
        Pane::Alerts => match model.sights.alert? {
            AlertKey::Approval(ix) => Some(ix),
            AlertKey::Alert(seq) => model.shown()?.alerts().get(&seq)?.task,
        },
        Pane::Audit => event(super::audit::selected(model)?.entry.act.event_seq?),
        Pane::Log | Pane::Runs | Pane::Plan => None,
    }
}
