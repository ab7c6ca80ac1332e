//! A run's state as text and back: what the plan and the tasks say by themselves is counted anew.
//!
//! Equal states give equal bytes. A snapshot that contradicts its plan or itself is refused: the
//! rest of the engine relies on places that exist and counts that add up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serializer};

use super::{
    agent_run::{AgentRun, Breaker},
    alerts::Alert,
    command::Waiver,
    dependency_status::{DependencyStatus, dependency_status},
    event_types::Gate,
    exit_request::ExitRequest,
    in_doubt::InDoubtEffect,
    late_start::{ExcuseReason, LateStartOutcome},
    recovery::Recovery,
    retry_budget::RetryBudget,
    run_state::{ArmedOperator, ClosedGate, RunState, RunStatus},
    stage_run::StageRun,
    task_run::{TaskEnding, TaskRun},
    task_state::TaskState,
    trading_state::TradingStatus,
    work_clock::{WorkClock, is_work},
};
use planning::{
    plan::{AgentIx, DayPlan, StageIx, TaskIx},
    workflow::EffectClass,
};

/// What a [`RunState`] is written as; the rest of it follows from this.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "two facts that exclude nothing")]
pub(super) struct Snapshot {
    plan: Arc<DayPlan>,
    last_seq: u64,
    at: DateTime<Utc>,
    status: RunStatus,
    cancelling: bool,
    stages: Vec<StageRun>,
    tasks: Vec<TaskRun>,
    versions: Vec<u64>,
    agents: Vec<AgentRun>,
    gates: Vec<(Gate, ClosedGate)>,
    commands: BTreeSet<u64>,
    recovery: Recovery,
    doubts: Vec<(TaskIx, InDoubtEffect)>,
    began_at: DateTime<Utc>,
    market_events: u32,
    #[serde(default)]
    late: BTreeMap<TaskIx, LateStartOutcome>,
    armed: Option<ArmedOperator>,
    trading: TradingStatus,
    #[serde(default)]
    exit_request: Option<ExitRequest>,
    alerts: BTreeMap<u64, Alert>,
    retries: RetryBudget,
    alerts_gone: u64,
    /// Of earlier versions; the clock of work replaces it.
    #[serde(default, rename = "progress_at")]
    _progress_at: Option<DateTime<Utc>>,
    #[serde(default)]
    work_clock: WorkClock,
    #[serde(default)]
    timed_out: bool,
}

/// Why a snapshot is no state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SnapshotError {
    #[error("the plan names a task, stage or agent it does not have")]
    Plan,
    #[error("the lists of tasks, stages or agents are not as long as the plan's")]
    Length,
    #[error("it names a task, stage or agent the plan does not have")]
    UnknownIndex,
    #[error("a gate is closed twice")]
    Gate,
    #[error("what is in doubt is not what the tasks say")]
    Doubt,
    #[error("something happened after the last event")]
    Number,
    #[error("the counts are not those of the tasks")]
    Count,
}

impl TryFrom<Snapshot> for RunState {
    type Error = SnapshotError;

    fn try_from(snapshot: Snapshot) -> Result<Self, SnapshotError> {
        let require = |holds: bool, misfit| if holds { Ok(()) } else { Err(misfit) };
        let plan = Arc::clone(&snapshot.plan);
        require(indices_are_valid(&plan), SnapshotError::Plan)?;
        let fits = snapshot.stages.len() == plan.stages.len()
            && snapshot.agents.len() == plan.agents.len()
            && snapshot.tasks.len() == plan.tasks.len()
            && snapshot.versions.len() == plan.tasks.len();
        require(fits, SnapshotError::Length)?;
        require(snapshot.places_exist(), SnapshotError::UnknownIndex)?;
        require(snapshot.numbers_have_happened(), SnapshotError::Number)?;
        let (gates_told, at) = (snapshot.gates.len(), snapshot.at);
        let mut state = Self {
            last_seq: snapshot.last_seq,
            status: snapshot.status,
            cancelling: snapshot.cancelling,
            stages: snapshot.stages,
            tasks: snapshot.tasks,
            versions: snapshot.versions,
            agents: snapshot.agents,
            gates: snapshot.gates.into_iter().collect(),
            commands: snapshot.commands,
            recovery: snapshot.recovery,
            doubts: snapshot.doubts.into_iter().collect(),
            began_at: snapshot.began_at,
            market_events: snapshot.market_events,
            late: snapshot.late,
            armed: snapshot.armed,
            trading: snapshot.trading,
            exit_request: snapshot.exit_request,
            alerts: snapshot.alerts,
            retries: snapshot.retries,
            alerts_gone: snapshot.alerts_gone,
            work_clock: snapshot.work_clock,
            timed_out: snapshot.timed_out,
            ..Self::new(&plan, at)
        };
        require(state.gates.len() == gates_told, SnapshotError::Gate)?;
        require(state.doubtful(), SnapshotError::Doubt)?;
        require(state.recount(), SnapshotError::Count)?;
        Ok(state)
    }
}

