//! The day as a few gauges for a display on a wall: rates, failures, slots, what waits for people.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{day, format};
use engine::{Event, RecordedEvent, RunState};
use planning::time::Span;

/// Minutes a gauge looks back, and values in its series.
pub const MINUTES: i64 = 30;

/// Counts by the minute, taken as events come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityCounts {
    minutes: BTreeMap<i64, Minute>,
    events: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Minute {
    started: u64,
    done: u64,
    failed: u64,
    retried: u64,
    events: u64,
}

/// One gauge.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// The label: `tasks per minute`.
    pub label: &'static str,
    /// The value in words.
    pub value: String,
    /// The fraction from 0 to 1; `None` if the gauge has none.
    pub fraction: Option<f64>,
    /// The last [`MINUTES`] minutes, oldest first, the present one last; empty for what is no rate.
    pub series: Vec<u64>,
}

impl ActivityCounts {
    /// Counts an event. Minutes long past are forgotten.
    pub fn count_event(&mut self, recorded: &RecordedEvent) {
        self.events += 1;
        let minute = self.minutes.entry(number(recorded.at)).or_default();
        minute.events += 1;
        count(minute, &recorded.event);
        while self.minutes.len() > 4 * usize::try_from(MINUTES).unwrap_or(usize::MAX) {
            self.minutes.pop_first();
        }
    }

