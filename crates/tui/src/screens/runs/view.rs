//! The runs of this console as rows, and two of them side by side.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    screens::runs::{self, model::RunListEntry},
    theme::Theme,
    widget::{Column, Table, TableCell},
};
use crate::{screens::tasks, view::pane};
use planning::plan::RunMode;
use view::{format, time_style::TimeFormat};

const COLUMNS: [Column; 12] = [
    Column::new("DATE", 10, 10, 0),
    Column::new("RUN", 7, 7, 0),
    Column::new("MODE", 5, 6, 4),
    Column::new("STATUS", 9, 21, 0),
    Column::new("DONE", 5, 7, 1),
    Column::new("FAIL", 4, 4, 1),
    Column::new("RETRY", 5, 5, 2),
    Column::new("START", 8, 8, 3),
    Column::new("END", 8, 8, 2),
    Column::new("TOOK", 8, 9, 5),
    Column::new("EVENTS", 6, 8, 6),
    Column::new("WORKFLOW", 12, 200, 7),
];

/// Draws the list.
pub(crate) fn draw_list(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let runs = runs::model::filtered_runs(model);
    let title = format!("runs {}", runs.len());
    let note = match model.sights.filter(Pane::Runs).text() {
        "" => "enter opens one, d compares it with the one shown".to_owned(),
        filter => format!("filter: {filter}"),
    };
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Runs));
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = runs.iter().position(|run| run.of == runs::model::selected_run(model));
    let first = layout::first_visible_row(cursor.unwrap_or(0), runs.len(), height);
    let table = Table {
        columns: &COLUMNS,
        rows: runs
            .iter()
            .skip(first)
            .take(height)
            .map(|run| cells(theme, &model.time_format(), run))
            .collect(),
        selected: cursor.map(|row| row.saturating_sub(first)),
        looks: (theme.emphasis(), tasks::view::selection_style(model, Pane::Runs)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

fn cells(theme: Theme, clock: &TimeFormat, run: &RunListEntry) -> Vec<TableCell> {
    let (row, plain) = (&run.row, Style::new());
    let failed = if row.failed > 0 { theme.danger() } else { plain };
    let mode = if row.mode == RunMode::Live { theme.emphasis() } else { plain };
    vec![
        (row.date.to_string(), plain),
        (run.kind.to_owned(), theme.emphasis()),
        (row.mode.to_string(), mode),
        (row.status.to_owned(), plain),
        (format!("{}/{}", row.done, row.all), plain),
        (row.failed.to_string(), failed),
        (row.retried.to_string(), plain),
        (clock.time(row.started), plain),
        (row.ended.map_or_else(|| "-".into(), |at| clock.time(at)), plain),
        (format::format_duration(row.took), plain),
        (row.events.to_string(), plain),
        (row.workflow.clone(), plain),
    ]
}

/// Draws what differs, from the row scrolled to.
pub(crate) fn draw_diff(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let Some(found) = &model.compared else {
        pane::draw_pane(model, frame, (area, density), ("diff", "no comparison"), None);
        return;
    };
    let differ = found.rows.iter().filter(|row| row.mark.trim() != "").count();
    let note = format!("{differ} rows differ, {} alike", found.alike);
    let title = format!("diff: {}", found.title);
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Runs));
    if found.rows.is_empty() {
        pane::draw_lines(frame, area, [Line::raw(" no differences")]);
        return;
    }
    let side = (area.width / 3).max(12);
    let columns = [
        Column::new("", 1, 1, 0),
        Column::new("WHAT", 12, 28, 0),
        Column::new("", 12, side, 0),
        Column::new("", 12, side, 0),
    ];
    let plain = Style::new();
    let (left, right) = found.sides.clone();
    let strong = theme.emphasis();
    let blank = (String::new(), strong);
    let head = vec![blank.clone(), blank, (left, strong), (right, strong)];
    let height = usize::from(area.height).saturating_sub(1);
    let first = model.scroll.min(found.rows.len().saturating_sub(height));
    let rows = found.rows.iter().skip(first).take(height).map(|row| {
        let look = if row.mark == " " { theme.muted() } else { plain };
        vec![
            (row.mark.to_owned(), strong),
            (row.what.clone(), strong),
            (row.left.clone(), look),
            (row.right.clone(), look),
        ]
    });
    let table = Table {
        columns: &columns,
        rows: std::iter::once(head).chain(rows).collect(),
        selected: None,
        looks: (strong, strong),
        ellipsis: theme.glyph("…", "~"),
        headed: false,
    };
    table.render(area, frame.buffer_mut());
}
