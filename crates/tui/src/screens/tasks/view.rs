//! The list of tasks, most pressing first, and the screen of a single one.

use ratatui::{Frame, layout::Rect, style::Style, widgets::Widget as _};

use crate::view::pane;
use crate::{
    layout::{self, LayoutDensity},
    model::{Model, Pane},
    nav::Screen,
    screens,
    task_list::ColumnSet,
    theme::Theme,
    widget::{Column, Table, TableCell},
};
use engine::{RunState, TaskState};
use planning::{plan::TaskIx, workflow::TaskPriority};
use view::{
    badges::Badge,
    format, inspect, orders,
    task_list::{self, AttentionRank, Sort, TaskRow},
};

const COLUMNS: [Column; 11] = [
    Column::new("S", 2, 2, 0),
    Column::new("TASK", 15, 26, 0),
    Column::new("STATE", 10, 15, 4),
    Column::new("STAGE", 11, 12, 9),
    Column::new("AGENT", 15, 19, 6),
    Column::new("PRI", 4, 4, 5),
    Column::new("ATT", 4, 4, 2),
    Column::new("STARTED", 8, 8, 8),
    Column::new("AGE", 6, 6, 1),
    Column::new("NEXT", 14, 20, 7),
    Column::new("NOTE", 26, 200, 3),
];

