//! What is known of a run: the fold of its events, and nothing else.
//!
//! A [`RunState`] changes only in [`RunState::apply`]; everybody who wants to know the run (engine,
//! console, report, replay) folds the same events and so sees the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    agent_run::{AgentHealth, AgentRun, Breaker},
    alerts::Alert,
    command::{Actor, Waiver},
    event_types::{Gate, PauseMode, RunEnd},
    exit_request::ExitRequest,
    in_doubt::InDoubtEffect,
    late_start::LateStartOutcome,
    recovery::Recovery,
    retry_budget::RetryBudget,
    snapshot::Snapshot,
    stage_run::StageRun,
    task_brief::TaskBrief,
    task_run::TaskRun,
    task_state::TaskState,
    trading_state::{TradingState, TradingStatus},
    work_clock::WorkClock,
};
use planning::{
    plan::{AgentIx, DayPlan, Dependency, StageIx, TaskIx},
    time::Span,
    workflow::{DependencyKind, EffectClass, TaskPriority},
};

/// A closed gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedGate {
    /// What it stops.
    pub mode: PauseMode,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it opens by itself.
    pub until: Option<DateTime<Utc>>,
    /// Who closed it and why, in words.
    pub by: String,
}

/// The one operator whose acts beyond the brakes are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmedOperator {
    /// Who.
    pub by: Actor,
    /// Since when, in the run's time.
    pub since: DateTime<Utc>,
    /// What for, in their words.
    pub reason: String,
}

/// Where the run as a whole stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// Work goes on, or waits.
    Running,
    /// It ended well.
    Completed(RunEnd),
    /// It ended with required work not done.
    Failed(String),
    /// A person ended it.
    Cancelled,
}

/// Everything known of a run.
///
/// Written and read with serde: equal states give equal bytes, and what does not fit together is
/// refused. Fields that follow from the others are not written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Snapshot")]
#[expect(clippy::struct_excessive_bools, reason = "two facts that exclude nothing")]
pub struct RunState {
    pub(super) plan: Arc<DayPlan>,
    pub(super) last_seq: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) status: RunStatus,
    pub(super) cancelling: bool,
    pub(super) stages: Vec<StageRun>,
    pub(super) tasks: Vec<TaskRun>,
    /// For each task the number of the last event that changed it; 0: none has.
    pub(super) versions: Vec<u64>,
    #[serde(skip_serializing)]
    pub(super) briefs: Arc<[TaskBrief]>,
    /// How many tasks are tainted; mostly none is, and nobody need look.
    #[serde(skip_serializing)]
    pub(super) tainted: u32,
    pub(super) agents: Vec<AgentRun>,
    #[serde(serialize_with = "super::snapshot::serialize_gates")]
    pub(super) gates: BTreeMap<Gate, ClosedGate>,
    #[serde(skip_serializing)]
    pub(super) counts: [u32; 14],
    /// Tasks that hold a slot.
    #[serde(skip_serializing)]
    pub(super) slots_used: u32,
    /// Ids of accepted commands.
    pub(super) commands: BTreeSet<u64>,
    pub(super) recovery: Recovery,
    /// Effects in doubt: of every task that is `IN_DOUBT`, and of no other.
    #[serde(serialize_with = "super::snapshot::serialize_in_doubt")]
    pub(super) doubts: BTreeMap<TaskIx, InDoubtEffect>,
    /// When the run began.
    pub(super) began_at: DateTime<Utc>,
    /// How many things happened in the market.
    pub(super) market_events: u32,
    /// What a late start made of the tasks it was about.
    pub(super) late: BTreeMap<TaskIx, LateStartOutcome>,
    pub(super) armed: Option<ArmedOperator>,
    pub(super) trading: TradingStatus,
    /// The latest request to close positions.
    pub(super) exit_request: Option<ExitRequest>,
    pub(super) retries: RetryBudget,
    pub(super) alerts: BTreeMap<u64, Alert>,
    /// Alerts no longer remembered.
    pub(super) alerts_gone: u64,
    pub(super) work_clock: WorkClock,
    /// True once the run was given up after `workflow_timeout`.
    pub(super) timed_out: bool,
    /// Tasks that the clock of work counts.
    #[serde(skip_serializing)]
    pub(super) working_tasks: u32,
    /// How long the result is good for that is soonest too old; `None`: none ever is.
    #[serde(skip_serializing)]
    pub(super) shortest_validity: Option<Span>,
    /// Whether any task is on demand.
    #[serde(skip)]
    pub(super) has_on_demand: bool,
    /// `dependents[start[t]..start[t + 1]]` are the tasks that wait for `t`, and how.
    #[serde(skip_serializing)]
    pub(super) start: Arc<[u32]>,
    #[serde(skip_serializing)]
    pub(super) dependents: Arc<[(TaskIx, DependencyKind)]>,
}

