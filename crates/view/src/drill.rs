//! Age of the last kill drill as text, with a warning when it is too old.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::format::count_noun;

/// A drill older than this is due again.
pub const DUE_AFTER: TimeDelta = TimeDelta::days(30);

/// The last drill of the kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastDrill {
    /// The time of the drill, by the machine's clock.
    pub at: DateTime<Utc>,
    /// True if all was as it must be.
    pub held: bool,
}

/// The same as of a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrillAge {
    pub at: Option<DateTime<Utc>>,
    /// True if all was as it must be then.
    pub held: Option<bool>,
    /// True if it is time for another: it is too old, it failed, or there was none.
    pub due: bool,
    /// In words: `kill drill 3 days ago`.
    pub told: String,
}

/// Returns how old the last drill of the kill is at `now`.
#[must_use]
pub fn drill_age(last: Option<LastDrill>, now: DateTime<Utc>) -> DrillAge {
    let Some(LastDrill { at, held }) = last else {
        let told = "no kill drill yet: `bellwether drill kill`".into();
        return DrillAge { at: None, held: None, due: true, told };
    };
    // A clock that was set back makes no drill of the future.
    let since = (now - at).max(TimeDelta::zero());
    let when = match u64::try_from(since.num_days()).unwrap_or_default() {
        0 => "today".to_owned(),
        days => format!("{} ago", count_noun(days, "day")),
    };
    let late = since > DUE_AFTER;
    let told = match (held, late) {
        (true, false) => format!("kill drill {when}"),
        (true, true) => format!("kill drill {when}, OVERDUE: `bellwether drill kill`"),
        (false, _) => format!("kill drill FAILED {when}: `bellwether drill kill`"),
    };
    DrillAge { at: Some(at), held: Some(held), due: late || !held, told }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drill_is_due_when_there_was_none_when_it_failed_and_after_thirty_days() {
        let at = DateTime::UNIX_EPOCH;
        let told = |held, days| {
            let age = drill_age(Some(LastDrill { at, held }), at + TimeDelta::days(days));
            (age.told, age.due)
        };
        assert_eq!(told(true, 0), ("kill drill today".into(), false));
        assert_eq!(told(true, 1), ("kill drill 1 day ago".into(), false));
        assert_eq!(told(true, 30), ("kill drill 30 days ago".into(), false));
        assert!(told(true, 31).1 && told(true, 31).0.contains("31 days ago, OVERDUE"));
        assert!(told(false, 0).1 && told(false, 0).0.contains("FAILED today"));
        assert_eq!(told(true, -3), ("kill drill today".into(), false));
        assert!(drill_age(None, at).due);
    }
}
