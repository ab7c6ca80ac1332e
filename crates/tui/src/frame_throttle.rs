//! When the next frame may be drawn: soon enough for a hand, seldom enough for a terminal.
//!
//! Pure: the loop says when something changed and when it drew, as the time since any moment that
//! stays the same, on a clock that does not run backwards. A frame that was put off is
//! remembered, or the last event before a quiet spell would never be seen.

use std::time::Duration;

/// Remembers the last frame and the one that is owed.
///
/// Frames that show what happened come at most twenty a second, and seldom enough that they write no
/// more than `Throttle::BYTES_MAX` a second; so there is room for keys, whose frames are
/// drawn at once. All together are thirty a second, but for `Throttle::BURST` more when several
/// keys come after a pause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FrameThrottle {
    drawn: Option<Duration>,
    owed: Option<Duration>,
    /// The time at which all frames so far would have been drawn at the shortest interval.
    paid: Duration,
    /// The time at which the bytes of all frames so far would have been written at the highest
    /// rate.
    written: Duration,
}

impl FrameThrottle {
    /// Shortest time between two frames in the long run.
    pub const FRAME_MIN: Duration = Duration::from_micros(33_334);
    /// Shortest time from a frame to one that no key asks for: rows that change more often cannot be
    /// read.
    pub const QUIET_MIN: Duration = Duration::from_millis(50);
    /// Frames that keys may take in advance.
    pub const BURST: u32 = 4;
    /// Bytes a second that a slow line still takes.
    pub const BYTES_MAX: u32 = 60 * 1024;

    /// Records a change on screen at `now`: a frame is owed, at once or as soon as the limits
    /// allow.
    pub fn on_change(&mut self, now: Duration) {
        let quiet = self.drawn.map_or(now, |drawn| drawn + Self::QUIET_MIN);
        self.owe(quiet.max(self.written).max(now));
    }

    /// A key was pressed at `now`: its frame is owed at once, so that the hand feels the key.
    pub fn on_key(&mut self, now: Duration) {
        let soonest = self.paid.saturating_sub(Self::FRAME_MIN * Self::BURST);
        self.owe(soonest.max(now));
    }

    fn owe(&mut self, at: Duration) {
        self.owed = Some(self.owed.map_or(at, |owed| owed.min(at)));
    }

    /// Returns when the owed frame may be drawn; `None` when none is owed, and the loop may sleep.
    #[must_use]
    pub const fn next_frame_at(&self) -> Option<Duration> {
        self.owed
    }

    /// Returns whether to draw at `now`; if so the debt is paid.
    #[must_use]
    pub fn take_frame(&mut self, now: Duration) -> bool {
        let due = self.owed.is_some_and(|owed| owed <= now);
        if due {
            (self.drawn, self.owed) = (Some(now), None);
            self.paid = self.paid.max(now) + Self::FRAME_MIN;
        }
        due
    }

    /// The frame taken at `now` was written with so many bytes: the more, the longer what no key asks
    /// for waits.
    pub fn on_written(&mut self, now: Duration, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let cost = Duration::from_secs(1) * bytes / Self::BYTES_MAX;
        // The first frame and those after a change of size fill the screen; they are not held against
        // the next for more than a moment.
        let most = now + Self::QUIET_MIN * 4;
        self.written = (self.written.max(now) + cost).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_change_is_drawn_at_once_and_nothing_without_a_change() {
        let start = Duration::from_secs(7);
        let mut throttle = FrameThrottle::default();
        assert!(!throttle.take_frame(start));
        throttle.on_change(start);
        assert!(throttle.take_frame(start));
        assert!(!throttle.take_frame(start + 60_000 * MS), "drew a frame nobody asked for");
    }

    #[test]
    fn a_burst_of_changes_gives_twenty_frames_a_second_and_the_last_change_is_shown() {
        let start = Duration::from_secs(7);
        let mut throttle = FrameThrottle::default();
        let mut frames = 0;
        for ms in 0..1_000 {
            throttle.on_change(start + ms * MS);
            frames += u32::from(throttle.take_frame(start + ms * MS));
        }
        assert_eq!(frames, 20);
        let due = throttle.next_frame_at().expect("the change at 999 ms is owed a frame");
        assert!(due > start + 999 * MS);
        assert!(throttle.take_frame(due));
        assert_eq!(throttle.next_frame_at(), None);
    }

    #[test]
    fn a_key_is_drawn_without_waiting_for_the_next_frame() {
        let start = Duration::from_secs(7);
        let mut throttle = FrameThrottle::default();
        throttle.on_change(start);
        assert!(throttle.take_frame(start));
        throttle.on_change(start + MS);
        assert!(!throttle.take_frame(start + MS));
        throttle.on_key(start + 2 * MS);
        assert!(throttle.take_frame(start + 2 * MS));
    }

    #[test]
    fn keys_without_end_get_thirty_frames_a_second_and_a_few_at_once_after_a_pause() {
        let start = Duration::from_secs(7);
        let mut throttle = FrameThrottle::default();
        let mut frames = Vec::new();
        for ms in 0..10_000 {
            let now = start + ms * MS;
            throttle.on_change(now);
            throttle.on_key(now);
            if throttle.take_frame(now) {
                frames.push(ms);
            }
        }
        assert!((300..=305).contains(&frames.len()), "{}", frames.len());
        assert_eq!(frames[..4], [0, 1, 2, 3]);
        assert!(frames.windows(2).all(|pair| pair[1] - pair[0] <= 34), "a held key stalls");
    }

    #[test]
    fn large_frames_come_seldom_enough_for_a_slow_line_and_a_key_does_not_wait_for_them() {
        let start = Duration::from_secs(7);
        let mut throttle = FrameThrottle::default();
        let (mut bytes, each) = (0_usize, 6_000);
        for ms in 0..10_000 {
            let now = start + ms * MS;
            throttle.on_change(now);
            if throttle.take_frame(now) {
                bytes += each;
                throttle.on_written(now, each);
            }
        }
        assert!((550_000..=64 * 1024 * 10).contains(&bytes), "{bytes}");
        let now = start + 10_000 * MS;
        throttle.on_key(now);
        assert!(throttle.take_frame(now));
    }
}
