//! Drawing of the two streams: the events of the run and the program's log.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use crate::{
    layout::LayoutDensity,
    list_actions::{Bookmark, LineLayout, StreamKind, StreamPosition, StreamReader, visible_range},
    log_line::{LogLine, LogLineLevel},
    model::{Model, Pane},
    screens,
    theme::Theme,
    widget::{Column, Table, TableCell, column_widths, display_width, wrap},
};
use crate::{
    screens::tasks,
    view::{histogram, pane},
};
use engine::{AlertSeverity, RunState};
use view::{
    event_line::{self, EventGlyph, EventLine},
    format,
    time_style::{TimeFormat, TimeStyle},
};

const EVENTS: [Column; 6] = [
    Column::new("TIME(ET)", 8, 8, 0),
    Column::new("", 1, 1, 0),
    Column::new("EVENT", 20, 22, 4),
    Column::new("WHAT", 28, 200, 0),
    Column::new("CORR", 6, 8, 5),
    Column::new("SEQ", 5, 6, 6),
];

const LOG: [Column; 4] = [
    Column::new("TIME", 8, 12, 1),
    Column::new("LEVEL", 5, 5, 0),
    Column::new("TARGET", 10, 20, 2),
    Column::new("TEXT", 40, 200, 0),
];

/// With so much room an event's text gets [`TEXT_READABLE`] columns before its numbers get any.
const READABLE: u16 = 74;
const TEXT_READABLE: u16 = 42;

/// The place of the column that holds the text, in either stream.
const TEXT: usize = 3;

/// The columns of a stream; the head of the first says whose clock it shows.
fn heads(model: &Model, which: StreamKind, room: u16) -> Vec<Column> {
    match which {
        StreamKind::Log => LOG.to_vec(),
        StreamKind::Events => {
            let mut columns = EVENTS.to_vec();
            if room >= READABLE {
                columns[TEXT].least = TEXT_READABLE;
            }
            columns[0].title = match model.times {
                TimeStyle::Market => "TIME(ET)",
                TimeStyle::Utc => "TIME UTC",
                TimeStyle::Local => "LOCAL",
                TimeStyle::Relative => "AGO",
            };
            columns
        }
    }
}

/// One row of the screen.
enum DrawnRow {
    /// A row of the table.
    Cells(Vec<TableCell>),
    /// A line across all columns.
    Line(Line<'static>),
}

fn note(stream: &StreamPosition) -> String {
    let mut parts = Vec::new();
    let filter = stream.filter.text();
    if !filter.is_empty() {
        parts.push(format!("filter: {filter}"));
    }
    if stream.context > 0 {
        parts.push(format!("{} around", stream.context));
    }
    if stream.from > 0 {
        parts.push("cleared".into());
    }
    match stream.shape {
        LineLayout::Truncated => {}
        LineLayout::Wrapped => parts.push("wrapped".into()),
        LineLayout::Unfolded => parts.push("JSON".into()),
    }
    parts.push(if stream.at.is_none() { "follows" } else { "f follows" }.into());
    parts.join("  ")
}

/// The visible part of a stream.
struct StreamView<'a> {
    model: &'a Model,
    which: StreamKind,
    reading: StreamReader<'a>,
    clock: TimeFormat,
    /// Columns for the text.
    wide: u16,
    /// Columns in all.
    room: u16,
    cursor: Option<usize>,
}

impl<'a> StreamView<'a> {
    fn new(model: &'a Model, which: StreamKind, room: u16) -> Self {
        let wide =
            column_widths(&heads(model, which, room), room).get(TEXT).copied().unwrap_or(room);
        let reading = which.reader(model);
        let (clock, cursor) = (model.time_format(), reading.cursor_row());
        Self { model, which, reading, clock, wide, room, cursor }
    }

    /// Returns what is unfolded below a line.
    fn unfolded_lines(&self, row: usize) -> Vec<String> {
        match self.which {
            StreamKind::Events => {
                let found = self.model.displayed_run().zip(self.reading.event(row));
                found.map_or_else(Vec::new, |(run, recorded)| {
                    screens::event::model::pretty_json(&engine::event_json(recorded, run.plan()))
                })
            }
            StreamKind::Log => wrap(&self.reading.text(row), self.room.saturating_sub(4)),
        }
    }

    /// The marks drawn after a line.
    fn flags(&self, row: usize) -> &[Bookmark] {
        let number = self.reading.line_number(row).unwrap_or(0);
        // A mark on a line that is not shown, before the first that is, stands after that one.
        let from = if row == 0 { 0 } else { number };
        self.which.position(self.model).flags_between(from, self.reading.line_number(row + 1))
    }

