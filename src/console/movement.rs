//! Moving in the focused list: by rows, by pages, to the ends. Cursors are ids, so a list that
//! changes under them does not move them.

use super::{
    action::Motion,
    layout,
    model::{Model, Pane},
    nav::Screen,
    rows::Which,
    screen,
};

/// Moves the cursor of the focused list, or the text of the screen of one task or event.
pub(super) fn go(model: &mut Model, motion: Motion) {
    let page = layout::page(model);
    if let Some(lines) = text_lines(model) {
        let most = lines.saturating_sub(page + 1);
        model.scroll = moved(motion, model.scroll.min(most), most + 1, page);
        return;
    }
    if model.nav.screen() == Screen::Diff {
        let rows = model.compared.as_ref().map_or(0, |found| found.rows.len());
        let most = rows.saturating_sub(page);
        model.scroll = moved(motion, model.scroll.min(most), most + 1, page);
        return;
    }
    match model.focus() {
        Pane::Tasks => {
            let rows = model.tasks.order.len();
            // The first movement selects the first row in sight.
            let row = model.tasks.row().map_or_else(
                || if motion == Motion::Bottom { rows.saturating_sub(1) } else { 0 },
                |row| moved(motion, row, rows, page),
            );
            model.tasks.cursor = model.tasks.order.get(row).copied();
        }
        Pane::Agents => {
            let agents: Vec<_> =
                screen::agent::listed(model).into_iter().map(|row| row.ix).collect();
            let row = agents.iter().position(|&ix| Some(ix) == model.agent).unwrap_or(0);
            model.agent = agents.get(moved(motion, row, agents.len(), page)).copied();
        }
        Pane::Events => in_stream(model, Which::Events, (motion, page)),
        Pane::Log => in_stream(model, Which::Log, (motion, page)),
        Pane::Runs => screen::runs::go(model, motion, page),
        Pane::Plan => screen::plan::go(model, motion, page),
        Pane::Graph => screen::graph::go(model, motion, page),
        Pane::Alerts => screen::alerts::go(model, motion, page),
        Pane::Audit => screen::audit::go(model, motion, page),
    }
}

/// How many lines the text on screen has, where the screen is one text.
fn text_lines(model: &Model) -> Option<usize> {
    match model.nav.screen() {
        Screen::Task(ix) => Some(screen::task::lines(model, ix).len()),
        Screen::Event(seq) => Some(screen::event::lines(model, seq).len()),
        Screen::Agent(ix) => Some(screen::agent::lines(model, ix).len()),
        Screen::Recovery => Some(screen::recovery::lines(model).len()),
        Screen::Entry(seq) => Some(screen::audit::lines(model, seq).len()),
        Screen::Day
        | Screen::Tasks
        | Screen::Graph
        | Screen::Agents
        | Screen::Events
        | Screen::Log
        | Screen::Alerts
        | Screen::Runs
        | Screen::Plan
        | Screen::Audit
        | Screen::Diff
        | Screen::Pulse => None,
    }
}

fn in_stream(model: &mut Model, which: Which, (motion, page): (Motion, usize)) {
    let reading = which.read(model);
    let row = which.stream(model).at.and(reading.cursor());
    let row = stream(motion, row, reading.len(), page);
    let at = row.and_then(|row| reading.number(row));
    which.stream_mut(model).at = at;
}

/// In a stream: moving up leaves the newest line, reaching it again follows it.
fn stream(motion: Motion, row: Option<usize>, rows: usize, page: usize) -> Option<usize> {
    let last = rows.saturating_sub(1);
    let row = moved(motion, row.unwrap_or(last).min(last), rows, page);
    (row < last).then_some(row)
}

/// The row after a movement among `rows`.
pub(super) fn moved(motion: Motion, row: usize, rows: usize, page: usize) -> usize {
    let last = rows.saturating_sub(1);
    let to = match motion {
        Motion::Up => row.saturating_sub(1),
        Motion::Down => row + 1,
        Motion::PageUp => row.saturating_sub(page),
        Motion::PageDown => row + page,
        Motion::Top => 0,
        Motion::Bottom => last,
    };
    to.min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movement_stops_at_both_ends() {
        assert_eq!(moved(Motion::Up, 0, 5, 3), 0);
        assert_eq!(moved(Motion::Down, 4, 5, 3), 4);
        assert_eq!(moved(Motion::PageDown, 3, 5, 3), 4);
        assert_eq!(moved(Motion::Bottom, 0, 0, 3), 0);
    }

    #[test]
    fn a_stream_is_followed_until_one_moves_up_and_again_at_its_end() {
        let up = stream(Motion::Up, None, 4, 2);
        assert_eq!(up, Some(2));
        assert_eq!(stream(Motion::Up, up, 4, 2), Some(1));
        assert_eq!(stream(Motion::Down, up, 4, 2), None);
        assert_eq!(stream(Motion::Top, None, 4, 2), Some(0));
        // The selected line fell out of the ring: the oldest stands in its row.
        assert_eq!(stream(Motion::Down, Some(0), 4, 2), Some(1));
        assert_eq!(stream(Motion::Up, None, 0, 2), None);
    }
}
