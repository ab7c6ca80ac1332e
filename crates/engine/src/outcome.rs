//! What an agent can say about an attempt.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The end of an attempt, as its agent tells it.
#[derive(Debug, Clone, PartialEq)]
pub enum AttemptOutcome {
    /// Done.
    Completed(TaskResult),
    /// Not done, and provably without effect.
    Failed(Failure),
    /// Asked to stop, it stopped.
    Stopped,
    /// Whether it is done is not known.
    InDoubt(Failure),
}

/// What an agent finds out about an attempt whose outcome is not known, by asking the world outside
/// for its key. The evidence says in a line what was asked and what was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeResult {
    /// It happened, with this result.
    #[serde(rename = "found")]
    Happened {
        /// The result, as the attempt would have given it.
        outcome: TaskResult,
        /// What was asked and answered.
        evidence: String,
    },
    /// It happened and goes on: orders still work.
    #[serde(rename = "working")]
    InProgress {
        /// When to ask again.
        until: DateTime<Utc>,
        /// What was asked and answered.
        evidence: String,
    },
    /// A part of it happened, or nothing, and the rest provably never left: doing it again under the same
    /// key does just the rest.
    Unfinished {
        /// What was asked and answered, and what is still to be done.
        evidence: String,
    },
    /// Nothing of it exists outside, as of now.
    #[serde(rename = "absent")]
    DidNotHappen {
        /// What was asked and answered.
        evidence: String,
    },
    /// The outside cannot be asked, or does not know.
    Unknown {
        /// Why, in a line.
        why: String,
    },
}

/// How good a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultQuality {
    /// As it should be.
    Ok,
    /// Usable, with warnings.
    Degraded,
    /// The agent declined to judge.
    Abstained,
}

/// What a task gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// How good it is.
    pub quality: ResultQuality,
    /// In one line, for the board.
    pub summary: String,
    /// The result itself: `result.v1`'s `data`, `warnings`, `metrics`, `facts`, `provenance`.
    pub output: Arc<Value>,
}

impl TaskResult {
    /// A result without data, as a person's word gives.
    #[must_use]
    pub fn without_data(summary: impl Into<String>) -> Self {
        Self { quality: ResultQuality::Ok, summary: summary.into(), output: Arc::new(Value::Null) }
    }

    /// Returns whether the value at a dotted path in the output's `data` (or in the output itself) is
    /// true: neither null, `false`, zero nor empty. `None` if the output has no such field.
    #[must_use]
    pub fn is_truthy(&self, field: &str) -> Option<bool> {
        let within =
            |root: &Value| field.split('.').try_fold(root.clone(), |v, name| v.get(name).cloned());
        let value = self.data().and_then(within).or_else(|| within(&self.output));
        Some(match value? {
            Value::Null => false,
            Value::Bool(flag) => flag,
            Value::Number(n) => n.as_f64().is_some_and(|n| n.abs() > 0.0),
            Value::String(s) => !s.is_empty(),
            Value::Array(a) => !a.is_empty(),
            Value::Object(o) => !o.is_empty(),
        })
    }
}

/// What kind of failure it was, which decides whether another attempt makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A passing fault of the agent or of what it leans on: network, overload, crash.
    Transient,
    /// The task's input is wrong.
    BadInput,
    /// The agent's result is not of the promised form.
    BadOutput,
    /// The agent may not do that.
    Permission,
    /// What the task needs does not exist.
    NotFound,
    /// The business says no: a gate, a limit, a person.
    Rejected,
    /// The data is not good enough to go on.
    BadData,
    /// A budget is used up.
    Budget,
    /// The attempt took too long.
    TimedOut,
    /// The agent stopped since it was asked to.
    Cancelled,
    /// The agent's code panicked or its process died.
    Crash,
}

impl FailureKind {
    /// Whether trying again may help.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Transient | Self::BadData | Self::TimedOut | Self::Crash => true,
            Self::BadInput
            | Self::BadOutput
            | Self::Permission
            | Self::NotFound
            | Self::Rejected
            | Self::Budget
            | Self::Cancelled => false,
        }
    }

    /// Whether it speaks against the agent rather than against the task; counts for the breaker.
    #[must_use]
    pub const fn is_infrastructure(self) -> bool {
        match self {
            Self::Transient | Self::TimedOut | Self::Crash | Self::BadOutput => true,
            Self::BadInput
            | Self::BadData
            | Self::Permission
            | Self::NotFound
            | Self::Rejected
            | Self::Budget
            | Self::Cancelled => false,
        }
    }
}

/// What went wrong with an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Of which kind.
    pub kind: FailureKind,
    /// In a line, as the agent says it.
    pub message: String,
}

impl Failure {
    /// A failure of a kind, in words.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}
