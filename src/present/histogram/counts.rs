//! Events counted as they come, for every zoom at once, so that reading costs the columns alone.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::Severity;

/// How much time a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Zoom {
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

impl Zoom {
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
    pub const fn word(self) -> &'static str {
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
    pub const fn nearer(self) -> Self {
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
    pub const fn farther(self) -> Self {
        match self {
            Self::TenSeconds => Self::HalfMinute,
            Self::HalfMinute => Self::Minute,
            Self::Minute => Self::FiveMinutes,
            Self::FiveMinutes => Self::QuarterHour,
            Self::QuarterHour | Self::Hour => Self::Hour,
        }
    }
}

/// What happened in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// Events.
    pub all: u32,
    /// Of them warnings.
    pub warnings: u32,
    /// Of them critical ones.
    pub critical: u32,
}

impl Bucket {
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
    buckets: [BTreeMap<i64, Bucket>; 6],
}

impl Histogram {
    /// Most buckets kept for a zoom; the oldest go first. Of ten seconds more than two days.
    pub const BUCKETS_MAX: usize = 20_000;

    /// Counts an event. Events may come in any order.
    pub fn add(&mut self, at: DateTime<Utc>, severity: Severity) {
        for (zoom, buckets) in Zoom::ALL.into_iter().zip(&mut self.buckets) {
            let bucket = buckets.entry(number(at, zoom)).or_default();
            bucket.all = bucket.all.saturating_add(1);
            match severity {
                Severity::Info => {}
                Severity::Warning => bucket.warnings = bucket.warnings.saturating_add(1),
                Severity::Critical => bucket.critical = bucket.critical.saturating_add(1),
            }
            if buckets.len() > Self::BUCKETS_MAX {
                buckets.pop_first();
            }
        }
    }

    /// The last `width` buckets, oldest first, the last being the one `until` lies in. Empty ones
    /// are among them.
    #[must_use]
    pub fn read(&self, zoom: Zoom, until: DateTime<Utc>, width: usize) -> Vec<Bucket> {
        let last = number(until, zoom);
        let width = i64::try_from(width.min(Self::BUCKETS_MAX)).unwrap_or(0);
        let of_zoom = Zoom::ALL.into_iter().zip(&self.buckets).find(|(z, _)| *z == zoom);
        let one = |number: i64| {
            let counted = of_zoom.and_then(|(_, buckets)| buckets.get(&number)).copied();
            let seconds = number.saturating_mul(zoom.seconds());
            let from = DateTime::from_timestamp(seconds, 0).unwrap_or(until);
            Bucket { from, ..counted.unwrap_or_default() }
        };
        (last - width + 1..=last).map(one).collect()
    }

    /// The moment at which the bucket of a column begins, and that at which it ends, for a cursor
    /// on the columns that [`Histogram::read`] gave.
    #[must_use]
    pub fn span(bucket: &Bucket, zoom: Zoom) -> (DateTime<Utc>, DateTime<Utc>) {
        (bucket.from, bucket.from + TimeDelta::seconds(zoom.seconds()))
    }
}

fn number(at: DateTime<Utc>, zoom: Zoom) -> i64 {
    at.timestamp().div_euclid(zoom.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample::et;

    #[test]
    fn events_fall_into_the_bucket_of_their_time_at_every_zoom() {
        let mut counts = Histogram::default();
        for (time, severity) in [
            ("10:30:00", Severity::Info),
            ("10:30:09", Severity::Critical),
            ("10:30:10", Severity::Warning),
            ("10:29:59", Severity::Info),
        ] {
            counts.add(et(time), severity);
        }
        let all = |zoom, width| {
            let read = counts.read(zoom, et("10:30:12"), width);
            read.iter().map(|b| (b.all, b.warnings + b.critical)).collect::<Vec<_>>()
        };
        assert_eq!(all(Zoom::TenSeconds, 4), [(0, 0), (1, 0), (2, 1), (1, 1)]);
        assert_eq!(all(Zoom::Minute, 2), [(1, 0), (3, 2)]);
        assert_eq!(all(Zoom::Hour, 1), [(4, 2)]);
        let last = counts.read(Zoom::TenSeconds, et("10:30:12"), 1)[0];
        assert_eq!(Histogram::span(&last, Zoom::TenSeconds), (et("10:30:10"), et("10:30:20")));
        assert!((last.bad_share() - 1.0).abs() < f64::EPSILON);
        assert!(counts.read(Zoom::Hour, et("10:30"), 0).is_empty());
    }

    #[test]
    fn zooming_goes_through_all_and_stops_at_either_end() {
        let farther: Vec<_> = Zoom::ALL.iter().map(|z| z.farther().nearer()).collect();
        assert_eq!(farther[..5], Zoom::ALL[..5]);
        assert_eq!(
            (Zoom::Hour.farther(), Zoom::TenSeconds.nearer()),
            (Zoom::Hour, Zoom::TenSeconds)
        );
    }

    #[test]
    fn only_the_newest_buckets_are_kept() {
        let mut counts = Histogram::default();
        for i in 0..20_100 {
            counts.add(et("06:00") + TimeDelta::seconds(10 * i), Severity::Info);
        }
        assert_eq!(counts.buckets[0].len(), Histogram::BUCKETS_MAX);
        let first = counts.read(Zoom::TenSeconds, et("06:00"), 1);
        assert_eq!(first[0].all, 0);
    }
}
