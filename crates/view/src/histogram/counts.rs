//! Events counted as they come, for every zoom at once, so that reading costs the columns alone.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use engine::AlertSeverity;

/// The time span of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum BucketWidth {
    /// Ten seconds.
    #[default]
    TenSeconds,
    /// Thirty seconds.
    HalfMinute,
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// Fifteen minutes.
    QuarterHour,
    /// An hour.
    Hour,
}

impl BucketWidth {
    /// All six, nearest first.
    pub const ALL: [Self; 6] = [
        Self::TenSeconds,
        Self::HalfMinute,
        Self::Minute,
        Self::FiveMinutes,
        Self::QuarterHour,
        Self::Hour,
    ];

    /// Seconds of a column.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::TenSeconds => 10,
            Self::HalfMinute => 30,
            Self::Minute => 60,
            Self::FiveMinutes => 300,
            Self::QuarterHour => 900,
            Self::Hour => 3_600,
        }
    }

    /// In words: `10 s`, `5 min`, `1 h`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TenSeconds => "10 s",
            Self::HalfMinute => "30 s",
            Self::Minute => "1 min",
            Self::FiveMinutes => "5 min",
            Self::QuarterHour => "15 min",
            Self::Hour => "1 h",
        }
    }

    /// One step nearer; stays at the nearest.
    #[must_use]
    pub const fn zoom_in(self) -> Self {
        match self {
            Self::TenSeconds | Self::HalfMinute => Self::TenSeconds,
            Self::Minute => Self::HalfMinute,
            Self::FiveMinutes => Self::Minute,
            Self::QuarterHour => Self::FiveMinutes,
            Self::Hour => Self::QuarterHour,
        }
    }

    /// One step farther; stays at the farthest.
    #[must_use]
    pub const fn zoom_out(self) -> Self {
        match self {
            Self::TenSeconds => Self::HalfMinute,
            Self::HalfMinute => Self::Minute,
            Self::Minute => Self::FiveMinutes,
            Self::FiveMinutes => Self::QuarterHour,
            Self::QuarterHour | Self::Hour => Self::Hour,
        }
    }
}

/// The counts of one time span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistogramBucket {
    pub from: DateTime<Utc>,
    /// Events.
    pub all: u32,
    pub warnings: u32,
    /// Of them critical ones.
    pub critical: u32,
}

impl HistogramBucket {
    /// Share of warnings and critical events, 0 to 1; 0 when nothing happened.
    #[must_use]
    pub fn bad_share(&self) -> f64 {
        if self.all == 0 {
            return 0.0;
        }
        f64::from(self.warnings.saturating_add(self.critical)) / f64::from(self.all)
    }
}

/// Counts of events by time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    /// For each zoom, buckets by their number since 1970.
    buckets: [BTreeMap<i64, HistogramBucket>; 6],
}

impl Histogram {
    /// Most buckets kept for a zoom; the oldest go first. Of ten seconds more than two days.
    pub const BUCKETS_MAX: usize = 20_000;

    /// Counts an event. Events may come in any order.
    pub fn add(&mut self, at: DateTime<Utc>, severity: AlertSeverity) {
        for (zoom, buckets) in BucketWidth::ALL.into_iter().zip(&mut self.buckets) {
            let bucket = buckets.entry(number(at, zoom)).or_default();
            bucket.all = bucket.all.saturating_add(1);
            match severity {
                AlertSeverity::Info => {}
                AlertSeverity::Warning => bucket.warnings = bucket.warnings.saturating_add(1),
                AlertSeverity::Critical => bucket.critical = bucket.critical.saturating_add(1),
            }
            if buckets.len() > Self::BUCKETS_MAX {
                buckets.pop_first();
            }
        }
    }

    /// The last `width` buckets, oldest first, the last being the one `until` lies in. Empty ones
    /// are among them.
    #[must_use]
    pub fn buckets(
        &self,
        zoom: BucketWidth,
        until: DateTime<Utc>,
        width: usize,
    ) -> Vec<HistogramBucket> {
        let last = number(until, zoom);
        let width = i64::try_from(width.min(Self::BUCKETS_MAX)).unwrap_or(0);
        let of_zoom = BucketWidth::ALL.into_iter().zip(&self.buckets).find(|(z, _)| *z == zoom);
        let one = |number: i64| {
            let counted = of_zoom.and_then(|(_, buckets)| buckets.get(&number)).copied();
            let seconds = number.saturating_mul(zoom.seconds());
            let from = DateTime::from_timestamp(seconds, 0).unwrap_or(until);
            HistogramBucket { from, ..counted.unwrap_or_default() }
        };
        (last - width + 1..=last).map(one).collect()
    }

    /// The moment at which the bucket of a column begins, and that at which it ends, for a cursor
    /// on the columns that `Histogram::read` gave.
    #[must_use]
    pub fn span(bucket: &HistogramBucket, zoom: BucketWidth) -> (DateTime<Utc>, DateTime<Utc>) {
        (bucket.from, bucket.from + TimeDelta::seconds(zoom.seconds()))
    }
}

fn number(at: DateTime<Utc>, zoom: BucketWidth) -> i64 {
    at.timestamp().div_euclid(zoom.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::exchange_time;

    #[test]
    fn events_fall_into_the_bucket_of_their_time_at_every_zoom() {
        let mut counts = Histogram::default();
        for (time, severity) in [
            ("10:30:00", AlertSeverity::Info),
            ("10:30:09", AlertSeverity::Critical),
            ("10:30:10", AlertSeverity::Warning),
            ("10:29:59", AlertSeverity::Info),
        ] {
            counts.add(exchange_time(time), severity);
        }
        let all = |zoom, width| {
            let read = counts.buckets(zoom, exchange_time("10:30:12"), width);
            read.iter().map(|b| (b.all, b.warnings + b.critical)).collect::<Vec<_>>()
        };
        assert_eq!(all(BucketWidth::TenSeconds, 4), [(0, 0), (1, 0), (2, 1), (1, 1)]);
        assert_eq!(all(BucketWidth::Minute, 2), [(1, 0), (3, 2)]);
        assert_eq!(all(BucketWidth::Hour, 1), [(4, 2)]);
        let last = counts.buckets(BucketWidth::TenSeconds, exchange_time("10:30:12"), 1)[0];
        assert_eq!(
            Histogram::span(&last, BucketWidth::TenSeconds),
            (exchange_time("10:30:10"), exchange_time("10:30:20"))
        );
        assert!((last.bad_share() - 1.0).abs() < f64::EPSILON);
        assert!(counts.buckets(BucketWidth::Hour, exchange_time("10:30"), 0).is_empty());
    }

    #[test]
    fn zooming_goes_through_all_and_stops_at_either_end() {
        let farther: Vec<_> = BucketWidth::ALL.iter().map(|z| z.zoom_out().zoom_in()).collect();
        assert_eq!(farther[..5], BucketWidth::ALL[..5]);
        assert_eq!(
            (BucketWidth::Hour.zoom_out(), BucketWidth::TenSeconds.zoom_in()),
            (BucketWidth::Hour, BucketWidth::TenSeconds)
        );
    }

    #[test]
    fn only_the_newest_buckets_are_kept() {
        let mut counts = Histogram::default();
        for i in 0..20_100 {
            counts.add(exchange_time("06:00") + TimeDelta::seconds(10 * i), AlertSeverity::Info);
        }
        assert_eq!(counts.buckets[0].len(), Histogram::BUCKETS_MAX);
        let first = counts.buckets(BucketWidth::TenSeconds, exchange_time("06:00"), 1);
        assert_eq!(first[0].all, 0);
    }
}
