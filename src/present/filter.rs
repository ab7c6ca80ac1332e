//! The filter language of every list and stream: `state:failed agent:port* age>5m !quote`.

use chrono::{DateTime, NaiveTime, Utc};

use super::{badges::Badge, events::EventLine, matching, words};
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
pub(super) enum Test {
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
pub(super) enum Name {
    Agent,
    Stage,
    Task,
    Type,
    Event,
    Corr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
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

    pub(super) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
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
        self.terms.iter().all(|term| matching::task_holds(&term.test, run, ix, at) != term.negated)
    }

    /// Whether a line of the event stream passes at `at`.
    #[must_use]
    pub fn event(&self, run: &RunState, line: &EventLine, at: DateTime<Utc>) -> bool {
        self.terms
            .iter()
            .all(|term| matching::event_holds(&term.test, run, line, at) != term.negated)
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
        // As the list calls it.
        "blocked" => vec![TaskState::UpstreamFailed],
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::{
        events,
        matching::wild,
        sample::{self, Day, et},
    };

    fn names(day: &Day, filter: &str) -> Vec<String> {
        let filter = Filter::parse(filter).unwrap();
        let passing = |ix: &TaskIx| filter.task(day.run(), *ix, et("10:42:07"));
        let all = day.run().tasks().map(|(ix, _)| ix);
        all.filter(passing).map(|ix| day.run().plan().task(ix).id.to_string()).collect()
    }

    #[test]
    fn each_field_finds_what_it_says() {
        let day = sample::every_state();
        for (filter, expected) in [
            ("state:failed,to", vec!["t_failed", "t_timeout"]),
            ("state:FA", vec!["t_failed"]),
            ("state:active", vec!["t_running", "t_cancelling"]),
            ("agent:econ* !running", vec!["t_queued", "t_cancelling"]),
            ("agent:*exec*", vec!["t_in_doubt"]),
            ("stage:intraday task:t_m*", vec!["t_missed"]),
            ("pri>=high", vec!["t_running", "t_cancelling"]),
            ("pri=low", vec!["t_queued"]),
            ("is:slow !state:cancelling", vec!["t_running"]),
            ("age>10m state:held", vec![]),
            ("age>5m state:held", vec!["t_held"]),
            ("429", vec!["t_retrying"]),
            ("REGIME", vec!["t_completed"]),
            ("try>0 state:bad", vec!["t_failed", "t_timeout"]),
            ("corr:41aa", vec![]),
        ] {
            assert_eq!(names(&day, filter), expected, "{filter}");
        }
        assert_eq!(names(&day, "").len(), 14);
    }

    #[test]
    fn a_term_that_makes_no_sense_is_named_with_what_would() {
        for (filter, error) in [
            (
                "stat:failed",
                "`stat:failed`: there is no field `stat`; there are state, agent, stage, task, type, is, pri, try, age, event, corr, sev, since",
            ),
            (
                "state:broken",
                "`state:broken`: `broken` is no state; there are pending, queued, running, retrying, held, cancelling, in_doubt, completed, failed, timeout, cancelled, skipped, upstream_failed, missed, and bad, active, ended",
            ),
            ("state:", "`state:`: a value is missing"),
            ("a !", "`!`: write what to leave out after `!`"),
            ("/x.*/", "`/x.*/`: regular expressions are not known; use `*` for any text"),
            ("agent>x", "`agent>x`: `agent` is compared with `:`"),
            ("pri>=urgent", "`pri>=urgent`: `urgent` is none of critical, high, medium, low"),
            ("try>two", "`try>two`: `two` is no number"),
            (
                "age>5x",
                "`age>5x`: `5x` is no length of time: write `90s`, `5m`, `1h30` or a number of seconds",
            ),
            ("since:noon", "`since:noon`: `noon` is no time of day: write `10:30`"),
            ("is:red", "`is:red`: `red` is none of slow, stalled, late, flaky, forced, tainted"),
        ] {
            assert_eq!(Filter::parse(filter).unwrap_err().to_string(), error);
        }
        assert!(Filter::parse(&"x".repeat(1 << 20)).is_err());
    }

    #[test]
    fn events_are_found_by_kind_loudness_time_and_what_they_belong_to() {
        let day = sample::every_state();
        let plan = day.run().plan();
        let lines: Vec<_> = day.events.iter().map(|e| events::line(e, plan)).collect();
        let count = |filter: &str| {
            let filter = Filter::parse(filter).unwrap();
            lines.iter().filter(|line| filter.event(day.run(), line, et("10:42:07"))).count()
        };
        assert_eq!(count(""), lines.len());
        assert_eq!(count("event:task_failed"), 1);
        assert_eq!(count("event:task_* task:t_in_doubt"), 3);
        assert_eq!(count("sev>=crit state:failed"), 1);
        assert_eq!(count("since:10:42 event:operator*"), 1);
        assert_eq!(count("since:10:42 event:operator* !t_cancelling"), 0);
        let corr = lines.iter().find(|line| line.kind == "TASK_FAILED").unwrap().corr;
        assert!(count(&format!("corr:{corr}")) >= 3);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused(text in ".{0,60}|[!a-z]{1,8}[:<>=]{1,2}[*a-z0-9,]{0,8}") {
            let day = sample::every_state();
            if let Ok(filter) = Filter::parse(&text) {
                names(&day, filter.text());
            }
        }

        #[test]
        fn a_pattern_covers_what_it_was_cut_from(a in "[a-z_]{0,6}", b in "[a-z_]{0,6}", c in "[a-z_]{0,6}") {
            let text = format!("{a}{b}{c}");
            for pattern in [format!("{a}*{c}"), format!("*{b}*"), format!("{a}*"), format!("*{c}"), text.clone()] {
                proptest::prop_assert!(wild(&pattern, &text), "{} {}", pattern, text);
            }
            let longer = format!("{text}x");
            proptest::prop_assert!(!wild(&longer, &text));
        }
    }
}
