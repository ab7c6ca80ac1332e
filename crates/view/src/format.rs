//! Labels, glyphs and number formats shared by every screen and every line of output.
//!
//! One word per thing: whoever shows a state, a time or a text from outside takes it from here.

use std::cell::Cell;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

pub use super::safe::{TEXT_MAX, safe_to, sanitize};
use engine::{
    AlertSeverity, ApprovalRejection, FailureKind, ProbeFinding, Provenance, RunState, TaskEnding,
    TaskState,
};
use planning::{calendar::exchange_local, plan::TaskIx, time::Span, workflow::TaskPriority};

/// The character set of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GlyphSet {
    /// Symbols of one column each.
    #[default]
    Utf8,
    /// ASCII alone.
    Ascii,
}

/// The mark of a state: one column wide, different for each of the fourteen in either set, so that
/// no state needs a colour to be told from another.
#[must_use]
pub const fn state_glyph(state: TaskState, set: GlyphSet) -> &'static str {
    let (utf8, ascii) = match state {
        TaskState::Pending => ("·", "."),
        TaskState::Queued => ("o", "o"),
        TaskState::Running => ("▸", ">"),
        TaskState::Retrying => ("↻", "~"),
        TaskState::Held => ("‖", "="),
        TaskState::Cancelling => ("⊖", "/"),
        TaskState::InDoubt => ("?", "?"),
        TaskState::Completed => ("✓", "+"),
        TaskState::Failed => ("✗", "x"),
        TaskState::Timeout => ("T", "T"),
        TaskState::Cancelled => ("⊘", "c"),
        TaskState::Skipped => ("-", "-"),
        TaskState::UpstreamFailed => ("b", "b"),
        TaskState::Missed => ("m", "m"),
    };
    match set {
        GlyphSet::Utf8 => utf8,
        GlyphSet::Ascii => ascii,
    }
}

/// The two-letter code of a state, as in tables that must be narrow and in filters.
#[must_use]
pub const fn code(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "PD",
        TaskState::Queued => "QU",
        TaskState::Running => "RU",
        TaskState::Retrying => "RT",
        TaskState::Held => "HD",
        TaskState::Cancelling => "CX",
        TaskState::InDoubt => "ID",
        TaskState::Completed => "OK",
        TaskState::Failed => "FA",
        TaskState::Timeout => "TO",
        TaskState::Cancelled => "CN",
        TaskState::Skipped => "SK",
        TaskState::UpstreamFailed => "UF",
        TaskState::Missed => "MS",
    }
}

/// A state in a sentence: `running`, `in doubt`, `upstream failed`.
#[must_use]
pub const fn state_text(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "pending",
        TaskState::Queued => "queued",
        TaskState::Running => "running",
        TaskState::Retrying => "retrying",
        TaskState::Held => "held",
        TaskState::Cancelling => "cancelling",
        TaskState::InDoubt => "in doubt",
        TaskState::Completed => "completed",
        TaskState::Failed => "failed",
        TaskState::Timeout => "timed out",
        TaskState::Cancelled => "cancelled",
        TaskState::Skipped => "skipped",
        TaskState::UpstreamFailed => "upstream failed",
        TaskState::Missed => "missed",
    }
}

/// A priority in four letters: `CRIT`, `HIGH`, `MED`, `LOW`.
#[must_use]
pub const fn priority(priority: TaskPriority) -> &'static str {
    match priority {
        TaskPriority::Critical => "CRIT",
        TaskPriority::High => "HIGH",
        TaskPriority::Medium => "MED",
        TaskPriority::Low => "LOW",
    }
}

/// A count with its noun: `1 task`, `3 tasks`; `y` after a consonant becomes `ies`, a hiss takes `es`.
#[must_use]
pub fn count_noun(count: u64, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    let mut tail = noun.chars().rev();
    let (last, before) = (tail.next(), tail.next());
    let vowel = before.is_some_and(|c| "aeiou".contains(c));
    if last == Some('y') && !vowel {
        let stem: String = noun.chars().take(noun.chars().count() - 1).collect();
        return format!("{count} {stem}ies");
    }
    let hiss = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{count} {noun}{}", if hiss { "es" } else { "s" })
}

/// Formats a duration with its two largest units, cut to the smaller: `45s`, `4m12s`, `1h05m`, `2d03h`.
#[must_use]
pub fn format_duration(span: Span) -> String {
    let s = span.as_secs();
    let (d, h, m) = (s / 86_400, s / 3_600 % 24, s / 60 % 60);
    match s {
        0..60 => format!("{s}s"),
        60..3_600 => format!("{m}m{:02}s", s % 60),
        3_600..86_400 => format!("{h}h{m:02}m"),
        _ => format!("{d}d{h:02}h"),
    }
}

/// Formats the time from `from` to `to` with [`format_duration`]; `0s` when `to` is earlier.
#[must_use]
pub fn format_age(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    format_duration(Span::between(&from, &to))
}

thread_local! {
    /// The zone of the texts of this thread, where it is not the exchange's.
    static ZONE: Cell<Option<FixedOffset>> = const { Cell::new(None) };
}

/// The zone that was set before; it is set again when this is dropped.
struct ZoneBefore(Option<FixedOffset>);

impl Drop for ZoneBefore {
    fn drop(&mut self) {
        ZONE.set(self.0);
    }
}

/// Runs `work` with every time of day that it writes, and reads in a filter, in one zone; `None` is the
/// exchange's.
pub fn in_zone<T>(zone: Option<FixedOffset>, work: impl FnOnce() -> T) -> T {
    let _before = ZoneBefore(ZONE.replace(zone));
    work()
}

