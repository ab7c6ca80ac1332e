//! Time zones other than the exchange's, by IANA name.

use chrono::{DateTime, FixedOffset, Offset as _, Utc};
use chrono_tz::Tz;

/// A time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalZone(Tz);

impl LocalZone {
    /// Returns the zone with this name, such as `Europe/London`, or `None` if it is not in the
    /// database.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Returns the zone of the library of zones.
    pub(super) const fn tz(self) -> Tz {
        self.0
    }

    /// Returns the name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Returns the offset east of UTC at a moment and its abbreviation, such as `BST`.
    #[must_use]
    pub fn offset_at(self, at: DateTime<Utc>) -> (FixedOffset, String) {
        let here = at.with_timezone(&self.0);
        (here.offset().fix(), here.format("%Z").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn london_offset_and_abbreviation_change_in_summer() {
        let london = LocalZone::by_name("Europe/London").unwrap();
        for (day, hours, name) in [("2026-01-15", 0, "GMT"), ("2026-07-15", 1, "BST")] {
            let noon = format!("{day}T12:00:00Z").parse().unwrap();
            let (offset, called) = london.offset_at(noon);
            assert_eq!((offset.local_minus_utc(), called.as_str()), (hours * 3_600, name), "{day}");
        }
        assert_eq!(LocalZone::by_name("Mars/Olympus"), None);
    }
}
