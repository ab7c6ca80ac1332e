//! What is known of a run: the fold of its events, and nothing else.
//!
//! A [`RunState`] changes only in [`RunState::apply`]; everybody who wants to know the run (engine,
//! console, report, replay) folds the same events and so sees the same.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    answer::{Failure, Outcome},
    command::Waiver,
    event::{Clock, DayEnd, Gate, NoRetry, PauseMode, Provenance, SkipWhy},
};
use crate::{
    definition::{Effect, Hardness, TaskPriority},
    plan::{AgentIx, Dependency, Plan, StageIx, TaskIx},
    time::Span,
};

/// Where a task stands. The specification's seven, and seven more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Known; its window, a dependency or freshness is not satisfied.
    Pending,
    /// Everything is satisfied but a slot or an open gate.
    Queued,
    /// Exactly one attempt is alive.
    Running,
    /// The last attempt failed; another follows at a known moment. Holds no slot.
    Retrying,
    /// A person holds it back.
    Held,
    /// Asked to stop; the agent has not yet said so.
    Cancelling,
    /// Whether its effect happened is not known. Blocks dependants.
    InDoubt,
    /// Succeeded.
    Completed,
    /// Failed, and will not be tried again by the machine.
    Failed,
    /// Ended by a clock.
    Timeout,
    /// Stopped by a person, or with the run.
    Cancelled,
    /// Decided not to run.
    Skipped,
    /// Cannot run since something upstream ended badly. Lifts by itself.
    UpstreamFailed,
    /// Its window closed before it started.
    Missed,
}

impl TaskState {
    /// All fourteen.
    pub const ALL: [Self; 14] = [
        Self::Pending,
        Self::Queued,
        Self::Running,
        Self::Retrying,
        Self::Held,
        Self::Cancelling,
        Self::InDoubt,
        Self::Completed,
        Self::Failed,
        Self::Timeout,
        Self::Cancelled,
        Self::Skipped,
        Self::UpstreamFailed,
        Self::Missed,
    ];

    /// The word on screen and in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Retrying => "RETRYING",
            Self::Held => "HELD",
            Self::Cancelling => "CANCELLING",
            Self::InDoubt => "IN_DOUBT",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Timeout => "TIMEOUT",
            Self::Cancelled => "CANCELLED",
            Self::Skipped => "SKIPPED",
            Self::UpstreamFailed => "UPSTREAM_FAILED",
            Self::Missed => "MISSED",
        }
    }

    /// Whether nothing more happens unless a person, or a change upstream, makes it.
    #[must_use]
    pub const fn ended(self) -> bool {
        match self {
            Self::Completed
            | Self::Failed
            | Self::Timeout
            | Self::Cancelled
            | Self::Skipped
            | Self::UpstreamFailed
            | Self::Missed => true,
            Self::Pending
            | Self::Queued
            | Self::Running
            | Self::Retrying
            | Self::Held
            | Self::Cancelling
            | Self::InDoubt => false,
        }
    }

    /// Whether it ended otherwise than it should have.
    #[must_use]
    pub const fn bad(self) -> bool {
        match self {
            Self::Failed
            | Self::Timeout
            | Self::Cancelled
            | Self::UpstreamFailed
            | Self::Missed => true,
            Self::Pending
            | Self::Queued
            | Self::Running
            | Self::Retrying
            | Self::Held
            | Self::Cancelling
            | Self::InDoubt
            | Self::Completed
            | Self::Skipped => false,
        }
    }

    /// Whether an attempt is alive and, unless it asks a person, holds a slot.
    #[must_use]
    pub const fn active(self) -> bool {
        matches!(self, Self::Running | Self::Cancelling)
    }

    /// Its place in lists parallel to [`TaskState::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|&state| state == self).unwrap_or(0)
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How a task ended, with what its state alone does not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It succeeded.
    Completed(Provenance),
    /// It failed.
    Failed(Failure, NoRetry),
    /// A clock ended it.
    TimedOut(Clock),
    /// Its effect is in doubt.
    InDoubt(Failure),
    /// It was stopped; whether the agent said so.
    Cancelled {
        /// Whether the agent said that it stopped.
        confirmed: bool,
    },
    /// It was decided not to run.
    Skipped {
        /// Why.
        why: SkipWhy,
        /// Whether dependants may go on.
        satisfies: bool,
    },
    /// Something it needs ended badly.
    UpstreamFailed(TaskIx),
    /// Its window closed before it started.
    Missed,
}

