//! The filter language of every list and stream: `state:failed agent:port* age>5m !quote`.

use chrono::{DateTime, NaiveTime, Utc};

use super::{
    badges::{self, Badge},
    events::EventLine,
    words,
};
use crate::{
    definition::TaskPriority,
    engine::{RunState, Severity, TaskState},
    plan::TaskIx,
    time::Span,
};

/// A parsed filter; all its terms must hold. The empty filter lets everything through.
///
/// A term is a word found anywhere in the line's texts, or a field with a test: `state:failed,to`,
/// `agent:port*`, `stage:`, `task:`, `type:`, `is:slow`, `pri>=high`, `try>1`, `age>5m`; for events
/// also `event:`, `corr:`, `sev>=warn`, `since:10:30`. Case is ignored, `*` stands for any text,
/// a comma for "or", `!` before a term for "not". A field that a line does not have never holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Word(String),
    State(Vec<TaskState>),
    Name(Name, Vec<String>),
    Is(Badge),
    Priority(Op, TaskPriority),
    Try(Op, u32),
    Age(Op, Span),
    Severity(Op, Severity),
    Since(NaiveTime),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Agent,
    Stage,
    Task,
    Type,
    Event,
    Corr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

impl Op {
    const ALL: [(&'static str, Self); 6] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
        (":", Self::Equal),
    ];

    fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::Above => left > right,
        }
    }
}

/// What is wrong with a filter, and what is known instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{term}`: {fault}")]
pub struct FilterError {
    /// The term that was not understood.
    pub term: String,
    /// Why, and what would be.
    pub fault: String,
}

const FIELDS: &str = "state, agent, stage, task, type, is, pri, try, age, event, corr, sev, since";

impl Filter {
    /// Longest filter, in characters.
    pub const TEXT_MAX: usize = 400;

    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// [`FilterError`] for the first term that makes no sense.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.chars().count() > Self::TEXT_MAX {
            let term = words::safe_to(text, 20).into_owned();
            let fault = format!("a filter has at most {} characters", Self::TEXT_MAX);
            return Err(FilterError { term, fault });
        }
        let terms = text.split_whitespace().map(term).collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().to_owned(), terms })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a task passes at `at`.
    #[must_use]
    pub fn task(&self, run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> bool {
        self.terms.iter().all(|term| task_holds(&term.test, run, ix, at) != term.negated)
    }

    /// Whether a line of the event stream passes at `at`.
    #[must_use]
    pub fn event(&self, run: &RunState, line: &EventLine, at: DateTime<Utc>) -> bool {
        self.terms.iter().all(|term| event_holds(&term.test, run, line, at) != term.negated)
    }
}

fn term(written: &str) -> Result<Term, FilterError> {
    let fault = |fault: String| FilterError { term: written.to_owned(), fault };
    let (negated, rest) = match written.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, written),
    };
    if rest.is_empty() {
        return Err(fault("write what to leave out after `!`".into()));
    }
    if rest.len() > 1 && rest.starts_with('/') && rest.ends_with('/') {
        return Err(fault("regular expressions are not known; use `*` for any text".into()));
    }
    let test = match split(rest) {
        None => Test::Word(rest.to_lowercase()),
        Some((_, _, "")) => return Err(fault("a value is missing".into())),
        Some((field, op, value)) => test(field, op, value).map_err(fault)?,
    };
    Ok(Term { negated, test })
}

/// Field, operator and value, if the term has a field: letters before the first operator.
fn split(term: &str) -> Option<(&str, Op, &str)> {
    let letters = term.find(|c: char| !c.is_ascii_alphabetic()).filter(|&n| n > 0)?;
    let (field, rest) = term.split_at(letters);
    Op::ALL.iter().find_map(|&(sign, op)| Some((field, op, rest.strip_prefix(sign)?)))
}

