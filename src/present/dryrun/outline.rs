//! The dry run as a list to walk through: what is at risk first, then the tasks on the time axis, then
//! what is not done.

use super::{gantt, page::Sheet, sentence};
use crate::{
    definition::Effect,
    forecast::{DryDay, DryTask},
    plan::TaskIx,
    present::{page::cut, timeline::Timeline, words},
};

/// How loud a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As any other.
    Plain,
    /// A heading.
    Head,
    /// Nothing is wrong.
    Good,
    /// Somebody should look at it.
    Warn,
    /// The day would not be as it must.
    Grave,
}

/// One row, whatever the width it is drawn in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A text.
    Text(Tone, String),
    /// The hours over the tasks.
    Hours,
    /// A stage, by its place in the dry run.
    Stage(usize),
    /// A task that runs, by its place in the dry run.
    Task(usize),
    /// A task that is not done, by its place among those.
    Absent(usize),
}

/// Everything a dry run says, row by row.
#[must_use]
pub fn outline(day: &DryDay) -> Vec<Item> {
    let text = |tone, text: String| Item::Text(tone, text);
    let (start, end) = (sentence::clock(day.starts_at), sentence::clock(day.ends_at));
    let (tone, kept) = if day.on_time() {
        (Tone::Good, "every deadline is kept")
    } else {
        (Tone::Grave, "NOT every deadline is kept")
    };
    let mut items = vec![text(tone, format!("{kept}: starts {start}, the last task ends {end}"))];
    items.extend(sentence::warnings(day).into_iter().map(|said| text(Tone::Warn, said)));
    for (what, effect) in
        [("may send orders ($)", Effect::Effectful), ("ask a person (@)", Effect::Human)]
    {
        let runs = day.tasks.iter().filter(|task| task.start.is_some());
        let with = runs.filter(|task| day.plan.task(task.ix).effect == effect);
        let names: Vec<_> = with.map(|task| task.task.as_str()).collect();
        if !names.is_empty() {
            items.push(text(Tone::Plain, format!("{what}: {}", names.join(", "))));
        }
    }
    items.push(text(Tone::Head, "what runs (* on the critical chain of its stage)".into()));
    items.push(Item::Hours);
    for (at, stage) in day.stages.iter().enumerate() {
        items.push(Item::Stage(at));
        let runs = day.tasks.iter().enumerate().filter(|(_, task)| task.start.is_some());
        items.extend(runs.filter(|(_, t)| t.stage == stage.stage).map(|(at, _)| Item::Task(at)));
    }
    if !day.absent.is_empty() {
        items.push(text(Tone::Head, "what does not run, and why".into()));
        items.extend((0..day.absent.len()).map(Item::Absent));
    }
    items
}

/// The task a row is about, if the day has it.
#[must_use]
pub fn task_of(day: &DryDay, item: &Item) -> Option<TaskIx> {
    match item {
        Item::Task(at) => day.tasks.get(*at).map(|task| task.ix),
        Item::Absent(at) => day.plan.find_task(day.absent.get(*at)?.task.as_str()),
        Item::Text(..) | Item::Hours | Item::Stage(_) => None,
    }
}

/// Rows of a dry run as text of one width.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    day: &'a DryDay,
    sheet: Sheet,
    axis: Option<Timeline>,
}

/// Room for a task's name.
const NAME: usize = 22;
/// `  06:00:00 06:12:30 28m45s $* ` between the name and the axis.
const FIGURES: usize = 30;
/// Fewer columns make no axis.
const AXIS_LEAST: usize = 12;

impl<'a> Written<'a> {
    /// Rows no wider than the sheet.
    #[must_use]
    pub fn on(day: &'a DryDay, sheet: Sheet) -> Self {
        let room = sheet.width.saturating_sub(NAME + FIGURES);
        let axis = (room >= AXIS_LEAST).then(|| gantt::axis(day, room)).flatten();
        Self { day, sheet, axis }
    }

    /// A row, and how loud it is.
    #[must_use]
    pub fn row(&self, item: &Item) -> (String, Tone) {
        let (text, tone) = match item {
            Item::Text(tone, text) => (text.clone(), *tone),
            Item::Hours => {
                let hours = self.axis.as_ref().map(gantt::hours).unwrap_or_default();
                let head = format!("{:<8} {:<8} {:>7}", "start", "end", "slack");
                (format!("{:<NAME$}{head:<FIGURES$}{hours}", "  task"), Tone::Head)
            }
            Item::Stage(at) => (self.stage(*at), Tone::Head),
            Item::Task(at) => self.day.tasks.get(*at).map_or_else(blank, |task| self.task(task)),
            Item::Absent(at) => self.absent(*at),
        };
        (cut(text.trim_end(), self.sheet.width), tone)
    }