/// One attempt that ended, for the inspector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Generation of the task, from 1.
    pub generation: u32,
    /// Number inside the generation, from 1.
    pub number: u32,
    /// When the agent was asked.
    pub started_at: DateTime<Utc>,
    /// When the attempt ended.
    pub ended_at: DateTime<Utc>,
    /// The state the task went to.
    pub ended_as: TaskState,
    /// What was said, in a line.
    pub said: String,
}

/// What is known of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRun {
    /// Where it stands.
    pub state: TaskState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it was begun anew after it had ended well, from 1.
    pub generation: u32,
    /// Attempts of this generation, the living one included.
    pub attempt: u32,
    /// The attempt after which the present budget of retries began; a person's retry moves it.
    pub budget_from: u32,
    /// Rounds of a monitoring loop that ended well or badly.
    pub rounds: u32,
    /// Bad rounds in a row.
    pub bad_rounds: u32,
    /// When the next attempt or round may start, once one has ended.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was first ready for a slot; kept over a lost place, for fairness.
    pub ready_at: Option<DateTime<Utc>>,
    /// When the last attempt started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// What it gave last.
    pub outcome: Option<Box<Outcome>>,
    /// Its priority now.
    pub priority: TaskPriority,
    /// Conditions a person set aside.
    pub waivers: Vec<Waiver>,
    /// Whether a waiver or a word of a person stands behind its inputs, however far up.
    pub tainted: bool,
    /// Who holds it and why, in words, while it is HELD.
    pub held_by: Option<String>,
    /// What an agent said of its progress: per cent and words.
    pub progress: Option<(u8, String)>,
    /// Ended attempts, oldest first, at most [`TaskRun::HISTORY_MAX`].
    pub history: VecDeque<Attempt>,
    /// Dependencies not yet decided.
    pub waiting: u32,
    /// Hard dependencies that ended without success.
    pub broken: u32,
}

impl TaskRun {
    /// Ended attempts remembered; older ones stand in the events only. A loop of one round a
    /// minute has some 400 a day.
    pub const HISTORY_MAX: usize = 64;

    /// Whether a person set this condition aside.
    #[must_use]
    pub fn waives(&self, waiver: Waiver) -> bool {
        self.waivers.contains(&waiver)
    }

    /// Attempts counted against the present budget of retries.
    #[must_use]
    pub const fn spent(&self) -> u32 {
        self.attempt.saturating_sub(self.budget_from)
    }
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StageStatus {
    /// Its window has not opened.
    Waiting,
    /// Its window is open, or some of its tasks have not ended.
    Open,
    /// All its tasks ended well.
    Completed,
    /// All its required tasks ended well; others did not.
    CompletedWithIssues,
    /// A required task was not done.
    Failed,
    /// Its window closed before any of its tasks started.
    Missed,
    /// The run was cancelled.
    Cancelled,
}

impl StageStatus {
    /// The word on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Open => "OPEN",
            Self::Completed => "COMPLETED",
            Self::CompletedWithIssues => "COMPLETED_WITH_ISSUES",
            Self::Failed => "FAILED",
            Self::Missed => "MISSED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether all its tasks have ended.
    #[must_use]
    pub const fn ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Open)
    }
}

/// What is known of one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageRun {
    /// Where it stands.
    pub status: StageStatus,
    /// When it opened.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when nothing can move without a person.
    pub stuck_since: Option<DateTime<Utc>>,
    /// What was waived to force it open.
    pub waivers: Vec<Waiver>,
    /// How many of its tasks are in each state, in the order of [`TaskState::ALL`].
    pub counts: [u32; 14],
}

/// Whether an agent's breaker lets work through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaker {
    /// All work.
    Closed,
    /// None until then.
    Open {
        /// When one task may probe.
        until: DateTime<Utc>,
    },
    /// One pure task, which probes.
    HalfOpen {
        /// The probing task, once it runs.
        probe: Option<TaskIx>,
    },
}

/// How well an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentHealth {
    /// Works.
    Healthy,
    /// Failed lately, still works.
    Degraded,
    /// Did not confirm a cancellation in time.
    Unresponsive,
    /// A person paused it.
    Paused,
    /// Gets no work: failed too often.
    BreakerOpen,
    /// Gets one task, to see whether it works again.
    BreakerHalfOpen,
}