/// A moment on the clock of the texts: the exchange's, unless [`in_zone`] says otherwise.
#[must_use]
pub fn local_time(at: DateTime<Utc>) -> NaiveDateTime {
    ZONE.get().map_or_else(|| exchange_local(at), |zone| at.with_timezone(&zone).naive_local())
}

/// The time of day on the exchange's clock, to the second: `10:42:07`.
#[must_use]
pub fn format_time(at: DateTime<Utc>) -> String {
    local_time(at).format("%H:%M:%S").to_string()
}

/// The time of day on the exchange's clock, to the millisecond: `10:42:07.113`.
#[must_use]
pub fn time_ms(at: DateTime<Utc>) -> String {
    local_time(at).format("%H:%M:%S%.3f").to_string()
}

/// The time of day on the exchange's clock, to the minute, or to the second when it is not a whole
/// minute: `14:45`, `14:45:30`.
#[must_use]
pub fn format_minute(at: DateTime<Utc>) -> String {
    let local = local_time(at);
    let whole = local.format("%S").to_string() == "00";
    local.format(if whole { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// A kind of failure in words.
#[must_use]
pub const fn failure_kind_text(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Transient => "transient",
        FailureKind::BadInput => "bad input",
        FailureKind::BadOutput => "bad output",
        FailureKind::Permission => "permission",
        FailureKind::NotFound => "not found",
        FailureKind::Rejected => "rejected",
        FailureKind::BadData => "bad data",
        FailureKind::Budget => "budget",
        FailureKind::TimedOut => "took too long",
        FailureKind::Cancelled => "cancelled",
        FailureKind::Crash => "crash",
    }
}

/// A no to what a task asked, in words safe to print: who said it, and why if they did.
#[must_use]
pub fn rejection_text(no: &ApprovalRejection) -> String {
    let reason = no.reason.as_deref().map(sanitize);
    match (&no.by, reason) {
        (Some(by), Some(reason)) => format!("rejected by {}: {reason}", sanitize(&by.to_string())),
        (Some(by), None) => format!("rejected by {}", sanitize(&by.to_string())),
        (None, Some(reason)) => reason.into_owned(),
        (None, None) => "rejected".into(),
    }
}

/// The questions that were answered with no, in the order of the plan.
pub fn rejected_tasks(run: &RunState) -> impl Iterator<Item = (TaskIx, &ApprovalRejection)> {
    run.tasks().filter_map(|(ix, task)| match &task.ending {
        Some(TaskEnding::Rejected(no)) => Some((ix, &**no)),
        _answered => None,
    })
}

/// Returns how a task came to be COMPLETED, in words.
#[must_use]
pub const fn provenance_text(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Ran => "completed by its agent",
        Provenance::Approved => "approved",
        Provenance::SetByOperator => "set completed by an operator",
        Provenance::Reconciled => "resolved: it happened",
    }
}

/// Returns what the outside says of an effect in doubt, in words.
#[must_use]
pub const fn probe_finding_text(probed: ProbeFinding) -> &'static str {
    match probed {
        ProbeFinding::Happened => "it happened",
        ProbeFinding::InProgress => "in progress",
        ProbeFinding::Unfinished => "partly done",
        ProbeFinding::DidNotHappen => "the broker has no record of it",
        ProbeFinding::Unknown => "outcome still unknown",
    }
}

/// Returns how loud an alert is, in four letters.
#[must_use]
pub const fn severity_label(severity: AlertSeverity) -> &'static str {
    match severity {
        AlertSeverity::Info => "INFO",
        AlertSeverity::Warning => "WARN",
        AlertSeverity::Critical => "CRIT",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn fourteen_states_have_fourteen_marks_of_one_column_in_either_set() {
        for set in [GlyphSet::Utf8, GlyphSet::Ascii] {
            let marks: BTreeSet<_> = TaskState::ALL.iter().map(|&s| state_glyph(s, set)).collect();
            assert_eq!(marks.len(), 14, "{marks:?}");
            assert!(marks.iter().all(|mark| mark.chars().count() == 1));
            assert!(set == GlyphSet::Utf8 || marks.iter().all(|mark| mark.is_ascii()));
        }
        let codes: BTreeSet<_> = TaskState::ALL.iter().map(|&s| code(s)).collect();
        let words: BTreeSet<_> = TaskState::ALL.iter().map(|&s| state_text(s)).collect();
        assert_eq!((codes.len(), words.len()), (14, 14));
    }

    #[test]
    fn counts_and_lengths_read_as_people_write_them() {
        let plurals =
            [(0, "task"), (1, "task"), (2, "task"), (2, "retry"), (2, "day"), (2, "loss")];
        let plurals = plurals.map(|(n, noun)| count_noun(n, noun));
        assert_eq!(plurals, ["0 tasks", "1 task", "2 tasks", "2 retries", "2 days", "2 losses"]);
        let spans = [Span::ZERO, Span::secs(252), Span::secs(9_067), Span::mins(6_000)];
        assert_eq!(spans.map(format_duration), ["0s", "4m12s", "2h31m", "4d04h"]);
    }

    #[test]
    fn times_are_the_exchanges_in_winter_and_in_summer() {
        let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(format_time(utc("2024-01-16T15:42:07Z")), "10:42:07");
        assert_eq!(time_ms(utc("2024-07-16T14:42:07.113Z")), "10:42:07.113");
        assert_eq!(format_minute(utc("2024-01-16T19:45:00Z")), "14:45");
        assert_eq!(format_minute(utc("2024-01-16T19:45:30Z")), "14:45:30");
    }
}
