//! The note about the origin of one value of a day plan.

use serde::{Deserialize, Serialize};

use crate::id::TaskId;

/// The value that a note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotedValue {
    /// The hours of the session.
    Session,
    /// The volatility regime of the morning.
    Volatility,
    /// An overlay that applies.
    Overlay(String),
    /// The window of a stage.
    Stage(String),
    /// A blackout, with the forbidden orders.
    Blackout(String),
    /// A factor on a trading limit.
    Limit(String),
    /// A kind of order that needs approval.
    Approval(String),
    /// The window of a task.
    Window,
    /// The deadline of a task.
    Deadline,
    /// The timeout of a task.
    Timeout,
    /// The interval of a monitor.
    Every,
    /// A task that the day does not have, with the reason.
    Removed {
        /// The reason in words.
        why: String,
    },
    /// A task that was added or defined again.
    Presence,
    /// A dependency added to a task, or taken from it.
    WaitsFor(String),
    /// Any other value, by its name in files or settings.
    Other(String),
}

/// How the value of a note about a removal begins.
const REMOVED: &str = "removed: ";

/// A word of a record and the field with a name that it introduces.
type NamedField = (&'static str, fn(String) -> NotedValue);

impl NotedValue {
    /// Parses the name in a record; `value` tells a removal from other notes about presence.
    fn from_record(field: String, value: &str) -> Self {
        if field == "presence" {
            return value
                .strip_prefix(REMOVED)
                .map_or(Self::Presence, |why| Self::Removed { why: why.into() });
        }
        for (word, of) in Self::NAMED {
            if let Some(rest) = field.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
                return of(rest.to_owned());
            }
        }
        let plain = Self::PLAIN.iter().find(|(word, _)| *word == field);
        plain.map_or(Self::Other(field), |(_, own)| own.clone())
    }

    const NAMED: [NamedField; 6] = [
        ("overlay", Self::Overlay),
        ("stage", Self::Stage),
        ("blackout", Self::Blackout),
        ("limit", Self::Limit),
        ("approval", Self::Approval),
        ("waits for", Self::WaitsFor),
    ];

    const PLAIN: [(&str, Self); 6] = [
        ("session", Self::Session),
        ("volatility", Self::Volatility),
        ("window", Self::Window),
        ("deadline", Self::Deadline),
        ("timeout", Self::Timeout),
        ("every", Self::Every),
    ];

    /// Returns the name shown and recorded: `window`, `limit gross`.
    #[must_use]
    pub fn name(&self) -> String {
        let (word, of) = match self {
            Self::Session => ("session", None),
            Self::Volatility => ("volatility", None),
            Self::Window => ("window", None),
            Self::Deadline => ("deadline", None),
            Self::Timeout => ("timeout", None),
            Self::Every => ("every", None),
            Self::Removed { .. } | Self::Presence => ("presence", None),
            Self::Overlay(name) => ("overlay", Some(name)),
            Self::Stage(name) => ("stage", Some(name)),
            Self::Blackout(orders) => ("blackout", Some(orders)),
            Self::Limit(name) => ("limit", Some(name)),
            Self::Approval(of) => ("approval", Some(of)),
            Self::WaitsFor(task) => ("waits for", Some(task)),
            Self::Other(name) => (name.as_str(), None),
        };
        of.map_or_else(|| word.to_owned(), |of| format!("{word} {of}"))
    }

    /// Returns whether only overlays set this value, so that a note about it is a difference from
    /// a normal day.
    #[must_use]
    pub const fn is_set_by_overlays(&self) -> bool {
        match self {
            Self::Removed { .. }
            | Self::Presence
            | Self::WaitsFor(_)
            | Self::Blackout(_)
            | Self::Approval(_)
            | Self::Limit(_) => true,
            Self::Session
            | Self::Volatility
            | Self::Overlay(_)
            | Self::Stage(_)
            | Self::Window
            | Self::Deadline
            | Self::Timeout
            | Self::Every
            | Self::Other(_) => false,
        }
    }
}

impl From<&str> for NotedValue {
    fn from(name: &str) -> Self {
        Self::from_record(name.to_owned(), "")
    }
}

/// The origin of one value of the day plan, as shown by `calendar explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PlanNoteRecord", into = "PlanNoteRecord")]
pub struct PlanNote {
    /// The task, or `None` for the day, a stage or a limit.
    pub task: Option<TaskId>,
    /// The value that the note is about.
    pub about: NotedValue,
    /// The current value as text; times of day in exchange time.
    pub value: String,
    /// The previous value, if there was one.
    pub was: Option<String>,
    /// The rule: a file (`workflows/fomc.yaml`), a setting or the calendar.
    pub origin: String,
    /// A text about other rules with a different value, and why this one won.
    pub conflict: Option<String>,
}

impl PlanNote {
    /// Returns the text of a removal for this reason.
    pub(super) fn removal_text(why: &str) -> String {
        format!("{REMOVED}{why}")
    }
}

/// A note as recorded: the value by its name.
#[derive(Serialize, Deserialize)]
struct PlanNoteRecord {
    task: Option<TaskId>,
    field: String,
    value: String,
    was: Option<String>,
    origin: String,
    conflict: Option<String>,
}

impl From<PlanNoteRecord> for PlanNote {
    fn from(record: PlanNoteRecord) -> Self {
        let PlanNoteRecord { task, field, value, was, origin, conflict } = record;
        Self { task, about: NotedValue::from_record(field, &value), value, was, origin, conflict }
    }
}

impl From<PlanNote> for PlanNoteRecord {
    fn from(note: PlanNote) -> Self {
        let PlanNote { task, about, value, was, origin, conflict } = note;
        Self { task, field: about.name(), value, was, origin, conflict }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_note_is_read_by_kind_and_written_alike() {
        for (field, value, about) in [
            (
                "presence",
                "removed: no rebalancing",
                NotedValue::Removed { why: "no rebalancing".into() },
            ),
            ("presence", "added to intraday", NotedValue::Presence),
            ("stage intraday", "09:30", NotedValue::Stage("intraday".into())),
            ("waits for tca", "no longer", NotedValue::WaitsFor("tca".into())),
            ("window", "09:30", NotedValue::Window),
            ("retry.base_delay", "1s", NotedValue::Other("retry.base_delay".into())),
        ] {
            let record = format!(
                r#"{{"task":null,"field":"{field}","value":"{value}","was":null,"origin":"o","conflict":null}}"#
            );
            let note: PlanNote = serde_json::from_str(&record).unwrap();
            assert_eq!(note.about, about);
            assert_eq!(serde_json::to_string(&note).unwrap(), record);
        }
    }
}