    fn stage(&self, at: usize) -> String {
        let Some(stage) = self.day.stages.get(at) else { return String::new() };
        let (opens, closes) = (stage.opens_at, stage.closes_at);
        let (done, all) = stage.done;
        let figures =
            format!("{} {} {done:>3}/{all}", sentence::clock(opens), sentence::clock(closes));
        let cells = self.axis.as_ref().map(|axis| gantt::stage_cells(stage, axis, self.sheet));
        let name = cut(stage.stage.as_str(), NAME - 1);
        format!("{name:<NAME$}{figures:<FIGURES$}{}", cells.unwrap_or_default())
    }

    fn task(&self, task: &DryTask) -> (String, Tone) {
        let mark = words::glyph(task.state, self.sheet.glyphs);
        let clock = |at: Option<_>| at.map_or_else(|| "-".into(), sentence::clock);
        let slack = match (task.slack_ms, task.every) {
            (Some(ms), _) => sentence::slack(ms),
            (None, Some(_)) => "loop".into(),
            (None, None) => "-".into(),
        };
        let effect = match self.day.plan.task(task.ix).effect {
            Effect::Effectful => '$',
            Effect::Human => '@',
            Effect::Pure | Effect::Keyed => ' ',
        };
        let critical = if task.critical { '*' } else { ' ' };
        let figures = format!(
            "{:<8} {:<8} {slack:>7} {effect}{critical}",
            clock(task.start),
            clock(task.end)
        );
        let cells = self.axis.as_ref().map(|axis| gantt::task_cells(task, axis, self.sheet));
        let name = cut(&format!("{mark} {}", task.task), NAME - 1);
        let text = format!("{name:<NAME$}{figures:<FIGURES$}{}", cells.unwrap_or_default());
        (text, if task.late() { Tone::Grave } else { Tone::Plain })
    }

    fn absent(&self, at: usize) -> (String, Tone) {
        let Some(absent) = self.day.absent.get(at) else { return blank() };
        let (why, own) = sentence::why(&absent.why);
        let own = own.map_or_else(String::new, |own| format!(" ({own})"));
        let mark = absent.state.map_or(" ", |state| words::glyph(state, self.sheet.glyphs));
        let name = cut(&format!("{mark} {}", absent.task), NAME - 1);
        let tone = if absent.required { Tone::Warn } else { Tone::Plain };
        (format!("{name:<NAME$}{why}{own}"), tone)
    }
}

const fn blank() -> (String, Tone) {
    (String::new(), Tone::Plain)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        forecast::dry_run,
        present::sample::{self, et, task},
        time::Span,
    };

    fn day() -> DryDay {
        let mut orders = task("orders", 1);
        orders.effect = Effect::Effectful;
        let mut slow = task("slow", 0);
        slow.estimate = Span::mins(4);
        slow.deadline = et("06:02");
        let mut gone = sample::after(task("gone", 2), &[0]);
        gone.closes_at = et("05:00");
        dry_run(Arc::new(sample::plan(vec![slow, orders, gone])), et("06:00"))
    }

    #[test]
    fn the_rows_are_the_same_in_every_width_and_none_is_wider() {
        let day = day();
        let items = outline(&day);
        for width in [20, 51, 60, 64, 78, 118, 198] {
            let sheet = Sheet { width, ..Sheet::default() };
            let written = Written::on(&day, sheet);
            for item in &items {
                let (row, _) = written.row(item);
                assert!(row.chars().count() <= width, "{width}: {row}");
            }
        }
    }

    #[test]
    fn what_is_late_is_grave_orders_are_named_and_what_is_not_done_has_its_reason() {
        let day = day();
        let written = Written::on(&day, Sheet::default());
        let rows: Vec<_> = outline(&day).iter().map(|item| written.row(item)).collect();
        let tone = |part: &str| rows.iter().find(|(row, _)| row.contains(part)).map(|(_, t)| *t);
        assert_eq!(tone("NOT every deadline"), Some(Tone::Grave));
        assert_eq!(tone("after its deadline"), Some(Tone::Warn));
        assert!(tone("may send orders ($): orders").is_some(), "{rows:?}");
        assert!(rows.iter().any(|(row, t)| row.contains(" slow ") && *t == Tone::Grave));
        assert!(rows.iter().any(|(row, _)| row.contains(" gone ") && row.contains("window")));
    }

    #[test]
    fn each_task_of_the_day_is_on_one_row() {
        let day = day();
        let mut found: Vec<_> =
            outline(&day).iter().filter_map(|item| task_of(&day, item)).collect();
        found.sort_unstable();
        assert_eq!(found, [TaskIx(0), TaskIx(1), TaskIx(2)]);
    }
}
