//! The fields a filter can ask for, and the values each takes.

use chrono::{NaiveTime, TimeDelta};

use super::{
    level::LineSeverity,
    pattern::Pattern,
    record::StateFilter,
    term::{CompareOp, NameField, TermError, TermTest},
};
use crate::{badges::Badge, format};
use engine::{AgentHealth, ReportedState, TaskState};
use planning::{
    time::{Span, TimeError},
    workflow::TaskPriority,
};

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterField {
    State,
    Agent,
    Stage,
    Task,
    Type,
    Is,
    Priority,
    Try,
    Age,
    Kind,
    Corr,
    Level,
    Since,
    Until,
    At,
}

impl FilterField {
    pub(super) const ALL: [Self; 15] = [
        Self::State,
        Self::Agent,
        Self::Stage,
        Self::Task,
        Self::Type,
        Self::Is,
        Self::Priority,
        Self::Try,
        Self::Age,
        Self::Kind,
        Self::Corr,
        Self::Level,
        Self::Since,
        Self::Until,
        Self::At,
    ];

    /// The word before the operator.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Agent => "agent",
            Self::Stage => "stage",
            Self::Task => "task",
            Self::Type => "type",
            Self::Is => "is",
            Self::Priority => "pri",
            Self::Try => "try",
            Self::Age => "age",
            Self::Kind => "kind",
            Self::Corr => "corr",
            Self::Level => "sev",
            Self::Since => "since",
            Self::Until => "until",
            Self::At => "at",
        }
    }

    /// The field of a word, its other names included.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        match word.as_str() {
            "s" => Some(Self::State),
            "id" => Some(Self::Task),
            "priority" => Some(Self::Priority),
            "event" | "target" => Some(Self::Kind),
            "level" | "severity" => Some(Self::Level),
            _other => Self::ALL.into_iter().find(|field| field.as_str() == word),
        }
    }

    /// The operator that is most often meant.
    pub(super) const fn default_operator(self) -> &'static str {
        match self {
            Self::Priority | Self::Level => ">=",
            Self::Try | Self::Age => ">",
            Self::State
            | Self::Agent
            | Self::Stage
            | Self::Task
            | Self::Type
            | Self::Is
            | Self::Kind
            | Self::Corr
            | Self::Since
            | Self::Until
            | Self::At => ":",
        }
    }

    /// Returns what its value looks like.
    pub(super) const fn expected_value(self) -> &'static str {
        match self {
            Self::State => "a state such as `failed`, several with commas",
            Self::Agent => "the name of an agent, `*` for any text",
            Self::Stage => "the name of a stage, `*` for any text",
            Self::Task => "the name of a task, `*` for any text",
            Self::Type => "the type of a task, `*` for any text",
            Self::Is => "a badge such as `slow`",
            Self::Priority => "critical, high, medium or low",
            Self::Try => "a number of attempts",
            Self::Age => "a length of time such as `5m`",
            Self::Kind => "a kind of event such as `task_failed`, `*` for any text",
            Self::Corr => "a correlation id",
            Self::Level => "info, warning, error or critical",
            Self::Since | Self::Until => "a time of day such as `10:30`",
            Self::At => "a minute such as `09:12`, or two: `09:12..09:14`",
        }
    }

    /// The words it takes, of those that are the same in every run.
    pub(super) fn keywords(self) -> Vec<&'static str> {
        match self {
            Self::State => STATE_GROUPS.into_iter().chain(all_states().map(|(w, _)| w)).collect(),
            Self::Is => Badge::ALL.map(lower_badge).to_vec(),
            Self::Priority => TaskPriority::ALL.map(lower_priority).to_vec(),
            Self::Level => LineSeverity::ALL.map(LineSeverity::as_str).to_vec(),
            Self::Agent
            | Self::Stage
            | Self::Task
            | Self::Type
            | Self::Try
            | Self::Age
            | Self::Kind
            | Self::Corr
            | Self::Since
            | Self::Until
            | Self::At => Vec::new(),
        }
    }
}

/// Words for several states.
const STATE_GROUPS: [&str; 5] = ["bad", "active", "ended", "blocked", "working"];

const fn lower_badge(badge: Badge) -> &'static str {
    match badge {
        Badge::Slow => "slow",
        Badge::Stalled => "stalled",
        Badge::BehindSchedule => "late",
        Badge::Flaky => "flaky",
        Badge::Forced => "forced",
        Badge::Tainted => "tainted",
        Badge::CatchUp => "catch_up",
    }
}

const fn lower_priority(priority: TaskPriority) -> &'static str {
    match priority {
        TaskPriority::Critical => "critical",
        TaskPriority::High => "high",
        TaskPriority::Medium => "medium",
        TaskPriority::Low => "low",
    }
}

/// Every state with its word in a filter: those of tasks (and runs), of agents, of alerts.
fn all_states() -> impl Iterator<Item = (&'static str, StateFilter)> {
    let tasks = TaskState::ALL.into_iter().map(StateFilter::Task);
    let health = [
        AgentHealth::Healthy,
        AgentHealth::Degraded,
        AgentHealth::Unresponsive,
        AgentHealth::Paused,
        AgentHealth::BreakerOpen,
        AgentHealth::BreakerHalfOpen,
    ];
    let orders = ReportedState::ALL.into_iter().map(StateFilter::Order);
    let others = health
        .into_iter()
        .map(StateFilter::Agent)
        .chain(orders)
        .chain([StateFilter::New, StateFilter::Acked]);
    tasks.chain(others).map(|standing| (standing.as_str(), standing))
}

