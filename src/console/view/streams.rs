//! What grows at its end: the events of the run, and the log of the program.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use super::{pane, tasks};
use crate::{
    console::{
        layout::Density,
        log::{Level, LogLine},
        model::{Model, Pane},
        rows::{Entry, Shape, Stream, Which, window},
        screen,
        theme::Theme,
        widget::{Cell, Column, Table, wrap},
    },
    engine::{RunState, Severity},
    present::{
        events::{self, EventLine, Mark},
        words,
    },
};

const EVENTS: [Column; 6] = [
    Column::new("TIME", 8, 8, 0),
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

/// The columns of a stream, and the place of the one that holds the text.
const fn columns(which: Which) -> (&'static [Column], usize) {
    match which {
        Which::Events => (&EVENTS, 3),
        Which::Log => (&LOG, 3),
    }
}

/// One row of the screen.
enum Drawn {
    /// A row of the table.
    Cells(Vec<Cell>),
    /// A line across all columns.
    Whole(Line<'static>),
}

fn note(stream: &Stream, hidden: usize) -> String {
    let mut parts = Vec::new();
    let filter = stream.filter.text();
    if !filter.is_empty() {
        parts.push(format!("filter: {filter}"));
    }
    if stream.context > 0 {
        parts.push(format!("{} around", stream.context));
    }
    if hidden > 0 {
        parts.push(format!("{hidden} cleared"));
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
    /// Columns for the text.
    wide: u16,
    /// Columns in all.
    room: u16,
    /// The place of the line under the cursor.
    cursor: Option<usize>,
}

impl Shown<'_> {
    /// The text of the line at a place.
    fn text(&self, place: usize) -> &str {
        let model = self.model;
        match self.which {
            Which::Events => model.events.get(place).map_or("", |line| line.what.as_str()),
            Which::Log => model.log.get(place).map_or("", |line| line.text.as_str()),
        }
    }

    /// What is unfolded below the line at a place.
    fn unfolded(&self, place: usize) -> Vec<String> {
        match self.which {
            Which::Events => {
                let seq = self.which.number(self.model, place);
                let found = self.model.shown().zip(seq.and_then(|seq| self.model.recorded(seq)));
                found.map_or_else(Vec::new, |(run, recorded)| {
                    screen::event::pretty(&events::json(recorded, run.plan()))
                })
            }
            Which::Log => wrap(self.text(place), self.room.saturating_sub(4)),
        }
    }

    fn tall(&self, entry: Entry) -> usize {
        let Entry::Line { place, .. } = entry else { return 1 };
        match self.which.stream(self.model).shape {
            Shape::Wrapped => wrap(self.text(place), self.wide).len(),
            Shape::Unfolded if self.cursor == Some(place) => 1 + self.unfolded(place).len(),
            Shape::Cut | Shape::Unfolded => 1,
        }
    }

    fn draw(&self, entry: Entry) -> Vec<Drawn> {
        let theme = self.model.settings.theme;
        let (place, hit) = match entry {
            Entry::Flag(at) => return vec![self.flag(at)],
            Entry::Line { place, hit, .. } => (place, hit),
        };
        let mut cells = match self.which {
            Which::Events => self.model.events.get(place).map(|line| event(theme, line)),
            Which::Log => self.model.log.get(place).map(|line| logged(theme, line)),
        }
        .unwrap_or_default();
        if !hit {
            // A neighbour of what was looked for.
            cells.iter_mut().for_each(|(_, style)| *style = theme.quiet());
        }
        let (_, text) = columns(self.which);
        let below: Vec<Drawn> = match self.which.stream(self.model).shape {
            Shape::Cut => Vec::new(),
            Shape::Unfolded if self.cursor != Some(place) => Vec::new(),
            Shape::Unfolded => {
                let style = theme.quiet();
                let lines = self.unfolded(place).into_iter();
                lines.map(|line| Drawn::Whole(Line::styled(format!("    {line}"), style))).collect()
            }
            Shape::Wrapped => {
                let mut rows = wrap(self.text(place), self.wide).into_iter();
                let style = cells.get(text).map_or_else(Style::new, |(_, style)| *style);
                if let (Some(first), Some(cell)) = (rows.next(), cells.get_mut(text)) {
                    cell.0 = first;
                }
                let more = |row: String| {
                    let blank = vec![(String::new(), Style::new()); text];
                    Drawn::Cells(blank.into_iter().chain([(row, style)]).collect())
                };
                rows.map(more).collect()
            }
        };
        let mut drawn = vec![Drawn::Cells(cells)];
        drawn.extend(below);
        drawn
    }

    /// A mark, across the whole pane.
    fn flag(&self, at: usize) -> Drawn {
        let theme = self.model.settings.theme;
        let line = theme.pick("─", "-");
        let flag = self.which.stream(self.model).flags.get(at);
        let told = flag.map_or_else(String::new, |flag| {
            format!("mark {} · {} ET · {}", flag.name, words::time(flag.at), words::safe(&flag.by))
        });
        let rest = self.room.saturating_sub(crate::console::widget::columns(&told) + 4);
        let text = format!("{line}{line} {told} {}", line.repeat(usize::from(rest)));
        Drawn::Whole(Line::styled(text, theme.strong()))
    }
}

/// The rows in sight of a stream in an area of so many columns and rows, each with its entry.
fn sight(model: &Model, which: Which, (room, height): (u16, usize)) -> Vec<(Entry, usize)> {
    let entries = which.entries(model);
    let shown = shown(model, which, room);
    let number = shown.cursor.and_then(|place| which.number(model, place));
    let row = entries.iter().position(|entry| entry.number().is_some() && entry.number() == number);
    // Following: what comes last is at the bottom, marks included.
    let follows = which.stream(model).at.is_none();
    let last = entries.len().saturating_sub(1);
    let row = if follows { last } else { row.unwrap_or(last) };
    let tall = |at: usize| entries.get(at).map_or(1, |entry| shown.tall(*entry));
    let seen = window(entries.len(), row, height, tall);
    entries.get(seen).unwrap_or_default().iter().map(|&entry| (entry, shown.tall(entry))).collect()
}

fn shown(model: &Model, which: Which, room: u16) -> Shown<'_> {
    let (columns, text) = columns(which);
    let wide = crate::console::widget::widths(columns, room).get(text).copied().unwrap_or(room);
    Shown { model, which, wide, room, cursor: which.cursor(model) }
}

/// The number of the line at a row of the pane below its heading, if there is one.
pub(in crate::console) fn line_at(
    model: &Model,
    which: Which,
    size: (u16, usize),
    row: usize,
) -> Option<u64> {
    let mut above = 0;
    for (entry, tall) in sight(model, which, size) {
        above += tall;
        if row < above {
            return entry.number();
        }
    }
    None
}

/// Draws the lines in sight of a stream.
fn draw(model: &Model, frame: &mut Frame<'_>, (area, density): (Rect, Density), which: Which) {
    let theme = model.settings.theme;
    let stream = which.stream(model);
    let places = which.places(model);
    let kept = which.kept(model);
    let hidden = (0..kept).take_while(|&p| which.number(model, p).is_some_and(|n| n < stream.from));
    let note = note(stream, hidden.count());
    let (title, pane) = match which {
        Which::Events => {
            let last = model.shown().map_or(0, RunState::last_seq);
            let hits = places.iter().filter(|(_, hit)| *hit).count();
            (format!("events {hits} of {last}"), Pane::Events)
        }
        Which::Log => ("log".to_owned(), Pane::Log),
    };
    let area = pane::pane(model, frame, (area, density), (&title, &note), Some(pane));
    let headed = density.bordered();
    let height = usize::from(area.height.saturating_sub(u16::from(headed)));
    let look = shown(model, which, area.width);
    let (mut rows, mut whole, mut selected) = (Vec::new(), Vec::new(), None);
    for (entry, _) in sight(model, which, (area.width, height)) {
        if matches!(entry, Entry::Line { place, .. } if look.cursor == Some(place)) {
            selected = Some(rows.len());
        }
        for drawn in look.draw(entry) {
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
        columns: columns(which).0,
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
    let place = model.events.partition_point(|line| line.seq < seq);
    let title = model.events.get(place).map_or_else(
        || format!("event {seq}"),
        |line| format!("event {seq}  {} {}  {}", line.time, line.kind, line.corr),
    );
    let note = "enter its task  e o walk on  J fields or JSON";
    let area = pane::pane(model, frame, (area, density), (&title, note), Some(Pane::Events));
    let lines = screen::event::lines(model, seq);
    let last = lines.len().saturating_sub(usize::from(area.height));
    pane::lines(frame, area, lines.into_iter().skip(model.scroll.min(last)));
}

fn event(theme: Theme, line: &EventLine) -> Vec<Cell> {
    let plain = match line.mark {
        Mark::State(state) => theme.state(state),
        Mark::Alert => theme.severity(line.severity.max(Severity::Warning)),
        Mark::None | Mark::Operator | Mark::Market => theme.severity(line.severity),
    };
    vec![
        // To the second; the milliseconds stand in the journal.
        (line.time.chars().take(8).collect(), Style::new()),
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
