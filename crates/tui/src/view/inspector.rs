//! The selected task in three lines, where there is room for them under everything else.

use ratatui::{Frame, layout::Rect, text::Line};

use super::pane;
use crate::{fix_hint, layout::LayoutDensity, model::Model};
use view::{
    format,
    inspect::{self, DependencyLink},
};

/// Draws the title, the first reasons and the neighbours of the selected task.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let (title, shown) = match model.tasks.cursor {
        Some(ix) => ("selected", Some(ix)),
        None => ("most pressing", model.tasks.order.first().copied()),
    };
    let area = pane::draw_pane(model, frame, (area, LayoutDensity::Full), (title, ""), None);
    let Some((run, ix)) = model.displayed_run().zip(shown) else { return };
    let task = inspect::inspect_task(run, ix, model.displayed_moment());
    let mark = format::state_glyph(task.state, theme.glyphs);
    let mut lines =
        vec![Line::styled(format!("{mark} {}", task.title), theme.task_state(task.state))];
    let why: Vec<_> = task.why.iter().map(|why| fix_hint::reason_line(model, run, why)).collect();
    let gave = task.output.first().map_or("", String::as_str);
    lines.push(Line::raw(if why.is_empty() { gave.to_owned() } else { why.join("  |  ") }));
    let names = |links: &[DependencyLink]| {
        let names = links
            .iter()
            .map(|link| format!("{} {}", format::state_glyph(link.state, theme.glyphs), link.id));
        names.collect::<Vec<_>>().join("  ")
    };
    let (needs, feeds) = (names(&task.needs), names(&task.feeds));
    let or_none = |text: String| if text.is_empty() { "nothing".into() } else { text };
    let neighbours = format!("needs {}    is needed by {}", or_none(needs), or_none(feeds));
    lines.push(Line::styled(neighbours, theme.muted()));
    pane::draw_lines(frame, area, lines);
}
