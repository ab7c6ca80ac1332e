//! A time axis of so many columns, and what a stage or a task shows on it.

use chrono::{DateTime, TimeDelta, Utc};

use super::format::{self, GlyphSet};
use engine::{AttemptRecord, RunState, TaskState};
use planning::plan::{StageIx, TaskIx};

/// The content of a cell on the time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimelineCell {
    /// Empty.
    Empty,
    /// No stage of the day: the gap between two windows.
    Gap,
    /// Planned, and not (yet) worked on.
    Planned,
    /// Ready, and waiting for a slot.
    Queued,
    /// At work.
    Ran,
    /// Between two attempts, or a repeated one.
    Retried,
}

impl TimelineCell {
    /// One column.
    #[must_use]
    pub const fn glyph(self, set: GlyphSet) -> &'static str {
        let (utf8, ascii) = match self {
            Self::Empty | Self::Gap => (" ", " "),
            Self::Planned => ("░", "."),
            Self::Queued => ("▒", "o"),
            Self::Ran => ("█", "#"),
            Self::Retried => ("▓", "~"),
        };
        match set {
            GlyphSet::Utf8 => utf8,
            GlyphSet::Ascii => ascii,
        }
    }
}

/// A time axis of so many columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    width: u16,
}

impl Timeline {
    /// The whole day: from the full hour (exchange time) before the first window to the one after the last.
    #[must_use]
    pub fn of_day(run: &RunState, width: u16) -> Self {
        let stages = &run.plan().stages;
        let from = stages.iter().map(|s| s.opens_at).min().unwrap_or(run.plan().open);
        let to = stages.iter().map(|s| s.closes_at).max().unwrap_or(run.plan().close);
        // Exchange time differs from UTC by whole hours, so the hours are the same.
        let from = hour_down(from);
        let down = hour_down(to);
        let to = if down == to { to } else { down + TimeDelta::hours(1) };
        Self::between(from, to, width)
    }

    /// From one moment to a later one; at least a second.
    #[must_use]
    pub fn between(from: DateTime<Utc>, to: DateTime<Utc>, width: u16) -> Self {
        Self { from, to: to.max(from + TimeDelta::seconds(1)), width }
    }

    /// First moment shown, first moment no longer shown, columns.
    #[must_use]
    pub const fn bounds(&self) -> (DateTime<Utc>, DateTime<Utc>, u16) {
        (self.from, self.to, self.width)
    }

    fn length_ms(&self) -> i64 {
        (self.to - self.from).num_milliseconds().max(1)
    }

    /// The column of a moment, if it is shown.
    #[must_use]
    pub fn column(&self, at: DateTime<Utc>) -> Option<u16> {
        if at < self.from || at >= self.to || self.width == 0 {
            return None;
        }
        let into = (at - self.from).num_milliseconds();
        let column = into.saturating_mul(i64::from(self.width)) / self.length_ms();
        u16::try_from(column).ok().filter(|&column| column < self.width)
    }

    /// The first moment of a column; of the one after the last, the end of the axis.
    #[must_use]
    pub fn moment(&self, column: u16) -> DateTime<Utc> {
        let width = i64::from(self.width.max(1));
        let into = self.length_ms().saturating_mul(i64::from(column));
        // Rounded up, so that the moment of a column lies in it.
        let ms = into / width + i64::from(into % width > 0);
        self.from + TimeDelta::milliseconds(ms)
    }

