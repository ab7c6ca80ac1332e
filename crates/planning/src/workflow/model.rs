//! What a workflow file and an overlay file say, once found sound.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    id::{AgentId, StageId, TaskId, TaskType},
    time::{SessionAnchor, Span, Window},
};

/// How urgent a task is; the order in which ready tasks get a slot.
///
/// Source: specification, "Priority Levels". Sorts most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TaskPriority {
    /// System-critical: risk alerts, emergency exits. An ordinary pause does not stop it.
    Critical,
    /// Trading decisions, order execution.
    High,
    /// Analysis, monitoring, reporting.
    Medium,
    /// Maintenance, optimisation, clean-up.
    Low,
}

impl TaskPriority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The specification's word for it.
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

    /// Takes the word in any case, or 1 (CRITICAL) to 4 (LOW).
    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |n: usize| Self::ALL.get(n.wrapping_sub(1)).copied();
        let by_word = Self::ALL.into_iter().find(|p| p.as_str().eq_ignore_ascii_case(text));
        by_word.or_else(|| text.parse().ok().and_then(number)).ok_or(())
    }
}

/// What a task does to the world, which decides every question of retry and recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// Nothing outside; may be repeated freely.
    Pure,
    /// Something once per key; may be repeated with the same key.
    #[serde(rename = "keyed")]
    Idempotent,
    /// Something that must not happen twice (orders). Never repeated by the machine.
    Effectful,
    /// Asks a person. Holds no slot; a timeout rejects.
    Human,
}

impl EffectClass {
    /// The word in files and on screens.
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

/// What happens to a stage's unfinished tasks when its window closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnClose {
    /// What has not started is missed, what runs may end; the stage then fails if a required task did.
    #[default]
    Fail,
    /// Unfinished tasks may still start and end after the window.
    Carry,
    /// Tasks that have not ended are cancelled.
    CancelRest,
}

/// Whether a dependency must succeed or merely end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyKind {
    /// The other task must have succeeded.
    Hard,
    /// The other task must have ended, in whatever way.
    Soft,
}

/// One task waiting for another, by id (names of task types are settled at load).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyDef {
    /// The task waited for.
    pub on: TaskId,
    /// What of it is awaited.
    pub hardness: DependencyKind,
}

/// Run only if a value in another task's output is true (or, negated, is not).
///
/// Written `rebalance_check.needed` or `not rebalance_check.needed`. A value that is absent,
/// null, `false`, zero or empty is not true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The task whose output is asked. Also a soft dependency.
    pub task: TaskId,
    /// The field of its output, dots between nested names.
    pub field: String,
    /// Whether the value must be untrue.
    pub negated: bool,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "not " } else { "" };
        write!(f, "{not}{}.{}", self.task, self.field)
    }
}

/// One task as written, defaults not yet filled in (`None` means the file does not say).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDef {
    /// Its name; the task type, when the file gives none.
    pub id: TaskId,
    /// Who does it.
    pub agent: AgentId,
    /// Which kind of work.
    pub task_type: TaskType,
    /// Parameters handed to the agent as they are.
    pub task_data: Map<String, Value>,
    /// How urgent. Default: MEDIUM.
    pub priority: Option<TaskPriority>,
    /// What it waits for.
    pub dependencies: Vec<DependencyDef>,
    /// Longest an attempt may take. Default: configuration (`DEFAULT_TASK_TIMEOUT`).
    pub timeout: Option<Span>,
    /// Longest it may wait for a slot. Default: no limit but its window.
    pub queue_timeout: Option<Span>,
    /// Attempts after the first. Default: configuration (`MAX_RETRIES`); 0 for `effectful` and `human`.
    pub max_retries: Option<u32>,
    /// What it does to the world. Default: see [`default_effect`](super::default_effect).
    pub effect: Option<EffectClass>,
    /// When it may start. Default: its stage's window.
    pub window: Option<Window>,
    /// When it should have ended. Default: the end of its window.
    pub deadline: Option<SessionAnchor>,
    /// For a monitoring loop: from the start of one round to the start of the next.
    pub every: Option<Span>,
    /// How long its result may release other tasks. Default: all day.
    pub valid_for: Option<Span>,
    /// Run only if this holds, else skip.
    pub when: Option<Condition>,
    /// How long it usually takes; the simulated duration in SIM and DRY. Default: by task type.
    pub estimate: Option<Span>,
    /// Whether the stage fails with it. Default: true; for priority LOW false.
    pub required: Option<bool>,
    /// A named group inside the stage, for display (`closing`).
    pub group: Option<String>,
}

