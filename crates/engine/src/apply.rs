//! The only writer of a run's state: folds one event in, or refuses it whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    agent_run::AgentRun,
    event::Event,
    event_types::RecordedEvent,
    exit_request::ExitRequest,
    recovery::Recovery,
    retry_budget::RetryBudget,
    run_state::{ArmedOperator, ClosedGate, RunState, RunStatus},
    stage_run::{StageRun, StageStatus},
    task_brief::TaskBrief,
    task_run::TaskRun,
    task_state::TaskState,
    trading_state::{TradingState, TradingStatus},
    work_clock::WorkClock,
};
use planning::{
    plan::{DayPlan, TaskIx},
    workflow::DependencyKind,
};

/// Why an event cannot be folded in. The state is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IllegalEvent {
    /// Events are missing before it, or it came before.
    #[error("event {got} follows event {last}")]
    SequenceGap {
        /// The last event folded in.
        last: u64,
        /// The one offered.
        got: u64,
    },
    /// A run begins with `workflow_started`, and only once.
    #[error("event {seq}: a run begins with `workflow_started`, and only once")]
    Start {
        /// The event offered.
        seq: u64,
    },
    /// It names a task, stage or agent the plan does not have.
    #[error("event {seq} names something the plan does not have")]
    UnknownIndex {
        /// The event offered.
        seq: u64,
    },
    /// The state machine has no such edge.
    #[error("event {seq}: task `{task}` is {from}; {event} cannot follow")]
    Transition {
        /// The event offered.
        seq: u64,
        /// The task.
        task: String,
        /// Its state.
        from: TaskState,
        /// The event's name.
        event: &'static str,
    },
    /// The trading state does not go that way, or not on that word.
    #[error("event {seq}: trading is {state}; it cannot become {to} by this event")]
    Trading {
        /// The event offered.
        seq: u64,
        /// The trading state.
        state: TradingState,
        /// The one offered.
        to: TradingState,
    },
    /// The run has ended.
    #[error("event {seq}: the run has ended")]
    Ended {
        /// The event offered.
        seq: u64,
    },
}

impl RunState {
    /// Begins a run with its first event.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent::Start`] when the event is not `workflow_started` with number 1,
    /// `IllegalEvent::Place` when its plan names what it does not have.
    pub fn from_first_event(first: &RecordedEvent) -> Result<Self, IllegalEvent> {
        let seq = first.seq;
        let Event::WorkflowStarted { plan } = &first.event else {
            return Err(IllegalEvent::Start { seq });
        };
        if seq != 1 {
            return Err(IllegalEvent::Start { seq });
        }
        if super::snapshot::indices_are_valid(plan) {
            Ok(Self::new(plan, first.at))
        } else {
            Err(IllegalEvent::UnknownIndex { seq })
        }
    }

    /// As a run begins: no task has moved.
    pub(super) fn new(plan: &Arc<DayPlan>, at: DateTime<Utc>) -> Self {
        let mut stages = vec![StageRun::new(); plan.stages.len()];
        let mut briefs = Vec::with_capacity(plan.tasks.len());
        let mut tasks = Vec::with_capacity(plan.tasks.len());
        for task in &plan.tasks {
            stages[task.stage.at()].counts[TaskState::Pending.index()] += 1;
            briefs.push(TaskBrief::from_task(task));
            tasks.push(TaskRun::new(task, at));
        }
        let mut counts = [0; 14];
        counts[TaskState::Pending.index()] = u32::try_from(plan.tasks.len()).unwrap_or(u32::MAX);
        let (start, dependents) = reversed(plan);
        Self {
            plan: Arc::clone(plan),
            last_seq: 1,
            at,
            status: RunStatus::Running,
            cancelling: false,
            stages,
            versions: vec![0; tasks.len()],
            tasks,
            briefs: briefs.into(),
            tainted: 0,
            agents: vec![AgentRun::new(); plan.agents.len()],
            gates: BTreeMap::new(),
            counts,
            slots_used: 0,
            commands: BTreeSet::new(),
            recovery: Recovery::default(),
            doubts: BTreeMap::new(),
            began_at: at,
            market_events: 0,
            late: BTreeMap::new(),
            armed: None,
            trading: TradingStatus::new(at),
            exit_request: None,
            retries: RetryBudget::with_task_retries(
                plan.tasks.iter().map(|task| task.max_retries).max().unwrap_or(0),
            ),
            alerts: BTreeMap::new(),
            alerts_gone: 0,
            work_clock: WorkClock::default(),
            timed_out: false,
            working_tasks: 0,
            has_on_demand: plan.tasks.iter().any(|task| task.on_demand),
            shortest_validity: plan.tasks.iter().filter_map(|task| task.valid_for).min(),
            start: start.into(),
            dependents: dependents.into(),
        }
    }

