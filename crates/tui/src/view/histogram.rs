//! Histogram of events over time, drawn as columns above the list.

use ratatui::{Frame, layout::Rect, text::Line};

use super::pane;
use crate::{layout::LayoutDensity, list_actions::StreamKind, model::Model};
use view::histogram::{BucketWidth, axis_labels, draw_bars, severity_symbols};

/// Rows of the columns themselves.
const BARS: u16 = 2;
/// Rows in all: columns, marks, times, border.
const ALL: u16 = BARS + 4;
/// Rows the list keeps at least.
const LIST_LEAST: u16 = 8;

/// The parts of a stream's pane: the histogram, where one is wanted and fits, and the list.
pub(crate) fn split_area(
    model: &Model,
    which: StreamKind,
    (area, density): (Rect, LayoutDensity),
) -> (Option<Rect>, Rect) {
    let wanted = which == StreamKind::Events && model.event_stream.bars.is_some();
    if !wanted || !density.has_borders() || area.height < ALL + LIST_LEAST {
        return (None, area);
    }
    let top = Rect { height: ALL, ..area };
    (Some(top), Rect { y: area.y + ALL, height: area.height - ALL, ..area })
}

/// Draws the columns, the newest at the right.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let theme = model.settings.theme;
    let zoom = model.event_stream.bars.and_then(|at| BucketWidth::ALL.get(at)).copied();
    let zoom = zoom.unwrap_or_default();
    let title = format!("events by time, {} s a column", zoom.seconds());
    let note = "! critical  * mostly warnings  . some   z Z zoom  i hides";
    let area = pane::draw_pane(model, frame, (area, density), (&title, note), None);
    let buckets = model.displayed_histogram().buckets(
        zoom,
        model.displayed_moment(),
        usize::from(area.width),
    );
    let mut lines: Vec<_> =
        draw_bars(&buckets, usize::from(BARS), theme.glyphs).into_iter().map(Line::raw).collect();
    lines.push(Line::styled(severity_symbols(&buckets), theme.danger()));
    lines.push(Line::styled(axis_labels(&buckets), theme.muted()));
    pane::draw_lines(frame, area, lines);
}