/// One stage as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageDef {
    /// Its name.
    pub id: StageId,
    /// When it is open.
    pub window: Window,
    /// Whether the file gives that window; otherwise it is the one the specification gives to a
    /// stage of this name.
    pub own_hours: bool,
    /// What happens to unfinished tasks at its end.
    pub on_close: OnClose,
    /// Its tasks, in the order of the file.
    pub tasks: Vec<TaskDef>,
}

/// One workflow file, found sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDefinition {
    /// The name in the file, for people.
    pub name: String,
    /// Where it was read from, as shown in messages.
    pub source: Arc<str>,
    /// Its stages, in the order of the file.
    pub stages: Vec<StageDef>,
}

impl WorkflowDefinition {
    /// All tasks with their stages, in the order of the file.
    pub fn tasks(&self) -> impl Iterator<Item = (&StageDef, &TaskDef)> {
        self.stages.iter().flat_map(|stage| stage.tasks.iter().map(move |task| (stage, task)))
    }
}

/// Values an overlay gives to fields of an existing task; `None` leaves the field alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TaskOverrides {
    /// Parameters merged over the task's own, name by name.
    pub task_data: Map<String, Value>,
    /// See [`TaskDef::priority`].
    pub priority: Option<TaskPriority>,
    /// See [`TaskDef::timeout`].
    pub timeout: Option<Span>,
    /// See [`TaskDef::max_retries`].
    pub max_retries: Option<u32>,
    /// See [`TaskDef::window`].
    pub window: Option<Window>,
    /// See [`TaskDef::deadline`].
    pub deadline: Option<SessionAnchor>,
    /// See [`TaskDef::every`].
    pub every: Option<Span>,
    /// See [`TaskDef::valid_for`].
    pub valid_for: Option<Span>,
}

/// One typed change an overlay makes to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayEdit {
    /// A task that other days do not have.
    Add {
        /// Where it goes.
        stage: StageId,
        /// The task.
        task: Box<TaskDef>,
    },
    /// A task this day does not have. Its dependants lose the dependency.
    Remove {
        /// Which.
        task: TaskId,
        /// Why, in words for `calendar explain`.
        why: String,
    },
    /// Other values for fields of a task.
    Set {
        /// Which.
        task: TaskId,
        /// The values.
        fields: Box<TaskOverrides>,
    },
    /// Another window for a stage.
    Stage {
        /// Which.
        stage: StageId,
        /// When it is open this day.
        window: Window,
    },
    /// One more thing to wait for.
    Depend {
        /// The task that waits.
        task: TaskId,
        /// What it waits for.
        on: DependencyDef,
    },
    /// No entries (orders that add risk) inside this window.
    Blackout {
        /// What is forbidden, in a word: `entry`.
        forbids: String,
        /// When.
        window: Window,
    },
    /// A limit multiplied; the strictest of several wins.
    Limit {
        /// Which: `gross`, `order_notional`, `participation`, …
        name: String,
        /// The factor, above 0.
        times: f64,
    },
    /// Approvals this day needs: `risk_adding`, `all`.
    RequireApproval {
        /// For which orders.
        of: String,
    },
}

/// One overlay file, found sound: what makes a day of some kind differ from the standard one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlay {
    /// Its name: `fomc`, `earnings`, `expiration`, `early_close`, `closed`, `high_volatility`.
    pub name: String,
    /// Where it was read from, as shown in messages.
    pub source: Arc<str>,
    /// Order of application, low first; a higher rank may overrule a lower one's scalar.
    pub rank: u32,
    /// Whether this overlay's tasks stand alone: the base workflow's tasks are dropped (`closed`).
    pub replaces: bool,
    /// What it changes, in order.
    pub edits: Vec<OverlayEdit>,
}