    /// Folds one event in.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] when the event cannot follow; the state is then as it was.
    #[expect(clippy::too_many_lines, reason = "an arm for each kind of event")]
    pub fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), IllegalEvent> {
        let seq = recorded.seq;
        if seq != self.last_seq + 1 {
            return Err(IllegalEvent::SequenceGap { last: self.last_seq, got: seq });
        }
        self.check(recorded)?;
        self.last_seq = seq;
        let before = std::mem::replace(&mut self.at, recorded.at);
        self.record_alert(recorded);
        match &recorded.event {
            Event::WorkflowStarted { .. } => return Err(IllegalEvent::Start { seq }),
            Event::WorkflowCompleted { end } => self.status = RunStatus::Completed(*end),
            Event::WorkflowFailed { why } if self.timed_out => {
                self.end_open_stages();
                self.status = RunStatus::Failed(why.clone());
            }
            Event::WorkflowFailed { why } => self.status = RunStatus::Failed(why.clone()),
            Event::WorkflowCancelled => {
                self.end_open_stages();
                self.status = RunStatus::Cancelled;
            }
            Event::WorkflowTimedOut { .. } => self.timed_out = true,
            Event::StageStarted { .. }
            | Event::StageCompleted { .. }
            | Event::StageFailed { .. }
            | Event::StageMissed { .. }
            | Event::StageStuck { .. }
            | Event::StageMoving { .. }
            | Event::StageForced { .. } => self.apply_stage(recorded),
            Event::GateClosed { .. } | Event::GateOpened { .. } => self.apply_gate(recorded),
            Event::AgentError { .. }
            | Event::BreakerOpened { .. }
            | Event::BreakerHalfOpened { .. }
            | Event::BreakerClosed { .. } => self.apply_agent(recorded),
            Event::SystemAlert { code, .. } if code == RetryBudget::ALERT => {
                self.retries.record_alert();
            }
            Event::MarketEvent { .. } => self.market_events += 1,
            Event::RecoveryStarted { wall, .. } => {
                self.recovery.record_start(before, (recorded.at, *wall));
                // The time without a driver was no work.
                self.work_clock = WorkClock::default();
                // Whoever was armed was so in a session that ended with the program.
                self.armed = None;
            }
            Event::RecoveryCompleted => self.recovery.since = None,
            Event::SystemAlert { .. } | Event::LateResult { .. } | Event::CommandRefused { .. } => {
            }
            Event::CommandAccepted { .. }
            | Event::OperatorArmed { .. }
            | Event::OperatorDisarmed { .. }
            | Event::AlertAcknowledged { .. }
            | Event::TradingChanged { .. }
            | Event::ExitRequested { .. }
            | Event::OrdersCancelled { .. } => self.apply_person(recorded),
            Event::TaskQueued { task }
            | Event::TaskDequeued { task }
            | Event::TaskStarted { task, .. }
            | Event::TaskCompleted { task, .. }
            | Event::TaskRoundCompleted { task, .. }
            | Event::TaskRoundFailed { task, .. }
            | Event::TaskRetrying { task, .. }
            | Event::TaskFailed { task, .. }
            | Event::TaskTimedOut { task, .. }
            | Event::TaskInDoubt { task, .. }
            | Event::TaskCancelling { task }
            | Event::TaskCancelled { task, .. }
            | Event::TaskSkipped { task, .. }
            | Event::TaskRejected { task, .. }
            | Event::TaskUpstreamFailed { task, .. }
            | Event::TaskMissed { task }
            | Event::TaskCaughtUp { task }
            | Event::TaskExcused { task, .. }
            | Event::TaskHeld { task, .. }
            | Event::TaskReleased { task }
            | Event::TaskReset { task, .. }
            | Event::TaskForced { task, .. }
            | Event::TaskPriorityChanged { task, .. }
            | Event::TaskRecovered { task, .. }
            | Event::TaskProbeStarted { task, .. }
            | Event::TaskProbeCompleted { task, .. }
            | Event::TaskProgress { task, .. } => {
                if !matches!(recorded.event, Event::TaskProgress { .. }) {
                    self.versions[task.at()] = seq;
                }
                self.apply_task(*task, recorded);
            }
        }
        self.settle_work_clock();
        Ok(())
    }

    /// Finds out whether an event may follow, changing nothing.
    fn check(&self, recorded: &RecordedEvent) -> Result<(), IllegalEvent> {
        let seq = recorded.seq;
        let place =
            |there: bool| if there { Ok(()) } else { Err(IllegalEvent::UnknownIndex { seq }) };
        if self.has_ended()
            && !matches!(recorded.event, Event::CommandRefused { .. } | Event::LateResult { .. })
        {
            return Err(IllegalEvent::Ended { seq });
        }
        if let Some(stage) = recorded.event.stage() {
            place(stage.at() < self.stages.len())?;
        }
        if let Some(agent) = recorded.event.agent() {
            place(agent.at() < self.agents.len())?;
        }
        if let Event::AlertAcknowledged { alert, .. } = &recorded.event {
            place(self.alerts.contains_key(alert))?;
        }
        if let Event::TradingChanged { from, to, by, .. } = &recorded.event
            && (*from != self.trading.state || !self.trading.allows_change(*to, by))
        {
            let (state, to) = (self.trading.state, *to);
            return Err(IllegalEvent::Trading { seq, state, to });
        }
        let Some(task) = recorded.event.task() else { return Ok(()) };
        place(task.at() < self.tasks.len())?;
        if super::transitions::is_legal(self, task, &recorded.event) {
            return Ok(());
        }
        Err(IllegalEvent::Transition {
            seq,
            task: self.plan.task(task).id.to_string(),
            from: self.task(task).state,
            event: recorded.event.kind_name(),
        })
    }

    fn end_open_stages(&mut self) {
        for stage in self.stages.iter_mut().filter(|stage| !stage.status.has_ended()) {
            stage.status = StageStatus::Cancelled;
            stage.ended_at = Some(self.at);
        }
    }

    fn apply_stage(&mut self, recorded: &RecordedEvent) {
        let Some(ix) = recorded.event.stage() else { return };
        let stage = &mut self.stages[ix.at()];
        let mut end = |status| {
            stage.status = status;
            stage.ended_at = Some(recorded.at);
            stage.stuck_since = None;
        };
        match &recorded.event {
            Event::StageCompleted { issues: 0, .. } => end(StageStatus::Completed),
            Event::StageCompleted { .. } => end(StageStatus::CompletedWithIssues),
            Event::StageFailed { .. } => end(StageStatus::Failed),
            Event::StageMissed { .. } => end(StageStatus::Missed),
            Event::StageStuck { .. } => stage.stuck_since = Some(recorded.at),
            Event::StageMoving { .. } => stage.stuck_since = None,
            Event::StageForced { waivers, .. } => stage.waivers.extend(waivers),
            Event::StageStarted { .. } => {
                stage.status = StageStatus::Open;
                stage.started_at = stage.started_at.or(Some(recorded.at));
                stage.ended_at = None;
            }
            // `apply` sends nothing else here.
            events!(run, gate, agent, notice, recovery, operator)
            | events!(task_end, task_move, task_note, task_probe, task_priority) => {}
        }
    }

    fn apply_gate(&mut self, recorded: &RecordedEvent) {
        if let Event::GateClosed { gate, mode, until, by } = &recorded.event {
            let closed =
                ClosedGate { mode: *mode, since: recorded.at, until: *until, by: by.clone() };
            self.gates.insert(*gate, closed);
        } else if let Event::GateOpened { gate } = &recorded.event {
            self.gates.remove(gate);
        }
    }

    fn apply_person(&mut self, recorded: &RecordedEvent) {
        match &recorded.event {
            Event::CommandAccepted { id, command, .. } => {
                self.commands.insert(*id);
                self.cancelling |= matches!(**command, super::Command::CancelRun);
            }
            Event::OperatorArmed { by, reason, .. } => {
                let (by, reason) = (by.clone(), reason.clone());
                self.armed = Some(ArmedOperator { by, since: recorded.at, reason });
            }
            Event::OperatorDisarmed { .. } => self.armed = None,
            Event::AlertAcknowledged { alert, by, reason } => {
                self.acknowledge(*alert, by, reason.as_deref(), recorded.at);
            }
            Event::TradingChanged { to, by, why, .. } => {
                let (by, why) = (Some(by.clone()), why.clone());
                // Where less may be sent the desk tells anew what is left; where more may, nothing moved.
                let working = self.trading.working.filter(|_| *to < self.trading.state);
                self.trading = TradingStatus { state: *to, since: recorded.at, by, why, working };
            }
            Event::ExitRequested { task, symbol, by } => {
                let (task, symbol, by) = (*task, symbol.clone(), by.clone());
                self.exit_request = Some(ExitRequest { task, symbol, by, at: recorded.at });
            }
            Event::OrdersCancelled { working, .. } => self.trading.working = Some(*working),
            // `apply` sends nothing else here.
            events!(run, stage_end, stage_change, gate, agent, notice, recovery)
            | events!(task_end, task_move, task_note, task_probe, task_priority) => {}
        }
    }
}

/// The plan's dependencies the other way round, as one flat list with the start of each task's part.
fn reversed(plan: &DayPlan) -> (Vec<u32>, Vec<(TaskIx, DependencyKind)>) {
    let mut start = vec![0_u32; plan.tasks.len() + 1];
    for dependency in plan.tasks.iter().flat_map(|task| &task.dependencies) {
        start[dependency.on.at() + 1] += 1;
    }
    for i in 1..start.len() {
        start[i] += start[i - 1];
    }
    let mut next = start.clone();
    let total = usize::try_from(start[plan.tasks.len()]).unwrap_or(0);
    let mut flat = vec![(TaskIx(0), DependencyKind::Hard); total];
    for (i, task) in plan.tasks.iter().enumerate() {
        for dependency in &task.dependencies {
            let place = &mut next[dependency.on.at()];
            flat[usize::try_from(*place).unwrap_or(0)] = (TaskIx::new(i), dependency.hardness);
            *place += 1;
        }
    }
    (start, flat)
}
