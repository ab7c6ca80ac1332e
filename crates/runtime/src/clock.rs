//! The only file that reads a clock: wall time, scaled time, and time that jumps from work to work.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use nix::time::{ClockId, clock_gettime};

use crate::protocol::{ClockPace, Heartbeat};
use store::{HeartbeatStamp, Uptime};

/// Differences below this are no step of the wall.
const WALL_TOLERANCE: TimeDelta = TimeDelta::seconds(2);

/// The time of a run.
///
/// A real clock advances by the monotonic clock and is compared with the wall once a second
/// (`RunClock::follow_wall`). A wall that was set forward is followed at once, so that windows open and
/// close by the wall. The run never goes back: while it is ahead of a wall that was set back, it takes two
/// seconds for one, until the wall has caught up. Corrections below two seconds are not followed.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "two facts about the wall, told apart by name")]
pub struct RunClock {
    pace: ClockPace,
    /// A moment of the run and the instant at which it was so.
    anchor: (DateTime<Utc>, Instant),
    /// The latest moment told or reached.
    latest: DateTime<Utc>,
    /// How far the wall has been moved by hand; `None`: it is the real one.
    by_hand: Option<Duration>,
    /// Whether it is the wall's time.
    by_wall: bool,
    /// The wall's time when it was last compared, and the instant of the comparison.
    compared: Option<(DateTime<Utc>, Instant)>,
    /// Whether a real clock runs at half speed until the wall has caught up.
    waits_for_wall: bool,
}

impl RunClock {
    /// The wall's time.
    #[must_use]
    pub fn real() -> Self {
        let now = wall_now();
        let compared = Some((now, instant_now()));
        Self { by_wall: true, compared, ..Self::starting(now, ClockPace::Real) }
    }

    /// A clock of the run's own that stands at `start` now. `Pace::Real` then means one second a
    /// second from there.
    #[must_use]
    pub fn starting(start: DateTime<Utc>, pace: ClockPace) -> Self {
        Self {
            pace,
            anchor: (start, instant_now()),
            latest: start,
            by_hand: None,
            by_wall: false,
            compared: None,
            waits_for_wall: false,
        }
    }

    /// A clock that stands at `start`, and whose wall does too, until somebody moves them: the run
    /// with `Clock::reach`, the wall with `Clock::pass`. Equal moves give equal times.
    #[must_use]
    pub fn by_hand(start: DateTime<Utc>) -> Self {
        Self { by_hand: Some(Duration::ZERO), ..Self::starting(start, ClockPace::Max) }
    }

    /// Moves a wall that is moved by hand; a real one does not listen.
    pub fn advance_wall(&mut self, more: Duration) {
        self.by_hand = self.by_hand.map(|passed| passed.saturating_add(more));
    }

    /// The wall's time, for what is not part of the run: when an arming ends.
    #[must_use]
    pub fn wall_time(&self) -> DateTime<Utc> {
        self.by_hand.map_or_else(wall_now, |passed| self.anchor.0 + passed)
    }

    /// The wall's monotonic clock.
    #[must_use]
    pub fn monotonic_now(&self) -> Instant {
        self.by_hand.map_or_else(instant_now, |passed| self.anchor.1 + passed)
    }

    /// The clock for a run that is taken up as it was left `at`: one of the run's own stood still
    /// meanwhile, the wall's went on.
    #[must_use]
    pub fn at_least(mut self, at: DateTime<Utc>) -> Self {
        if self.by_hand.is_some() || (self.pace == ClockPace::Real && self.now() >= at) {
            return Self { latest: self.latest.max(at), ..self };
        }
        let Self { by_wall, compared, pace, .. } = self;
        Self { by_wall, compared, ..Self::starting(at, pace) }
    }

    /// Lets no time have passed since it was last asked, and says what time that was: for a run of
    /// its own time that waits, or that has not begun.
    pub fn discard_elapsed(&mut self) -> DateTime<Utc> {
        if self.by_hand.is_none() {
            self.anchor = (self.latest, instant_now());
        }
        self.latest
    }

    /// How it runs.
    #[must_use]
    pub const fn pace(&self) -> ClockPace {
        self.pace
    }

    /// What time it is in the run. Never goes back.
    pub fn now(&mut self) -> DateTime<Utc> {
        let told = match self.pace {
            ClockPace::Real if self.waits_for_wall => self.advanced(0.5),
            ClockPace::Real => self.advanced(1.0),
            ClockPace::Times(factor) => self.advanced(factor),
            ClockPace::Max => self.latest,
        };
        self.latest = self.latest.max(told);
        self.latest
    }

    fn advanced(&self, factor: f64) -> DateTime<Utc> {
        let (moment, since) = self.anchor;
        let passed = instant_now().saturating_duration_since(since).as_secs_f64() * factor;
        let passed = Duration::try_from_secs_f64(passed.max(0.0)).unwrap_or(Duration::ZERO);
        TimeDelta::from_std(passed)
            .ok()
            .and_then(|passed| moment.checked_add_signed(passed))
            .unwrap_or(moment)
    }

