//! The pulse of a day: how much is done and goes wrong a minute, how full the slots are, what to watch.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::{
    agents::active,
    badges::{self, Badge},
    day,
    events::EventLine,
    words::{self, GlyphSet},
};
use crate::{
    engine::{RunState, TaskState},
    time::Span,
};

/// The gauges of a moment. Series have one figure a minute, the current minute last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gauges {
    /// Tasks and rounds of loops that were done.
    pub done: Vec<u32>,
    /// Attempts and rounds that went wrong for good.
    pub failures: Vec<u32>,
    /// Attempts after which another follows.
    pub retries: Vec<u32>,
    /// Events.
    pub events: Vec<u32>,
    /// Slots in use, and all of them.
    pub slots: (u32, u32),
    /// Tasks that wait for a slot.
    pub queued: u32,
    /// How long the one that has waited longest does.
    pub oldest: Option<Span>,
    /// What does not need a person yet and may soon, in words; at most [`WATCH_MOST`].
    pub watch: Vec<String>,
}

/// Most lines of what to watch.
pub const WATCH_MOST: usize = 8;

/// The gauges at `at`, of the last `minutes` minutes. `events` are the newest known, oldest first;
/// what happened before them is not counted.
#[must_use]
pub fn gauges(
    run: &RunState,
    events: &VecDeque<EventLine>,
    at: DateTime<Utc>,
    minutes: usize,
) -> Gauges {
    let empty = vec![0_u32; minutes];
    let mut gauges = Gauges {
        done: empty.clone(),
        failures: empty.clone(),
        retries: empty.clone(),
        events: empty,
        slots: (run.slots_used(), run.plan().limits.max_concurrent_tasks),
        queued: run.count(TaskState::Queued),
        oldest: oldest(run, at),
        watch: watch(run, at),
    };
    let minute = |moment: DateTime<Utc>| moment.timestamp().div_euclid(60);
    for line in events.iter().rev() {
        let ago = usize::try_from(minute(at) - minute(line.at)).unwrap_or(0);
        let Some(place) = minutes.checked_sub(ago + 1) else { break };
        let series = match line.kind {
            "TASK_COMPLETED" | "TASK_TICKED" => Some(&mut gauges.done),
            "TASK_FAILED" | "TASK_TIMED_OUT" | "TASK_IN_DOUBT" | "TASK_ROUND_FAILED" => {
                Some(&mut gauges.failures)
            }
            "TASK_RETRYING" => Some(&mut gauges.retries),
            _other => None,
        };
        for series in series.into_iter().chain([&mut gauges.events]) {
            if let Some(count) = series.get_mut(place) {
                *count += 1;
            }
        }
    }
    gauges
}

/// How long the task that has waited longest for a slot does.
fn oldest(run: &RunState, at: DateTime<Utc>) -> Option<Span> {
    if run.count(TaskState::Queued) == 0 {
        return None;
    }
    let queued = run.tasks().filter(|(_, task)| task.state == TaskState::Queued);
    let since = queued.map(|(_, task)| task.ready_at.unwrap_or(task.since)).min()?;
    Some(Span::between(&since, &at))
}