impl RunState {
    /// The plan of the run.
    #[must_use]
    pub const fn plan(&self) -> &Arc<DayPlan> {
        &self.plan
    }

    /// Number of the last event folded in.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// When the last event happened.
    #[must_use]
    pub const fn last_event_at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Where the run as a whole stands.
    #[must_use]
    pub const fn status(&self) -> &RunStatus {
        &self.status
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.status != RunStatus::Running
    }

    /// When the run began, in its own time.
    #[must_use]
    pub const fn started_at(&self) -> DateTime<Utc> {
        self.began_at
    }

    /// How many things happened in the market so far.
    #[must_use]
    pub const fn market_events(&self) -> u32 {
        self.market_events
    }

    /// What is known of a task. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn task(&self, ix: TaskIx) -> &TaskRun {
        &self.tasks[ix.at()]
    }

    /// The number of the last event that changed a task; progress reports do not. 0: none has.
    #[must_use]
    pub fn task_version(&self, ix: TaskIx) -> u64 {
        self.versions[ix.at()]
    }

    /// The armed operator, if one is.
    #[must_use]
    pub const fn armed_operator(&self) -> Option<&ArmedOperator> {
        self.armed.as_ref()
    }

    /// The trading state, since when, on whose word and why.
    #[must_use]
    pub const fn trading_status(&self) -> &TradingStatus {
        &self.trading
    }

    /// All tasks with their places, in the order of the plan.
    #[must_use]
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = (TaskIx, &TaskRun)> {
        self.tasks.iter().enumerate().map(|(i, task)| (TaskIx::new(i), task))
    }

    /// What is known of a stage. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn stage(&self, ix: StageIx) -> &StageRun {
        &self.stages[ix.at()]
    }

    /// All stages with their places, in order.
    #[must_use]
    pub fn stages(&self) -> impl ExactSizeIterator<Item = (StageIx, &StageRun)> {
        self.stages.iter().enumerate().map(|(i, stage)| (StageIx::new(i), stage))
    }

    /// What is known of an agent. Places come from this run's plan, so it is there.
    #[must_use]
    pub fn agent(&self, ix: AgentIx) -> &AgentRun {
        &self.agents[ix.at()]
    }

    /// All agents with their places, in order of name.
    #[must_use]
    pub fn agents(&self) -> impl ExactSizeIterator<Item = (AgentIx, &AgentRun)> {
        self.agents.iter().enumerate().map(|(i, agent)| (AgentIx::new(i), agent))
    }

    /// How well an agent is.
    #[must_use]
    pub fn agent_health(&self, ix: AgentIx) -> AgentHealth {
        let agent = self.agent(ix);
        match agent.breaker {
            Breaker::Open { .. } => AgentHealth::BreakerOpen,
            Breaker::HalfOpen { .. } => AgentHealth::BreakerHalfOpen,
            Breaker::Closed if self.gates.contains_key(&Gate::Agent(ix)) => AgentHealth::Paused,
            Breaker::Closed if agent.unresponsive => AgentHealth::Unresponsive,
            Breaker::Closed if self.failed_lately(agent) => AgentHealth::Degraded,
            Breaker::Closed => AgentHealth::Healthy,
        }
    }

    /// Returns whether an agent failed inside the breaker's window before the last event.
    fn failed_lately(&self, agent: &AgentRun) -> bool {
        let horizon = self.last_event_at() - self.plan.limits.breaker_window.to_delta();
        agent.failures.back().is_some_and(|&at| at > horizon)
    }

    /// What is left of the automatic retries of the run as a whole.
    #[must_use]
    pub const fn retry_budget(&self) -> &RetryBudget {
        &self.retries
    }

    /// The closed gates.
    #[must_use]
    pub const fn closed_gates(&self) -> &BTreeMap<Gate, ClosedGate> {
        &self.gates
    }

    /// How many tasks are in each state, in the order of [`TaskState::ALL`].
    #[must_use]
    pub const fn state_counts(&self) -> &[u32; 14] {
        &self.counts
    }

    /// How many tasks are in a state.
    #[must_use]
    pub fn count_in_state(&self, state: TaskState) -> u32 {
        self.counts[state.index()]
    }

    /// Slots in use, of `planning::plan::Limits::max_concurrent_tasks` and the reserve for CRITICAL.
    #[must_use]
    pub const fn slots_used(&self) -> u32 {
        self.slots_used
    }

    /// Whether a command with this id was accepted before.
    #[must_use]
    pub fn has_command(&self, id: u64) -> bool {
        self.commands.contains(&id)
    }

    /// The tasks that wait for a task, and how.
    #[must_use]
    pub fn dependents(&self, ix: TaskIx) -> &[(TaskIx, DependencyKind)] {
        let bound = |i: usize| usize::try_from(self.start[i]).unwrap_or(usize::MAX);
        &self.dependents[bound(ix.at())..bound(ix.at() + 1)]
    }

    /// Returns the trading state if it keeps a task from starting: KILLED any task, HALTED a task
    /// that sends orders, but for an exit that an operator requested since.
    #[must_use]
    pub fn trading_block(&self, ix: TaskIx) -> Option<TradingState> {
        let state = self.trading.state;
        let blocks = match state {
            TradingState::Active | TradingState::ReduceOnly => false,
            TradingState::Halted => {
                self.task_brief(ix).effect == EffectClass::Effectful && !self.may_exit_halted(ix)
            }
            TradingState::Killed => true,
        };
        blocks.then_some(state)
    }

    /// Returns the closed gate that keeps a task from starting now, if any; CRITICAL tasks, and tasks
    /// that waive the pause, pass it.
    #[must_use]
    pub fn gate_before(&self, ix: TaskIx) -> Option<(Gate, &ClosedGate)> {
        if self.gates.is_empty() {
            return None;
        }
        let (task, run) = (self.plan.task(ix), self.task(ix));
        [Gate::Engine, Gate::Stage(task.stage), Gate::Agent(task.agent)].into_iter().find_map(
            |gate| {
                let closed = self.gates.get(&gate)?;
                let exempt = run.priority == TaskPriority::Critical
                    || run.has_waiver_for(Waiver::Pause(gate));
                (!exempt).then_some((gate, closed))
            },
        )
    }

    /// Whether a dependency's result has become too old to release anything at `at`: its age and
    /// how long it was good for.
    #[must_use]
    pub fn staleness(&self, dependency: Dependency, at: DateTime<Utc>) -> Option<(Span, Span)> {
        let valid_for = self.plan.task(dependency.on).valid_for?;
        let ended_at = self.task(dependency.on).ended_at?;
        let age = Span::between(&ended_at, &at);
        (dependency.hardness == DependencyKind::Hard && age > valid_for).then_some((age, valid_for))
    }

    /// The first dependency of a task that is stale at `at` and not waived.
    #[must_use]
    pub fn first_stale(&self, ix: TaskIx, at: DateTime<Utc>) -> Option<TaskIx> {
        self.shortest_validity?;
        let run = self.task(ix);
        self.plan
            .task(ix)
            .dependencies
            .iter()
            .find(|d| {
                self.staleness(**d, at).is_some() && !run.has_waiver_for(Waiver::Freshness(d.on))
            })
            .map(|d| d.on)
    }

    /// When a task may start as far as its window and its last attempt are concerned.
    #[must_use]
    pub fn not_before(&self, ix: TaskIx) -> DateTime<Utc> {
        let run = self.task(ix);
        let opens_at = self.task_brief(ix).opens_at;
        match run.next_at {
            Some(next_at) => next_at,
            None if run.has_waiver_for(Waiver::Window) => DateTime::<Utc>::MIN_UTC,
            None => opens_at,
        }
    }

    /// Returns whether a task is on demand and waits for an operator to ask for it.
    #[must_use]
    pub fn waits_for_demand(&self, ix: TaskIx) -> bool {
        let waits = matches!(self.task(ix).state, TaskState::Pending | TaskState::Held);
        waits && self.is_unasked(ix)
    }

    /// Returns whether a task is on demand and no operator has asked for it, whatever its state.
    pub(super) fn is_unasked(&self, ix: TaskIx) -> bool {
        self.task_brief(ix).on_demand && !self.task(ix).has_waiver_for(Waiver::OnDemand)
    }

    /// Whether a task asks a person and so holds no slot.
    #[must_use]
    pub fn is_human_task(&self, ix: TaskIx) -> bool {
        self.task_brief(ix).effect == EffectClass::Human
    }

    /// The plan's say on a task, in brief.
    pub(super) fn task_brief(&self, ix: TaskIx) -> &TaskBrief {
        &self.briefs[ix.at()]
    }
}
