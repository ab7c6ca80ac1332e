//! When the next frame may be drawn: at most thirty a second, and never one too few.
//!
//! Pure: the loop says when something changed and when it drew, as the time since any moment that
//! stays the same, on a clock that does not run backwards. A frame that was put off is
//! remembered, or the last event before a quiet spell would never be seen.

use std::time::Duration;

/// Remembers the last frame and the one that is owed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttle {
    drawn: Option<Duration>,
    owed: Option<Duration>,
}

impl Throttle {
    /// Shortest time between two frames: thirty a second are more than an eye reads.
    pub const FRAME_MIN: Duration = Duration::from_millis(33);

    /// Something on screen changed at `now`: a frame is owed, at once or as soon as one may follow
    /// the last.
    pub fn changed(&mut self, now: Duration) {
        let soonest = self.drawn.map_or(now, |drawn| (drawn + Self::FRAME_MIN).max(now));
        self.owed = Some(self.owed.map_or(soonest, |owed| owed.min(soonest)));
    }

    /// A key was pressed at `now`: its frame is owed at once, so that the hand feels the key.
    pub fn pressed(&mut self, now: Duration) {
        self.owed = Some(now);
    }

    /// When the owed frame may be drawn; `None` when none is owed, and the loop may sleep.
    #[must_use]
    pub const fn due(&self) -> Option<Duration> {
        self.owed
    }

    /// Whether to draw at `now`; if so the debt is paid.
    #[must_use]
    pub fn take(&mut self, now: Duration) -> bool {
        let due = self.owed.is_some_and(|owed| owed <= now);
        if due {
            *self = Self { drawn: Some(now), owed: None };
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_change_is_drawn_at_once_and_nothing_without_a_change() {
        let start = Duration::from_secs(7);
        let mut throttle = Throttle::default();
        assert!(!throttle.take(start));
        throttle.changed(start);
        assert!(throttle.take(start));
        assert!(!throttle.take(start + 60_000 * MS), "drew a frame nobody asked for");
    }

    #[test]
    fn a_burst_of_changes_gives_thirty_frames_a_second_and_the_last_change_is_shown() {
        let start = Duration::from_secs(7);
        let mut throttle = Throttle::default();
        let mut frames = 0;
        for ms in 0..1_000 {
            throttle.changed(start + ms * MS);
            frames += u32::from(throttle.take(start + ms * MS));
        }
        assert_eq!(frames, 31);
        let due = throttle.due().expect("the change at 999 ms is owed a frame");
        assert!(due > start + 999 * MS);
        assert!(throttle.take(due));
        assert_eq!(throttle.due(), None);
    }

    #[test]
    fn a_key_is_drawn_without_waiting_for_the_next_frame() {
        let start = Duration::from_secs(7);
        let mut throttle = Throttle::default();
        throttle.changed(start);
        assert!(throttle.take(start));
        throttle.changed(start + MS);
        assert!(!throttle.take(start + MS));
        throttle.pressed(start + 2 * MS);
        assert!(throttle.take(start + 2 * MS));
    }
}