    /// Lets it run otherwise from now on.
    ///
    /// One moved by hand does not run at all.
    pub fn set_pace(&mut self, pace: ClockPace) {
        if self.by_hand.is_some() {
            return;
        }
        let now = self.now();
        self.anchor = (now, instant_now());
        self.pace = pace;
    }

    /// Compares a clock that goes by the wall with the wall's time, and follows it as the type says.
    /// Returns how far the wall was set since the last comparison, if by two seconds or more.
    pub(super) fn follow_wall(&mut self, wall: DateTime<Utc>) -> Option<TimeDelta> {
        if !self.by_wall || self.pace != ClockPace::Real {
            return None;
        }
        let (now, instant) = (self.now(), instant_now());
        let (before, since) = self.compared.replace((wall, instant))?;
        let passed = TimeDelta::from_std(instant.saturating_duration_since(since)).ok()?;
        let ahead = now - wall;
        if ahead <= -WALL_TOLERANCE {
            self.anchor = (wall, instant);
            self.waits_for_wall = false;
        } else if (ahead >= WALL_TOLERANCE) != self.waits_for_wall {
            self.anchor = (now, instant);
            self.waits_for_wall = !self.waits_for_wall;
        }
        let step = wall - before - passed;
        (step.abs() >= WALL_TOLERANCE).then_some(step)
    }

    /// One beat of whoever goes by this clock, the `count`th.
    pub(super) fn heartbeat(&mut self, count: u64) -> Heartbeat {
        Heartbeat { count, now: self.now(), pace: self.pace }
    }

    /// Goes from now on as a beat says that the run does: as far, and as fast. A real clock, and one
    /// moved by hand, do not listen.
    pub fn follow_heartbeat(&mut self, beat: Heartbeat) {
        if self.pace == ClockPace::Real || self.by_hand.is_some() {
            return;
        }
        self.anchor = (beat.now, instant_now());
        self.pace = beat.pace;
    }

    /// A clock that goes as the beat of a run does, of which nothing else is known.
    #[must_use]
    pub fn from_heartbeat(beat: Heartbeat) -> Self {
        match beat.pace {
            ClockPace::Real => Self::real(),
            ClockPace::Times(_) | ClockPace::Max => Self::starting(beat.now, beat.pace),
        }
    }

    /// Says that the run has come to `moment`: time that jumps has jumped there.
    pub fn jump_to(&mut self, moment: DateTime<Utc>) {
        self.latest = self.latest.max(moment);
    }

    /// Waits until it is `moment` in the run; without end when there is no moment to wait for.
    pub async fn wait_until(&mut self, moment: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let Some(moment) = moment else { return std::future::pending().await };
        let factor = match self.pace {
            ClockPace::Max => {
                self.jump_to(moment);
                return self.latest;
            }
            ClockPace::Real => 1.0,
            ClockPace::Times(factor) => factor,
        };
        loop {
            let now = self.now();
            if now >= moment {
                return now;
            }
            let left = (moment - now).to_std().unwrap_or(Duration::ZERO).as_secs_f64() / factor;
            // In slices, so that a far moment cannot overflow, and a laptop that slept is noticed.
            let slice = left.clamp(0.000_5, 60.0);
            tokio::time::sleep(Duration::from_secs_f64(slice)).await;
        }
    }
}

/// Says once a second of the wall that a second has passed, however the run's clock goes.
#[derive(Debug)]
pub(super) struct HeartbeatTimer {
    last: Instant,
}

impl HeartbeatTimer {
    const BEAT: Duration = Duration::from_secs(1);

    pub(super) fn new() -> Self {
        Self { last: instant_now() }
    }

    /// Whether a second has passed since this was last so.
    pub(super) fn is_due(&mut self) -> bool {
        let now = instant_now();
        let due = now.saturating_duration_since(self.last) >= Self::BEAT;
        if due {
            self.last = now;
        }
        due
    }

    /// Waits until it is due.
    pub(super) async fn next(&self) {
        tokio::time::sleep_until((self.last + Self::BEAT).into()).await;
    }
}

/// Wall time, for what is not part of a run: when the program started, what day it is.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the file that reads the clock")]
pub fn wall_now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Returns the stamp of a heartbeat that is given now.
#[must_use]
pub fn heartbeat_now() -> HeartbeatStamp {
    HeartbeatStamp { at: wall_now(), uptime: uptime_now() }
}

/// Returns the machine's monotonic clock, which all its processes share; `None` where the machine does not
/// say which boot it counts from.
fn uptime_now() -> Option<Uptime> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).ok()?;
    let (seconds, nanos) = (u64::try_from(now.tv_sec()).ok()?, u32::try_from(now.tv_nsec()).ok()?);
    Some(Uptime { boot: boot.trim().to_owned(), passed: Duration::new(seconds, nanos) })
}