fn test(field: &str, op: Op, value: &str) -> Result<Test, String> {
    let value = value.to_lowercase();
    let list = || value.split(',').filter(|v| !v.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let named = |name| match op {
        Op::Equal => Ok(Test::Name(name, list())),
        Op::Below | Op::AtMost | Op::AtLeast | Op::Above => {
            Err(format!("`{field}` is compared with `:`"))
        }
    };
    match field.to_ascii_lowercase().as_str() {
        "state" | "s" => {
            let states = list().iter().map(|v| states(v)).collect::<Result<Vec<_>, _>>()?;
            Ok(Test::State(states.concat()))
        }
        "agent" => named(Name::Agent),
        "stage" => named(Name::Stage),
        "task" | "id" => named(Name::Task),
        "type" => named(Name::Type),
        "event" => named(Name::Event),
        "corr" => named(Name::Corr),
        "is" => {
            let badge = Badge::ALL.into_iter().find(|b| b.word().eq_ignore_ascii_case(&value));
            let known = Badge::ALL.map(|b| b.word().to_lowercase()).join(", ");
            badge.map(Test::Is).ok_or_else(|| format!("`{value}` is none of {known}"))
        }
        "pri" | "priority" => {
            let short = TaskPriority::ALL
                .into_iter()
                .find(|&p| words::priority(p).eq_ignore_ascii_case(&value));
            let priority = short.or_else(|| value.parse().ok());
            let fault = || format!("`{value}` is none of critical, high, medium, low");
            Ok(Test::Priority(op, priority.ok_or_else(fault)?))
        }
        "try" => {
            let count = value.parse().map_err(|_nan| format!("`{value}` is no number"))?;
            Ok(Test::Try(op, count))
        }
        "age" => value
            .parse()
            .map(|span| Test::Age(op, span))
            .map_err(|e: crate::time::TimeError| e.to_string()),
        "sev" | "severity" => {
            let severity = match value.as_str() {
                "info" => Severity::Info,
                "warn" | "warning" => Severity::Warning,
                "crit" | "critical" => Severity::Critical,
                _unknown => return Err(format!("`{value}` is none of info, warn, crit")),
            };
            Ok(Test::Severity(op, severity))
        }
        "since" => {
            let time = NaiveTime::parse_from_str(&value, "%H:%M")
                .or_else(|_no_minutes| NaiveTime::parse_from_str(&value, "%H:%M:%S"));
            let fault = |_unparsable| format!("`{value}` is no time of day: write `10:30`");
            time.map(Test::Since).map_err(fault)
        }
        _unknown => Err(format!("there is no field `{field}`; there are {FIELDS}")),
    }
}

/// A state by word, code or group.
fn states(value: &str) -> Result<Vec<TaskState>, String> {
    let all = TaskState::ALL.into_iter();
    let group: Vec<_> = match value {
        "bad" => all.filter(|s| s.bad()).collect(),
        "ended" => all.filter(|s| s.ended()).collect(),
        "active" => all.filter(|s| s.active()).collect(),
        _one => {
            let is = |s: &TaskState| {
                s.word().eq_ignore_ascii_case(value) || words::code(*s).eq_ignore_ascii_case(value)
            };
            all.filter(is).collect()
        }
    };
    if group.is_empty() {
        let known = TaskState::ALL.map(|s| s.word().to_lowercase()).join(", ");
        return Err(format!("`{value}` is no state; there are {known}, and bad, active, ended"));
    }
    Ok(group)
}

fn task_holds(test: &Test, run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> bool {
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
                || found(word, &words::lower(task.state).replace(' ', "_"))
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

fn event_holds(test: &Test, run: &RunState, line: &EventLine, at: DateTime<Utc>) -> bool {
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
            matches!(line.mark, super::events::Mark::State(s) if states.contains(&s))
        }
        Test::Is(_) | Test::Priority(..) | Test::Try(..) => false,
    }
}

/// Whether a word, `*` standing for any text, is found in a text.
fn found(word: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    if word.contains('*') { wild(&format!("*{word}*"), &text) } else { text.contains(word) }
}

/// Whether a name is one of a list, `*` standing for any text.
fn among(list: &[String], name: &str) -> bool {
    let name = name.to_lowercase();
    list.iter().any(|pattern| wild(pattern, &name))
}

/// Whether a pattern with `*` covers a text from end to end.
fn wild(pattern: &str, text: &str) -> bool {
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
