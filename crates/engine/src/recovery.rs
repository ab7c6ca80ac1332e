//! Taking a run up again after its program ended: what was last known of each task, and what is
//! decided about it before anything is started.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    event::Event,
    event_types::NoRetryReason,
    in_doubt::ProbeFinding,
    outcome::{Failure, FailureKind},
    run_state::RunState,
    task_state::TaskState,
};
use planning::{plan::TaskIx, workflow::EffectClass};

/// How often a run was taken up, and whether it is being taken up now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// How often it was taken up.
    pub times: u32,
    /// The run's time since which nothing is started, while what to do is being decided.
    pub since: Option<DateTime<Utc>>,
    /// The run's time of the last event before it was last taken up.
    pub left_at: Option<DateTime<Utc>>,
    /// When it was last taken up, on the wall's clock, oldest first.
    recent: Vec<DateTime<Utc>>,
}

impl Recovery {
    /// Recoveries within so long count for the crash loop.
    pub const LOOP_MINUTES: i64 = 10;
    /// Moments remembered: no limit is above this.
    const RECENT_MAX: usize = 16;

    /// How many recoveries there were in the last minutes before `wall`, that moment's included.
    #[must_use]
    pub fn recent_count(&self, wall: DateTime<Utc>) -> usize {
        let horizon = wall - TimeDelta::minutes(Self::LOOP_MINUTES);
        self.recent.iter().filter(|moment| **moment > horizon).count()
    }

    /// When it was last taken up, on the wall's clock.
    #[must_use]
    pub fn last_started_at(&self) -> Option<DateTime<Utc>> {
        self.recent.last().copied()
    }

    /// Notes that a run that was `left` is taken up at `at`.
    pub(super) fn record_start(
        &mut self,
        left: DateTime<Utc>,
        (at, wall): (DateTime<Utc>, DateTime<Utc>),
    ) {
        self.times += 1;
        (self.since, self.left_at) = (Some(at), Some(left));
        if self.recent.len() >= Self::RECENT_MAX {
            self.recent.remove(0);
        }
        self.recent.push(wall);
    }
}

/// What is decided about a task of a run that is taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryDecision {
    /// It stands as it stood: it waits, is held, is in doubt, or has ended.
    Unchanged,
    /// It waited for a slot; whether it still may start is looked at anew.
    CheckStartAgain,
    /// The person is asked again.
    AskAgain,
    /// The same attempt is begun again: in a simulated day no time has passed.
    Continue {
        /// Which recovery of this attempt it is, from 1.
        recovery: u32,
    },
    /// Another attempt follows, under the same key, and costs none of the task's retries.
    Retry {
        /// Which recovery in a row it is, from 1.
        recovery: u32,
    },
    /// It was lost too often in a row; it fails.
    Fail,
    /// Its effect may have happened: it is `IN_DOUBT`, and the outside is asked.
    MarkInDoubt,
    /// It was being stopped and nobody confirms it; it did nothing that lasts.
    Cancel,
}

/// What is decided about a task. Reads nothing but the state.
#[must_use]
pub fn recovery_decision(state: &RunState, task: TaskIx) -> RecoveryDecision {
    let (run, effect) = (state.task(task), state.task_brief(task).effect);
    match (run.state, effect) {
        (TaskState::Queued, _) => RecoveryDecision::CheckStartAgain,
        (TaskState::Running, EffectClass::Human) => RecoveryDecision::AskAgain,
        (TaskState::Running | TaskState::Cancelling, EffectClass::Effectful) => {
            RecoveryDecision::MarkInDoubt
        }
        (
            TaskState::Cancelling,
            EffectClass::Pure | EffectClass::Idempotent | EffectClass::Human,
        ) => RecoveryDecision::Cancel,
        (TaskState::Running, EffectClass::Pure | EffectClass::Idempotent) => {
            let recovery = run.recoveries + 1;
            if recovery > state.plan().limits.recovery_attempts {
                RecoveryDecision::Fail
            } else if state.plan().mode.has_virtual_clock() {
                RecoveryDecision::Continue { recovery }
            } else {
                RecoveryDecision::Retry { recovery }
            }
        }
        (
            TaskState::Pending
            | TaskState::Retrying
            | TaskState::Held
            | TaskState::InDoubt
            | TaskState::Completed
            | TaskState::Failed
            | TaskState::Timeout
            | TaskState::Cancelled
            | TaskState::Skipped
            | TaskState::UpstreamFailed
            | TaskState::Missed,
            _,
        ) => RecoveryDecision::Unchanged,
    }
}

/// The events that do what is decided about every task, in the order of the plan.
pub(super) fn decision_events(state: &RunState, at: DateTime<Utc>) -> Vec<Event> {
    let mut events: Vec<Event> =
        state.tasks().filter_map(|(task, _)| event(state, at, task)).collect();
    let unheard = state.in_doubt().iter().filter(|(_, doubt)| doubt.asking);
    events.extend(unheard.map(|(&task, doubt)| Event::TaskProbeCompleted {
        task,
        probe: doubt.probes,
        probed: ProbeFinding::Unknown,
        evidence: "the program ended before an answer came".into(),
        next_at: Some(at),
    }));
    events
}

fn event(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Option<Event> {
    let attempt = state.task(task).attempt;
    let lost = || Failure::new(FailureKind::Crash, "the program ended while it was at work");
    match recovery_decision(state, task) {
        RecoveryDecision::Unchanged => None,
        RecoveryDecision::CheckStartAgain => Some(Event::TaskDequeued { task }),
        RecoveryDecision::AskAgain => {
            Some(Event::TaskRecovered { task, attempt, recovery: 0, again_at: None })
        }
        RecoveryDecision::Continue { recovery } => {
            Some(Event::TaskRecovered { task, attempt, recovery, again_at: None })
        }
        RecoveryDecision::Retry { recovery } => {
            Some(Event::TaskRecovered { task, attempt, recovery, again_at: Some(at) })
        }
        RecoveryDecision::Fail => {
            let failure = Box::new(lost());
            Some(Event::TaskFailed { task, failure, why: NoRetryReason::RecoveryExhausted })
        }
        RecoveryDecision::MarkInDoubt => {
            let failure = if state.task(task).state == TaskState::Cancelling {
                let said = "the program ended while it was being stopped";
                Failure::new(FailureKind::Cancelled, said)
            } else {
                lost()
            };
            Some(Event::TaskInDoubt { task, failure: Box::new(failure) })
        }
        RecoveryDecision::Cancel => Some(Event::TaskCancelled { task, confirmed: false }),
    }
}

impl RunState {
    /// How often the run was taken up, and whether it is being taken up now.
    #[must_use]
    pub const fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Whether it was taken up so often before `wall` that only a person may let it go on.
    #[must_use]
    pub fn crash_looping(&self, wall: DateTime<Utc>) -> bool {
        let limit = usize::try_from(self.plan.limits.crash_loop).unwrap_or(usize::MAX);
        limit > 0 && self.recovery.recent_count(wall) >= limit
    }

    /// Whether the run is being taken up: nothing is started until somebody says `recover`.
    #[must_use]
    pub const fn is_recovering(&self) -> bool {
        self.recovery.since.is_some()
    }
}
