//! Drawing of the dependency graph, with the reasons of the selected task and their fix.

use std::collections::BTreeSet;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use crate::view::pane;
use crate::{
    fix_hint,
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens,
    theme::Theme,
    widget::wrap,
};
use engine::RunState;
use planning::plan::TaskIx;
use view::{
    conditions_met, format,
    graph::{Graph, GraphRow, why_blocked},
    why,
};

/// Draws the graph around the cursor and the reasons of its task.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, LayoutDensity)) {
    let Some((run, (graph, cursor))) =
        model.displayed_run().zip(screens::graph::model::current_layout(model))
    else {
        pane::draw_pane(model, frame, (area, density), ("graph", ""), Some(Pane::Graph));
        return;
    };
    let theme = model.settings.theme;
    let title = graph.note.as_ref().map_or_else(|| "graph".into(), |note| format!("graph: {note}"));
    let legend = format!(
        "{} follow the lines   {{ }} blocks it   * critical path of its stage",
        theme.glyph("←→", "left right")
    );
    let inner =
        pane::draw_pane(model, frame, (area, density), (&title, &legend), Some(Pane::Graph));
    let reasons = cursor.map_or_else(Vec::new, |ix| reasons(model, run, ix, inner.width));
    let rows = u16::try_from(reasons.len()).unwrap_or(u16::MAX);
    // Both are wanted at once; the reasons are what one came for.
    let below = rows.min((inner.height / 2).max(inner.height.saturating_sub(height(&graph))));
    let [above, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]).areas(inner);
    draw_canvas(model, frame, above, (&graph, cursor));
    pane::draw_lines(frame, below, reasons);
}

fn height(graph: &Graph) -> u16 {
    u16::try_from(graph.height).unwrap_or(u16::MAX)
}

/// Draws the part of the graph in which the cursor is.
fn draw_canvas(
    model: &Model,
    frame: &mut Frame<'_>,
    area: Rect,
    (graph, cursor): (&Graph, Option<TaskIx>),
) {
    let theme = model.settings.theme;
    let (wide, high) = (usize::from(area.width), usize::from(area.height));
    let node = cursor.and_then(|ix| graph.node(ix));
    let open = graph.blocks.iter().find(|block| {
        model.displayed_run().is_some_and(|run| !run.stage(block.stage).status.has_ended())
    });
    // Without a cursor the first stage that has not ended stands on top.
    let top = node.map_or_else(
        || open.map_or(0, |block| block.row).min(graph.height.saturating_sub(high)),
        |node| layout::first_visible_row(node.y, graph.height, high),
    );
    // Sideways only as far as the cursor asks for: titles stand at the left edge.
    let left = node.filter(|node| node.x + node.width > wide);
    let left = left
        .map_or(0, |node| layout::first_visible_row(node.x + node.width / 2, graph.width, wide));
    let path: BTreeSet<TaskIx> = match (model.displayed_run(), cursor) {
        (Some(run), Some(ix)) => {
            let chain = why_blocked(run, ix, model.displayed_moment());
            chain.into_iter().map(|cause| cause.ix).collect()
        }
        _no_cursor => BTreeSet::new(),
    };
    let rows = graph.rows(theme.glyphs).into_iter().skip(top).take(high);
    let lines = rows.map(|row| styled_node(theme, &row, (cursor, &path), left));
    pane::draw_lines(frame, area, lines);
}

/// One row: nodes in the look of their state, those on the blocked path in braces.
fn styled_node(
    theme: Theme,
    row: &GraphRow,
    (cursor, path): (Option<TaskIx>, &BTreeSet<TaskIx>),
    left: usize,
) -> Line<'static> {
    let mut cells: Vec<(char, Style)> = row
        .text
        .chars()
        .map(|c| (c, if row.pieces.is_empty() { theme.muted() } else { Style::new() }))
        .collect();
    if row.pieces.is_empty() && row.text.starts_with(|c: char| c.is_alphanumeric()) {
        for (_, style) in &mut cells {
            *style = theme.emphasis();
        }
    }
    for piece in &row.pieces {
        let on_path = path.len() > 1 && path.contains(&piece.ix);
        let mut style = theme.task_state(piece.state);
        if on_path {
            style = style.patch(theme.emphasis());
        }
        if cursor == Some(piece.ix) {
            style = style.patch(theme.selected());
        }
        for (cell, place) in cells.iter_mut().skip(piece.x).take(piece.width).zip(1..) {
            cell.1 = style;
            cell.0 = match cell.0 {
                '[' if on_path && place == 1 => '{',
                ']' if on_path && place == piece.width => '}',
                other => other,
            };
        }
    }
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut last = None;
    for (c, style) in cells.into_iter().skip(left) {
        match spans.last_mut().filter(|_| last == Some(style)) {
            Some(span) => span.content.to_mut().push(c),
            None => spans.push(Span::styled(c.to_string(), style)),
        }
        last = Some(style);
    }
    Line::from(spans)
}

/// Returns why a task does not run: what blocks it, the root first, each with the key that helps;
/// what else keeps it; what does not.
fn reasons(model: &Model, run: &RunState, ix: TaskIx, width: u16) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let task = run.plan().task(ix);
    let state = run.task(ix).state;
    let all = why::state_reasons(run, ix, model.displayed_moment());
    let head = if all.is_empty() { "no reason to wait" } else { "because" };
    let mut lines = vec![Line::styled(format!("{} is {state}: {head}", task.id), theme.emphasis())];
    let chain = why_blocked(run, ix, model.displayed_moment());
    let text = |text: &str, style: Style, lines: &mut Vec<Line<'static>>| {
        for (i, part) in wrap(text, width.saturating_sub(4).max(12)).into_iter().enumerate() {
            let indent = if i == 0 { " " } else { "    " };
            lines.push(Line::styled(format!("{indent}{part}"), style));
        }
    };
    let causes = chain.iter().filter(|cause| cause.ix != ix);
    for (number, cause) in (1_u32..).zip(causes) {
        let mark = format::state_glyph(cause.state, theme.glyphs);
        let first = why::state_reasons(run, cause.ix, model.displayed_moment()).into_iter().next();
        let code = first.map_or("", |why| why.code);
        let fix = fix_hint::fix_hint(model, (cause.verb, code), Some(cause.id.as_str()));
        let line = format!("{number} {mark} {}: {}  {fix}", cause.id, cause.note);
        text(&line, theme.task_state(cause.state), &mut lines);
    }
    // What the chain has told is not told again.
    let told = |why: &&why::StateReason| why.on.is_some_and(|on| chain.iter().any(|c| c.ix == on));
    for why in all.iter().filter(|why| !told(why)) {
        text(&format!("- {}", fix_hint::reason_line(model, run, why)), Style::new(), &mut lines);
    }
    let clear = conditions_met::clear(run, ix, model.displayed_moment());
    if !clear.is_empty() {
        let between = theme.glyph(" · ", ", ");
        text(&format!("not blocking: {}", clear.join(between)), theme.muted(), &mut lines);
    }
    lines
}