    /// The gauges at `at`.
    #[must_use]
    pub fn gauges(&self, run: &RunState, at: DateTime<Utc>) -> Vec<Gauge> {
        let series = |of: &dyn Fn(&Minute) -> u64| {
            let last = number(at);
            let one = |minute| self.minutes.get(&minute).map_or(0, of);
            (last - MINUTES + 1..=last).map(one).collect::<Vec<_>>()
        };
        let [done, failed, retried, started, events] = [
            series(&|m| m.done),
            series(&|m| m.failed),
            series(&|m| m.retried),
            series(&|m| m.started),
            series(&|m| m.events),
        ];
        let sum = |series: &[u64]| series.iter().sum::<u64>();
        let of = |part: &[u64], whole: u64| format!("{} of {whole}", sum(part));
        let ended = sum(&done) + sum(&failed);
        let rate = |series: &[u64]| {
            format!("{:.1}", share(sum(series), 1) / share(MINUTES.unsigned_abs(), 1))
        };
        vec![
            Gauge { label: "tasks per minute", value: rate(&done), fraction: None, series: done },
            Gauge {
                label: "failures",
                value: of(&failed, ended),
                fraction: Some(share(sum(&failed), ended)),
                series: failed,
            },
            Gauge {
                label: "retries",
                value: of(&retried, sum(&started)),
                fraction: Some(share(sum(&retried), sum(&started)).min(1.0)),
                series: retried,
            },
            slots(run),
            Gauge {
                label: "events per minute",
                value: format!("{}, {} in all", rate(&events), self.events),
                fraction: None,
                series: events,
            },
            needs(run),
            deadline(run, at),
        ]
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is no attempt's start or end counts nowhere"
)]
const fn count(minute: &mut Minute, event: &Event) {
    match event {
        Event::TaskStarted { .. } => minute.started += 1,
        Event::TaskCompleted { .. } | Event::TaskRoundCompleted { .. } => minute.done += 1,
        Event::TaskFailed { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskInDoubt { .. }
        | Event::TaskRoundFailed { .. } => minute.failed += 1,
        Event::TaskRetrying { .. } => minute.retried += 1,
        _other => {}
    }
}

fn number(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// A part of a whole, 0 for a part of nothing. Exact below four milliards, far above any day.
fn share(part: u64, whole: u64) -> f64 {
    let figure = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { figure(part) / figure(whole) }
}

fn still_line(label: &'static str, value: String, fraction: Option<f64>) -> Gauge {
    Gauge { label, value, fraction, series: Vec::new() }
}

fn slots(run: &RunState) -> Gauge {
    let (used, most) = (run.slots_used(), run.plan().limits.max_concurrent_tasks);
    // The reserve for CRITICAL tasks may be in use beside them.
    let full = share(u64::from(used), u64::from(most)).min(1.0);
    still_line("slots", format!("{used} of {most}"), Some(full))
}

/// Tasks up to which each one's deadline is looked at; the gauges are drawn with every frame.
const TASKS_MAX: usize = 5_000;

/// The next close of a stage, on a day too large to look at every task.
fn closing(run: &RunState, at: DateTime<Utc>) -> Gauge {
    let closes = run.plan().stages.iter().map(|stage| (stage.closes_at, &stage.id));
    let Some((due, id)) = closes.filter(|(due, _)| *due > at).min() else {
        return still_line("next deadline", "none".into(), Some(0.0));
    };
    let left = Span::between(&at, &due);
    let passed = 1.0 - (left.as_secs_f64() / 3_600.0).min(1.0);
    still_line(
        "next deadline",
        format!("{id} closes in {}", format::format_duration(left)),
        Some(passed),
    )
}

fn needs(run: &RunState) -> Gauge {
    let (needs, all) = (day::needs_person(run), run.plan().tasks.len());
    let value = match needs {
        0 => "no action needed".to_owned(),
        1 => "1 needs an operator".to_owned(),
        n => format!("{n} need an operator"),
    };
    let all = u64::try_from(all).unwrap_or(u64::MAX);
    still_line("needs an operator", value, Some(share(u64::from(needs), all).min(1.0)))
}

/// The next deadline of a task that has not ended; full when it is reached, empty an hour before.
fn deadline(run: &RunState, at: DateTime<Utc>) -> Gauge {
    if run.plan().tasks.len() > TASKS_MAX {
        return closing(run, at);
    }
    let open = run.tasks().filter(|(_, task)| !task.state.is_terminal());
    let ahead = open.map(|(ix, _)| (run.plan().task(ix).deadline, ix)).filter(|(due, _)| *due > at);
    let Some((due, ix)) = ahead.min() else {
        return still_line("next deadline", "none".into(), Some(0.0));
    };
    let left = Span::between(&at, &due);
    let passed = 1.0 - (left.as_secs_f64() / 3_600.0).min(1.0);
    let value = format!("{} in {}", run.plan().task(ix).id, format::format_duration(left));
    still_line("next deadline", value, Some(passed))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use testkit::sample::{self, exchange_time};

    #[test]
    fn gauges_count_what_happened_and_say_what_comes() {
        let day = sample::every_state();
        let mut pulse = ActivityCounts::default();
        day.events.iter().for_each(|event| pulse.count_event(event));
        let gauges = pulse.gauges(day.run(), exchange_time("14:30"));
        let late: Vec<_> = gauges.iter().map(|g| (g.label, g.series.iter().sum::<u64>())).collect();
        assert!(late.iter().all(|(_, sum)| *sum == 0), "{late:?}");
        let gauges = pulse.gauges(day.run(), exchange_time("10:42:07"));
        let lines = gauges.iter().map(|g| {
            let full = g.fraction.map_or("-".into(), |f| format!("{f:.2}"));
            format!(
                "{}: {} {full} {:?}",
                g.label,
                g.value,
                g.series.iter().filter(|n| **n > 0).collect::<Vec<_>>()
            )
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
        tasks per minute: 0.0 - [1]
        failures: 3 of 4 0.75 [2, 1]
        retries: 1 of 7 0.14 [1]
        slots: 2 of 12 0.17 []
        events per minute: 1.3, 40 in all - [22, 1, 4, 3, 6, 4]
        needs an operator: 3 need an operator 0.21 []
        next deadline: t_pending in 4h17m 0.00 []
        ");
        for gauge in gauges {
            assert!(gauge.fraction.is_none_or(|f| (0.0..=1.0).contains(&f)), "{gauge:?}");
            assert!(gauge.series.is_empty() || gauge.series.len() == 30, "{gauge:?}");
        }
    }

    #[test]
    fn a_long_day_keeps_its_last_minutes_alone() {
        let day = sample::every_state();
        let mut pulse = ActivityCounts::default();
        let mut event = day.events[0].clone();
        for _ in 0..1_000 {
            event.at += TimeDelta::minutes(1);
            pulse.count_event(&event);
        }
        assert!(pulse.minutes.len() <= 120);
        let gauges = pulse.gauges(day.run(), event.at);
        assert!(gauges.iter().any(|g| g.value == "1.0, 1000 in all"), "{gauges:?}");
    }
}
