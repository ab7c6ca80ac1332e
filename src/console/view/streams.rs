//! What grows at its end: the events of the run, and the log of the program.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use super::{histogram, pane, tasks};
use crate::{
    console::{
        layout::Density,
        log::{Level, LogLine},
        model::{Model, Pane},
        rows::{Flag, Reading, Shape, Stream, Which, window},
        screen,
        theme::Theme,
        widget::{Cell, Column, Table, columns, widths, wrap},
    },
    engine::{RunState, Severity},
    present::{
        clock::{Clock, TimeStyle},
        events::{self, EventLine, Mark},
        words,
    },
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

/// The place of the column that holds the text, in either stream.
const TEXT: usize = 3;

/// The columns of a stream; the head of the first says whose clock it shows.
fn heads(model: &Model, which: Which) -> Vec<Column> {
    match which {
        Which::Log => LOG.to_vec(),
        Which::Events => {
            let mut columns = EVENTS.to_vec();
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
enum Drawn {
    /// A row of the table.
    Cells(Vec<Cell>),
    /// A line across all columns.
    Whole(Line<'static>),
}

fn note(stream: &Stream) -> String {
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
        Shape::Cut => {}
        Shape::Wrapped => parts.push("wrapped".into()),
        Shape::Unfolded => parts.push("JSON".into()),
    }
    parts.push(if stream.at.is_none() { "follows" } else { "f follows" }.into());
    parts.join("  ")
}

/// What is shown of a stream.
struct Shown<'a> {
    model: &'a Model,
    which: Which,
    reading: Reading<'a>,
    clock: Clock,
    /// Columns for the text.
    wide: u16,
    /// Columns in all.
    room: u16,
    cursor: Option<usize>,
}

impl<'a> Shown<'a> {
    fn new(model: &'a Model, which: Which, room: u16) -> Self {
        let wide = widths(&heads(model, which), room).get(TEXT).copied().unwrap_or(room);
        let reading = which.read(model);
        let (clock, cursor) = (model.clock(), reading.cursor());
        Self { model, which, reading, clock, wide, room, cursor }
    }

    /// What is unfolded below a line.
    fn unfolded(&self, row: usize) -> Vec<String> {
        match self.which {
            Which::Events => {
                let found = self.model.shown().zip(self.reading.event(row));
                found.map_or_else(Vec::new, |(run, recorded)| {
                    screen::event::pretty(&events::json(recorded, run.plan()))
                })
            }
            Which::Log => wrap(&self.reading.text(row), self.room.saturating_sub(4)),
        }
    }

    /// The marks drawn after a line.
    fn flags(&self, row: usize) -> &[Flag] {
        let number = self.reading.number(row).unwrap_or(0);
        // A mark on a line that is not shown, before the first that is, stands after that one.
        let from = if row == 0 { 0 } else { number };
        self.which.stream(self.model).flags_between(from, self.reading.number(row + 1))
    }

    /// Rows of the screen a line takes, its marks included.
    fn tall(&self, row: usize) -> usize {
        let own = match self.which.stream(self.model).shape {
            Shape::Wrapped => wrap(&self.reading.text(row), self.wide).len(),
            Shape::Unfolded if self.cursor == Some(row) => 1 + self.unfolded(row).len(),
            Shape::Cut | Shape::Unfolded => 1,
        };
        own + self.flags(row).len()
    }

    /// The lines in sight in an area of so many rows.
    fn sight(&self, height: usize) -> std::ops::Range<usize> {
        let cursor = self.cursor.unwrap_or(0);
        window(self.reading.len(), cursor, height, |row| self.tall(row))
    }

    fn draw(&self, row: usize) -> Vec<Drawn> {
        let theme = self.model.settings.theme;
        let mut cells = match self.which {
            Which::Events => {
                let found = self.model.shown().zip(self.reading.event(row));
                let line = found.map(|(run, recorded)| events::line(recorded, run.plan()));
                line.map(|line| event(theme, &self.clock, &line))
            }
            Which::Log => self.reading.log(row).map(|line| logged(theme, line)),
        }
        .unwrap_or_default();
        if !self.reading.hit(row) {
            // A neighbour of what was looked for.
            for (_, style) in &mut cells {
                *style = theme.quiet();
            }
        }
        let mut below: Vec<Drawn> = match self.which.stream(self.model).shape {
            Shape::Cut => Vec::new(),
            Shape::Unfolded if self.cursor != Some(row) => Vec::new(),
            Shape::Unfolded => {
                let style = theme.quiet();
                let lines = self.unfolded(row).into_iter();
                lines.map(|line| Drawn::Whole(Line::styled(format!("    {line}"), style))).collect()
            }
            Shape::Wrapped => self.wrapped(row, &mut cells),
        };
        below.insert(0, Drawn::Cells(cells));
        below.extend(self.flags(row).iter().map(|flag| self.flag(flag)));
        below
    }

    /// Cuts the text of a line to its first row; the rows of the rest.
    fn wrapped(&self, row: usize, cells: &mut [Cell]) -> Vec<Drawn> {
        let mut rows = wrap(&self.reading.text(row), self.wide).into_iter();
        let Some(cell) = cells.get_mut(TEXT) else { return Vec::new() };
        cell.0 = rows.next().unwrap_or_default();
        let style = cell.1;
        let more = |text: String| {
            let blank = vec![(String::new(), Style::new()); TEXT];
            Drawn::Cells(blank.into_iter().chain([(text, style)]).collect())
        };
        rows.map(more).collect()
    }

    /// A mark, across the whole pane.
    fn flag(&self, flag: &Flag) -> Drawn {
        let theme = self.model.settings.theme;
        let line = theme.pick("─", "-");
        let (time, by) = (self.clock.time(flag.at), words::safe(&flag.by));
        let told = format!("mark {} · {time} · {by}", flag.name);
        let rest = self.room.saturating_sub(columns(&told) + 4);
        let text = format!("{line}{line} {told} {}", line.repeat(usize::from(rest)));
        Drawn::Whole(Line::styled(text, theme.strong()))
    }
}

/// The number of the line at a place of the screen, in a stream drawn in `area`.
pub(in crate::console) fn line_at(
    model: &Model,
    which: Which,
    (area, density): (Rect, Density),
    y: u16,
) -> Option<u64> {
    let (_, list) = histogram::parts(model, which, (area, density));
    let lost = u16::from(density.bordered());
    let y = usize::from(y.checked_sub(list.y + 2 * lost)?);
    let height = usize::from(list.height.saturating_sub(3 * lost));
    let shown = Shown::new(model, which, list.width.saturating_sub(2 * lost));
    let mut above = 0;
    for row in shown.sight(height).filter(|_| y < height) {
        above += shown.tall(row);
        if y < above {
            return shown.reading.number(row);
        }
    }
    None
}

/// What stands over a stream, and the pane it is.
fn title(model: &Model, which: Which, reading: &Reading<'_>) -> (String, Pane) {
    match which {
        Which::Log => ("log".to_owned(), Pane::Log),
        Which::Events => {
            let last = model.shown().map_or(0, RunState::last_seq);
            let more = if model.events.working() { ", filtering" } else { "" };
            (format!("events {} of {last}{more}", reading.hits()), Pane::Events)
        }
    }
}

/// Draws the lines in sight of a stream.
fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density), which: Which) {
    let theme = model.settings.theme;
    let (bars, area) = histogram::parts(model, which, (area, density));
    if let Some(bars) = bars {
        histogram::draw(model, frame, (bars, density));
    }
    let (title, pane) = title(model, which, &which.read(model));
    let note = note(which.stream(model));
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(pane));
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let shown = Shown::new(model, which, area.width);
    let (mut rows, mut whole, mut selected) = (Vec::new(), Vec::new(), None);
    for row in shown.sight(height) {
        if shown.cursor == Some(row) {
            selected = Some(rows.len());
        }
        for drawn in shown.draw(row) {
            match drawn {
                Drawn::Cells(cells) => rows.push(cells),
                Drawn::Whole(line) => {
                    whole.push((rows.len(), line));
                    rows.push(Vec::new());
                }
            }
        }
    }
    let table = Table {
        columns: &heads(model, which),
        rows,
        selected,
        looks: (theme.strong(), tasks::selected(model, pane)),
        ellipsis: theme.pick("…", "~"),
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
pub(super) fn events(model: &Model, frame: &mut Frame<'_>, area: (Rect, Density)) {
    draw(model, frame, area, Which::Events);
}

/// Draws the lines of the log in sight.
pub(super) fn log(model: &Model, frame: &mut Frame<'_>, area: (Rect, Density)) {
    draw(model, frame, area, Which::Log);
}

/// Draws everything an event says, from the line scrolled to.
pub(super) fn one(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, Density),
    seq: u64,
) {
    let found = model.shown().zip(model.recorded(seq));
    let title = found.map_or_else(
        || format!("event {seq}"),
        |(run, recorded)| {
            let line = events::line(recorded, run.plan());
            format!("event {seq}  {} {}  {}", model.clock().of(&line), line.kind, line.corr)
        },
    );
    let note = "enter its task  e o walk on  J fields or JSON";
    let area = pane::pane(model, frame, (area, density), (&title, note), Some(Pane::Events));
    let lines = screen::event::lines(model, seq);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}

fn event(theme: Theme, clock: &Clock, line: &EventLine) -> Vec<Cell> {
    let plain = match line.mark {
        Mark::State(state) => theme.state(state),
        Mark::Alert => theme.severity(line.severity.max(Severity::Warning)),
        Mark::None | Mark::Operator | Mark::Market => theme.severity(line.severity),
    };
    vec![
        // To the second; the milliseconds stand on the event's own screen.
        (clock.time(line.at), Style::new()),
        (line.mark.glyph(theme.glyphs).to_owned(), plain),
        (line.kind.to_owned(), plain),
        (line.what.clone(), plain),
        (line.corr.to_string(), theme.quiet()),
        (line.seq.to_string(), theme.quiet()),
    ]
}

fn logged(theme: Theme, line: &LogLine) -> Vec<Cell> {
    let style = match line.level {
        Level::Error => theme.danger(),
        Level::Warn => theme.warn(),
        Level::Info => Style::new(),
        Level::Debug => theme.quiet(),
    };
    vec![
        (line.time.clone(), theme.quiet()),
        (line.level.word().to_owned(), style),
        // All of it is ours; what tells the lines apart comes after the program's name.
        (line.target.trim_start_matches("bellwether::").to_owned(), theme.quiet()),
        (line.text.clone(), style),
    ]
}