impl AgentHealth {
    /// The word on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Healthy => "HEALTHY",
            Self::Degraded => "DEGRADED",
            Self::Unresponsive => "UNRESPONSIVE",
            Self::Paused => "PAUSED",
            Self::BreakerOpen => "BREAKER_OPEN",
            Self::BreakerHalfOpen => "BREAKER_HALF_OPEN",
        }
    }
}

/// What is known of one agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRun {
    /// Tasks it works on now, human ones not counted.
    pub running: u32,
    /// Attempts that ended well.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Whether its breaker lets work through.
    pub breaker: Breaker,
    /// Whether it left a cancellation unconfirmed and has not answered since.
    pub unresponsive: bool,
    /// When it failed lately, at most [`AgentRun::FAILURES_MAX`].
    pub failures: VecDeque<DateTime<Utc>>,
    /// What it said last when it failed, and when.
    pub last_error: Option<(DateTime<Utc>, String)>,
    /// How long its last attempts took, oldest first, at most [`AgentRun::TOOK_MAX`].
    pub took: VecDeque<Span>,
    /// When it last answered.
    pub last_answer: Option<DateTime<Utc>>,
}

impl AgentRun {
    /// Failures remembered for the breaker.
    pub const FAILURES_MAX: usize = 32;
    /// Durations remembered for the percentiles.
    pub const TOOK_MAX: usize = 64;

    /// The duration below which a share `q` (0 to 1) of the remembered attempts stayed.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<Span> {
        let mut sorted: Vec<_> = self.took.iter().copied().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        let rank = sorted.iter().enumerate().position(|(i, _)| {
            let i = u32::try_from(i).unwrap_or(u32::MAX);
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            f64::from(i) >= q * f64::from(last)
        });
        sorted.get(rank.unwrap_or(last)).copied()
    }
}

/// A closed gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// What it stops.
    pub mode: PauseMode,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it opens by itself.
    pub until: Option<DateTime<Utc>>,
    /// Who closed it and why, in words.
    pub by: String,
}

/// Where the run as a whole stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// Work goes on, or waits.
    Running,
    /// It ended well.
    Completed(DayEnd),
    /// It ended with required work not done.
    Failed(String),
    /// A person ended it.
    Cancelled,
}

/// Everything known of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunState {
    pub(super) plan: Arc<Plan>,
    pub(super) last_seq: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) status: RunStatus,
    pub(super) cancelling: bool,
    pub(super) stages: Vec<StageRun>,
    pub(super) tasks: Vec<TaskRun>,
    pub(super) agents: Vec<AgentRun>,
    pub(super) gates: BTreeMap<Gate, Closed>,
    pub(super) counts: [u32; 14],
    /// Tasks that hold a slot.
    pub(super) slots_used: u32,
    /// Ids of accepted commands.
    pub(super) commands: BTreeSet<u64>,
    /// When a task last started or ended.
    pub(super) progress_at: DateTime<Utc>,
    /// `dependents[start[t]..start[t + 1]]` are the tasks that wait for `t`, and how.
    pub(super) start: Arc<[u32]>,
    pub(super) dependents: Arc<[(TaskIx, Hardness)]>,
}

impl RunState {
    /// The plan of the run.
    #[must_use]
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Number of the last event folded in.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// When the last event happened.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Where the run as a whole stands.
    #[must_use]
    pub const fn status(&self) -> &RunStatus {
        &self.status
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.status != RunStatus::Running
    }

