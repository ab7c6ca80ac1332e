//! Mouse handling: selects and scrolls; never commits a command above the confirm tier.

use ratatui::{
    crossterm::event::{MouseButton, MouseEvent, MouseEventKind},
    layout::{Position, Rect},
};

use crate::{
    action::CursorMotion,
    cursor,
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    msg::Effect,
    nav::Screen,
    popup,
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
    if !model.nav.screen().is_detail() {
        pane.list().click(model, (area, density), at);
    }
    Vec::new()
}

/// Returns the row of a list under the pointer: of one with so many rows, drawn around its cursor.
pub(crate) fn clicked_row(
    (area, density): (Rect, LayoutDensity),
    at: Position,
    (cursor, rows): (usize, usize),
) -> Option<usize> {
    let height = usize::from(area.height.saturating_sub(rows_above_list(density)));
    let found = row(area, density, at).filter(|row| *row < height)?;
    Some(found + layout::first_visible_row(cursor, rows, height))
}

/// Rows a pane loses to its border and its heading.
fn rows_above_list(density: LayoutDensity) -> u16 {
    if density.has_borders() { 3 } else { 0 }
}

/// The row of a list under the pointer, below its border and heading.
fn row(area: Rect, density: LayoutDensity, at: Position) -> Option<usize> {
    let top = area.y + if density.has_borders() { 2 } else { 0 };
    at.y.checked_sub(top).map(usize::from)
}
