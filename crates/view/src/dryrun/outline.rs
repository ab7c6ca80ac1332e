//! The dry run as a list to walk through: what is at risk first, then the tasks on the time axis, then
//! what is not done.

use super::{gantt, page::PageStyle, sentence};
use crate::{format, page::truncate, timeline::Timeline};
use engine::forecast::{DryRunReport, DryRunTask};
use planning::{plan::TaskIx, workflow::EffectClass};

/// The tone of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowTone {
    /// As any other.
    Plain,
    /// A heading.
    Head,
    /// No problem.
    Good,
    /// Needs a look.
    Warn,
    /// The day would not be as it must.
    Bad,
}

/// One row, whatever the width it is drawn in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutlineRow {
    /// A text.
    Text(RowTone, String),
    /// The hours over the tasks.
    Hours,
    /// A stage, by its place in the dry run.
    Stage(usize),
    /// A task that runs, by its place in the dry run.
    Task(usize),
    /// A task that is not done, by its place among those.
    NotRun(usize),
}

/// Returns the whole report, row by row.
#[must_use]
pub fn outline_rows(day: &DryRunReport) -> Vec<OutlineRow> {
    let text = |tone, text: String| OutlineRow::Text(tone, text);
    let (start, end) =
        (sentence::time_with_seconds(day.starts_at), sentence::time_with_seconds(day.ends_at));
    let (tone, kept) = if day.on_time() {
        (RowTone::Good, "all deadlines met")
    } else {
        (RowTone::Bad, "DEADLINES AT RISK")
    };
    let mut items = vec![text(tone, format!("{kept}: starts {start}, the last task ends {end}"))];
    items.extend(sentence::warning_lines(day).into_iter().map(|said| text(RowTone::Warn, said)));
    for (what, effect) in
        [("may send orders ($)", EffectClass::Effectful), ("need approval (@)", EffectClass::Human)]
    {
        let runs = day.tasks.iter().filter(|task| task.start.is_some());
        let with = runs.filter(|task| day.plan.task(task.ix).effect == effect);
        let names: Vec<_> = with.map(|task| task.task.as_str()).collect();
        if !names.is_empty() {
            items.push(text(RowTone::Plain, format!("{what}: {}", names.join(", "))));
        }
    }
    items.push(text(RowTone::Head, "what runs (* on the critical chain of its stage)".into()));
    items.push(OutlineRow::Hours);
    for (at, stage) in day.stages.iter().enumerate() {
        items.push(OutlineRow::Stage(at));
        let runs = day.tasks.iter().enumerate().filter(|(_, task)| task.start.is_some());
        items.extend(
            runs.filter(|(_, t)| t.stage == stage.stage).map(|(at, _)| OutlineRow::Task(at)),
        );
    }
    if !day.absent.is_empty() {
        items.push(text(RowTone::Head, "what does not run, and why".into()));
        items.extend((0..day.absent.len()).map(OutlineRow::NotRun));
    }
    items
}

/// The task a row is about, if the day has it.
#[must_use]
pub fn task_of(day: &DryRunReport, item: &OutlineRow) -> Option<TaskIx> {
    match item {
        OutlineRow::Task(at) => day.tasks.get(*at).map(|task| task.ix),
        OutlineRow::NotRun(at) => day.plan.find_task(day.absent.get(*at)?.task.as_str()),
        OutlineRow::Text(..) | OutlineRow::Hours | OutlineRow::Stage(_) => None,
    }
}

/// Rows of a dry run as text of one width.
#[derive(Debug, Clone)]
pub struct OutlineText<'a> {
    day: &'a DryRunReport,
    sheet: PageStyle,
    axis: Option<Timeline>,
}

/// Room for a task's name.
const NAME: usize = 22;
/// `  06:00:00 06:12:30 28m45s $* ` between the name and the axis.
const FIGURES: usize = 30;
/// Fewer columns make no axis.
const AXIS_LEAST: usize = 12;

impl<'a> OutlineText<'a> {
    /// Rows no wider than the sheet.
    #[must_use]
    pub fn for_page(day: &'a DryRunReport, sheet: PageStyle) -> Self {
        let room = sheet.width.saturating_sub(NAME + FIGURES);
        let axis = (room >= AXIS_LEAST).then(|| gantt::time_axis(day, room)).flatten();
        Self { day, sheet, axis }
    }

    /// A row, and how loud it is.
    #[must_use]
    pub fn render_row(&self, item: &OutlineRow) -> (String, RowTone) {
        let (text, tone) = match item {
            OutlineRow::Text(tone, text) => (text.clone(), *tone),
            OutlineRow::Hours => {
                let hours = self.axis.as_ref().map(gantt::hour_labels).unwrap_or_default();
                let head = format!("{:<8} {:<8} {:>7}", "start", "end", "slack");
                (format!("{:<NAME$}{head:<FIGURES$}{hours}", "  task"), RowTone::Head)
            }
            OutlineRow::Stage(at) => (self.stage(*at), RowTone::Head),
            OutlineRow::Task(at) => {
                self.day.tasks.get(*at).map_or_else(blank_row, |task| self.task(task))
            }
            OutlineRow::NotRun(at) => self.absent_row(*at),
        };
        (truncate(text.trim_end(), self.sheet.width), tone)
    }

