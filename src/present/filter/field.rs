//! The fields a filter can ask for, and the values each takes.

use chrono::NaiveTime;

use super::{
    level::Level,
    pattern::Pattern,
    record::Standing,
    term::{Fault, Name, Op, Test},
};
use crate::{
    definition::TaskPriority,
    engine::{AgentHealth, TaskState},
    present::{badges::Badge, words},
    time::{Span, TimeError},
};

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
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
}

impl Field {
    pub(super) const ALL: [Self; 13] = [
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
    ];

    /// The word before the operator.
    pub(super) const fn word(self) -> &'static str {
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
        }
    }

    /// The field of a word, its other names included.
    pub(super) fn read(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        match word.as_str() {
            "s" => Some(Self::State),
            "id" => Some(Self::Task),
            "priority" => Some(Self::Priority),
            "event" | "target" => Some(Self::Kind),
            "level" | "severity" => Some(Self::Level),
            _other => Self::ALL.into_iter().find(|field| field.word() == word),
        }
    }

    /// The operator that is most often meant.
    pub(super) const fn sign(self) -> &'static str {
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
            | Self::Since => ":",
        }
    }

    /// What its value looks like.
    pub(super) const fn expected(self) -> &'static str {
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
            Self::Since => "a time of day such as `10:30`",
        }
    }

    /// The words it takes, of those that are the same in every run.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::State => STATE_GROUPS.into_iter().chain(all_states().map(|(w, _)| w)).collect(),
            Self::Is => Badge::ALL.map(lower_badge).to_vec(),
            Self::Priority => TaskPriority::ALL.map(lower_priority).to_vec(),
            Self::Level => Level::ALL.map(Level::word).to_vec(),
            Self::Agent
            | Self::Stage
            | Self::Task
            | Self::Type
            | Self::Try
            | Self::Age
            | Self::Kind
            | Self::Corr
            | Self::Since => Vec::new(),
        }
    }
}

/// Words for several states.
const STATE_GROUPS: [&str; 4] = ["bad", "active", "ended", "blocked"];

const fn lower_badge(badge: Badge) -> &'static str {
    match badge {
        Badge::Slow => "slow",
        Badge::Stalled => "stalled",
        Badge::Late => "late",
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
fn all_states() -> impl Iterator<Item = (&'static str, Standing)> {
    let tasks = TaskState::ALL.into_iter().map(Standing::Task);
    let health = [
        AgentHealth::Healthy,
        AgentHealth::Degraded,
        AgentHealth::Unresponsive,
        AgentHealth::Paused,
        AgentHealth::BreakerOpen,
        AgentHealth::BreakerHalfOpen,
    ];
    let others = health.into_iter().map(Standing::Agent).chain([Standing::New, Standing::Acked]);
    tasks.chain(others).map(|standing| (standing.word(), standing))
}

/// The test of a field, an operator and a value that is not empty.
pub(super) fn test(field: Field, op: Op, value: &str) -> Result<Test, Fault> {
    let value = value.to_lowercase();
    let ordered = matches!(field, Field::Priority | Field::Try | Field::Age | Field::Level);
    if op != Op::Equal && !ordered {
        return Err(Fault::new(format!("`{}` is compared with `:`", field.word())));
    }
    let named = |name| Ok(Test::Name(name, list(&value).map(Pattern::name).collect()));
    match field {
        Field::State => {
            let states = list(&value).map(states).collect::<Result<Vec<_>, _>>()?;
            Ok(Test::State(states.concat()))
        }
        Field::Agent => named(Name::Agent),
        Field::Stage => named(Name::Stage),
        Field::Task => named(Name::Task),
        Field::Type => named(Name::Type),
        Field::Kind => named(Name::Kind),
        Field::Corr => named(Name::Corr),
        Field::Is => {
            let badge = Badge::ALL.into_iter().find(|&b| lower_badge(b) == value);
            badge.map(Test::Is).ok_or_else(|| none_of(field, &value))
        }
        Field::Priority => {
            let short = |p: TaskPriority| words::priority(p).eq_ignore_ascii_case(&value);
            let mut all = TaskPriority::ALL.into_iter();
            let found = all.find(|&p| short(p) || lower_priority(p) == value);
            found.map(|p| Test::Priority(op, p)).ok_or_else(|| none_of(field, &value))
        }
        Field::Try => {
            let fault = |_nan| Fault::new(format!("`{value}` is no number"));
            Ok(Test::Try(op, value.parse().map_err(fault)?))
        }
        Field::Age => {
            let fault = |error: TimeError| Fault::new(error.to_string());
            Ok(Test::Age(op, value.parse::<Span>().map_err(fault)?))
        }
        Field::Level => {
            let found = Level::read(&value);
            found.map(|level| Test::Level(op, level)).ok_or_else(|| none_of(field, &value))
        }
        Field::Since => since(&value),
    }
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter(|part| !part.is_empty())
}

fn none_of(field: Field, value: &str) -> Fault {
    let words = field.words();
    let unfinished = words.iter().any(|word| word.starts_with(value));
    Fault { text: format!("`{value}` is none of {}", words.join(", ")), unfinished }
}

fn since(value: &str) -> Result<Test, Fault> {
    let time = NaiveTime::parse_from_str(value, "%H:%M")
        .or_else(|_seconds| NaiveTime::parse_from_str(value, "%H:%M:%S"));
    time.map(Test::Since).map_err(|_unparsable| Fault {
        text: format!("`{value}` is no time of day: write `10:30`"),
        unfinished: value.len() < 8 && value.chars().all(|c| c.is_ascii_digit() || c == ':'),
    })
}

/// The states of a word, a code or a group.
fn states(value: &str) -> Result<Vec<Standing>, Fault> {
    let tasks = TaskState::ALL.into_iter();
    let group: Vec<_> = match value {
        "bad" => tasks.filter(|s| s.bad()).map(Standing::Task).collect(),
        "ended" => tasks.filter(|s| s.ended()).map(Standing::Task).collect(),
        "active" => tasks.filter(|s| s.active()).map(Standing::Task).collect(),
        // As the list calls it.
        "blocked" => vec![Standing::Task(TaskState::UpstreamFailed)],
        _one => {
            let coded = tasks.filter(|&s| words::code(s).eq_ignore_ascii_case(value));
            let named = all_states().filter(|(word, _)| *word == value).map(|(_, s)| s);
            coded.map(Standing::Task).chain(named).collect()
        }
    };
    if group.is_empty() {
        let known = TaskState::ALL.map(|s| Standing::Task(s).word()).join(", ");
        let text = format!(
            "`{value}` is no state; there are {known}, and bad, active, ended, blocked; \
             of agents healthy, degraded, paused, …; of alerts new, acked"
        );
        let unfinished = Field::State.words().iter().any(|word| word.starts_with(value));
        return Err(Fault { text, unfinished });
    }
    Ok(group)
}
