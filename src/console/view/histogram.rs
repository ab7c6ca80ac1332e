//! How many events came when, as columns above the list of them.

use ratatui::{Frame, layout::Rect, text::Line};

use super::pane;
use crate::{
    console::{layout::Density, model::Model, rows::Which},
    present::histogram::{Zoom, axis, bars, marks},
};

/// Rows of the columns themselves.
const BARS: u16 = 2;
/// Rows in all: columns, marks, times, border.
const ALL: u16 = BARS + 4;
/// Rows the list keeps at least.
const LIST_LEAST: u16 = 8;

/// The parts of a stream's pane: the histogram, where one is wanted and fits, and the list.
pub(super) fn parts(
    model: &Model,
    which: Which,
    (area, density): (Rect, Density),
) -> (Option<Rect>, Rect) {
    let wanted = which == Which::Events && model.event_stream.bars.is_some();
    if !wanted || !density.bordered() || area.height < ALL + LIST_LEAST {
        return (None, area);
    }
    let top = Rect { height: ALL, ..area };
    (Some(top), Rect { y: area.y + ALL, height: area.height - ALL, ..area })
}

/// Draws the columns, the newest at the right.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let theme = model.settings.theme;
    let zoom = model.event_stream.bars.and_then(|at| Zoom::ALL.get(at)).copied();
    let zoom = zoom.unwrap_or_default();
    let title = format!("events by time, {} s a column", zoom.seconds());
    let note = "! critical  * mostly warnings  . some   z Z zoom  i hides";
    let area = pane::pane(model, frame, (area, density), (&title, note), None);
    let buckets = model.bars().read(zoom, model.moment(), usize::from(area.width));
    let mut lines: Vec<_> =
        bars(&buckets, usize::from(BARS), theme.glyphs).into_iter().map(Line::raw).collect();
    lines.push(Line::styled(marks(&buckets), theme.danger()));
    lines.push(Line::styled(axis(&buckets), theme.quiet()));
    pane::lines(frame, area, lines);
}