    fn stage(&self, at: usize) -> String {
        let Some(stage) = self.day.stages.get(at) else { return String::new() };
        let (opens, closes) = (stage.opens_at, stage.closes_at);
        let (done, all) = stage.done;
        let figures = format!(
            "{} {} {done:>3}/{all}",
            sentence::time_with_seconds(opens),
            sentence::time_with_seconds(closes)
        );
        let cells = self.axis.as_ref().map(|axis| gantt::stage_cells(stage, axis, self.sheet));
        let name = truncate(stage.stage.as_str(), NAME - 1);
        format!("{name:<NAME$}{figures:<FIGURES$}{}", cells.unwrap_or_default())
    }

    fn task(&self, task: &DryRunTask) -> (String, RowTone) {
        let mark = format::state_glyph(task.state, self.sheet.glyphs);
        let clock = |at: Option<_>| at.map_or_else(|| "-".into(), sentence::time_with_seconds);
        let slack = match (task.slack_ms, task.every) {
            (Some(ms), _) => sentence::format_slack(ms),
            (None, Some(_)) => "loop".into(),
            (None, None) => "-".into(),
        };
        let effect = match self.day.plan.task(task.ix).effect {
            EffectClass::Effectful => '$',
            EffectClass::Human => '@',
            EffectClass::Pure | EffectClass::Idempotent => ' ',
        };
        let critical = if task.critical { '*' } else { ' ' };
        let figures = format!(
            "{:<8} {:<8} {slack:>7} {effect}{critical}",
            clock(task.start),
            clock(task.end)
        );
        let cells = self.axis.as_ref().map(|axis| gantt::task_cells(task, axis, self.sheet));
        let name = truncate(&format!("{mark} {}", task.task), NAME - 1);
        let text = format!("{name:<NAME$}{figures:<FIGURES$}{}", cells.unwrap_or_default());
        (text, if task.misses_deadline() { RowTone::Bad } else { RowTone::Plain })
    }

    fn absent_row(&self, at: usize) -> (String, RowTone) {
        let Some(absent) = self.day.absent.get(at) else { return blank_row() };
        let (why, own) = sentence::not_run_text(&absent.why);
        let own = own.map_or_else(String::new, |own| format!(" ({own})"));
        let mark = absent.state.map_or(" ", |state| format::state_glyph(state, self.sheet.glyphs));
        let name = truncate(&format!("{mark} {}", absent.task), NAME - 1);
        let tone = if absent.required { RowTone::Warn } else { RowTone::Plain };
        (format!("{name:<NAME$}{why}{own}"), tone)
    }
}

const fn blank_row() -> (String, RowTone) {
    (String::new(), RowTone::Plain)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use engine::forecast::dry_run;
    use planning::time::Span;
    use testkit::sample::{self, exchange_time, task};

    fn day() -> DryRunReport {
        let mut orders = task("orders", 1);
        orders.effect = EffectClass::Effectful;
        let mut slow = task("slow", 0);
        slow.estimate = Span::mins(4);
        slow.deadline = exchange_time("06:02");
        let mut gone = sample::with_dependencies(task("gone", 2), &[0]);
        gone.closes_at = exchange_time("05:00");
        dry_run(Arc::new(sample::sample_plan(vec![slow, orders, gone])), exchange_time("06:00"))
    }

    #[test]
    fn the_rows_are_the_same_in_every_width_and_none_is_wider() {
        let day = day();
        let items = outline_rows(&day);
        for width in [20, 51, 60, 64, 78, 118, 198] {
            let sheet = PageStyle { width, ..PageStyle::default() };
            let written = OutlineText::for_page(&day, sheet);
            for item in &items {
                let (row, _) = written.render_row(item);
                assert!(row.chars().count() <= width, "{width}: {row}");
            }
        }
    }

    #[test]
    fn what_is_late_is_grave_orders_are_named_and_what_is_not_done_has_its_reason() {
        let day = day();
        let written = OutlineText::for_page(&day, PageStyle::default());
        let rows: Vec<_> = outline_rows(&day).iter().map(|item| written.render_row(item)).collect();
        let tone = |part: &str| rows.iter().find(|(row, _)| row.contains(part)).map(|(_, t)| *t);
        assert_eq!(tone("DEADLINES AT RISK"), Some(RowTone::Bad));
        assert_eq!(tone("after its deadline"), Some(RowTone::Warn));
        assert!(tone("may send orders ($): orders").is_some(), "{rows:?}");
        assert!(rows.iter().any(|(row, t)| row.contains(" slow ") && *t == RowTone::Bad));
        assert!(rows.iter().any(|(row, _)| row.contains(" gone ") && row.contains("window")));
    }

    #[test]
    fn each_task_of_the_day_is_on_one_row() {
        let day = day();
        let mut found: Vec<_> =
            outline_rows(&day).iter().filter_map(|item| task_of(&day, item)).collect();
        found.sort_unstable();
        assert_eq!(found, [TaskIx(0), TaskIx(1), TaskIx(2)]);
    }
}
