//! The day of a dry run on a time axis: a row for each stage, and below it one for each of its tasks.

use chrono::{DateTime, TimeDelta, Utc};

use super::page::PageStyle;
use crate::{
    format::{self, GlyphSet},
    page::{TextPage, truncate},
    timeline::{Timeline, TimelineCell},
};
use engine::forecast::{DryRunReport, DryRunStage, DryRunTask, SimulatedAttempt};

/// Columns of names; what is left is the axis.
const NAME: usize = 22;
/// The least duration drawn, so that a task that starts and ends at one moment is visible.
const TINY: TimeDelta = TimeDelta::milliseconds(1);

/// Half-open time.
type TimeRange = (DateTime<Utc>, DateTime<Utc>);

/// Draws the day.
pub(super) fn draw_gantt(day: &DryRunReport, sheet: PageStyle, page: &mut TextPage) {
    let Some(axis) = time_axis(day, sheet.width.saturating_sub(NAME + 1)) else { return };
    page.heading("the day");
    let row = |name: &str, cells: &str| format!("{:<NAME$} {cells}", truncate(name, NAME));
    page.row(&row("", &hour_labels(&axis)));
    page.row(&row("", &ruler(day, &axis, sheet)));
    for stage in &day.stages {
        page.row(&row(stage.stage.as_str(), &stage_cells(stage, &axis, sheet)));
        for task in day.tasks.iter().filter(|task| task.stage == stage.stage) {
            let mark = format::state_glyph(task.state, sheet.glyphs);
            page.row(&row(&format!("{mark} {}", task.task), &task_cells(task, &axis, sheet)));
        }
    }
    let [ran, planned] =
        [TimelineCell::Ran, TimelineCell::Planned].map(|cell| cell.glyph(sheet.glyphs));
    page.row(&row("", &format!("{ran} runs  {planned} may start  {} stage", line(sheet, true))));
}

/// From the full hour before the first moment to the one after the last; nothing on a day without
/// tasks. It is so many columns wide.
pub(super) fn time_axis(day: &DryRunReport, width: usize) -> Option<Timeline> {
    let stages = day.stages.iter().map(|stage| (stage.opens_at, stage.closes_at));
    let tasks = day.tasks.iter().filter_map(|task| Some((task.start?, task.end?)));
    let (from, to) = stages.chain(tasks).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let past = |at: DateTime<Utc>| TimeDelta::seconds(at.timestamp().rem_euclid(3_600));
    let ahead = if past(to).is_zero() { to } else { to - past(to) + TimeDelta::hours(1) };
    let width = u16::try_from(width).unwrap_or(u16::MAX);
    Some(Timeline::between(from - past(from), ahead, width))
}

/// `06  07  08 …`
pub(super) fn hour_labels(axis: &Timeline) -> String {
    let mut row = String::new();
    for (column, text) in axis.hours() {
        let blanks = usize::from(column).saturating_sub(row.chars().count());
        row.push_str(&" ".repeat(blanks));
        row.push_str(&text);
    }
    row
}

/// A line where a stage is open; where none is, between two, the word `gap` if there is room.
fn ruler(day: &DryRunReport, axis: &Timeline, sheet: PageStyle) -> String {
    let windows: Vec<TimeRange> = day.stages.iter().map(|s| (s.opens_at, s.closes_at)).collect();
    let open: Vec<bool> =
        columns(axis).map(|column| windows.iter().any(|w| meets(column, *w))).collect();
    let mut row: Vec<&str> =
        open.iter().map(|open| if *open { line(sheet, false) } else { " " }).collect();
    let (mut at, word) = (0, ["g", "a", "p"]);
    while let Some(free) = open.get(at..).and_then(|rest| rest.iter().position(|open| !open)) {
        let from = at + free;
        let rest = open.get(from..).unwrap_or_default();
        let length = rest.iter().position(|open| *open).unwrap_or(0);
        let room = length >= word.len() && from > 0;
        if room && let Some(place) = row.get_mut(from + (length - word.len()) / 2..) {
            place.iter_mut().zip(word).for_each(|(cell, letter)| *cell = letter);
        }
        at = from + length.max(1);
    }
    row.concat()
}

const fn line(sheet: PageStyle, double: bool) -> &'static str {
    match (sheet.glyphs, double) {
        (GlyphSet::Utf8, true) => "═",
        (GlyphSet::Utf8, false) => "─",
        (GlyphSet::Ascii, true) => "=",
        (GlyphSet::Ascii, false) => "-",
    }
}

pub(super) fn stage_cells(stage: &DryRunStage, axis: &Timeline, sheet: PageStyle) -> String {
    let window = (stage.opens_at, stage.closes_at);
    columns(axis).map(|c| if meets(c, window) { line(sheet, true) } else { " " }).collect()
}

pub(super) fn task_cells(task: &DryRunTask, axis: &Timeline, sheet: PageStyle) -> String {
    let window = (task.opens_at, task.closes_at);
    let ran = |column: TimeRange| {
        let stretch = |run: &SimulatedAttempt| (run.from, run.to.max(run.from + TINY));
        task.runs.iter().any(|run| meets(column, stretch(run)))
    };
    let cell = |column: TimeRange| {
        if ran(column) {
            TimelineCell::Ran
        } else if meets(column, window) {
            TimelineCell::Planned
        } else {
            TimelineCell::Empty
        }
    };
    columns(axis).map(|column| cell(column).glyph(sheet.glyphs)).collect()
}

/// Each column as the time it stands for.
fn columns(axis: &Timeline) -> impl Iterator<Item = TimeRange> + '_ {
    (0..axis.bounds().2).map(|column| (axis.moment(column), axis.moment(column + 1)))
}

fn meets(a: TimeRange, b: TimeRange) -> bool {
    a.0 < b.1 && b.0 < a.1
}
