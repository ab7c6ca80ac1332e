//! The frame around what is decided about the tasks of a run that is taken up, and its counts.

use ratatui::{Frame, layout::Rect};

use crate::view::pane;
use crate::{
    layout::LayoutDensity,
    model::{Model, Pane},
    screens::recovery::model::{recovering_run, screen_lines},
};
use view::recovery;

/// Draws the screen, from the line scrolled to.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let rows = recovering_run(model).map(recovery::recovery_rows).unwrap_or_default();
    let grave = rows.iter().filter(|row| row.grave).count();
    let note = format!("{} to decide, {grave} to look at first", rows.len());
    let titles = ("RECOVERING: no task starts", note.as_str());
    let area = pane::draw_pane(model, frame, (area, density), titles, Some(Pane::Runs));
    let lines = screen_lines(model);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::draw_lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}