/// The monotonic clock, for measuring how long something took: the one that sleeping goes by, so
/// that a runtime whose time is paused moves both.
#[must_use]
pub fn instant_now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn morning() -> DateTime<Utc> {
        "2018-12-19T11:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn time_at_full_speed_jumps_where_it_is_told_and_never_back() {
        let mut clock = RunClock::starting(morning(), ClockPace::Max);
        let noon = morning() + TimeDelta::hours(5);
        assert_eq!(clock.wait_until(Some(noon)).await, noon);
        clock.jump_to(morning());
        assert_eq!(clock.now(), noon);
    }

    #[tokio::test]
    async fn scaled_time_has_passed_once_it_was_waited_for() {
        let mut clock = RunClock::starting(morning(), ClockPace::Times(1_000_000.0));
        let evening = morning() + TimeDelta::hours(12);
        assert!(clock.wait_until(Some(evening)).await >= evening);
    }

    #[test]
    fn a_clock_moved_by_hand_goes_as_far_as_it_is_moved_and_listens_to_no_pace() {
        let mut clock = RunClock::by_hand(morning());
        clock.set_pace(ClockPace::Times(1_000_000.0));
        let before = clock.monotonic_now();
        clock.advance_wall(Duration::from_secs(90));
        assert_eq!(clock.now(), morning(), "the wall moved, the run did not");
        assert_eq!(clock.wall_time() - morning(), TimeDelta::seconds(90));
        assert_eq!(clock.monotonic_now() - before, Duration::from_secs(90));
        clock.jump_to(morning() + TimeDelta::hours(1));
        assert_eq!(clock.now() - morning(), TimeDelta::hours(1));
    }

    #[test]
    fn a_clock_that_stands_still_goes_on_from_where_it_stood() {
        let mut clock = RunClock::starting(morning(), ClockPace::Times(1_000_000_000.0));
        let stood = clock.now();
        clock.discard_elapsed();
        assert!(clock.clone().now() - stood < TimeDelta::days(365 * 30));
        let mut slow = RunClock::starting(morning(), ClockPace::Real).at_least(stood);
        assert!(slow.now() >= stood, "a simulated day that goes as fast as the wall's");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wall_set_forward_is_followed_and_reported_once() {
        let mut clock = RunClock::real();
        let wall = clock.now();
        tokio::time::advance(Duration::from_secs(1)).await;
        let set = wall + TimeDelta::seconds(1) + TimeDelta::hours(3);
        assert_eq!(clock.follow_wall(set), Some(TimeDelta::hours(3)));
        assert_eq!(clock.now(), set);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(clock.follow_wall(set + TimeDelta::seconds(1)), None);
        assert_eq!(clock.now(), set + TimeDelta::seconds(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wall_set_back_is_waited_for_at_half_speed() {
        let mut clock = RunClock::real();
        let (begun, at) = (clock.now(), instant_now());
        let wall = |set: i64| {
            let passed = TimeDelta::from_std(instant_now() - at).unwrap();
            begun + passed - TimeDelta::seconds(set)
        };
        assert_eq!(clock.follow_wall(wall(60)), Some(TimeDelta::seconds(-60)));
        assert_eq!(clock.now(), begun, "it does not go back");
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(clock.now() - begun, TimeDelta::seconds(30));
        for _ in 0..120 {
            assert_eq!(clock.follow_wall(wall(60)), None, "it is reported once");
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let ahead = clock.now() - wall(60);
        assert!(ahead.abs() <= WALL_TOLERANCE, "{ahead}");
    }

    #[tokio::test(start_paused = true)]
    async fn small_corrections_and_virtual_clocks_follow_no_wall() {
        let mut clock = RunClock::real();
        let wall = clock.now();
        assert_eq!(clock.follow_wall(wall + TimeDelta::milliseconds(1_900)), None);
        assert_eq!(clock.now(), wall);
        let mut own = RunClock::starting(morning(), ClockPace::Real);
        assert_eq!(own.follow_wall(wall), None);
        assert_eq!(own.now(), morning());
    }

    #[test]
    fn a_heart_beats_once_for_each_second_that_has_passed() {
        let last = instant_now().checked_sub(HeartbeatTimer::BEAT).unwrap();
        let mut heart = HeartbeatTimer { last };
        assert!(heart.is_due());
        let mut fresh = HeartbeatTimer { last: instant_now() + Duration::from_hours(1) };
        assert!(!fresh.is_due());
    }

    #[test]
    fn another_pace_does_not_move_the_moment() {
        let mut clock = RunClock::starting(morning(), ClockPace::Max);
        let noon = morning() + TimeDelta::hours(5);
        clock.jump_to(noon);
        clock.set_pace(ClockPace::Times(1.0));
        assert!(clock.now() >= noon && clock.now() < noon + TimeDelta::hours(1));
    }
}
