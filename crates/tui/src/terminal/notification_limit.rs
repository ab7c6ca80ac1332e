//! Rate limit of notifications: one at once, then at most one in five seconds; those held back are
//! counted.

use chrono::{DateTime, Utc};

use planning::time::Span;

/// Remembers the last call and what has been held back since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationLimit {
    last: Option<DateTime<Utc>>,
    held: u32,
}

impl NotificationLimit {
    /// Least time between two calls: more of them say no more.
    pub const APART: Span = Span::secs(5);

    /// Records that an operator is needed at `at` (wall clock); returns the notification, or `None`
    /// while it is delayed.
    pub fn notify(&mut self, text: &str, at: DateTime<Utc>) -> Option<String> {
        if self.too_soon(at) {
            self.held = self.held.saturating_add(1);
            return None;
        }
        let held = std::mem::take(&mut self.held);
        self.last = Some(at);
        Some(if held == 0 { text.to_owned() } else { format!("{text} (and {held} more)") })
    }

    /// Time goes on: what to say of what was held back, once it may be said.
    pub fn due_notification(&mut self, at: DateTime<Utc>) -> Option<String> {
        if self.held == 0 || self.too_soon(at) {
            return None;
        }
        let held = std::mem::take(&mut self.held);
        self.last = Some(at);
        Some(format!("{held} more since"))
    }

    fn too_soon(&self, at: DateTime<Utc>) -> bool {
        // A wall clock that was put back must not silence the console.
        self.last.is_some_and(|last| last <= at && at - last < Self::APART.to_delta())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + millis).expect("a moment")
    }

    #[test]
    fn the_first_call_goes_out_at_once_and_a_burst_becomes_one_more() {
        let mut calls = NotificationLimit::default();
        assert_eq!(calls.notify("a failed", at(0)).as_deref(), Some("a failed"));
        for ms in 1..=40 {
            assert_eq!(calls.notify("b failed", at(ms)), None);
        }
        assert_eq!(calls.due_notification(at(4_999)), None);
        assert_eq!(calls.due_notification(at(5_000)).as_deref(), Some("40 more since"));
        assert_eq!(calls.due_notification(at(60_000)), None, "told twice");
    }

    #[test]
    fn a_later_call_counts_what_was_held_back_before_it() {
        let mut calls = NotificationLimit::default();
        assert!(calls.notify("a failed", at(0)).is_some());
        assert_eq!(calls.notify("b failed", at(10)), None);
        assert_eq!(calls.notify("c failed", at(6_000)).as_deref(), Some("c failed (and 1 more)"));
    }

    #[test]
    fn a_clock_that_was_put_back_does_not_silence_the_console() {
        let mut calls = NotificationLimit::default();
        assert!(calls.notify("a failed", at(3_600_000)).is_some());
        assert!(calls.notify("b failed", at(0)).is_some());
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_no_two_calls_are_closer_than_five_seconds(
            steps in proptest::collection::vec(0_i64..3_000, 1..80)
        ) {
            let (mut calls, mut now, mut heard, mut last) = (NotificationLimit::default(), 0, 0, None);
            let all = steps.len();
            let counted = |text: &str| {
                text.split(|c: char| !c.is_ascii_digit()).find_map(|n| n.parse::<usize>().ok())
            };
            for step in steps {
                now += step;
                if let Some(text) = calls.notify("x", at(now)) {
                    proptest::prop_assert!(last.is_none_or(|last| now - last >= 5_000));
                    last = Some(now);
                    heard += 1 + counted(&text).unwrap_or(0);
                }
            }
            heard += calls.due_notification(at(now + 5_000)).and_then(|text| counted(&text)).unwrap_or(0);
            proptest::prop_assert_eq!(heard, all);
        }
    }
}
