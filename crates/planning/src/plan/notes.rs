//! Notes about values of a day under construction, and the format of moments in them.

use std::fmt;

use chrono::{DateTime, Utc};

use super::note::{NotedValue, PlanNote};
use crate::{calendar::exchange_local, id::TaskId};

/// A moment displayed in exchange time: `09:30`, `13:55:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ExchangeMoment(pub(super) DateTime<Utc>);

impl fmt::Display for ExchangeMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = exchange_local(self.0);
        let seconds = local.format("%S").to_string() != "00";
        f.pad(&local.format(if seconds { "%H:%M:%S" } else { "%H:%M" }).to_string())
    }
}

/// A period between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MomentRange {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

impl MomentRange {
    pub(super) fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// Returns the overlap of both; empty if there is none.
    pub(super) fn intersection(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
}

impl fmt::Display for MomentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} .. {}", ExchangeMoment(self.from), ExchangeMoment(self.to)))
    }
}

/// The notes collected so far.
#[derive(Debug, Default)]
pub(super) struct PlanNotes(Vec<PlanNote>);

impl PlanNotes {
    /// Notes that `about` of `task` (or of the day) has `value` because of `origin`.
    pub(super) fn add_note(
        &mut self,
        task: Option<&TaskId>,
        about: impl Into<NotedValue>,
        value: impl fmt::Display,
        origin: impl fmt::Display,
    ) -> &mut PlanNote {
        self.0.push(PlanNote {
            task: task.cloned(),
            about: about.into(),
            value: value.to_string(),
            was: None,
            origin: origin.to_string(),
            conflict: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// Returns all notes in the order they were added.
    pub(super) fn into_notes(self) -> Vec<PlanNote> {
        self.0
    }
}
