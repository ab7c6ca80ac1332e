//! The audit trail as a table: when, who, what, why, what came of it; and one entry in full.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens::audit,
    theme::Theme,
    widget::{Column, Table},
};
use crate::{screens::tasks, view::pane};
use view::{audit::AuditRow, format, time_style::TimeFormat};

const COLUMNS: [Column; 6] = [
    Column::new("TIME", 8, 8, 0),
    Column::new("ID", 5, 6, 4),
    Column::new("WHO", 8, 20, 1),
    Column::new("WHAT", 22, 36, 0),
    Column::new("RESULT", 16, 60, 2),
    Column::new("WHY", 12, 200, 3),
];

/// Draws the entries in sight.
pub(crate) fn draw_list(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let rows = audit::model::filtered_rows(model);
    let refused = rows.iter().filter(|row| row.is_refused()).count();
    let chain = model.audit.chain_status();
    let title = format!(
        "audit {}, {refused} refused, {}",
        format::count_noun(rows.len().try_into().unwrap_or(u64::MAX), "entry"),
        chain.describe(audit::model::check_glyphs(theme))
    );
    let filter = model.sights.filter(Pane::Audit).text();
    let note = if filter.is_empty() { "newest first".into() } else { format!("filter: {filter}") };
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Audit));
    if rows.is_empty() {
        let text = if filter.is_empty() { "no entries yet" } else { "no match" };
        pane::draw_lines(frame, area, [Line::styled(format!(" {text}"), theme.muted())]);
        return;
    }
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = audit::model::cursor_row(model, &rows);
    let first = layout::first_visible_row(cursor.unwrap_or(0), rows.len(), height);
    let [_, rest @ ..] = COLUMNS;
    let [id, who, what, result, why] = rest;
    let time = Column::new(model.time_format().short_heading(), 8, 8, 0);
    let table = Table {
        columns: &[time, id, who, what, result, why],
        rows: rows
            .iter()
            .skip(first)
            .take(height)
            .map(|row| cells(theme, &model.time_format(), row))
            .collect(),
        selected: cursor.map(|row| row - first),
        looks: (theme.emphasis(), tasks::view::selection_style(model, Pane::Audit)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

/// Draws one entry: all it says.
pub(crate) fn draw_detail(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    seq: u64,
) {
    let title = model.audit.find(seq).map_or_else(
        || format!("entry A-{seq}"),
        |row| format!("entry {}  {}  {}", row.name, model.time_format().time(row.at), row.who),
    );
    let note = "enter its event  esc back";
    let area = pane::draw_pane(model, frame, (area, density), (&title, note), Some(Pane::Audit));
    let lines = audit::model::detail_lines(model, seq);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::draw_lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}

fn cells(theme: Theme, clock: &TimeFormat, row: &AuditRow) -> Vec<(String, Style)> {
    let plain = Style::new();
    let result = if row.is_refused() { theme.warning() } else { plain };
    vec![
        (clock.time(row.at), plain),
        (row.name.clone(), theme.muted()),
        (row.who.clone(), plain),
        (row.what.clone(), plain),
        (row.result.clone(), result),
        (row.why.clone(), plain),
    ]
}
