//! Mouse handling: selects and scrolls; never commits a command above the confirm tier.

use ratatui::{
    crossterm::event::{MouseButton, MouseEvent, MouseEventKind},
    layout::{Position, Rect},
};

use super::StreamKind;
use crate::{
    action::CursorMotion,
    cursor,
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    msg::Effect,
    nav::Screen,
    popup, screens,
};

/// Rows a notch of the wheel moves.
const NOTCH: usize = 3;

/// Takes a movement of the mouse.
pub(crate) fn on_mouse(model: &mut Model, mouse: MouseEvent) -> Vec<Effect> {
    let at = Position::new(mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::ScrollUp => wheel(model, at, CursorMotion::Up),
        MouseEventKind::ScrollDown => wheel(model, at, CursorMotion::Down),
        MouseEventKind::Down(MouseButton::Left) => return click(model, at),
        MouseEventKind::Down(MouseButton::Right | MouseButton::Middle)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => {}
    }
    Vec::new()
}

/// Scrolls the pane under the pointer, which thereby has the keys.
fn wheel(model: &mut Model, at: Position, motion: CursorMotion) {
    if !model.overlays.is_empty() {
        popup::scroll_popup(model, motion);
        return;
    }
    focus(model, at);
    for _ in 0..NOTCH {
        cursor::move_cursor(model, motion);
    }
}

/// The pane under the pointer gets the keys; where it is, and how it is drawn.
fn focus(model: &mut Model, at: Position) -> Option<(Pane, Rect, LayoutDensity)> {
    let areas = layout::frame_areas(model, model.size);
    let found = areas.panes.iter().find(|(_, area)| area.contains(at));
    let (pane, area) = found.copied()?;
    if model.nav.screen() == Screen::Day {
        model.pane = pane;
    }
    Some((pane, area, areas.density))
}

fn click(model: &mut Model, at: Position) -> Vec<Effect> {
    // What lies over the screen is answered with keys: no click can agree to anything.
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    let Some((pane, area, density)) = focus(model, at) else { return Vec::new() };
    let height = usize::from(area.height.saturating_sub(lost(density)));
    match pane {
        Pane::Tasks if model.nav.screen().task().is_none() => {
            let order = &model.tasks.order;
            let cursor = model.tasks.center_row();
            let found = row(area, density, at).filter(|row| *row < height);
            let found =
                found.map(|row| row + layout::first_visible_row(cursor, order.len(), height));
            if let Some(&task) = found.and_then(|row| order.get(row)) {
                model.tasks.cursor = Some(task);
            }
        }
        Pane::Events | Pane::Log if !model.nav.screen().is_detail() => {
            let which = if pane == Pane::Log { StreamKind::Log } else { StreamKind::Events };
            if let Some(line) = crate::view::line_at(model, which, (area, density), at.y) {
                which.stream_mut(model).at = Some(line);
            }
        }
        Pane::Agents if !model.nav.screen().is_detail() => {
            let agents = screens::agents::model::filtered_rows(model);
            let cursor = agents.iter().position(|row| Some(row.ix) == model.agent).unwrap_or(0);
            let found = row(area, density, at).filter(|row| *row < height);
            let found =
                found.map(|row| row + layout::first_visible_row(cursor, agents.len(), height));
            model.agent = found.and_then(|row| agents.get(row)).map_or(model.agent, |a| Some(a.ix));
        }
        Pane::Tasks
        | Pane::Events
        | Pane::Log
        | Pane::Agents
        | Pane::Graph
        | Pane::Alerts
        | Pane::Runs
        | Pane::DryRun
        | Pane::Audit => {}
    }
    Vec::new()
}

/// Rows a pane loses to its border and its heading.
fn lost(density: LayoutDensity) -> u16 {
    if density.has_borders() { 3 } else { 0 }
}

/// The row of a list under the pointer, below its border and heading.
fn row(area: Rect, density: LayoutDensity, at: Position) -> Option<usize> {
    let top = area.y + if density.has_borders() { 2 } else { 0 };
    at.y.checked_sub(top).map(usize::from)
}
