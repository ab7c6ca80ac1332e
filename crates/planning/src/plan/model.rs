//! What a settled day says: every moment in UTC, every default filled in.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::limits::EngineLimits;
use crate::{
    id::{AgentId, StageId, TaskId, TaskType},
    time::Span,
    workflow::{Condition, DependencyKind, EffectClass, OnClose, TaskPriority},
};

/// Place of a task in [`Plan::tasks`]; the short name of a task inside one run.
///
/// Events carry it instead of the id, so that a step costs no look-up; whoever shows or writes an
/// event has the plan at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskIx(pub u32);

/// Place of a stage in [`Plan::stages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StageIx(pub u32);

/// Place of an agent in [`Plan::agents`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentIx(pub u32);

macro_rules! place {
    ($($name:ident),*) => {$(
        impl $name {
            /// As an index into the plan's list, and into any list parallel to it.
            #[must_use]
            pub fn at(self) -> usize {
                usize::try_from(self.0).unwrap_or(usize::MAX)
            }

            /// The place with this index.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}
place!(TaskIx, StageIx, AgentIx);

/// Where the clock, the broker and the data of a run come from; always on screen, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RunMode {
    /// Virtual clock, simulated broker, recorded sessions.
    Sim,
    /// Real clock, simulated broker.
    Paper,
    /// Real clock, external execution agent.
    Live,
    /// Virtual clock; no agent can be reached.
    Dry,
    /// A recorded day; nothing can be done.
    Replay,
}

impl RunMode {
    /// Whether a day of this mode has a time of its own, that can stand still.
    #[must_use]
    pub const fn has_virtual_clock(self) -> bool {
        match self {
            Self::Sim | Self::Dry => true,
            Self::Replay | Self::Paper | Self::Live => false,
        }
    }

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sim => "SIM",
            Self::Paper => "PAPER",
            Self::Live => "LIVE",
            Self::Dry => "DRY",
            Self::Replay => "REPLAY",
        }
    }
}

impl fmt::Display for RunMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One wait of one task for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The task waited for.
    pub on: TaskIx,
    /// What of it is awaited.
    pub hardness: DependencyKind,
}

/// One task of the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// Its name.
    pub id: TaskId,
    /// Its stage.
    pub stage: StageIx,
    /// Who does it.
    pub agent: AgentIx,
    /// Which kind of work.
    pub task_type: TaskType,
    /// Parameters for the agent.
    pub task_data: Arc<Value>,
    /// How urgent.
    pub priority: TaskPriority,
    /// What it does to the world.
    pub effect: EffectClass,
    /// What it waits for; `when` is among them as a soft one.
    pub dependencies: Vec<Dependency>,
    /// First moment it may start.
    pub opens_at: DateTime<Utc>,
    /// First moment it may no longer start.
    pub closes_at: DateTime<Utc>,
    /// When it should have ended.
    pub deadline: DateTime<Utc>,
    /// Longest an attempt may take.
    pub timeout: Span,
    /// Longest it may wait for a slot, if there is such a limit.
    pub queue_timeout: Option<Span>,
    /// Attempts after the first, by the machine.
    pub max_retries: u32,
    /// From round to round, for a monitoring loop.
    pub every: Option<Span>,
    /// How long its result may release others; `None`: all day.
    pub valid_for: Option<Span>,
    /// Run only if this holds, and the place of the task it asks.
    pub when: Option<(TaskIx, Condition)>,
    /// How long it usually takes.
    pub estimate: Span,
    /// Whether its stage fails with it.
    pub required: bool,
    /// A named group inside the stage.
    pub group: Option<String>,
}

/// One stage of the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStage {
    /// Its name.
    pub id: StageId,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// When its window closes; tasks with windows of their own may end later.
    pub closes_at: DateTime<Utc>,
    /// What happens to unfinished tasks then.
    pub on_close: OnClose,
}

/// One agent of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAgent {
    /// Its name.
    pub id: AgentId,
    /// Tasks it may work on at once.
    pub slots: u32,
}

/// A time in which orders of some kind are forbidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blackout {
    /// What is forbidden: `entry`.
    pub forbids: String,
    /// First moment inside.
    pub from: DateTime<Utc>,
    /// First moment after.
    pub to: DateTime<Utc>,
    /// Which overlay says so.
    pub origin: String,
}

