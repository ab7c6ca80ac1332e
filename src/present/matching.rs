//! Whether a task or an event is what one term of a filter asks for.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::{
    badges,
    events::{EventLine, Mark},
    filter::{Name, Test},
    words,
};
use crate::{engine::RunState, plan::TaskIx, time::Span};

pub(super) fn task_holds(test: &Test, run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> bool {
    let (plan, task) = (run.plan(), run.task(ix));
    let planned = plan.task(ix);
    let name = |name: Name| match name {
        Name::Agent => Some(plan.agent(planned.agent).id.as_str()),
        Name::Stage => Some(plan.stage(planned.stage).id.as_str()),
        Name::Task => Some(planned.id.as_str()),
        Name::Type => Some(planned.task_type.as_str()),
        Name::Event | Name::Corr => None,
    };
    match test {
        Test::Word(word) => {
            let names = [Name::Task, Name::Stage, Name::Agent, Name::Type].map(name);
            names.into_iter().flatten().any(|n| found(word, n))
                || found(word, task.state.word())
                || task.outcome.as_ref().is_some_and(|o| found(word, &o.summary))
                || task.history.back().is_some_and(|a| found(word, &a.said))
        }
        Test::State(states) => states.contains(&task.state),
        Test::Name(field, list) => name(*field).is_some_and(|n| among(list, n)),
        Test::Is(badge) => badges::has(run, ix, at, *badge),
        // CRITICAL sorts first, so the comparison is turned round: `pri>=high` has CRITICAL too.
        Test::Priority(op, wanted) => op.holds(wanted, &task.priority),
        Test::Try(op, wanted) => op.holds(&task.spent(), wanted),
        Test::Age(op, wanted) => op.holds(&Span::between(&task.since, &at), wanted),
        Test::Severity(..) => false,
        Test::Since(time) => words::local(task.since).time() >= *time,
    }
}

pub(super) fn event_holds(
    test: &Test,
    run: &RunState,
    line: &EventLine,
    at: DateTime<Utc>,
) -> bool {
    let plan = run.plan();
    let name = |name: Name| match name {
        Name::Agent => line.agent.map(|ix| plan.agent(ix).id.to_string()),
        Name::Stage => line.stage.map(|ix| plan.stage(ix).id.to_string()),
        Name::Task => line.task.map(|ix| plan.task(ix).id.to_string()),
        Name::Type => line.task.map(|ix| plan.task(ix).task_type.to_string()),
        Name::Event => Some(line.kind.to_owned()),
        Name::Corr => Some(line.corr.to_string()),
    };
    match test {
        Test::Word(word) => {
            found(word, &line.what)
                || found(word, line.kind)
                || [Name::Agent, Name::Stage].into_iter().filter_map(name).any(|n| found(word, &n))
        }
        Test::Name(field, list) => name(*field).is_some_and(|n| among(list, &n)),
        Test::Severity(op, wanted) => op.holds(&line.severity, wanted),
        Test::Since(time) => words::local(line.at).time() >= *time,
        Test::Age(op, wanted) => op.holds(&Span::between(&line.at, &at), wanted),
        // What a task is now says nothing of what it was when this happened.
        Test::State(states) => {
            matches!(line.mark, Mark::State(s) if states.contains(&s))
        }
        Test::Is(_) | Test::Priority(..) | Test::Try(..) => false,
    }
}

/// Whether a word, `*` standing for any text, is found in a text.
fn found(word: &str, text: &str) -> bool {
    if word.contains('*') {
        return wild(&format!("*{word}*"), &text.to_lowercase());
    }
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    // A list of 100,000 tasks is searched at every key typed: no copy where none is needed.
    let same = |part: &[u8]| part.eq_ignore_ascii_case(word.as_bytes());
    text.as_bytes().windows(word.len().max(1)).any(same)
}

/// Whether a name is one of a list, `*` standing for any text.
fn among(list: &[String], name: &str) -> bool {
    let upper = name.chars().any(char::is_uppercase);
    let name = if upper { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) };
    list.iter().any(|pattern| wild(pattern, &name))
}

/// Whether a pattern with `*` covers a text from end to end.
pub(super) fn wild(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = pattern.contains('*').then(|| parts.next_back().unwrap_or_default()) else {
        return rest.is_empty();
    };
    let mut rest = rest;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}
