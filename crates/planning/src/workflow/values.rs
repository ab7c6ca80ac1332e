//! Readers for single values of a workflow file: names, durations, windows, keywords.

use std::ops::Range;

use super::{
    EffectClass, OnClose, TaskPriority,
    codes::{BACKWARDS, BAD_MOMENT, BAD_NAME, BAD_SPAN, TOO_SHORT},
    ordinary_day,
};
use crate::{
    id::{Id, IdKind},
    time::{SessionAnchor, Span, TimeError, Window},
};
use diag::{BAD_WORD, DiagnosticCollector, NodeContent, YamlNode, list_of, nearest, quote};

/// The marker of overlay names.
pub(super) enum OverlayIdKind {}

impl IdKind for OverlayIdKind {
    const WORD: &'static str = "overlay";
}

/// Most retries that a file may set.
pub const RETRIES_MAX: u32 = 100;
/// Shortest interval of a monitor.
pub const LOOPS_MIN: Span = Span::secs(1);
/// Limits that an overlay may multiply: gross exposure, value of one order, share of the current
/// volume, share of the average daily volume. Any other name would be a limit that is not enforced.
pub const LIMITS: &[&str] = &["gross", "order_notional", "participation", "adv"];
/// Kinds of orders for which an overlay may require approval.
pub const APPROVALS: &[&str] = &["risk_adding", "all"];

const EFFECTS: &[(&str, EffectClass)] = &[
    ("pure", EffectClass::Pure),
    ("idempotent", EffectClass::Idempotent),
    // The former spelling of `idempotent`.
    ("keyed", EffectClass::Idempotent),
    ("effectful", EffectClass::Effectful),
    ("human", EffectClass::Human),
];
const ON_CLOSE: &[(&str, OnClose)] =
    &[("fail", OnClose::Fail), ("carry", OnClose::Carry), ("cancel_rest", OnClose::CancelRest)];

pub(super) fn read_effect_class(
    node: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> Option<EffectClass> {
    node.read_keyword(EFFECTS, sink)
}

pub(super) fn on_close(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<OnClose> {
    node.read_keyword(ON_CLOSE, sink)
}

/// Reads one of `words`.
pub(super) fn read_one_of(
    node: &YamlNode,
    words: &[&'static str],
    sink: &mut DiagnosticCollector,
) -> Option<String> {
    let pairs: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
    node.read_keyword(&pairs, sink).map(Into::into)
}

pub(super) fn priority(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<TaskPriority> {
    let text = node.read_scalar_text("a priority", sink)?;
    let found = text.parse().ok();
    if found.is_none() {
        let words = || TaskPriority::ALL.iter().map(|priority| priority.as_str());
        let message = format!("{} is not a priority", quote(&text));
        sink.report(BAD_WORD, &node.span, message)
            .label(format!("expected {}, or 1 to 4", list_of(words())))
            .with_suggestion(nearest(&text, words()));
    }
    found
}

/// Reads a name from a value.
pub(super) fn id<K: IdKind>(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Id<K>> {
    let text = node.read_text(sink)?;
    read_id(text, &node.span, sink)
}

/// Parses a name from a key or a value already read.
pub(super) fn read_id<K: IdKind>(
    text: &str,
    span: &Range<usize>,
    sink: &mut DiagnosticCollector,
) -> Option<Id<K>> {
    let parsed = Id::parse(text);
    if parsed.is_err() {
        let article = if K::WORD.starts_with(['a', 'o']) { "an" } else { "a" };
        let message = format!("{} cannot name {article} {}", quote(text), K::WORD);
        let max = Id::<K>::LEN_MAX;
        sink.report(BAD_NAME, span, message)
            .label(format!(
                "expected one lower_case word of a-z, 0-9 and _, at most {max} characters"
            ))
            .with_suggestion(
                tidy_text(text).as_deref().filter(|tidy| Id::<K>::parse(tidy).is_ok()),
            );
    }
    parsed.ok()
}

/// Returns the probably intended name: `Risk-Check` → `risk_check`.
fn tidy_text(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let tidy: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    (tidy != text).then_some(tidy)
}

pub(super) fn read_span(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Span> {
    let text = node.read_scalar_text("a length of time", sink)?;
    text.parse().map_err(|error| time_problem(&error, &text, node, sink)).ok()
}

/// Reads a duration of at least `least`, called `key` in messages.
pub(super) fn span_from(
    least: Span,
    key: &str,
    node: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> Option<Span> {
    let span = read_span(node, sink)?;
    if span >= least && span > Span::ZERO {
        return Some(span);
    }
    let message = format!("`{key}` of {span} is too short");
    let label = if least > Span::ZERO { format!("at least {least}") } else { "above zero".into() };
    sink.report(TOO_SHORT, &node.span, message).label(label);
    None
}

/// Reads a moment of the day.
pub(super) fn read_anchor(
    node: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> Option<SessionAnchor> {
    let text = node.read_scalar_text("a moment of the day", sink)?;
    text.parse().map_err(|error| time_problem(&error, &text, node, sink)).ok()
}

/// Reads a window that is not empty on an ordinary day.
pub(super) fn read_window(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Window> {
    let NodeContent::Text(_) = &node.content else {
        node.wrong_type("a window such as `open-3h30 .. open`", sink);
        return None;
    };
    let text = node.read_text(sink)?;
    let window: Window =
        text.parse().map_err(|error| time_problem(&error, text, node, sink)).ok()?;
    if ordinary_day::ordinary_window_length_ms(window) > 0 {
        return Some(window);
    }
    let message = format!("the window {window} ends before it starts");
    sink.report(BACKWARDS, &node.span, message)
        .label("empty on an ordinary day, 09:30 to 16:00")
        .with_help(format!("swap the moments: {} .. {}", window.to, window.from));
    None
}

fn time_problem(error: &TimeError, text: &str, node: &YamlNode, sink: &mut DiagnosticCollector) {
    let code = match error {
        TimeError::Span(_) | TimeError::Long(_) => BAD_SPAN,
        TimeError::Anchor(_) | TimeError::Window(_) => BAD_MOMENT,
    };
    // The error quotes the whole text, which may be a page long.
    let full = error.to_string();
    let (message, help) = full.split_once(": ").unwrap_or((&full, ""));
    let message = message.replace(&format!("`{text}`"), &quote(text)).replace(" ` is", "` is");
    let problem = sink.report(code, &node.span, message);
    if !help.is_empty() {
        problem.with_help(help);
    }
}