/// Why one value of the day is what it is; the raw material of `calendar explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanNote {
    /// The task, or `None` for the day, a stage or a limit.
    pub task: Option<TaskId>,
    /// Which value: `window`, `timeout`, `presence`, `limit gross`, `stage intraday`, …
    pub field: String,
    /// What it is now, as text; times of day in exchange time.
    pub value: String,
    /// What it was before this rule, if it was something.
    pub was: Option<String>,
    /// The rule: a file (`workflows/fomc.yaml`), a configuration value or the calendar.
    pub origin: String,
    /// Set when another rule wanted something else; says what and why this one won.
    pub conflict: Option<String>,
}

/// One day, settled. What the engine runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayPlan {
    /// Names the run: date, workflow and generation, as in `2018-12-19-standard-1`.
    pub run: String,
    /// The workflow's name, for people.
    pub workflow: String,
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// What kind of day, in words: `regular session`, `early close 13:00 (Christmas Eve)`, `closed (…)`.
    pub day: String,
    /// Overlays that apply, in order of application.
    pub overlays: Vec<String>,
    /// The session's open; nominal on a closed day.
    pub open: DateTime<Utc>,
    /// The session's close; nominal on a closed day.
    pub close: DateTime<Utc>,
    /// Where clock, broker and data come from.
    pub mode: RunMode,
    /// The stages, in order.
    pub stages: Vec<PlannedStage>,
    /// The tasks, in order of the file.
    pub tasks: Vec<PlannedTask>,
    /// The agents that have a task, in order of name.
    pub agents: Vec<PlannedAgent>,
    /// The bounds the engine keeps.
    pub limits: EngineLimits,
    /// When orders of some kind are forbidden.
    pub blackouts: Vec<Blackout>,
    /// Trading limits of the day, as factors of the standing ones: `gross` → 0.7.
    pub multipliers: BTreeMap<String, f64>,
    /// Approvals this day needs beyond the standing ones: `risk_adding`, `all`.
    pub approvals: Vec<String>,
    /// Whether a stage ends with its last task even if a required one failed, because nobody is
    /// there to repair it; otherwise it stays open for repairs until its window closes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends_with_work: bool,
    /// Which rule put each value there.
    pub notes: Vec<PlanNote>,
}

impl DayPlan {
    /// Which run of its date and workflow it is, from 1: the last part of its name.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.run.rsplit('-').next().and_then(|last| last.parse().ok()).unwrap_or(1)
    }

    /// What all runs of this date and workflow have in common: the name of the first.
    #[must_use]
    pub fn base_run_id(&self) -> String {
        let head = self.run.rsplit_once('-').map_or(self.run.as_str(), |(head, _)| head);
        format!("{head}-1")
    }

    /// The task at a place. Places come from this plan, so it is there.
    #[must_use]
    pub fn task(&self, ix: TaskIx) -> &PlannedTask {
        &self.tasks[ix.at()]
    }

    /// The stage at a place. Places come from this plan, so it is there.
    #[must_use]
    pub fn stage(&self, ix: StageIx) -> &PlannedStage {
        &self.stages[ix.at()]
    }

    /// The agent at a place. Places come from this plan, so it is there.
    #[must_use]
    pub fn agent(&self, ix: AgentIx) -> &PlannedAgent {
        &self.agents[ix.at()]
    }

    /// The place of the task with this name.
    #[must_use]
    pub fn find_task(&self, id: &str) -> Option<TaskIx> {
        self.tasks.iter().position(|task| task.id.as_str() == id).map(TaskIx::new)
    }

    /// The place of the stage with this name.
    #[must_use]
    pub fn find_stage(&self, id: &str) -> Option<StageIx> {
        self.stages.iter().position(|stage| stage.id.as_str() == id).map(StageIx::new)
    }

    /// The place of the agent with this name.
    #[must_use]
    pub fn find_agent(&self, id: &str) -> Option<AgentIx> {
        self.agents.iter().position(|agent| agent.id.as_str() == id).map(AgentIx::new)
    }

    /// Places of the tasks of a stage, in order.
    pub fn tasks_of(&self, stage: StageIx) -> impl Iterator<Item = TaskIx> + '_ {
        (0..self.tasks.len()).map(TaskIx::new).filter(move |&ix| self.task(ix).stage == stage)
    }
}