fn watch(run: &RunState, at: DateTime<Utc>) -> Vec<String> {
    let slow =
        active(run).into_iter().filter(|&ix| badges::badges(run, ix, at).contains(&Badge::Slow));
    let slow = slow.filter_map(|ix| {
        let (planned, from) = (run.plan().task(ix), run.task(ix).started_at?);
        let (took, usual) = (words::age(from, at), words::duration(planned.estimate));
        Some(format!("{} has run for {took}, usually {usual}", planned.id))
    });
    let late = day::stages(run, at).into_iter().filter_map(|stage| {
        let late = stage.ended.is_none() && stage.slip.starts_with('+');
        let note = stage.note.unwrap_or_default();
        let slip = if late {
            format!("is late by {}", stage.slip.trim_start_matches('+'))
        } else {
            String::new()
        };
        let told = [slip, note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        (!told.is_empty()).then(|| format!("stage {} {}", stage.id, told.join(", ")))
    });
    late.chain(slow).take(WATCH_MOST).collect()
}

/// The mean of a series, a minute.
#[must_use]
pub fn mean(series: &[u32]) -> f64 {
    let sum: u32 = series.iter().sum();
    let minutes = u32::try_from(series.len()).unwrap_or(u32::MAX).max(1);
    f64::from(sum) / f64::from(minutes)
}

/// A series as a row of columns of eight heights, as high as its own largest figure.
#[must_use]
pub fn spark(series: &[u32], set: GlyphSet) -> String {
    let steps: &[char] = match set {
        GlyphSet::Utf8 => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        GlyphSet::Ascii => &['.', ':', '-', '=', '+', '*', '#', '@'],
    };
    let most = u64::from(series.iter().copied().max().unwrap_or(0).max(1));
    let last = u64::try_from(steps.len() - 1).unwrap_or(0);
    let step = |&count: &u32| {
        let height = (u64::from(count) * last).div_ceil(most);
        steps.get(usize::try_from(height).unwrap_or(0)).copied().unwrap_or(' ')
    };
    series.iter().map(step).collect()
}

/// A share of a whole as a bar of so many columns: `████░░`.
#[must_use]
pub fn bar((part, whole): (u32, u32), width: usize, set: GlyphSet) -> String {
    let (full, rest) = match set {
        GlyphSet::Utf8 => ("█", "░"),
        GlyphSet::Ascii => ("#", "."),
    };
    let wide = u64::try_from(width).unwrap_or(0);
    let filled = u64::from(part.min(whole)) * wide / u64::from(whole.max(1));
    let filled = usize::try_from(filled).unwrap_or(0).min(width);
    full.repeat(filled) + &rest.repeat(width - filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::{
        events,
        sample::{self, et},
    };

    #[test]
    fn a_minute_counts_what_happened_in_it_and_older_events_are_left_out() {
        let day = sample::every_state();
        let plan = day.run().plan();
        let lines: VecDeque<_> = day.events.iter().map(|e| events::line(e, plan)).collect();
        let read = |minutes| gauges(day.run(), &lines, et("10:42:07"), minutes);
        let told = read(13);
        // Done at 10:31, failed at 10:32, in doubt at 10:32, timed out at 10:33, tried again at 10:42.
        assert_eq!(told.done, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(told.failures, [0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(told.retries.last(), Some(&1));
        assert_eq!(usize::try_from(told.events.iter().sum::<u32>()), Ok(lines.len()));
        assert_eq!((told.slots, told.queued), ((2, 12), 1));
        assert_eq!(told.oldest.map(words::duration).as_deref(), Some("12:07"));
        assert!(told.watch[0].starts_with("t_running has run for 12:07"), "{:?}", told.watch);
        assert_eq!(read(1).done, [0]);
        assert_eq!(read(0).events, Vec::<u32>::new());
    }

    #[test]
    fn what_is_not_nothing_shows_and_the_largest_is_the_highest() {
        assert_eq!(spark(&[0, 1, 500, 1_000], GlyphSet::Ascii), ".:=@".replace('=', "+"));
        assert_eq!(spark(&[0, 0], GlyphSet::Utf8), "▁▁");
        assert_eq!(spark(&[], GlyphSet::Utf8), "");
    }

    #[test]
    fn a_bar_is_as_wide_as_it_was_asked_to_be() {
        for (part, whole) in [(0, 5), (4, 5), (5, 5), (9, 5), (0, 0), (u32::MAX, u32::MAX)] {
            for width in 0..30 {
                assert_eq!(bar((part, whole), width, GlyphSet::Ascii).len(), width);
            }
        }
        assert_eq!(bar((4, 5), 5, GlyphSet::Utf8), "████░");
    }
}
