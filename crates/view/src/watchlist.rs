//! Tasks and stages that may soon need an operator, and text charts of figures.

use chrono::{DateTime, Utc};

use super::{
    agents::active_tasks,
    badges::{self, Badge},
    day,
    format::{self, GlyphSet},
};
use engine::RunState;

/// Most lines of what to watch.
pub const WATCH_MOST: usize = 8;

/// Returns what does not need a person yet and may soon: stages that are late or stuck, then tasks
/// that take longer than they usually do; at most [`WATCH_MOST`].
#[must_use]
pub fn watchlist(run: &RunState, at: DateTime<Utc>) -> Vec<String> {
    let slow = active_tasks(run)
        .into_iter()
        .filter(|&ix| badges::badges(run, ix, at).contains(&Badge::Slow));
    let slow = slow.filter_map(|ix| {
        let (planned, from) = (run.plan().task(ix), run.task(ix).started_at?);
        let (took, usual) =
            (format::format_age(from, at), format::format_duration(planned.estimate));
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

/// A series as a row of columns of eight heights, as high as its own largest figure.
#[must_use]
pub fn sparkline(series: &[u64], set: GlyphSet) -> String {
    let steps: &[char] = match set {
        GlyphSet::Utf8 => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        GlyphSet::Ascii => &['.', ':', '-', '=', '+', '*', '#', '@'],
    };
    let most = series.iter().copied().max().unwrap_or(0).max(1);
    let last = u64::try_from(steps.len() - 1).unwrap_or(0);
    let step = |&count: &u64| {
        let height = count.saturating_mul(last).div_ceil(most);
        steps.get(usize::try_from(height).unwrap_or(0)).copied().unwrap_or(' ')
    };
    series.iter().map(step).collect()
}

/// Returns how full something is, 0 to 1, as a bar of so many columns: `████░░`.
#[must_use]
pub fn progress_bar(fraction: f64, width: u16, set: GlyphSet) -> String {
    let (full, rest) = match set {
        GlyphSet::Utf8 => ("█", "░"),
        GlyphSet::Ascii => ("#", "."),
    };
    let reached = |column: &u16| f64::from(*column) <= fraction * f64::from(width);
    let filled = (1..=width).filter(reached).count();
    full.repeat(filled) + &rest.repeat(usize::from(width) - filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, exchange_time};

    #[test]
    fn a_task_that_takes_longer_than_usual_is_to_be_watched() {
        let day = sample::every_state();
        let told = watchlist(day.run(), exchange_time("10:42:07"));
        assert!(told.iter().any(|line| line == "t_running has run for 12m07s, usually 1m00s"));
    }

    #[test]
    fn what_is_not_nothing_shows_and_the_largest_is_the_highest() {
        assert_eq!(sparkline(&[0, 1, 500, 1_000], GlyphSet::Ascii), ".:+@");
        assert_eq!(sparkline(&[0, 0], GlyphSet::Utf8), "▁▁");
        assert_eq!(sparkline(&[u64::MAX, 1], GlyphSet::Utf8).chars().count(), 2);
        assert_eq!(sparkline(&[], GlyphSet::Utf8), "");
    }

    #[test]
    fn a_bar_is_as_wide_as_it_was_asked_to_be() {
        for fraction in [0.0, 0.3, 1.0, 7.0, -1.0, f64::NAN] {
            for width in 0..30 {
                assert_eq!(
                    progress_bar(fraction, width, GlyphSet::Ascii).len(),
                    usize::from(width)
                );
            }
        }
        assert_eq!(progress_bar(0.8, 5, GlyphSet::Utf8), "████░");
    }
}
