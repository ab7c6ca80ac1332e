//! Layout of the frame. Drawing and paging use the same functions.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{
    model::{ConsoleKind, Model, Pane},
    nav::{PaneZoom, Screen},
};
use engine::RunState;
use view::{agents, trading_state};

/// The amount of detail that fits, from a card to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayoutDensity {
    /// A card: what mode, what stage, what is wrong, and which size would do.
    TooSmall,
    /// A list without borders.
    Borderless,
    /// Header, list, footer.
    Small,
    /// And the timeline.
    Normal,
    /// And events and agents beside the tasks.
    Wide,
    /// And the gauges, the alerts and the inspector.
    Full,
}

impl LayoutDensity {
    /// The least columns and rows of each, the largest first.
    pub const LEAST: [(Self, (u16, u16)); 5] = [
        (Self::Full, (160, 45)),
        (Self::Wide, (120, 32)),
        (Self::Normal, (80, 24)),
        (Self::Small, (60, 15)),
        (Self::Borderless, (40, 10)),
    ];

    /// Returns what fits into so many columns and rows.
    #[must_use]
    pub fn for_size((width, height): (u16, u16)) -> Self {
        let fits = |(_, (w, h)): &&(Self, (u16, u16))| width >= *w && height >= *h;
        Self::LEAST.iter().find(fits).map_or(Self::TooSmall, |(density, _)| *density)
    }

    /// Returns whether panes have borders.
    #[must_use]
    pub const fn has_borders(self) -> bool {
        !matches!(self, Self::TooSmall | Self::Borderless)
    }
}

/// The parts of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameAreas {
    pub(super) density: LayoutDensity,
    pub(super) header: Rect,
    pub(super) timeline: Option<Rect>,
    pub(super) pulse: Option<Rect>,
    pub(super) panes: Vec<(Pane, Rect)>,
    pub(super) inspector: Option<Rect>,
    /// A line under the header, while something is wrong with the record.
    pub(super) banner: Rect,
    pub(super) footer: Rect,
}

impl FrameAreas {
    /// Returns where a pane is, if it is shown.
    pub(super) fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(shown, _)| *shown == pane).map(|(_, area)| *area)
    }
}

/// Rows and columns a pane loses to its border and to the head of its table.
const FRAME: u16 = 2;

/// The parts of a frame of so many columns and rows that the model asks for.
pub(super) fn frame_areas(model: &Model, size: (u16, u16)) -> FrameAreas {
    let frame = Rect::new(0, 0, size.0, size.1);
    let density = LayoutDensity::for_size(size);
    let footer_height = match density {
        LayoutDensity::TooSmall => 0,
        LayoutDensity::Borderless => 2,
        // A wall has nobody before it who would press a key.
        LayoutDensity::Small
        | LayoutDensity::Normal
        | LayoutDensity::Wide
        | LayoutDensity::Full
            if model.settings.station == ConsoleKind::Kiosk =>
        {
            1
        }
        LayoutDensity::Small | LayoutDensity::Normal | LayoutDensity::Wide => 3,
        LayoutDensity::Full => 4,
    };
    let kills =
        model.displayed_run().is_some_and(|run| trading_state::trading_banner(run, "").is_some());
    let header_height = if density == LayoutDensity::TooSmall { 0 } else { 2 + u16::from(kills) };
    let banner_height = u16::from(header_height > 0 && model.has_banner());
    let [header, banner, body, footer] = Layout::vertical([
        Constraint::Length(header_height),
        Constraint::Length(banner_height),
        Constraint::Fill(1),
        Constraint::Length(footer_height),
    ])
    .areas(frame);
    let mut areas = FrameAreas {
        density,
        header,
        banner,
        timeline: None,
        pulse: None,
        panes: vec![(model.focused_pane(), body)],
        inspector: None,
        footer,
    };
    if model.nav.screen() == Screen::Day {
        day(&mut areas, body, model);
        zoom(&mut areas, body, model);
    }
    areas
}

/// Gives the focused pane the room it was given by hand.
fn zoom(areas: &mut FrameAreas, body: Rect, model: &Model) {
    let beside = areas.timeline.filter(|_| model.nav.zoom == PaneZoom::Half);
    let area = match (model.nav.zoom, beside) {
        (PaneZoom::Normal, _) => return,
        (PaneZoom::Half, Some(top)) => {
            Rect { y: body.y + top.height, height: body.height.saturating_sub(top.height), ..body }
        }
        (PaneZoom::Half | PaneZoom::Full, _) => body,
    };
    areas.timeline = beside.map(|top| Rect { width: body.width, ..top });
    (areas.inspector, areas.pulse) = (None, None);
    areas.panes = vec![(model.pane, area)];
}

