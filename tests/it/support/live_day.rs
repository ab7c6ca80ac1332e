//! A live day with two failed tasks, and what is said to its driver.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use std::sync::Arc;

use bellwether::{
    engine::{
        AttemptOutcome, Command, Failure, FailureKind, RetryScope, RunState, TaskResult, TaskState,
        TradingState,
        control::{
            Authority, Commit, CommitDenied, CommitError, GuardLevel, Preview, SessionOpening,
        },
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest},
    },
    planning::{
        id::TaskType,
        plan::{DayPlan, RunMode, TaskIx},
        time::Span,
        workflow::EffectClass,
    },
    runtime::{
        Attendance, AutoApprover, ClockPace, DriveError, Driver, DriverConfig, EventBus,
        OperatorSession, RunClock, RunHandle, Subscription, SubscriptionItem,
    },
};
use chrono::TimeDelta;
use tokio::task::JoinHandle;

use super::plans;

/// Fails `fails` at once, is done with anything else after half an hour.
struct Worker;

impl Agent for Worker {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        let failure = Failure::new(FailureKind::BadInput, "no");
        let answer = if request.task_type.as_str() == "fails" {
            AttemptOutcome::Failed(failure)
        } else {
            AttemptOutcome::Completed(TaskResult::without_data("done"))
        };
        let took = if request.task_type.as_str() == "fails" { 0 } else { 1_800 };
        Box::pin(async move { AttemptReply { answer, took: Some(Span::secs(took)) } })
    }

    fn stop(
        &self,
        _request: &AttemptRequest,
        _at: chrono::DateTime<chrono::Utc>,
    ) -> AttemptOutcome {
        AttemptOutcome::Stopped
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work", "fails"]
    }
}

/// A day under way with the state as events tell it.
pub struct Under {
    pub handle: RunHandle,
    pub watcher: Subscription,
    pub run: RunState,
    driving: JoinHandle<Result<RunState, DriveError>>,
}

/// Tasks 0 and 1 fail at once, the first of them pure, the other effectful; task 2 waits for both.
fn plan(mode: RunMode) -> DayPlan {
    let mut plan = plans::empty(1, 1);
    plan.mode = mode;
    plan.open = plans::morning();
    for effect in [EffectClass::Pure, EffectClass::Effectful, EffectClass::Pure] {
        let mut task = plans::task(&plan, 0, 0);
        task.effect = effect;
        task.max_retries = 0;
        task.timeout = Span::mins(60);
        task.task_type = TaskType::parse("fails").unwrap();
        plan.tasks.push(task);
    }
    plan.tasks[2].dependencies = vec![plans::hard(0), plans::hard(1)];
    plan.tasks[2].task_type = TaskType::parse("work").unwrap();
    plan
}

pub async fn under_way(mode: RunMode, guards: GuardLevel) -> Under {
    let plan = plan(mode);
    let mut roster = AgentRegistry::new();
    roster.insert(plan.agents[0].id.clone(), Arc::new(Worker));
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    let (driver, handle) = Driver::new(DriverConfig {
        plan: Arc::new(plan),
        roster,
        clock: RunClock::starting(plans::morning() + TimeDelta::minutes(1), ClockPace::Times(1.0)),
        approver: AutoApprover::Operator,
        attendance: Attendance::Attended,
        sinks: Vec::new(),
        bus,
        guards,
        desk: None,
        logs: None,
    });
    let mut watcher = handle.subscribe();
    let driving = tokio::spawn(driver.run());
    let Some(SubscriptionItem::Snapshot(run)) = watcher.next().await else {
        panic!("the state comes first")
    };
    let mut under = Under { handle, watcher, run: *run, driving };
    under.until(|run| run.count_in_state(TaskState::Failed) == 2).await;
    under
}

impl Under {
    /// Follows the day until something is so.
    pub async fn until(&mut self, so: impl Fn(&RunState) -> bool) {
        while !so(&self.run) {
            match self.watcher.next().await {
                Some(SubscriptionItem::Event(event)) => self.run.apply(&event).unwrap(),
                Some(SubscriptionItem::Snapshot(run)) => self.run = *run,
                None => panic!("the run ended without it"),
            }
        }
    }

    pub async fn session(&self, operator: &str, authority: Authority) -> OperatorSession {
        self.handle.open(SessionOpening { operator: operator.into(), authority }).await.unwrap()
    }

    /// The state as the driver has it, without waiting for the events.
    pub async fn now(&self) -> RunState {
        *self.handle.snapshot().await.unwrap()
    }

    pub async fn end(self) {
        self.handle.stop().await.unwrap();
        self.driving.await.unwrap().unwrap();
    }
}

pub fn retry(task: u32) -> Command {
    Command::Retry { task: TaskIx(task), scope: RetryScope::Task }
}

pub fn halt() -> Command {
    Command::TightenTrading { to: TradingState::Halted }
}

pub fn agreed(plan: &Preview) -> Commit {
    Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: Some("because".into()),
        phrase: plan.phrase.clone(),
    }
}

/// Commits to a command as it is proposed, again if the preview changed meanwhile.
pub async fn give(session: &OperatorSession, command: Command) {
    let mut plan = session.propose(vec![command], 0).await.unwrap();
    while let Err(not) = session.commit(agreed(&plan)).await {
        let CommitError::PreviewStale(new) = not else { panic!("{not}") };
        plan = new;
    }
}

pub fn denied<T: std::fmt::Debug>(result: Result<T, CommitError>) -> CommitDenied {
    match result.unwrap_err() {
        CommitError::Denied(denied) => denied,
        CommitError::PreviewStale(_)
        | CommitError::Refused(_)
        | CommitError::JournalUnavailable(_)
        | CommitError::EngineGone => {
            panic!("it was not denied but refused or changed")
        }
    }
}
