//! Moving in the focused list: by rows, by pages, to the ends. Cursors are ids, so a list that
//! changes under them does not move them.

use super::{
    action::CursorMotion, layout, list_actions::StreamKind, model::Model, nav::Screen, screens,
};

/// Moves the cursor of the focused list, or the text of the screen of one task or event.
pub(super) fn move_cursor(model: &mut Model, motion: CursorMotion) {
    let page = layout::page_rows(model);
    if let Some(lines) = text_lines(model) {
        let most = lines.saturating_sub(page + 1);
        model.scroll = moved_row(motion, model.scroll.min(most), most + 1, page);
        return;
    }
    if model.nav.screen() == Screen::Diff {
        let rows = model.compared.as_ref().map_or(0, |found| found.rows.len());
        let most = rows.saturating_sub(page);
        model.scroll = moved_row(motion, model.scroll.min(most), most + 1, page);
        return;
    }
    model.focused_pane().list().move_cursor(model, motion, page);
}

/// Returns how many lines the text on screen has, where the screen is one text.
#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
fn text_lines(model: &Model) -> Option<usize> {
    match model.nav.screen() {
        Screen::Task(ix) => Some(screens::task::model::detail_lines(model, ix).len()),
        Screen::Event(seq) => Some(screens::event::model::detail_lines(model, seq).len()),
        Screen::Agent(ix) => Some(screens::agents::model::detail_lines(model, ix).len()),
        Screen::Recovery => Some(screens::recovery::model::screen_lines(model).len()),
        Screen::AuditEntry(seq) => Some(screens::audit::model::detail_lines(model, seq).len()),
        _list => None,
    }
}

pub(super) fn move_in_stream(
    model: &mut Model,
    which: StreamKind,
    (motion, page): (CursorMotion, usize),
) {
    let reading = which.reader(model);
    let row = which.position(model).at.and(reading.cursor_row());
    let row = stream(motion, row, reading.len(), page);
    let at = row.and_then(|row| reading.line_number(row));
    which.stream_mut(model).at = at;
}

/// In a stream: moving up leaves the newest line, reaching it again follows it.
fn stream(motion: CursorMotion, row: Option<usize>, rows: usize, page: usize) -> Option<usize> {
    let last = rows.saturating_sub(1);
    let row = moved_row(motion, row.unwrap_or(last).min(last), rows, page);
    (row < last).then_some(row)
}

/// The row after a movement among `rows`.
pub(super) fn moved_row(motion: CursorMotion, row: usize, rows: usize, page: usize) -> usize {
    let last = rows.saturating_sub(1);
    let to = match motion {
        CursorMotion::Up => row.saturating_sub(1),
        CursorMotion::Down => row + 1,
        CursorMotion::PageUp => row.saturating_sub(page),
        CursorMotion::PageDown => row + page,
        CursorMotion::Top => 0,
        CursorMotion::Bottom => last,
    };
    to.min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movement_stops_at_both_ends() {
        assert_eq!(moved_row(CursorMotion::Up, 0, 5, 3), 0);
        assert_eq!(moved_row(CursorMotion::Down, 4, 5, 3), 4);
        assert_eq!(moved_row(CursorMotion::PageDown, 3, 5, 3), 4);
        assert_eq!(moved_row(CursorMotion::Bottom, 0, 0, 3), 0);
    }

    #[test]
    fn a_stream_is_followed_until_one_moves_up_and_again_at_its_end() {
        let up = stream(CursorMotion::Up, None, 4, 2);
        assert_eq!(up, Some(2));
        assert_eq!(stream(CursorMotion::Up, up, 4, 2), Some(1));
        assert_eq!(stream(CursorMotion::Down, up, 4, 2), None);
        assert_eq!(stream(CursorMotion::Top, None, 4, 2), Some(0));
        // The selected line fell out of the ring: the oldest stands in its row.
        assert_eq!(stream(CursorMotion::Down, Some(0), 4, 2), Some(1));
        assert_eq!(stream(CursorMotion::Up, None, 0, 2), None);
    }
}
