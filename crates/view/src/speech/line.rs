//! One event as one line of words.

use crate::{event_line, format};
use engine::{Actor, AlertSeverity, Event, RecordedEvent};
use planning::plan::DayPlan;

/// An event as a line: time of day on the exchange's clock, how loud, what, who, and the rest in
/// words: `10:42:00, warning, task retrying, portfolio_manager: t_retrying attempt 1 of 4 …`.
#[must_use]
pub fn spoken_event_line(recorded: &RecordedEvent, plan: &DayPlan) -> String {
    let told = event_line::event_line(recorded, plan);
    let loud = match told.severity {
        AlertSeverity::Info => "information",
        AlertSeverity::Warning => "warning",
        AlertSeverity::Critical => "critical",
    };
    let kind = told.kind.to_lowercase().replace('_', " ");
    let by = actor(&recorded.event).map(|by| format::sanitize(&by.to_string()).into_owned());
    let who = by.or_else(|| told.agent.map(|ix| plan.agent(ix).id.to_string()));
    // Nobody is to hear a name twice.
    let (who, what) = match who {
        Some(who) => match told.what.strip_prefix(&format!("{who}: ")) {
            Some(rest) => (format!(", {who}"), rest),
            None if told.what.contains(&who) => (String::new(), told.what.as_str()),
            None => (format!(", {who}"), told.what.as_str()),
        },
        None => (String::new(), told.what.as_str()),
    };
    let what = if counts_attempts(&recorded.event) {
        spell_words(what, |n, most| format!("attempt {n} of {most}"))
    } else {
        spell_out(what)
    };
    format!("{}, {loud}, {kind}{who}: {what}", format::format_time(recorded.at))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no person stands behind the other events")]
const fn actor(event: &Event) -> Option<&Actor> {
    match event {
        Event::CommandAccepted { by, .. }
        | Event::OperatorArmed { by, .. }
        | Event::OperatorDisarmed { by, .. }
        | Event::AlertAcknowledged { by, .. }
        | Event::TradingChanged { by, .. }
        | Event::CommandRefused { by, .. } => Some(by),
        _machine => None,
    }
}

/// Returns whether the line of an event counts attempts: `risk 2/3`.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other events count other things")]
const fn counts_attempts(event: &Event) -> bool {
    match event {
        Event::TaskStarted { .. } | Event::TaskRetrying { .. } => true,
        _other => false,
    }
}

/// A text without signs that are read aloud badly or not at all: `2/3` becomes `2 of 3`,
/// `(x3)` `3 times`, `%` `percent`; boxes, blocks, arrows and dots become blanks.
#[must_use]
pub fn spell_out(text: &str) -> String {
    spell_words(text, |n, most| format!("{n} of {most}"))
}

/// As [`spell_out`], with words of its own for the first `2/3`.
fn spell_words(text: &str, share: impl Fn(&str, &str) -> String) -> String {
    let safe = format::sanitize(text);
    let drawn = |c: char| matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{2bff}' | '·' | '‖' | '\u{e000}'..='\u{f8ff}');
    let words = safe.split(|c: char| c.is_whitespace() || drawn(c)).filter(|w| !w.is_empty());
    let mut counted = false;
    let words = words.map(|word| {
        spell_out_word(word, |n, most| {
            let first = !std::mem::replace(&mut counted, true);
            if first { share(n, most) } else { format!("{n} of {most}") }
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

fn spell_out_word(word: &str, mut share: impl FnMut(&str, &str) -> String) -> String {
    let bare = word.trim_end_matches([',', ';', ':', '.']);
    let tail = word.strip_prefix(bare).unwrap_or_default();
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let times = bare.strip_prefix("(x").and_then(|rest| rest.strip_suffix(')'));
    let said = match (bare.split_once('/'), times) {
        (Some((n, most)), _) if number(n) && number(most) => share(n, most),
        (_, Some(times)) if number(times) => format!("{times} times"),
        (Some(_) | None, _) => match bare.strip_suffix('%') {
            Some("") => "percent".to_owned(),
            Some(amount) => format!("{amount} percent"),
            None => bare.replace('…', " and so on").replace('–', " to "),
        },
    };
    format!("{said}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample;

    #[test]
    fn signs_become_words() {
        for (text, said) in [
            ("17/17 symbols, risk 2/3", "17 of 17 symbols, risk 2 of 3"),
            ("failed (x14), 60 % done", "failed 14 times, 60 percent done"),
            ("│ a ─▸ b · 5%; c…", "a b 5 percent; c and so on"),
            ("and/or 1/x", "and/or 1/x"),
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("", ""),
        ] {
            assert_eq!(spell_out(text), said);
        }
    }

    #[test]
    fn a_day_is_read_aloud_line_by_line() {
        let day = sample::every_state();
        let lines: Vec<_> =
            day.events.iter().map(|event| spoken_event_line(event, day.run().plan())).collect();
        for kind in
            ["task retrying", "task failed", "task in doubt", "operator acted", "stage started"]
        {
            assert!(lines.iter().any(|line| line.contains(kind)), "{kind}");
        }
        assert!(lines.iter().all(|line| line.is_ascii() && !line.contains('%')), "{lines:#?}");
        let held = lines.iter().filter(|line| line.contains("t_retrying") || line.contains("hold"));
        insta::assert_snapshot!(held.cloned().collect::<Vec<_>>().join("\n"), @r#"
        10:30:00, information, task queued, portfolio_manager: t_retrying queued
        10:30:00, information, task started: t_retrying attempt 1 of 4 by portfolio_manager
        10:34:00, information, operator acted, ana: hold t_held "wait for the desk"
        10:42:00, warning, agent error: portfolio_manager at t_retrying: LLM 429 2 times
        10:42:00, warning, task retrying, portfolio_manager: t_retrying attempt 1 of 4 again in 1m00s: LLM 429
        "#);
    }

    proptest::proptest! {
        #[test]
        fn nothing_drawn_is_left(text in "[a-z0-9/% ()x·─│▸█✓T]{0,30}") {
            let said = spell_out(&text);
            proptest::prop_assert!(said.is_ascii(), "{}", said);
        }
    }
}