fn day(areas: &mut FrameAreas, body: Rect, model: &Model) {
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let plan = model.displayed_run().map(RunState::plan);
    let stages = plan.map_or(4, |plan| count(plan.stages.len())).clamp(1, 8);
    let agents = model
        .displayed_run()
        .map_or(6, |run| count(agents::program_agents(run).count()))
        .clamp(1, 8);
    let timeline = stages + FRAME + 1;
    let agent_rows = agents + FRAME + 1;
    match areas.density {
        LayoutDensity::TooSmall | LayoutDensity::Borderless | LayoutDensity::Small => {}
        LayoutDensity::Normal => {
            let [top, rest] = rows(body, [Constraint::Length(timeline), Constraint::Fill(1)]);
            areas.timeline = Some(top);
            areas.panes = vec![(model.pane, rest)];
        }
        LayoutDensity::Wide => {
            let [top, rest] = rows(body, [Constraint::Length(timeline), Constraint::Fill(1)]);
            let [left, right] = columns(rest);
            let [events, agents] =
                rows(right, [Constraint::Fill(1), Constraint::Length(agent_rows)]);
            areas.timeline = Some(top);
            // The log has no place of its own here; it takes the events' when it is focused.
            let stream = if model.pane == Pane::Log { Pane::Log } else { Pane::Events };
            let list = if model.pane == Pane::Alerts { Pane::Alerts } else { Pane::Agents };
            areas.panes = vec![(Pane::Tasks, left), (stream, events), (list, agents)];
        }
        LayoutDensity::Full => {
            let [top, middle, rest, inspector] = rows(
                body,
                [
                    Constraint::Length(timeline.max(body.height.saturating_sub(5) / 3)),
                    Constraint::Length(agent_rows),
                    Constraint::Fill(1),
                    Constraint::Length(5),
                ],
            );
            let ([timeline, pulse], [agents, alerts], [tasks, stream]) =
                (columns(top), columns(middle), columns(rest));
            areas.timeline = Some(timeline);
            areas.pulse = Some(pulse);
            areas.inspector = Some(inspector);
            // The log has no place of its own; it takes the events' when it is focused.
            let shown = if model.pane == Pane::Log { Pane::Log } else { Pane::Events };
            areas.panes = vec![
                (Pane::Agents, agents),
                (Pane::Alerts, alerts),
                (Pane::Tasks, tasks),
                (shown, stream),
            ];
        }
    }
}

fn rows<const N: usize>(area: Rect, parts: [Constraint; N]) -> [Rect; N] {
    Layout::vertical(parts).areas(area)
}

fn columns(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Percentage(63), Constraint::Fill(1)]).areas(area)
}

/// Rows the focused list shows at once; a page.
pub(super) fn page_rows(model: &Model) -> usize {
    let areas = frame_areas(model, model.size);
    let height = areas.pane(model.focused_pane()).map_or(0, |area| area.height);
    let lost = if areas.density.has_borders() { FRAME + 1 } else { 0 };
    usize::from(height.saturating_sub(lost)).max(1)
}

/// The first row shown of a list, so that the cursor's is in the middle as far as the ends allow.
///
/// A function of the cursor alone: a frame does not depend on the frames before it.
pub(super) fn first_visible_row(cursor: usize, rows: usize, height: usize) -> usize {
    cursor.saturating_sub(height / 2).min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_just_below_a_step_gets_the_step_below() {
        for (density, (width, height)) in LayoutDensity::LEAST {
            assert_eq!(LayoutDensity::for_size((width, height)), density);
            assert!(LayoutDensity::for_size((width - 1, height)) < density);
            assert!(LayoutDensity::for_size((width, height - 1)) < density);
        }
        assert_eq!(LayoutDensity::for_size((0, 0)), LayoutDensity::TooSmall);
    }

    #[test]
    fn the_cursor_is_always_among_the_rows_shown() {
        for rows in 0..40_usize {
            for height in 1..12 {
                for cursor in 0..rows {
                    let first = first_visible_row(cursor, rows, height);
                    assert!((first..first + height).contains(&cursor), "{cursor} {rows} {height}");
                }
            }
        }
    }
}
