//! Contents of valid workflow and overlay files.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    id::{AgentId, StageId, TaskId, TaskType},
    time::{SessionAnchor, Span, Window},
};

/// The kind of orders that a blackout forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenOrders {
    /// Orders that add risk.
    Entry,
}

impl ForbiddenOrders {
    /// All kinds, with their words in workflow files.
    pub const WORDS: &[(&str, Self)] = &[("entry", Self::Entry)];

    /// Returns the word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
        }
    }
}

impl fmt::Display for ForbiddenOrders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The priority of a task: the order in which ready tasks get a slot.
///
/// Source: specification, "Priority Levels". Sorts most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TaskPriority {
    /// System-critical: risk alerts, emergency exits. Not stopped by an ordinary pause.
    Critical,
    /// Trading decisions and order execution.
    High,
    /// Analysis, monitoring and reporting.
    Medium,
    /// Maintenance, optimization and clean-up.
    Low,
}

impl TaskPriority {
    /// All priorities, most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Returns the word of the specification.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
        }
    }
}

impl fmt::Display for TaskPriority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TaskPriority {
    type Err = ();

    /// Parses the word in any case, or 1 (CRITICAL) to 4 (LOW).
    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |n: usize| Self::ALL.get(n.wrapping_sub(1)).copied();
        let by_word = Self::ALL.into_iter().find(|p| p.as_str().eq_ignore_ascii_case(text));
        by_word.or_else(|| text.parse().ok().and_then(number)).ok_or(())
    }
}

/// The effect of a task outside the program, which decides about retry and recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// No external effect; may be repeated freely.
    Pure,
    /// Takes effect once per idempotency key; may be repeated with the same key.
    #[serde(rename = "keyed")]
    Idempotent,
    /// An effect that must not happen twice, such as an order; never repeated automatically.
    Effectful,
    /// A request to the operator. Holds no slot; a timeout rejects it.
    Human,
}

impl EffectClass {
    /// Returns the word used in files and on screens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::Idempotent => "idempotent",
            Self::Effectful => "effectful",
            Self::Human => "human",
        }
    }
}

/// The rule for a stage's unfinished tasks when its window closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnClose {
    /// Tasks that have not started are MISSED, running ones may end; the stage fails if a required
    /// task did.
    #[default]
    Fail,
    /// Unfinished tasks may start and end after the window.
    Carry,
    /// Tasks that have not ended are cancelled.
    CancelRest,
}

/// The condition under which a dependency is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyKind {
    /// The other task must have succeeded.
    Hard,
    /// The other task must have ended, with any result.
    Soft,
}

/// A dependency by task id; names given as task types are resolved when the file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyDef {
    /// The task depended on.
    pub on: TaskId,
    /// The kind, hard or soft.
    pub hardness: DependencyKind,
}

/// A condition on another task's output, true or (if negated) not true.
///
/// Written as `rebalance_check.needed` or `not rebalance_check.needed`. A value that is absent,
/// null, `false`, zero or empty is not true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The task whose output is tested; also a soft dependency.
    pub task: TaskId,
    /// The field of its output, with dots between nested names.
    pub field: String,
    /// True if the condition is negated.
    pub negated: bool,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "not " } else { "" };
        write!(f, "{not}{}.{}", self.task, self.field)
    }
}

