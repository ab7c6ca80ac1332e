//! Buckets as columns of text, one character wide.

use super::counts::HistogramBucket;
use crate::format::{self, GlyphSet};

/// The columns in `height` rows, top row first, each scaled to the fullest bucket; whatever is not
/// empty shows.
#[must_use]
pub fn draw_bars(buckets: &[HistogramBucket], height: usize, set: GlyphSet) -> Vec<String> {
    let most = buckets.iter().map(|bucket| bucket.all).max().unwrap_or(0).max(1);
    let steps: &[char] = match set {
        GlyphSet::Utf8 => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        GlyphSet::Ascii => &['.', ':', '|', '#'],
    };
    let (per_row, rows) = (count(steps.len()), count(height));
    let level = |bucket: &HistogramBucket| {
        (u64::from(bucket.all) * per_row * rows).div_ceil(u64::from(most))
    };
    let row = |row: u64| {
        let below = (rows - 1 - row) * per_row;
        let cell = |bucket: &HistogramBucket| {
            let filled = level(bucket).saturating_sub(below).min(per_row);
            let step = filled.checked_sub(1).and_then(|step| usize::try_from(step).ok());
            step.and_then(|step| steps.get(step)).copied().unwrap_or(' ')
        };
        buckets.iter().map(cell).collect()
    };
    (0..rows).map(row).collect()
}

/// One mark for each column that tells its bad events without colour: `!` when any is critical,
/// `*` when most are warnings, `.` when some are, else a blank.
#[must_use]
pub fn severity_symbols(buckets: &[HistogramBucket]) -> String {
    let mark = |bucket: &HistogramBucket| {
        if bucket.critical > 0 {
            '!'
        } else if bucket.bad_share() > 0.5 {
            '*'
        } else if bucket.warnings > 0 {
            '.'
        } else {
            ' '
        }
    };
    buckets.iter().map(mark).collect()
}

/// The times below the columns, exchange time, so many columns apart that they do not touch; the
/// first letter of each stands below the bucket it names.
#[must_use]
pub fn axis_labels(buckets: &[HistogramBucket]) -> String {
    let mut line = String::new();
    for (column, bucket) in buckets.iter().enumerate().step_by(APART) {
        let label = format::local_time(bucket.from).format("%H:%M:%S").to_string();
        if column + label.len() > buckets.len() {
            break;
        }
        line.push_str(&" ".repeat(column - line.len()));
        line.push_str(&label);
    }
    line
}

/// Columns from one time to the next.
const APART: usize = 20;

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::{BucketWidth, Histogram};
    use engine::AlertSeverity;
    use testkit::sample::exchange_time;

    fn buckets() -> Vec<HistogramBucket> {
        let mut counts = Histogram::default();
        for (second, times, severity) in [
            ("10:30:00", 1, AlertSeverity::Info),
            ("10:30:20", 40, AlertSeverity::Info),
            ("10:30:20", 2, AlertSeverity::Warning),
            ("10:30:30", 80, AlertSeverity::Warning),
            ("10:30:40", 20, AlertSeverity::Critical),
        ] {
            (0..times).for_each(|_| counts.add(exchange_time(second), severity));
        }
        counts.buckets(BucketWidth::TenSeconds, exchange_time("10:30:45"), 40)
    }

    #[test]
    fn columns_are_scaled_and_what_happened_once_still_shows() {
        let drawn = |height, set| draw_bars(&buckets(), height, set).join("\n");
        let shown = [
            drawn(1, GlyphSet::Utf8),
            drawn(1, GlyphSet::Ascii),
            drawn(2, GlyphSet::Utf8),
            severity_symbols(&buckets()),
        ];
        let ends = shown.map(|text| {
            let end = |line: &str| line.chars().skip(34).collect::<String>();
            text.lines().map(end).collect::<Vec<_>>().join("/")
        });
        assert_eq!(ends, [" ▁ ▅█▂", " . |#.", "   ▁█ / ▁ ██▄", "   .*!"]);
        assert_eq!(axis_labels(&buckets()), "10:24:10            10:27:30");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(draw_bars(&[], 2, GlyphSet::Utf8), ["", ""]);
        assert_eq!(
            draw_bars(&[HistogramBucket::default()], 0, GlyphSet::Utf8),
            Vec::<String>::new()
        );
        assert_eq!(draw_bars(&[HistogramBucket::default()], 1, GlyphSet::Ascii), [" "]);
        assert_eq!((axis_labels(&[]), severity_symbols(&[])), (String::new(), String::new()));
    }
}