/// Draws the rows in sight of the list.
pub(crate) fn draw_list(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let order = &model.tasks.order;
    let all = model.displayed_run().map_or(0, |run| run.tasks().len());
    let title = title(model, all);
    let note = note(model);
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(Pane::Tasks));
    let Some(run) = model.displayed_run() else { return };
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let cursor = model.tasks.center_row();
    let first = layout::first_visible_row(cursor, order.len(), height);
    let rows = order.iter().skip(first).take(height);
    let rows = rows.map(|&ix| {
        let mut row = task_list::task_row(run, model.displayed_moment(), ix);
        if row.state.is_active() && model.travel.frozen_view().is_none() {
            row.note = orders::progress_text(run, &model.orders, ix).unwrap_or(row.note);
        }
        let mut cells = cells(theme, &row);
        mark(model, ix, &mut cells);
        start_time_text(model, (run, ix), &mut cells);
        cells
    });
    let whole = model.nav.screen() == Screen::Tasks;
    let wide = model.tasks.width == ColumnSet::Wide;
    let whole = whole || wide;
    let longest = model.tasks.widest;
    let sized = |column: &Column| match column.title {
        "TASK" => Column { most: column.most.min(longest.0), ..*column },
        "AGENT" => Column { most: column.most.min(longest.1), ..*column },
        // Beside other panes the note needs the room more than the longest word for a state.
        "STATE" if !whole => Column { most: column.least, ..*column },
        // The notes, the longest of all, give way; every other column comes in.
        "NOTE" if wide => Column { rank: u8::MAX, ..*column },
        _other => *column,
    };
    let columns: Vec<_> =
        COLUMNS.iter().filter(|c| whole || is_shown_on_day(c)).map(sized).collect();
    let rows = rows.map(|cells| {
        let shown = |(column, _): &(&Column, TableCell)| whole || is_shown_on_day(column);
        COLUMNS.iter().zip(cells).filter(shown).map(|(_, cell)| cell).collect()
    });
    let rows = rows.collect();
    let table = Table {
        columns: &columns,
        rows,
        selected: model.tasks.cursor_row().map(|row| row - first),
        looks: (theme.emphasis(), selection_style(model, Pane::Tasks)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
}

/// Returns how many tasks there are, and how many of them are marked.
fn title(model: &Model, all: usize) -> String {
    let (order, marks) = (&model.tasks.order, &model.tasks.marks);
    let trying = model.tasks.filter_progress().filter(|_| !model.tasks.filter.is_empty());
    let trying = trying.map_or_else(String::new, |done| format!(", filtering {done}%"));
    let shown = format!("tasks {} of {all}{trying}", order.len());
    let hidden = marks.iter().filter(|ix| model.tasks.row_of(*ix).is_none()).count();
    match (marks.len(), hidden) {
        (0, _) => shown,
        (count, 0) => format!("{shown}  {count} marked"),
        (count, hidden) => format!("{shown}  {count} marked, {hidden} of them not shown"),
    }
}

/// Returns what is let through, by what it is sorted where that is not severity, and whether the
/// order stands still.
fn note(model: &Model) -> String {
    let (filter, sort) = (model.tasks.filter.text(), model.tasks.sort);
    let sorted = match (sort == Sort::default(), sort.reversed) {
        (true, _) => "severity first".to_owned(),
        (false, false) => format!("by {}", sort.key.as_str()),
        (false, true) => format!("by {}, last first", sort.key.as_str()),
    };
    let sorted = match (filter.is_empty(), sort == Sort::default()) {
        (true, _) => sorted,
        (false, true) => format!("filter: {filter}"),
        (false, false) => format!("filter: {filter}  {sorted}"),
    };
    if model.tasks.marks.is_empty() { sorted } else { format!("{sorted}  sorting locked") }
}

/// Writes when a task started the way moments are written now.
fn start_time_text(model: &Model, (run, ix): (&RunState, TaskIx), cells: &mut [TableCell]) {
    let place = COLUMNS.iter().position(|column| column.title == "STARTED");
    let cell = place.and_then(|place| cells.get_mut(place));
    if let Some((cell, at)) = cell.zip(run.task(ix).started_at) {
        cell.0 = model.time_format().time(at);
    }
}

/// Shows the mark of a marked task, beside its state.
fn mark(model: &Model, ix: TaskIx, cells: &mut [TableCell]) {
    if !model.tasks.marks.contains(ix) {
        return;
    }
    let theme = model.settings.theme;
    let sign = theme.glyph("◆", "#");
    if let Some((name, style)) = cells.get_mut(1) {
        *name = format!("{sign}{name}");
        *style = style.patch(theme.emphasis());
    }
}

/// Returns whether the day's list, beside its other panes, has the column: its stages are drawn
/// above.
fn is_shown_on_day(column: &Column) -> bool {
    !matches!(column.title, "STAGE" | "STARTED" | "NEXT")
}

/// Returns how the selected row looks: reversed where the keys go, else only bold.
pub(crate) fn selection_style(model: &Model, pane: Pane) -> Style {
    let theme = model.settings.theme;
    if model.focused_pane() == pane { theme.selected() } else { theme.emphasis() }
}

fn cells(theme: Theme, row: &TaskRow) -> Vec<(String, Style)> {
    let state = theme.task_state(row.state);
    let forced = if row.badges.contains(&Badge::Forced) { "!" } else { "" };
    // Of an attempt that failed, how it failed matters more than that others did before.
    let bad = row.state.is_bad_end() || row.state == TaskState::Retrying;
    let badges = row.badges.iter().filter(|badge| !(bad && **badge == Badge::Flaky));
    let words: Vec<_> = badges.map(|badge| badge.as_str()).collect();
    let note = match words.as_slice() {
        [] => row.note.clone(),
        some => format!("{} {}", some.join(" "), row.note),
    };
    let asks = row.rank == AttentionRank::NeedsOperator && row.state == TaskState::Running;
    let urgent = row.priority == format::priority(TaskPriority::Critical);
    let done = row.state.is_terminal() && !row.state.is_bad_end();
    let plain = if done { state } else { Style::new() };
    vec![
        (format!("{}{forced}", format::state_glyph(row.state, theme.glyphs)), state),
        (row.id.to_string(), state),
        if asks {
            ("approval".to_owned(), theme.warning().patch(theme.emphasis()))
        } else {
            (short_state(row.state).to_owned(), state)
        },
        (row.stage.to_string(), plain),
        (row.agent.to_string(), plain),
        (row.priority.to_owned(), if urgent { theme.emphasis() } else { plain }),
        (row.attempt.clone(), plain),
        (row.started.clone(), plain),
        (row.age.clone(), plain),
        (row.next.clone(), plain),
        (note, plain),
    ]
}

/// Returns the state in ten columns or fewer.
fn short_state(state: TaskState) -> &'static str {
    match state {
        TaskState::UpstreamFailed => "upstream",
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Running
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::Missed => format::state_text(state),
    }
}

/// Draws everything known of one task, from the line scrolled to.
pub(crate) fn draw_detail(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    ix: TaskIx,
) {
    let Some(run) = model.displayed_run() else { return };
    let theme = model.settings.theme;
    let task = inspect::inspect_task(run, ix, model.displayed_moment());
    let words: Vec<_> = task.badges.iter().map(|badge| badge.as_str()).collect();
    let title = format!("{} {}", format::state_glyph(task.state, theme.glyphs), task.title);
    let area = pane::draw_pane(
        model,
        frame,
        (area, density),
        (&title, &words.join(" ")),
        Some(Pane::Tasks),
    );
    let lines = screens::task::model::detail_lines(model, ix);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::draw_lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}