    /// Columns and labels of the hours (`06`, `07`, …), or of an axis of few hours of round times
    /// (`10:30`, `10:45`, …), thinned so that they do not touch.
    #[must_use]
    pub fn hours(&self) -> Vec<(u16, String)> {
        let minutes = (self.to - self.from).num_minutes();
        // The smallest round step whose labels do not touch, so that they stand at equal distances.
        let roomy = |step: &i64| step * i64::from(self.width) >= 7 * minutes;
        let step = [1, 2, 5, 10, 15, 30].into_iter().find(roomy).filter(|_| minutes <= 240);
        let (step, format, wide) = match step {
            Some(step) => (step, "%H:%M", 5),
            None => (60, "%H", 2),
        };
        let mut tick = hour_down(self.from);
        let mut labels: Vec<(u16, String)> = Vec::new();
        while tick < self.to {
            let free = labels.last().map_or(0, |(column, _)| column + wide + 1);
            let fits = |&c: &u16| c >= free && c.saturating_add(wide) <= self.width;
            if let Some(column) = self.column(tick).filter(fits) {
                labels.push((column, format::local_time(tick).format(format).to_string()));
            }
            tick += TimeDelta::minutes(step);
        }
        labels
    }

    /// Each column as the half-open time it stands for.
    fn columns(&self) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> + '_ {
        (0..self.width).map(|column| (self.moment(column), self.moment(column + 1)))
    }

    /// The cells of a stage: planned window, what of it was used, and the gaps of the day.
    #[must_use]
    pub fn stage(&self, run: &RunState, ix: StageIx, at: DateTime<Utc>) -> Vec<TimelineCell> {
        let (planned, stage) = (run.plan().stage(ix), run.stage(ix));
        let windows: Vec<_> = run.plan().stages.iter().map(|s| (s.opens_at, s.closes_at)).collect();
        let first = windows.iter().map(|w| w.0).min();
        let last = windows.iter().map(|w| w.1).max();
        let worked = stage.started_at.map(|from| (from, stage.ended_at.unwrap_or(at)));
        let cell = |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
            let during = |(start, end): (DateTime<Utc>, DateTime<Utc>)| start < to && from < end;
            let of_day = first.is_some_and(|f| f <= from) && last.is_some_and(|l| to <= l);
            if worked.is_some_and(|(start, end)| during((start, end.max(start + TINY)))) {
                TimelineCell::Ran
            } else if during((planned.opens_at, planned.closes_at)) && !stage.status.has_ended() {
                TimelineCell::Planned
            } else if of_day && !windows.iter().any(|&window| during(window)) {
                TimelineCell::Gap
            } else {
                TimelineCell::Empty
            }
        };
        self.columns().map(cell).collect()
    }

    /// The cells of a task: its attempts, the waits between them, and the time it is likely to take.
    #[must_use]
    pub fn task(&self, run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<TimelineCell> {
        let spans = spans(run, ix, at);
        let cell = |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
            let here = spans
                .iter()
                .filter(|(start, end, _)| *start < to && from < (*end).max(*start + TINY));
            here.map(|&(_, _, cell)| cell).max().unwrap_or(TimelineCell::Empty)
        };
        self.columns().map(cell).collect()
    }
}

/// The least duration drawn, so that a task that starts and ends at one moment is visible.
const TINY: TimeDelta = TimeDelta::milliseconds(1);

/// The times of a task that show on the axis.
fn spans(
    run: &RunState,
    ix: TaskIx,
    at: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>, TimelineCell)> {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let again =
        |before: Option<&AttemptRecord>| before.is_some_and(|a| a.ended_as == TaskState::Retrying);
    let mut spans = Vec::new();
    let mut before: Option<&AttemptRecord> = None;
    for attempt in &task.history {
        let cell = if again(before) { TimelineCell::Retried } else { TimelineCell::Ran };
        spans.push((attempt.started_at, attempt.ended_at, cell));
        if let Some(before) = before.filter(|a| a.ended_as == TaskState::Retrying) {
            spans.push((before.ended_at, attempt.started_at, TimelineCell::Retried));
        }
        before = Some(attempt);
    }
    let likely =
        |from: DateTime<Utc>| (from, from + planned.estimate.to_delta(), TimelineCell::Planned);
    match task.state {
        TaskState::Running | TaskState::Cancelling => {
            let from = task.started_at.unwrap_or(task.since);
            spans.push((
                from,
                at,
                if again(before) { TimelineCell::Retried } else { TimelineCell::Ran },
            ));
            if let Some(before) = before.filter(|a| a.ended_as == TaskState::Retrying) {
                spans.push((before.ended_at, from, TimelineCell::Retried));
            }
            spans.push(likely(from));
        }
        TaskState::Retrying => {
            spans.push((task.since, at, TimelineCell::Retried));
            spans.push(likely(task.next_at.unwrap_or(at).max(at)));
        }
        TaskState::Queued => {
            spans.push((task.ready_at.unwrap_or(task.since), at, TimelineCell::Queued));
            spans.push(likely(at));
        }
        TaskState::Pending | TaskState::Held => spans.push(likely(run.not_before(ix).max(at))),
        TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => {}
    }
    spans
}

