//! Moving in the focused list: by rows, by pages, to the ends. Cursors are ids, so a list that
//! changes under them does not move them.

use super::{
    action::Action,
    layout,
    model::{Model, Pane, Screen},
    screen,
};

/// Moves by an action. Anything but a movement does nothing.
pub(super) fn go(model: &mut Model, action: Action) {
    let page = layout::page(model);
    if let Screen::Task(ix) = model.screen {
        let lines = screen::task::lines(model, ix).len();
        let most = lines.saturating_sub(page + 1);
        model.scroll = moved(action, model.scroll.min(most), most + 1, page);
        return;
    }
    match model.focus() {
        Pane::Tasks => {
            let row = model.tasks.row().unwrap_or(0);
            let row = moved(action, row, model.tasks.order.len(), page);
            model.tasks.cursor = model.tasks.order.get(row).copied();
        }
        Pane::Agents => {
            let agents: Vec<_> =
                model.run.iter().flat_map(|run| run.agents().map(|(ix, _)| ix)).collect();
            let row = agents.iter().position(|&ix| Some(ix) == model.agent).unwrap_or(0);
            model.agent = agents.get(moved(action, row, agents.len(), page)).copied();
        }
        Pane::Events => {
            let seqs: Vec<_> = model.shown_events().iter().map(|line| line.seq).collect();
            model.event_stream.at = stream(action, model.event_stream.at, &seqs, page);
        }
        Pane::Log => {
            let seqs: Vec<_> = model.shown_log().iter().map(|(number, _)| *number).collect();
            model.log_stream.at = stream(action, model.log_stream.at, &seqs, page);
        }
    }
}

/// In a stream: moving up leaves the newest line, reaching it again follows it.
fn stream(action: Action, at: Option<u64>, numbers: &[u64], page: usize) -> Option<u64> {
    let last = numbers.len().saturating_sub(1);
    let row = at.map_or(last, |at| numbers.partition_point(|&number| number < at).min(last));
    let row = moved(action, row, numbers.len(), page);
    if row >= last { None } else { numbers.get(row).copied() }
}

/// The row after a movement among `rows`.
fn moved(action: Action, row: usize, rows: usize, page: usize) -> usize {
    let last = rows.saturating_sub(1);
    let to = match action {
        Action::Up => row.saturating_sub(1),
        Action::Down => row + 1,
        Action::PageUp => row.saturating_sub(page),
        Action::PageDown => row + page,
        Action::Top => 0,
        Action::Bottom => last,
        _no_movement => row,
    };
    to.min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movement_stops_at_both_ends() {
        assert_eq!(moved(Action::Up, 0, 5, 3), 0);
        assert_eq!(moved(Action::Down, 4, 5, 3), 4);
        assert_eq!(moved(Action::PageDown, 3, 5, 3), 4);
        assert_eq!(moved(Action::Bottom, 0, 0, 3), 0);
    }

    #[test]
    fn a_stream_is_followed_until_one_moves_up_and_again_at_its_end() {
        let seqs = [3, 4, 7, 9];
        let up = stream(Action::Up, None, &seqs, 2);
        assert_eq!(up, Some(7));
        assert_eq!(stream(Action::Up, up, &seqs, 2), Some(4));
        assert_eq!(stream(Action::Down, up, &seqs, 2), None);
        assert_eq!(stream(Action::Top, None, &seqs, 2), Some(3));
        // The selected line fell out of the ring.
        assert_eq!(stream(Action::Down, Some(1), &seqs, 2), Some(4));
        assert_eq!(stream(Action::Up, None, &[], 2), None);
    }
}