    /// What is known of a task. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn task(&self, ix: TaskIx) -> &TaskRun {
        &self.tasks[ix.at()]
    }

    /// All tasks with their places, in the order of the plan.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = (TaskIx, &TaskRun)> {
        self.tasks.iter().enumerate().map(|(i, task)| (TaskIx::new(i), task))
    }

    /// What is known of a stage. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn stage(&self, ix: StageIx) -> &StageRun {
        &self.stages[ix.at()]
    }

    /// All stages with their places, in order.
    pub fn stages(&self) -> impl ExactSizeIterator<Item = (StageIx, &StageRun)> {
        self.stages.iter().enumerate().map(|(i, stage)| (StageIx::new(i), stage))
    }

    /// What is known of an agent. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn agent(&self, ix: AgentIx) -> &AgentRun {
        &self.agents[ix.at()]
    }

    /// All agents with their places, in order of name.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = (AgentIx, &AgentRun)> {
        self.agents.iter().enumerate().map(|(i, agent)| (AgentIx::new(i), agent))
    }

    /// How well an agent is.
    #[must_use]
    pub fn health(&self, ix: AgentIx) -> AgentHealth {
        let agent = self.agent(ix);
        match agent.breaker {
            Breaker::Open { .. } => AgentHealth::BreakerOpen,
            Breaker::HalfOpen { .. } => AgentHealth::BreakerHalfOpen,
            Breaker::Closed if self.gates.contains_key(&Gate::Agent(ix)) => AgentHealth::Paused,
            Breaker::Closed if agent.unresponsive => AgentHealth::Unresponsive,
            Breaker::Closed if agent.failures.is_empty() => AgentHealth::Healthy,
            Breaker::Closed => AgentHealth::Degraded,
        }
    }

    /// The closed gates.
    #[must_use]
    pub const fn gates(&self) -> &BTreeMap<Gate, Closed> {
        &self.gates
    }

    /// How many tasks are in each state, in the order of [`TaskState::ALL`].
    #[must_use]
    pub const fn counts(&self) -> &[u32; 14] {
        &self.counts
    }

    /// How many tasks are in a state.
    #[must_use]
    pub fn count(&self, state: TaskState) -> u32 {
        self.counts[state.place()]
    }

    /// Slots in use, of [`crate::plan::Limits::max_concurrent_tasks`] and the reserve for CRITICAL.
    #[must_use]
    pub const fn slots_used(&self) -> u32 {
        self.slots_used
    }

    /// Whether a command with this id was accepted before.
    #[must_use]
    pub fn knows_command(&self, id: u64) -> bool {
        self.commands.contains(&id)
    }

    /// The tasks that wait for a task, and how.
    #[must_use]
    pub fn dependents(&self, ix: TaskIx) -> &[(TaskIx, Hardness)] {
        let bound = |i: usize| usize::try_from(self.start[i]).unwrap_or(usize::MAX);
        &self.dependents[bound(ix.at())..bound(ix.at() + 1)]
    }

    /// Whether the kill switch is thrown.
    #[must_use]
    pub fn halted(&self) -> bool {
        self.gates.get(&Gate::Engine).is_some_and(|closed| closed.mode == PauseMode::Halt)
    }

    /// The closed gate that keeps a task from starting now, if any. What the task waives does not.
    #[must_use]
    pub fn gate_before(&self, ix: TaskIx) -> Option<(Gate, &Closed)> {
        if self.gates.is_empty() {
            return None;
        }
        let (task, run) = (self.plan.task(ix), self.task(ix));
        [Gate::Engine, Gate::Stage(task.stage), Gate::Agent(task.agent)].into_iter().find_map(
            |gate| {
                let closed = self.gates.get(&gate)?;
                let halt = closed.mode == PauseMode::Halt;
                let exempt =
                    run.priority == TaskPriority::Critical || run.waives(Waiver::Gate(gate));
                (halt || !exempt).then_some((gate, closed))
            },
        )
    }

    /// Whether a dependency's result has become too old to release anything at `at`: its age and
    /// how long it was good for.
    #[must_use]
    pub fn stale(&self, dependency: Dependency, at: DateTime<Utc>) -> Option<(Span, Span)> {
        let valid_for = self.plan.task(dependency.on).valid_for?;
        let ended_at = self.task(dependency.on).ended_at?;
        let age = Span::between(&ended_at, &at);
        (dependency.hardness == Hardness::Hard && age > valid_for).then_some((age, valid_for))
    }

    /// The first dependency of a task that is stale at `at` and not waived.
    #[must_use]
    pub fn first_stale(&self, ix: TaskIx, at: DateTime<Utc>) -> Option<TaskIx> {
        let run = self.task(ix);
        self.plan
            .task(ix)
            .dependencies
            .iter()
            .find(|d| self.stale(**d, at).is_some() && !run.waives(Waiver::Freshness(d.on)))
            .map(|d| d.on)
    }

    /// When a task may start as far as its window and its last attempt are concerned.
    #[must_use]
    pub fn not_before(&self, ix: TaskIx) -> DateTime<Utc> {
        let run = self.task(ix);
        let opens_at = self.plan.task(ix).opens_at;
        match run.next_at {
            Some(next_at) => next_at,
            None if run.waives(Waiver::Window) => DateTime::<Utc>::MIN_UTC,
            None => opens_at,
        }
    }

    /// Whether a task asks a person and so holds no slot.
    #[must_use]
    pub fn human(&self, ix: TaskIx) -> bool {
        self.plan.task(ix).effect == Effect::Human
    }
}
