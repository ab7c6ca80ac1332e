//! Single values of a workflow file: names, lengths of time, windows, and the accepted words.

use std::ops::Range;

use super::{
    Effect, OnClose, TaskPriority,
    code::{BACKWARDS, BAD_MOMENT, BAD_NAME, BAD_SPAN, TOO_SHORT},
    hours,
};
use crate::{
    id::{Id, Kind},
    time::{Anchor, Span, TimeError, Window},
    yaml::{BAD_WORD, Content, Node, Sink, list_of, nearest, shown},
};

/// Marks the name of an overlay; carries no data.
pub(super) enum OverlayKind {}

impl Kind for OverlayKind {
    const WORD: &'static str = "overlay";
}

/// Most retries a file may ask for.
pub const RETRIES_MAX: u32 = 100;
/// Shortest round of a monitoring loop.
pub const LOOPS_MIN: Span = Span::secs(1);
/// Limits an overlay may multiply: the gross exposure, the value of one order, the share of the
/// volume while it is worked, the share of an average day's volume. A name outside of this list
/// would be a limit nobody keeps.
pub const LIMITS: &[&str] = &["gross", "order_notional", "participation", "adv"];
/// What a blackout may forbid: `entry` means orders that add risk.
pub const FORBIDDEN: &[&str] = &["entry"];
/// Orders an overlay may ask approvals for.
pub const APPROVALS: &[&str] = &["risk_adding", "all"];

const EFFECTS: &[(&str, Effect)] = &[
    ("pure", Effect::Pure),
    ("keyed", Effect::Keyed),
    ("effectful", Effect::Effectful),
    ("human", Effect::Human),
];
const ON_CLOSE: &[(&str, OnClose)] =
    &[("fail", OnClose::Fail), ("carry", OnClose::Carry), ("cancel_rest", OnClose::CancelRest)];

pub(super) fn effect(node: &Node, sink: &mut Sink) -> Option<Effect> {
    node.word(EFFECTS, sink)
}

pub(super) fn on_close(node: &Node, sink: &mut Sink) -> Option<OnClose> {
    node.word(ON_CLOSE, sink)
}

/// One of `words`, as text.
pub(super) fn one_of(node: &Node, words: &[&'static str], sink: &mut Sink) -> Option<String> {
    let pairs: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
    node.word(&pairs, sink).map(Into::into)
}

pub(super) fn priority(node: &Node, sink: &mut Sink) -> Option<TaskPriority> {
    let text = node.plain("a priority", sink)?;
    let found = text.parse().ok();
    if found.is_none() {
        let words = || TaskPriority::ALL.iter().map(|priority| priority.word());
        let message = format!("{} is no priority", shown(&text));
        sink.report(BAD_WORD, &node.span, message)
            .label(format!("expected {}, or 1 to 4", list_of(words())))
            .suggest(nearest(&text, words()));
    }
    found
}

/// A name, from a value.
pub(super) fn id<K: Kind>(node: &Node, sink: &mut Sink) -> Option<Id<K>> {
    let text = node.text(sink)?;
    name(text, &node.span, sink)
}

/// A name, from a key or a value already read.
pub(super) fn name<K: Kind>(text: &str, span: &Range<usize>, sink: &mut Sink) -> Option<Id<K>> {
    let parsed = Id::parse(text);
    if parsed.is_err() {
        let article = if K::WORD.starts_with(['a', 'o']) { "an" } else { "a" };
        let message = format!("{} cannot name {article} {}", shown(text), K::WORD);
        let max = Id::<K>::LEN_MAX;
        sink.report(BAD_NAME, span, message)
            .label(format!("expected one lower_case word of at most {max} characters"))
            .suggest(tidied(text).as_deref().filter(|tidy| Id::<K>::parse(tidy).is_ok()));
    }
    parsed.ok()
}

/// What a name was probably meant to be: `Risk-Check` → `risk_check`.
fn tidied(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let tidy: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    (tidy != text).then_some(tidy)
}

/// A length of time.
pub(super) fn span(node: &Node, sink: &mut Sink) -> Option<Span> {
    let text = node.plain("a length of time", sink)?;
    text.parse().map_err(|error| time_problem(&error, &text, node, sink)).ok()
}

/// A length of time of at least `least`, called `key` in messages.
pub(super) fn span_from(least: Span, key: &str, node: &Node, sink: &mut Sink) -> Option<Span> {
    let span = span(node, sink)?;
    if span >= least && span > Span::ZERO {
        return Some(span);
    }
    let message = format!("`{key}` of {span} is too short");
    let label = if least > Span::ZERO { format!("at least {least}") } else { "above zero".into() };
    sink.report(TOO_SHORT, &node.span, message).label(label);
    None
}

/// A moment of the day.
pub(super) fn anchor(node: &Node, sink: &mut Sink) -> Option<Anchor> {
    let text = node.plain("a moment of the day", sink)?;
    text.parse().map_err(|error| time_problem(&error, &text, node, sink)).ok()
}

/// A window that is not empty on an ordinary day.
pub(super) fn window(node: &Node, sink: &mut Sink) -> Option<Window> {
    let Content::Text(_) = &node.content else {
        node.wrong_type("a window such as `open-3h30 .. open`", sink);
        return None;
    };
    let text = node.text(sink)?;
    let window: Window =
        text.parse().map_err(|error| time_problem(&error, text, node, sink)).ok()?;
    if hours::length(window) > 0 {
        return Some(window);
    }
    let message = format!("the window {window} ends before it starts");
    sink.report(BACKWARDS, &node.span, message)
        .label("empty on an ordinary day, 09:30 to 16:00")
        .help(format!("swap the moments: {} .. {}", window.to, window.from));
    None
}

fn time_problem(error: &TimeError, text: &str, node: &Node, sink: &mut Sink) {
    let code = match error {
        TimeError::Span(_) | TimeError::Long(_) => BAD_SPAN,
        TimeError::Anchor(_) | TimeError::Window(_) => BAD_MOMENT,
    };
    // The error quotes the whole text, which may be a page long.
    let full = error.to_string();
    let (message, help) = full.split_once(": ").unwrap_or((&full, ""));
    let message = message.replace(&format!("`{text}`"), &shown(text)).replace(" ` is", "` is");
    let problem = sink.report(code, &node.span, message);
    if !help.is_empty() {
        problem.help(help);
    }
}