    /// Rows of the screen a line takes, its marks included.
    fn tall(&self, row: usize) -> usize {
        let own = match self.which.position(self.model).shape {
            LineLayout::Wrapped => wrap(&self.reading.text(row), self.wide).len(),
            LineLayout::Unfolded if self.cursor == Some(row) => 1 + self.unfolded_lines(row).len(),
            LineLayout::Truncated | LineLayout::Unfolded => 1,
        };
        own + self.flags(row).len()
    }

    /// The lines in sight in an area of so many rows.
    fn sight(&self, height: usize) -> std::ops::Range<usize> {
        let cursor = self.cursor.unwrap_or(0);
        visible_range(self.reading.len(), cursor, height, |row| self.tall(row))
    }

    fn draw(&self, row: usize) -> Vec<DrawnRow> {
        let theme = self.model.settings.theme;
        let mut cells = match self.which {
            StreamKind::Events => {
                let found = self.model.displayed_run().zip(self.reading.event(row));
                let line =
                    found.map(|(run, recorded)| event_line::event_line(recorded, run.plan()));
                line.map(|line| event(theme, &self.clock, &line))
            }
            StreamKind::Log => self.reading.log_line(row).map(|line| log_cells(theme, line)),
        }
        .unwrap_or_default();
        if !self.reading.is_match(row) {
            // A neighbour of what was looked for.
            for (_, style) in &mut cells {
                *style = theme.muted();
            }
        }
        let mut below: Vec<DrawnRow> = match self.which.position(self.model).shape {
            LineLayout::Truncated => Vec::new(),
            LineLayout::Unfolded if self.cursor != Some(row) => Vec::new(),
            LineLayout::Unfolded => {
                let style = theme.muted();
                let lines = self.unfolded_lines(row).into_iter();
                lines
                    .map(|line| DrawnRow::Line(Line::styled(format!("    {line}"), style)))
                    .collect()
            }
            LineLayout::Wrapped => self.wrap_row(row, &mut cells),
        };
        below.insert(0, DrawnRow::Cells(cells));
        below.extend(self.flags(row).iter().map(|flag| self.flag(flag)));
        below
    }

    /// Cuts the text of a line to its first row; the rows of the rest.
    fn wrap_row(&self, row: usize, cells: &mut [TableCell]) -> Vec<DrawnRow> {
        let mut rows = wrap(&self.reading.text(row), self.wide).into_iter();
        let Some(cell) = cells.get_mut(TEXT) else { return Vec::new() };
        cell.0 = rows.next().unwrap_or_default();
        let style = cell.1;
        let more = |text: String| {
            let blank = vec![(String::new(), Style::new()); TEXT];
            DrawnRow::Cells(blank.into_iter().chain([(text, style)]).collect())
        };
        rows.map(more).collect()
    }

    /// A mark, across the whole pane.
    fn flag(&self, flag: &Bookmark) -> DrawnRow {
        let theme = self.model.settings.theme;
        let line = theme.glyph("─", "-");
        let (time, by) = (self.clock.time(flag.at), format::sanitize(&flag.by));
        let told = format!("mark {} · {time} · {by}", flag.name);
        let rest = self.room.saturating_sub(display_width(&told) + 4);
        let text = format!("{line}{line} {told} {}", line.repeat(usize::from(rest)));
        DrawnRow::Line(Line::styled(text, theme.emphasis()))
    }
}

/// The number of the line at a place of the screen, in a stream drawn in `area`.
pub(crate) fn line_at(
    model: &Model,
    which: StreamKind,
    (area, density): (Rect, LayoutDensity),
    y: u16,
) -> Option<u64> {
    let (_, list) = histogram::split_area(model, which, (area, density));
    let lost = u16::from(density.has_borders());
    let y = usize::from(y.checked_sub(list.y + 2 * lost)?);
    let height = usize::from(list.height.saturating_sub(3 * lost));
    let shown = StreamView::new(model, which, list.width.saturating_sub(2 * lost));
    let mut above = 0;
    for row in shown.sight(height).filter(|_| y < height) {
        above += shown.tall(row);
        if y < above {
            return shown.reading.line_number(row);
        }
    }
    None
}

