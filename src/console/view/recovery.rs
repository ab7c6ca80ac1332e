//! The frame around what is decided about the tasks of a run that is taken up, and its counts.

use ratatui::{Frame, layout::Rect};

use super::pane;
use crate::{
    console::{
        layout::Density,
        model::{Model, Pane},
        screen::recovery::{lines, taken_up},
    },
    present::recovery,
};

/// Draws the screen, from the line scrolled to.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density)) {
    let rows = taken_up(model).map(recovery::rows).unwrap_or_default();
    let grave = rows.iter().filter(|row| row.grave).count();
    let note = format!("{} to decide, {grave} to look at first", rows.len());
    let titles = ("RECOVERING: nothing is started", note.as_str());
    let area = pane::pane(model, frame, (area, density), titles, Some(Pane::Runs));
    let lines = lines(model);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}
