//! The day plan and its parts: every moment in UTC, every default filled in.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{blackout::Blackout, limits::EngineLimits, note::PlanNote};
use crate::{
    calendar,
    id::{AgentId, StageId, TaskId, TaskType},
    time::Span,
    workflow::{Condition, DependencyKind, EffectClass, OnClose, TaskPriority},
};

/// Index of a task in [`DayPlan::tasks`], its short name within one run.
///
/// Events carry the index instead of the id, so that applying them needs no lookup; readers and
/// writers of events have the plan at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskIx(pub u32);

/// Index of a stage in [`DayPlan::stages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StageIx(pub u32);

/// Index of an agent in [`DayPlan::agents`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentIx(pub u32);

macro_rules! place {
    ($($name:ident),*) => {$(
        impl $name {
            /// Returns the position in the plan's list, and in any list parallel to it.
            #[must_use]
            pub fn at(self) -> usize {
                usize::try_from(self.0).unwrap_or(usize::MAX)
            }

            /// Creates the index for a position.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}
place!(TaskIx, StageIx, AgentIx);

/// The mode of a run: source of its clock, broker and data; always shown on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RunMode {
    /// Virtual clock, simulated broker, recorded sessions.
    Sim,
    /// Real clock, simulated broker.
    Paper,
    /// Real clock, external execution agent.
    Live,
    /// Virtual clock; no agent is called.
    Dry,
    /// A recorded run, read-only.
    Replay,
}

impl RunMode {
    /// Returns whether runs of this mode have a virtual clock.
    #[must_use]
    pub const fn has_virtual_clock(self) -> bool {
        match self {
            Self::Sim | Self::Dry => true,
            Self::Replay | Self::Paper | Self::Live => false,
        }
    }

    /// Returns the word shown on screens.
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

/// A dependency of one task on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The task depended on.
    pub on: TaskIx,
    /// The kind, hard or soft.
    pub hardness: DependencyKind,
}

/// A task of a day plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "two facts that exclude nothing")]
pub struct PlannedTask {
    pub id: TaskId,
    pub stage: StageIx,
    /// The agent that does it.
    pub agent: AgentIx,
    /// The kind of work.
    pub task_type: TaskType,
    /// Parameters for the agent.
    pub task_data: Arc<Value>,
    pub priority: TaskPriority,
    pub effect: EffectClass,
    /// Its dependencies, including the soft one of `when`.
    pub dependencies: Vec<Dependency>,
    /// First moment of the window in which it may start.
    pub opens_at: DateTime<Utc>,
    /// First moment after that window.
    pub closes_at: DateTime<Utc>,
    /// Latest acceptable end; missing it raises an alert.
    pub deadline: DateTime<Utc>,
    /// Longest duration of an attempt.
    pub timeout: Span,
    /// Longest wait for a slot, if limited.
    pub queue_timeout: Option<Span>,
    /// Number of automatic retries.
    pub max_retries: u32,
    /// For a monitor, the time from the start of one round to the next.
    pub every: Option<Span>,
    /// Freshness limit of its result for dependents; `None` means all day.
    pub valid_for: Option<Span>,
    /// Condition of its start, with the task that it asks.
    pub when: Option<(TaskIx, Condition)>,
    /// Expected duration of an attempt.
    pub estimate: Span,
    /// True if the stage fails when this task fails.
    pub required: bool,
    /// Named group within the stage.
    pub group: Option<String>,
    /// True if it runs only when an operator asks for it, and is skipped if nobody does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
}

/// A stage of a day plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStage {
    pub id: StageId,
    /// Start of its window.
    pub opens_at: DateTime<Utc>,
    /// End of its window; tasks with windows of their own may end later.
    pub closes_at: DateTime<Utc>,
    /// Rule for unfinished tasks at that moment.
    pub on_close: OnClose,
}

/// An agent of a day plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAgent {
    pub id: AgentId,
    /// Number of tasks it may work on at once.
    pub slots: u32,
}

/// The plan of one day: tasks, windows and limits after overlays; the input of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "two facts that exclude nothing")]
pub struct DayPlan {
    /// The run id: date, workflow and generation, as in `2018-12-19-standard-1`.
    pub run: String,
    /// The display name of the workflow.
    pub workflow: String,
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// The kind of day in words: `regular session`, `early close 13:00 (Christmas Eve)`, `closed
    /// (…)`.
    pub day: String,
    /// True if the exchange is closed; recorded since version 0.2, see [`DayPlan::is_closed`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Names of the applied overlays, in order of application.
    pub overlays: Vec<String>,
    /// The open of the session; nominal on a closed day.
    pub open: DateTime<Utc>,
    /// The close of the session; nominal on a closed day.
    pub close: DateTime<Utc>,
    pub mode: RunMode,
    /// The stages, in order.
    pub stages: Vec<PlannedStage>,
    /// The tasks, in order of the file.
    pub tasks: Vec<PlannedTask>,
    /// The agents that have a task, sorted by name.
    pub agents: Vec<PlannedAgent>,
    /// The limits that the engine enforces.
    pub limits: EngineLimits,
    /// The periods in which one kind of order is forbidden.
    pub blackouts: Vec<Blackout>,
    /// Trading limits of the day, as factors of the usual ones: `gross` → 0.7.
    pub multipliers: BTreeMap<String, f64>,
    /// Approvals that this day needs beyond the usual ones: `risk_adding`, `all`.
    pub approvals: Vec<String>,
    /// True if a stage ends with its last task even after a required one failed, because no
    /// operator is present to repair it; otherwise it stays open until its window closes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends_with_work: bool,
    /// The origin of each value.
    pub notes: Vec<PlanNote>,
}

impl DayPlan {
    /// Returns whether the exchange is closed on this day. The plan of an older record says so for
    /// closed days of the calendar.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed || calendar::exchange_day(self.date).is_ok_and(|day| !day.is_session())
    }

    /// Returns the number of the run among those of its date and workflow, from 1: the last part of
    /// its id.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.run.rsplit('-').next().and_then(|last| last.parse().ok()).unwrap_or(1)
    }

    /// Returns the id of the first run of this date and workflow.
    #[must_use]
    pub fn base_run_id(&self) -> String {
        let head = self.run.rsplit_once('-').map_or(self.run.as_str(), |(head, _)| head);
        format!("{head}-1")
    }

    /// Returns the task at an index of this plan.
    #[must_use]
    pub fn task(&self, ix: TaskIx) -> &PlannedTask {
        &self.tasks[ix.at()]
    }

    /// Returns the stage at an index of this plan.
    #[must_use]
    pub fn stage(&self, ix: StageIx) -> &PlannedStage {
        &self.stages[ix.at()]
    }

    /// Returns the agent at an index of this plan.
    #[must_use]
    pub fn agent(&self, ix: AgentIx) -> &PlannedAgent {
        &self.agents[ix.at()]
    }

    /// Returns the index of the task with this id.
    #[must_use]
    pub fn find_task(&self, id: &str) -> Option<TaskIx> {
        self.tasks.iter().position(|task| task.id.as_str() == id).map(TaskIx::new)
    }

    /// Returns the index of the stage with this id.
    #[must_use]
    pub fn find_stage(&self, id: &str) -> Option<StageIx> {
        self.stages.iter().position(|stage| stage.id.as_str() == id).map(StageIx::new)
    }

    /// Returns the index of the agent with this id.
    #[must_use]
    pub fn find_agent(&self, id: &str) -> Option<AgentIx> {
        self.agents.iter().position(|agent| agent.id.as_str() == id).map(AgentIx::new)
    }

    /// Returns the indices of the tasks of a stage, in order.
    pub fn tasks_of(&self, stage: StageIx) -> impl Iterator<Item = TaskIx> + '_ {
        (0..self.tasks.len()).map(TaskIx::new).filter(move |&ix| self.task(ix).stage == stage)
    }
}