/// Returns what stands over a stream, and the pane it is.
fn title(model: &Model, which: StreamKind, reading: &StreamReader<'_>) -> (String, Pane) {
    match which {
        StreamKind::Log => ("log".to_owned(), Pane::Log),
        StreamKind::Events => {
            let last = model.displayed_run().map_or(0, RunState::last_seq);
            let more = if model.events.is_filtering() { ", filtering" } else { "" };
            (format!("events {} of {last}{more}", reading.match_count()), Pane::Events)
        }
    }
}

/// Draws the lines in sight of a stream.
fn draw(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    which: StreamKind,
) {
    let theme = model.settings.theme;
    let (bars, area) = histogram::split_area(model, which, (area, density));
    if let Some(bars) = bars {
        histogram::draw(model, frame, (bars, density));
    }
    let (title, pane) = title(model, which, &which.reader(model));
    let note = note(which.position(model));
    let area = pane::draw_pane(model, frame, (area, density), (&title, &note), Some(pane));
    let headed = density.has_borders();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let shown = StreamView::new(model, which, area.width);
    let (mut rows, mut whole, mut selected) = (Vec::new(), Vec::new(), None);
    for row in shown.sight(height) {
        if shown.cursor == Some(row) {
            selected = Some(rows.len());
        }
        for drawn in shown.draw(row) {
            match drawn {
                DrawnRow::Cells(cells) => rows.push(cells),
                DrawnRow::Line(line) => {
                    whole.push((rows.len(), line));
                    rows.push(Vec::new());
                }
            }
        }
    }
    let table = Table {
        columns: &heads(model, which, shown.room),
        rows,
        selected,
        looks: (theme.emphasis(), tasks::view::selection_style(model, pane)),
        ellipsis: theme.glyph("…", "~"),
        headed,
    };
    table.render(area, frame.buffer_mut());
    let top = area.y + u16::from(headed);
    for (row, line) in whole.into_iter().filter(|(row, _)| *row < height) {
        let y = top.saturating_add(u16::try_from(row).unwrap_or(u16::MAX));
        line.render(Rect { y, height: 1, ..area }.intersection(area), frame.buffer_mut());
    }
}

/// Draws the events in sight.
pub(crate) fn events(model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
    draw(model, frame, area, StreamKind::Events);
}

/// Draws the lines of the log in sight.
pub(crate) fn draw_log(model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
    draw(model, frame, area, StreamKind::Log);
}

/// Draws everything an event says, from the line scrolled to.
pub(crate) fn draw_event(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
    seq: u64,
) {
    let found = model.displayed_run().zip(model.event_by_seq(seq));
    let title = found.map_or_else(
        || format!("event {seq}"),
        |(run, recorded)| {
            let line = event_line::event_line(recorded, run.plan());
            format!(
                "event {seq}  {} {}  {}",
                model.time_format().event_time(&line),
                line.kind,
                line.corr
            )
        },
    );
    let note = "enter its task  e o walk on  J fields or JSON";
    let area = pane::draw_pane(model, frame, (area, density), (&title, note), Some(Pane::Events));
    let lines = screens::event::model::detail_lines(model, seq);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::draw_lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}

fn event(theme: Theme, clock: &TimeFormat, line: &EventLine) -> Vec<TableCell> {
    let plain = match line.mark {
        EventGlyph::State(state) => theme.task_state(state),
        EventGlyph::Alert => theme.severity(line.severity.max(AlertSeverity::Warning)),
        EventGlyph::None | EventGlyph::Operator | EventGlyph::Market => {
            theme.severity(line.severity)
        }
    };
    vec![
        // To the second; the milliseconds stand on the event's own screen.
        (clock.time(line.at), Style::new()),
        (line.mark.glyph(theme.glyphs).to_owned(), plain),
        (line.kind.to_owned(), plain),
        (line.what.clone(), plain),
        (line.corr.to_string(), theme.muted()),
        (line.seq.to_string(), theme.muted()),
    ]
}

fn log_cells(theme: Theme, line: &LogLine) -> Vec<TableCell> {
    let style = match line.level {
        LogLineLevel::Error => theme.danger(),
        LogLineLevel::Warn => theme.warning(),
        LogLineLevel::Info => Style::new(),
        LogLineLevel::Debug => theme.muted(),
    };
    vec![
        (line.time.clone(), theme.muted()),
        (line.level.as_str().to_owned(), style),
        // All of it is ours; what tells the lines apart comes after the program's name.
        (line.target.trim_start_matches("bellwether::").to_owned(), theme.muted()),
        (line.text.clone(), style),
    ]
}