/// The test of a field, an operator and a value that is not empty.
pub(super) fn build_test(
    field: FilterField,
    op: CompareOp,
    value: &str,
) -> Result<TermTest, TermError> {
    let value = value.to_lowercase();
    let ordered = matches!(
        field,
        FilterField::Priority | FilterField::Try | FilterField::Age | FilterField::Level
    );
    if op != CompareOp::Equal && !ordered {
        return Err(TermError::new(format!("`{}` is compared with `:`", field.as_str())));
    }
    let named = |name| Ok(TermTest::Name(name, list(&value).map(Pattern::name).collect()));
    match field {
        FilterField::State => {
            let states = list(&value).map(states).collect::<Result<Vec<_>, _>>()?;
            Ok(TermTest::State(states.concat()))
        }
        FilterField::Agent => named(NameField::Agent),
        FilterField::Stage => named(NameField::Stage),
        FilterField::Task => named(NameField::Task),
        FilterField::Type => named(NameField::Type),
        FilterField::Kind => named(NameField::Kind),
        FilterField::Corr => named(NameField::Corr),
        FilterField::Is => {
            let badge = Badge::ALL.into_iter().find(|&b| lower_badge(b) == value);
            badge.map(TermTest::Is).ok_or_else(|| none_of(field, &value))
        }
        FilterField::Priority => {
            let short = |p: TaskPriority| format::priority(p).eq_ignore_ascii_case(&value);
            let mut all = TaskPriority::ALL.into_iter();
            let found = all.find(|&p| short(p) || lower_priority(p) == value);
            found.map(|p| TermTest::Priority(op, p)).ok_or_else(|| none_of(field, &value))
        }
        FilterField::Try => {
            let fault = |_nan| TermError::new(format!("`{value}` is no number"));
            Ok(TermTest::Try(op, value.parse().map_err(fault)?))
        }
        FilterField::Age => {
            let fault = |error: TimeError| TermError::new(error.to_string());
            Ok(TermTest::Age(op, value.parse::<Span>().map_err(fault)?))
        }
        FilterField::Level => {
            let found = LineSeverity::parse(&value);
            found.map(|level| TermTest::Level(op, level)).ok_or_else(|| none_of(field, &value))
        }
        FilterField::Since => clock(&value).map(|(from, _)| TermTest::Since(from)),
        FilterField::Until => clock(&value).map(|(_, to)| TermTest::Until(to)),
        FilterField::At => {
            let (first, last) = value.split_once("..").unwrap_or((&value, &value));
            let last = if last.is_empty() { first } else { last };
            Ok(TermTest::During(clock(first)?.0, clock(last)?.1, None))
        }
    }
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter(|part| !part.is_empty())
}

fn none_of(field: FilterField, value: &str) -> TermError {
    let words = field.keywords();
    let unfinished = words.iter().any(|word| word.starts_with(value));
    TermError { text: format!("`{value}` is none of {}", words.join(", ")), unfinished }
}

/// Returns the minute that a word names, as its start and its end: `09:12`.
pub(super) fn minute(word: &str) -> Option<(NaiveTime, NaiveTime)> {
    word.contains(':').then(|| clock(word).ok()).flatten()
}

/// Returns the minute, or the second, that begins at a time of day, as its start and its end.
fn clock(value: &str) -> Result<(NaiveTime, NaiveTime), TermError> {
    let minute = NaiveTime::parse_from_str(value, "%H:%M").map(|at| (at, TimeDelta::minutes(1)));
    let time = minute.or_else(|_seconds| {
        NaiveTime::parse_from_str(value, "%H:%M:%S").map(|at| (at, TimeDelta::seconds(1)))
    });
    let end = |(from, length): (NaiveTime, TimeDelta)| {
        let (to, over) = from.overflowing_add_signed(length);
        // The last minute ends with the day.
        (from, if over == 0 { to } else { NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(to) })
    };
    time.map(end).map_err(|_unparsable| TermError {
        text: format!("`{value}` is no time of day: write `10:30`"),
        unfinished: value.len() < 8 && value.chars().all(|c| c.is_ascii_digit() || c == ':'),
    })
}

/// The states of a word, a code or a group.
fn states(value: &str) -> Result<Vec<StateFilter>, TermError> {
    let tasks = TaskState::ALL.into_iter();
    let group: Vec<_> = match value {
        "bad" => tasks.filter(|s| s.is_bad_end()).map(StateFilter::Task).collect(),
        "ended" => tasks.filter(|s| s.is_terminal()).map(StateFilter::Task).collect(),
        "active" => tasks.filter(|s| s.is_active()).map(StateFilter::Task).collect(),
        "working" => ReportedState::ALL
            .into_iter()
            .filter(|state| state.is_working())
            .map(StateFilter::Order)
            .collect(),
        // As the list calls it.
        "blocked" => vec![StateFilter::Task(TaskState::UpstreamFailed)],
        _one => {
            let coded = tasks.filter(|&s| format::code(s).eq_ignore_ascii_case(value));
            let named = all_states().filter(|(word, _)| *word == value).map(|(_, s)| s);
            coded.map(StateFilter::Task).chain(named).collect()
        }
    };
    if group.is_empty() {
        let known = TaskState::ALL.map(|s| StateFilter::Task(s).as_str()).join(", ");
        let text = format!(
            "`{value}` is no state; there are {known}, and bad, active, ended, blocked; \
             of agents healthy, degraded, paused, …; of orders working, filled, …; of alerts new, acked"
        );
        let unfinished = FilterField::State.keywords().iter().any(|word| word.starts_with(value));
        return Err(TermError { text, unfinished });
    }
    Ok(group)
}