/// A task as written, without defaults (`None` means that the file gives no value).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDef {
    /// Its name; the task type if the file gives none.
    pub id: TaskId,
    /// The agent that does it.
    pub agent: AgentId,
    /// The kind of work.
    pub task_type: TaskType,
    /// Parameters passed to the agent unchanged.
    pub task_data: Map<String, Value>,
    /// Its urgency. Default: MEDIUM.
    pub priority: Option<TaskPriority>,
    pub dependencies: Vec<DependencyDef>,
    /// Longest duration of an attempt. Default: the setting `DEFAULT_TASK_TIMEOUT`.
    pub timeout: Option<Span>,
    /// Longest wait for a slot. Default: limited only by its window.
    pub queue_timeout: Option<Span>,
    /// Number of automatic retries. Default: the setting `MAX_RETRIES`; 0 for `effectful` and
    /// `human`.
    pub max_retries: Option<u32>,
    /// Its effect class. Default: see [`default_effect`](super::default_effect).
    pub effect: Option<EffectClass>,
    /// Allowed start times. Default: the window of its stage.
    pub window: Option<Window>,
    /// Latest acceptable end. Default: the end of its window.
    pub deadline: Option<SessionAnchor>,
    /// For a monitor, the time from the start of one round to the next.
    pub every: Option<Span>,
    /// Freshness limit of its result for dependents. Default: all day.
    pub valid_for: Option<Span>,
    /// Condition without which the task is skipped.
    pub when: Option<Condition>,
    /// Expected duration, used as simulated duration in SIM and DRY. Default: by task type.
    pub estimate: Option<Span>,
    /// True if the stage fails when this task fails. Default: true, but false for priority LOW.
    pub required: Option<bool>,
    /// A named group within the stage, for display (`closing`).
    pub group: Option<String>,
    /// True if it runs only when an operator asks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
}

/// A stage as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageDef {
    pub id: StageId,
    /// The window in which its tasks may start.
    pub window: Window,
    /// True if the file gives that window; otherwise it is the one of the specification for a stage
    /// of this name.
    pub own_hours: bool,
    /// Rule for unfinished tasks when the window closes.
    pub on_close: OnClose,
    /// Its tasks, in the order of the file.
    pub tasks: Vec<TaskDef>,
}

/// A valid workflow file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDefinition {
    /// The name for display.
    pub name: String,
    /// The file name, as shown in messages.
    pub source: Arc<str>,
    /// Its stages, in the order of the file.
    pub stages: Vec<StageDef>,
}

impl WorkflowDefinition {
    /// Returns all tasks with their stages, in the order of the file.
    pub fn tasks(&self) -> impl Iterator<Item = (&StageDef, &TaskDef)> {
        self.stages.iter().flat_map(|stage| stage.tasks.iter().map(move |task| (stage, task)))
    }
}

/// Values that an overlay gives to fields of an existing task, named as in [`TaskDef`]; `None`
/// leaves a field unchanged.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TaskOverrides {
    /// Parameters merged over the task's own, name by name.
    pub task_data: Map<String, Value>,
    pub priority: Option<TaskPriority>,
    pub timeout: Option<Span>,
    pub max_retries: Option<u32>,
    pub window: Option<Window>,
    pub deadline: Option<SessionAnchor>,
    pub every: Option<Span>,
    pub valid_for: Option<Span>,
}

/// One typed change that an overlay makes to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayEdit {
    /// Adds a task to a stage.
    Add {
        /// The stage of the new task.
        stage: StageId,
        task: Box<TaskDef>,
    },
    /// Removes a task. Its dependents lose the dependency.
    Remove {
        task: TaskId,
        /// The reason in words, for `calendar explain`.
        why: String,
    },
    /// Changes fields of a task.
    Set { task: TaskId, fields: Box<TaskOverrides> },
    /// Changes the window of a stage.
    Stage {
        stage: StageId,
        /// The window on this day.
        window: Window,
    },
    /// Adds a dependency to a task.
    Depend { task: TaskId, on: DependencyDef },
    /// Forbids entries (orders that add risk) inside a window.
    Blackout {
        /// The forbidden kind.
        forbids: ForbiddenOrders,
        window: Window,
    },
    /// Multiplies a limit; the strictest of several factors wins.
    Limit {
        /// The name of the limit: `gross`, `order_notional`, `participation`, …
        name: String,
        /// The factor, above 0.
        times: f64,
    },
    /// Requires approval on this day for a kind of order.
    RequireApproval {
        /// The orders concerned: `risk_adding` or `all`.
        of: String,
    },
}

/// A valid overlay file: the differences of one kind of day from the standard one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlay {
    /// Its name, such as `fomc`, `expiration`, `early_close`, `closed` or `high_volatility`.
    pub name: String,
    /// The file name, as shown in messages.
    pub source: Arc<str>,
    /// Order of application, low first; a higher rank may override a lower one's scalar.
    pub rank: u32,
    /// True if the tasks of the base workflow are dropped (`closed`).
    pub replaces: bool,
    /// Its changes, in order.
    pub edits: Vec<OverlayEdit>,
}
