//! What the laws look at: a run's state spread out in plain fields, so that a test can falsify one.

#![expect(clippy::match_same_arms, reason = "each arm says why")]

use std::collections::{BTreeMap, BTreeSet};

use bellwether::{
    engine::{
        Actor, Breaker, ClosedGate, Event, Gate, NoRetryReason, RecordedEvent, ResetCause,
        RunState, TaskRun, TaskState, TradingState,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        workflow::{EffectClass, TaskPriority},
    },
};
use chrono::{DateTime, Utc};

/// A run at one moment.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Picture {
    pub(crate) at: DateTime<Utc>,
    pub(crate) ended: bool,
    /// Whether it is being taken up, and nothing is decided.
    pub(crate) recovering: bool,
    pub(crate) slots_used: u32,
    pub(crate) counts: [u32; 14],
    pub(crate) stages: Vec<[u32; 14]>,
    pub(crate) tasks: Vec<TaskRun>,
    /// What each agent works on, and its breaker.
    pub(crate) agents: Vec<(u32, Breaker)>,
    pub(crate) gates: BTreeMap<Gate, ClosedGate>,
    /// The trading state.
    pub(crate) trading: TradingState,
}

impl Picture {
    pub(crate) fn of(run: &RunState) -> Self {
        Self {
            at: run.last_event_at(),
            ended: run.has_ended(),
            recovering: run.is_recovering(),
            slots_used: run.slots_used(),
            counts: *run.state_counts(),
            stages: run.stages().map(|(_, stage)| stage.counts).collect(),
            tasks: run.tasks().map(|(_, task)| task.clone()).collect(),
            agents: run.agents().map(|(_, agent)| (agent.running, agent.breaker)).collect(),
            gates: run.closed_gates().clone(),
            trading: run.trading_status().state,
        }
    }

    pub(crate) fn task(&self, ix: TaskIx) -> &TaskRun {
        &self.tasks[ix.at()]
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = (TaskIx, &TaskRun)> {
        self.tasks.iter().enumerate().map(|(i, task)| (TaskIx::new(i), task))
    }

    /// Whether a closed gate or the trading state keeps a task from starting.
    pub(crate) fn stopped(&self, plan: &DayPlan, ix: TaskIx) -> bool {
        let (planned, run) = (plan.task(ix), self.task(ix));
        [Gate::Engine, Gate::Stage(planned.stage), Gate::Agent(planned.agent)].iter().any(|gate| {
            let exempt = run.priority == TaskPriority::Critical
                || run.has_waiver_for(engine::Waiver::Pause(*gate));
            self.gates.contains_key(gate) && !exempt
        }) || match self.trading {
            TradingState::Active | TradingState::ReduceOnly => false,
            TradingState::Halted => planned.effect == EffectClass::Effectful,
            TradingState::Killed => true,
        }
    }
}

/// What has happened up to a moment, as far as no picture shows it.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Past {
    /// Ids of commands that were taken.
    pub(crate) commands: BTreeSet<u64>,
    /// Effectful tasks of which an attempt began and nothing proved since that it did nothing.
    pub(crate) begun: BTreeSet<TaskIx>,
    /// Whether somebody, or a policy for them, acted in the step of this event, before it.
    pub(crate) acted: bool,
    /// Whether a person acted at any time.
    pub(crate) meddled: bool,
    /// When the run last went on after it had been taken up.
    pub(crate) back_at: Option<DateTime<Utc>>,
}

impl Past {
    /// Notes an event that led from `before` to what is now.
    pub(crate) fn note(&mut self, plan: &DayPlan, before: &Picture, recorded: &RecordedEvent) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest proves and begins nothing")]
        match &recorded.event {
            Event::CommandAccepted { id, by, .. } => {
                self.commands.insert(*id);
                self.acted = true;
                self.meddled |= matches!(by, Actor::Operator(_));
            }
            Event::RecoveryCompleted => self.back_at = Some(recorded.at),
            Event::TaskStarted { task, .. }
                if plan.task(*task).effect == EffectClass::Effectful =>
            {
                self.begun.insert(*task);
            }
            Event::TaskCompleted { task, .. }
            | Event::TaskReset {
                task,
                cause:
                    ResetCause::OperatorResolved
                    | ResetCause::ProbeFoundNothing
                    | ResetCause::FoundUnfinished,
            } => {
                self.begun.remove(task);
            }
            // An agent's own word that it did nothing; a person's is none.
            Event::TaskFailed { task, .. } if before.task(*task).state == TaskState::Running => {
                self.begun.remove(task);
            }
            // The outside knows nothing of it.
            Event::TaskFailed { task, why: NoRetryReason::AttemptsExhausted, .. } => {
                self.begun.remove(task);
            }
            _ => {}
        }
    }
}

/// One event, with what was before and after it.
pub(crate) struct Moment<'a> {
    pub(crate) plan: &'a DayPlan,
    pub(crate) before: &'a Picture,
    pub(crate) recorded: &'a RecordedEvent,
    pub(crate) after: &'a Picture,
    /// Before the event.
    pub(crate) past: &'a Past,
    /// Whether the step ends with it, and everything that follows by itself has followed.
    pub(crate) settled: bool,
}