impl Snapshot {
    fn places_exist(&self) -> bool {
        let task = |ix: TaskIx| ix.at() < self.tasks.len();
        let stage = |ix: StageIx| ix.at() < self.stages.len();
        let agent = |ix: AgentIx| ix.at() < self.agents.len();
        let gate = |gate: Gate| match gate {
            Gate::Engine => true,
            Gate::Stage(ix) => stage(ix),
            Gate::Agent(ix) => agent(ix),
        };
        let waiver = |waiver: &Waiver| match *waiver {
            Waiver::Dependency(ix) | Waiver::Freshness(ix) => task(ix),
            Waiver::Pause(closed) => gate(closed),
            Waiver::Window
            | Waiver::Breaker
            | Waiver::Condition
            | Waiver::Hold
            | Waiver::Attempts
            | Waiver::OnDemand => true,
        };
        let ended = |ending: &Option<TaskEnding>| match ending {
            Some(TaskEnding::UpstreamFailed(culprit)) => task(*culprit),
            Some(
                TaskEnding::Completed(_)
                | TaskEnding::Failed(..)
                | TaskEnding::TimedOut(_)
                | TaskEnding::InDoubt(_)
                | TaskEnding::Cancelled { .. }
                | TaskEnding::Skipped { .. }
                | TaskEnding::Rejected(_)
                | TaskEnding::Missed,
            )
            | None => true,
        };
        let probed = |breaker: Breaker| match breaker {
            Breaker::HalfOpen { probe } => probe.is_none_or(task),
            Breaker::Closed | Breaker::Open { .. } => true,
        };
        let late = |(ix, lateness): (&TaskIx, &LateStartOutcome)| match lateness {
            LateStartOutcome::Excused(ExcuseReason::Upstream(on)) => task(*ix) && task(*on),
            LateStartOutcome::Excused(_) | LateStartOutcome::CaughtUp => task(*ix),
        };
        self.exit_request.as_ref().is_none_or(|request| task(request.task))
            && self.late.iter().all(late)
            && self.gates.iter().all(|(closed, _)| gate(*closed))
            && self.stages.iter().flat_map(|run| &run.waivers).all(waiver)
            && self.tasks.iter().all(|run| run.waivers.iter().all(waiver) && ended(&run.ending))
            && self.agents.iter().all(|run| probed(run.breaker))
            && self.alerts.values().all(|alert| {
                alert.task.is_none_or(task)
                    && alert.stage.is_none_or(stage)
                    && alert.agent.is_none_or(agent)
            })
    }

    /// Whether nothing bears the number of an event that is yet to come.
    fn numbers_have_happened(&self) -> bool {
        let known = 1..=self.last_seq;
        known.contains(&1)
            && self.versions.iter().all(|version| *version <= self.last_seq)
            && self.alerts.keys().all(|seq| known.contains(seq))
    }
}

impl RunState {
    /// Counts what the tasks say: how many are in each state, hold a slot, are tainted. Says
    /// whether the stages, the agents and the tasks had counted the same.
    fn recount(&mut self) -> bool {
        let mut stages = vec![[0; 14]; self.stages.len()];
        let mut running = vec![0; self.agents.len()];
        self.counts = [0; 14];
        for (brief, task) in self.briefs.iter().zip(&self.tasks) {
            self.counts[task.state.index()] += 1;
            stages[brief.stage.at()][task.state.index()] += 1;
            if task.state.is_active() && brief.effect != EffectClass::Human {
                running[brief.agent.at()] += 1;
            }
            self.tainted += u32::from(task.tainted);
            self.working_tasks += u32::from(brief.is_work && is_work(task.state));
        }
        self.slots_used = running.iter().sum();
        self.stages.iter().map(|run| &run.counts).eq(&stages)
            && self.agents.iter().map(|run| &run.running).eq(&running)
            && self.tasks().all(|(ix, run)| self.open_dependencies(ix) == (run.waiting, run.broken))
    }

    /// Whether exactly the tasks `IN_DOUBT` have a doubt to them.
    fn doubtful(&self) -> bool {
        let said = self.tasks().filter(|(_, run)| run.state == TaskState::InDoubt);
        said.map(|(ix, _)| ix).eq(self.doubts.keys().copied())
    }

    /// How many dependencies of a task may still go either way, and how many went wrong.
    fn open_dependencies(&self, ix: TaskIx) -> (u32, u32) {
        let run = self.task(ix);
        let binding = self.plan.task(ix).dependencies.iter();
        let binding = binding.filter(|d| !run.has_waiver_for(Waiver::Dependency(d.on)));
        binding.fold((0, 0), |(waiting, broken), d| {
            match dependency_status(self.task(d.on), d.hardness) {
                DependencyStatus::Unmet => (waiting + 1, broken),
                DependencyStatus::Impossible => (waiting, broken + 1),
                DependencyStatus::Satisfied => (waiting, broken),
            }
        })
    }
}

/// Whether every place a plan names is one of its own.
pub(super) fn indices_are_valid(plan: &DayPlan) -> bool {
    let task = |ix: TaskIx| ix.at() < plan.tasks.len();
    plan.tasks.iter().all(|planned| {
        planned.stage.at() < plan.stages.len()
            && planned.agent.at() < plan.agents.len()
            && planned.dependencies.iter().all(|d| task(d.on))
            && planned.when.as_ref().is_none_or(|(asked, _)| task(*asked))
    })
}

/// Writes closed gates as a list of pairs: JSON has text for keys, and a gate is none.
pub(super) fn serialize_gates<S: Serializer>(
    gates: &BTreeMap<Gate, ClosedGate>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(gates)
}

/// Writes effects in doubt as a list of pairs, as the gates are.
pub(super) fn serialize_in_doubt<S: Serializer>(
    doubts: &BTreeMap<TaskIx, InDoubtEffect>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(doubts)
}
