//! The words, marks and number formats of every screen and every line of output.
//!
//! One word per thing: whoever shows a state, a time or a text from outside takes it from here.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::{
    calendar::exchange_local,
    definition::TaskPriority,
    engine::{FailureKind, PauseMode, Provenance, Severity, TaskState},
    time::Span,
};

/// Which characters a terminal can draw.
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
pub const fn glyph(state: TaskState, set: GlyphSet) -> &'static str {
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
pub const fn lower(state: TaskState) -> &'static str {
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
pub fn plural(count: u64, noun: &str) -> String {
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

/// A length of time as a clock shows it, cut to whole seconds: `04:12`, from an hour on `02:31:07`.
#[must_use]
pub fn duration(span: Span) -> String {
    let s = span.as_secs();
    let (h, m, s) = (s / 3_600, s / 60 % 60, s % 60);
    if h == 0 { format!("{m:02}:{s:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}

/// The length of time from `from` to `to` as [`duration`] shows it; `00:00` when `to` is earlier.
#[must_use]
pub fn age(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    duration(Span::between(&from, &to))
}

/// A moment on the exchange's clock.
#[must_use]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    exchange_local(at)
}

/// The time of day on the exchange's clock, to the second: `10:42:07`.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    local(at).format("%H:%M:%S").to_string()
}

/// The time of day on the exchange's clock, to the millisecond: `10:42:07.113`.
#[must_use]
pub fn time_ms(at: DateTime<Utc>) -> String {
    local(at).format("%H:%M:%S%.3f").to_string()
}

/// The time of day on the exchange's clock, to the minute, or to the second when it is not a whole
/// minute: `14:45`, `14:45:30`.
#[must_use]
pub fn minute(at: DateTime<Utc>) -> String {
    let local = local(at);
    let whole = local.format("%S").to_string() == "00";
    local.format(if whole { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// Longest text from outside that is shown, in characters.
pub const TEXT_MAX: usize = 400;

/// A text from outside (an agent, a file, a person) made fit for a line on a terminal: one line,
/// no control characters, no escape sequences, no marks that turn the direction of writing, at most
/// [`TEXT_MAX`] characters. Borrowed when there is nothing to do.
///
/// Escape sequences vanish whole with their parameters; a line break or a tab becomes a blank;
/// anything else that is taken out leaves nothing.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    safe_to(text, TEXT_MAX)
}

/// As [`safe`], with at most `most` characters, the last of them `…` when something was cut.
#[must_use]
pub fn safe_to(text: &str, most: usize) -> Cow<'_, str> {
    let sound = text.chars().take(most + 1).all(|c| !unsafe_char(c));
    let short = text.len() <= most || text.chars().nth(most).is_none();
    if sound && short {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut kept = 0_usize;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = match c {
            '\u{1b}' => {
                skip_sequence(&mut rest);
                continue;
            }
            // The one-character forms of ESC [ and ESC ].
            '\u{9b}' => {
                skip_control(&mut rest);
                continue;
            }
            '\u{9d}' | '\u{90}' | '\u{9e}' | '\u{9f}' | '\u{98}' => {
                skip_string(&mut rest);
                continue;
            }
            '\n' | '\r' | '\t' => ' ',
            c if unsafe_char(c) => continue,
            c => c,
        };
        kept += 1;
        if kept > most {
            out.pop();
            out.push('…');
            break;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Controls (C0, DEL, C1), marks of writing direction, line separators, invisible joiners and tags.
fn unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Longest escape sequence that is looked for; what follows is text again, so that a lost
/// terminator cannot hide everything after it.
const SEQUENCE_MAX: usize = 4_096;

fn skip_sequence(rest: &mut Rest<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        // Two or three characters: ESC ( B, ESC 7.
        Some('(' | ')' | '*' | '+' | '#' | '%' | ' ') => {
            rest.next();
            rest.next_if(char::is_ascii_graphic);
        }
        Some(c) if c.is_ascii_graphic() => {
            rest.next();
        }
        Some(_) | None => {}
    }
}

/// Parameters and the final letter of a control sequence.
fn skip_control(rest: &mut Rest<'_>) {
    for _ in 0..SEQUENCE_MAX {
        match rest.next_if(|c| ('\u{20}'..='\u{7e}').contains(c)) {
            Some('\u{40}'..='\u{7e}') | None => return,
            Some(_) => {}
        }
    }
}

/// A string up to BEL, ST or `ESC \`.
fn skip_string(rest: &mut Rest<'_>) {
    for _ in 0..SEQUENCE_MAX {
        match rest.next() {
            Some('\u{7}' | '\u{9c}') | None => return,
            Some('\u{1b}') => {
                rest.next_if_eq(&'\\');
                return;
            }
            Some(_) => {}
        }
    }
}

/// A kind of failure in words.
#[must_use]
pub const fn failure(kind: FailureKind) -> &'static str {
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

/// How a task came to be COMPLETED, in words.
#[must_use]
pub const fn provenance(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Ran => "done by its agent",
        Provenance::Approved => "approved",
        Provenance::SetOk => "set OK by a person",
        Provenance::Reconciled => "found done on evidence",
    }
}

/// How loud an alert is, in four letters.
#[must_use]
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "INFO",
        Severity::Warning => "WARN",
        Severity::Critical => "CRIT",
    }
}

/// What a closed gate does, as a word of the header: `PAUSED`, `SOFT-STOPPED`, `HALTED`.
#[must_use]
pub const fn pause(mode: PauseMode) -> &'static str {
    match mode {
        PauseMode::Drain => "PAUSED",
        PauseMode::SoftStop => "SOFT-STOPPED",
        PauseMode::Halt => "HALTED",
    }
}