fn hour_down(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::milliseconds(at.timestamp_millis().rem_euclid(3_600_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    fn drawn_text(cells: &[TimelineCell]) -> String {
        cells
            .iter()
            .map(|c| if *c == TimelineCell::Gap { "_" } else { c.glyph(GlyphSet::Ascii) })
            .collect()
    }

    #[test]
    fn a_day_is_drawn_with_its_gap_and_what_has_been_done() {
        let mut early = task("early", 0);
        early.closes_at = exchange_time("09:30");
        let mut day = SampleRun::start(sample::sample_plan(vec![early, task("later", 2)]), "06:00");
        day.end_attempt("06:04", 0, sample::completed("ok"));
        day.advance_to("10:30");
        let axis = Timeline::of_day(day.run(), 48);
        assert_eq!(axis.bounds(), (exchange_time("06:00"), exchange_time("18:00"), 48));
        let rows: Vec<_> = (0..4)
            .map(|i| drawn_text(&axis.stage(day.run(), StageIx(i), exchange_time("12:00"))))
            .collect();
        insta::assert_snapshot!(rows.join("\n"), @r#"
        #                                   ____        
                          #                 ____        
                          ######............____        
                                            ____........
        "#);
        let hours: Vec<_> =
            axis.hours().into_iter().map(|(c, text)| format!("{c}:{text}")).collect();
        assert_eq!(hours.first().map(String::as_str), Some("0:06"));
        assert_eq!(hours.last().map(String::as_str), Some("44:17"));
        assert_eq!(axis.column(exchange_time("12:00")), Some(24));
        assert_eq!(axis.column(exchange_time("18:00")), None);
    }

    #[test]
    fn a_tasks_attempts_and_the_wait_between_them_show() {
        let mut plan = sample::sample_plan(vec![task("flaky", 2)]);
        plan.limits.retry.base_delay = planning::time::Span::mins(1);
        plan.tasks[0].estimate = planning::time::Span::mins(2);
        let mut day = SampleRun::start(plan, "10:31");
        let crash = sample::failed(engine::FailureKind::Crash, "gone");
        day.end_attempt("10:33", 0, crash);
        day.advance_to("10:34");
        let axis = Timeline::between(exchange_time("10:30"), exchange_time("10:40"), 10);
        let cells = axis.task(day.run(), TaskIx(0), exchange_time("10:35"));
        assert_eq!(drawn_text(&cells), " ##~~.    ");
    }

    #[test]
    fn hours_are_thinned_until_they_do_not_touch() {
        let day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "06:00");
        for width in 0..60 {
            let hours = Timeline::of_day(day.run(), width).hours();
            assert!(hours.windows(2).all(|pair| pair[0].0 + 3 <= pair[1].0), "{width}: {hours:?}");
            assert!(hours.iter().all(|(column, _)| column + 2 <= width));
        }
    }

    proptest::proptest! {
        #[test]
        fn the_moment_of_a_column_lies_in_that_column(width in 1_u16..400, minutes in 1_i64..2_000) {
            let from = exchange_time("06:00");
            let axis = Timeline::between(from, from + TimeDelta::minutes(minutes), width);
            for column in 0..width {
                proptest::prop_assert_eq!(axis.column(axis.moment(column)), Some(column));
            }
            proptest::prop_assert_eq!(axis.moment(width), from + TimeDelta::minutes(minutes));
        }
    }
}
