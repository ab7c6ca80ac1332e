//! Who may act on a running day: sessions that look, brake, arm, and carry out what was agreed to.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use std::sync::Arc;

use bellwether::{
    acting::{ActPlan, Authority, Commit, Committed, Denied, Guards, NotCommitted, Opening, Tier},
    agents::{Agent, Performing, Reply, Request, Roster},
    definition::Effect,
    engine::{
        Actor, Answer, Command, Event, Failure, FailureKind, Gate, Order, Outcome, PauseMode,
        RetryScope, RunState, Severity, TaskState,
    },
    id::TaskType,
    plan::{Mode, Plan, TaskIx},
    runtime::{
        Approver, Attendance, Clock, DriveError, Driver, EventBus, Handle, Pace, Seen, Session,
        Setup, Watcher,
    },
    time::Span,
};
use chrono::TimeDelta;
use tokio::task::JoinHandle;

use crate::support::plans;

/// Fails what is effectful, finishes nothing else for half an hour.
struct Worker;

impl Agent for Worker {
    fn perform(&self, request: Request) -> Performing<'_> {
        let failure = Failure::new(FailureKind::BadInput, "no");
        let answer = if request.task_type.as_str() == "fails" {
            Answer::Failed(failure)
        } else {
            Answer::Done(Outcome::bare("done"))
        };
        let took = if request.task_type.as_str() == "fails" { 0 } else { 1_800 };
        Box::pin(async move { Reply { answer, took: Some(Span::secs(took)) } })
    }

    fn stop(&self, _request: &Request, _at: chrono::DateTime<chrono::Utc>) -> Answer {
        Answer::Stopped
    }

    fn describe(&self) -> &[&str] {
        &["work", "fails"]
    }
}

/// A day under way with the state as events tell it.
struct Under {
    handle: Handle,
    watcher: Watcher,
    run: RunState,
    driving: JoinHandle<Result<RunState, DriveError>>,
}

/// Tasks 0 and 1 fail at once, the first of them pure, the other effectful; task 2 waits for both.
fn plan(mode: Mode) -> Plan {
    let mut plan = plans::empty(1, 1);
    plan.mode = mode;
    plan.open = plans::morning();
    for effect in [Effect::Pure, Effect::Effectful, Effect::Pure] {
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

async fn under_way(mode: Mode, guards: Guards) -> Under {
    let plan = plan(mode);
    let mut roster = Roster::new();
    roster.insert(plan.agents[0].id.clone(), Arc::new(Worker));
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    let (driver, handle) = Driver::new(Setup {
        plan: Arc::new(plan),
        roster,
        clock: Clock::starting(plans::morning() + TimeDelta::minutes(1), Pace::Times(1.0)),
        approver: Approver::Person,
        attendance: Attendance::Attended,
        sinks: Vec::new(),
        bus,
        guards,
    });
    let mut watcher = handle.watch();
    let driving = tokio::spawn(driver.run());
    let Some(Seen::Whole(run)) = watcher.next().await else { panic!("the state comes first") };
    let mut under = Under { handle, watcher, run: *run, driving };
    under.until(|run| run.count(TaskState::Failed) == 2).await;
    under
}

impl Under {
    /// Follows the day until something is so.
    async fn until(&mut self, so: impl Fn(&RunState) -> bool) {
        while !so(&self.run) {
            match self.watcher.next().await {
                Some(Seen::Event(event)) => self.run.apply(&event).unwrap(),
                Some(Seen::Whole(run)) => self.run = *run,
                None => panic!("the run ended without it"),
            }
        }
    }

    async fn session(&self, operator: &str, authority: Authority) -> Session {
        self.handle.open(Opening { operator: operator.into(), authority }).await.unwrap()
    }

    /// The state as the driver has it, without waiting for the events.
    async fn now(&self) -> RunState {
        *self.handle.snapshot().await.unwrap()
    }

    async fn end(self) {
        self.handle.stop().await.unwrap();
        self.driving.await.unwrap().unwrap();
    }
}

fn retry(task: u32) -> Command {
    Command::Retry { task: TaskIx(task), scope: RetryScope::Task }
}

fn halt() -> Command {
    Command::Pause { gate: Gate::Engine, mode: PauseMode::Halt, until: None }
}

fn agreed(plan: &ActPlan) -> Commit {
    Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: Some("because".into()),
        phrase: plan.phrase.clone(),
    }
}

fn denied<T: std::fmt::Debug>(result: Result<T, NotCommitted>) -> Denied {
    match result.unwrap_err() {
        NotCommitted::Denied(denied) => denied,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_unarmed_session_commits_nothing_and_brakes_all_the_same() {
    let day = under_way(Mode::Live, Guards::ByMode).await;
    // It asks to be armed; in LIVE nobody is without saying why.
    let session = day.session("ana", Authority::Armed).await;
    assert_eq!(session.authority(), Authority::Observe);
    let plan = session.propose(vec![retry(0)], day.run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, Tier::Confirm);
    let before = day.now().await.last_seq();
    assert_eq!(denied(session.commit(agreed(&plan)).await), Denied::NotArmed);
    assert_eq!(day.now().await.last_seq(), before, "the engine was not even asked");
    assert_eq!(denied(session.brake(retry(0), None).await), Denied::NoBrake);
    assert_eq!(denied(session.brake(Command::Arm, Some("so".into())).await), Denied::NoBrake);
    session.brake(halt(), None).await.unwrap();
    assert!(day.now().await.halted());
    day.end().await;
}

#[tokio::test]
async fn a_brake_may_also_be_committed_unarmed() {
    let day = under_way(Mode::Live, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    let plan = session.propose(vec![halt()], day.run.last_seq()).await.unwrap();
    assert_eq!((plan.tier, plan.needs_reason, plan.phrase.clone()), (Tier::Brake, false, None));
    let commit = Commit { reason: None, ..agreed(&plan) };
    assert_eq!(session.commit(commit).await.unwrap().done.len(), 1);
    assert!(day.now().await.halted());
    day.end().await;
}

#[tokio::test]
async fn a_locked_session_can_do_nothing_at_all() {
    let day = under_way(Mode::Sim, Guards::ByMode).await;
    let other = day.session("bo", Authority::Armed).await;
    let plan = other.propose(vec![retry(0)], 0).await.unwrap();
    let session = day.session("ana", Authority::Locked).await;
    let before = day.now().await.last_seq();
    assert_eq!(denied(session.propose(vec![retry(0)], 0).await), Denied::Locked);
    assert_eq!(denied(session.commit(agreed(&plan)).await), Denied::Locked);
    assert_eq!(denied(session.brake(halt(), None).await), Denied::Locked);
    assert_eq!(denied(session.arm("let me").await), Denied::Locked);
    assert_eq!(denied(session.disarm().await), Denied::Locked);
    assert_eq!(session.authority(), Authority::Locked);
    assert_eq!(day.now().await.last_seq(), before);
    day.end().await;
}

#[tokio::test]
async fn sim_opens_armed_unless_it_is_a_rehearsal_or_somebody_else_is() {
    let day = under_way(Mode::Sim, Guards::ByMode).await;
    let first = day.session("ana", Authority::Armed).await;
    assert_eq!(first.authority(), Authority::Armed);
    assert_eq!(first.standing().borrow().until, None, "it does not expire");
    let second = day.session("bo", Authority::Armed).await;
    assert_eq!((first.authority(), second.authority()), (Authority::Armed, Authority::Observe));
    let looks = day.session("cy", Authority::Observe).await;
    assert_eq!(looks.authority(), Authority::Observe);
    day.end().await;
    let rehearsal = under_way(Mode::Sim, Guards::Full).await;
    let session = rehearsal.session("ana", Authority::Armed).await;
    assert_eq!(session.authority(), Authority::Observe);
    session.arm("to practise").await.unwrap();
    assert!(session.standing().borrow().until.is_some(), "it expires");
    rehearsal.end().await;
}

#[tokio::test]
async fn arming_needs_a_reason_and_taking_over_names_who_lost_it() {
    let mut day = under_way(Mode::Paper, Guards::ByMode).await;
    let ana = day.session("ana", Authority::Observe).await;
    let bo = day.session("bo", Authority::Observe).await;
    assert!(matches!(ana.arm("  ").await, Err(NotCommitted::Refused(_))));
    ana.arm("provider outage").await.unwrap();
    assert_eq!((ana.authority(), bo.authority()), (Authority::Armed, Authority::Observe));
    bo.arm("shift change").await.unwrap();
    assert_eq!((ana.authority(), bo.authority()), (Authority::Observe, Authority::Armed));
    let mut lost = None;
    while lost.is_none() {
        match day.watcher.next().await {
            Some(Seen::Event(event)) => {
                day.run.apply(&event).unwrap();
                if let Event::OperatorArmed { by, from: Some(from), .. } = &event.event {
                    lost = Some((by.clone(), from.clone()));
                }
            }
            Some(Seen::Whole(_)) | None => panic!("the event comes"),
        }
    }
    let name = |name: &str| Actor::Operator(name.into());
    assert_eq!(lost, Some((name("bo"), name("ana"))));
    let armed = day.run.armed().unwrap();
    assert_eq!((&armed.by, armed.reason.as_str()), (&name("bo"), "shift change"));
    // Whoever looks may take the arming away; that is the safe direction.
    ana.disarm().await.unwrap();
    assert_eq!(bo.authority(), Authority::Observe);
    assert_eq!(day.now().await.armed(), None);
    day.end().await;
}

#[tokio::test]
async fn two_sessions_of_one_operator_are_not_armed_together() {
    let day = under_way(Mode::Paper, Guards::ByMode).await;
    let one = day.session("ana", Authority::Observe).await;
    let two = day.session("ana", Authority::Observe).await;
    one.arm("here").await.unwrap();
    let plan = two.propose(vec![retry(0)], 0).await.unwrap();
    assert_eq!(denied(two.commit(agreed(&plan)).await), Denied::NotArmed);
    // Nor can one session carry out what was shown to another.
    assert_eq!(denied(one.commit(agreed(&plan)).await), Denied::NotOpen);
    two.arm("there").await.unwrap();
    assert_eq!((one.authority(), two.authority()), (Authority::Observe, Authority::Armed));
    day.end().await;
}

#[tokio::test]
async fn the_same_commit_twice_is_one_act() {
    let day = under_way(Mode::Paper, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let plan = session.propose(vec![retry(0)], day.run.last_seq()).await.unwrap();
    let first = session.commit(agreed(&plan)).await.unwrap();
    let attempts = |run: &RunState| run.task(TaskIx(0)).attempt;
    let after = day.now().await;
    // However often it comes, and though the task may have failed again.
    for _ in 0..3 {
        assert_eq!(session.clone().commit(agreed(&plan)).await.unwrap(), first);
    }
    assert_eq!(attempts(&day.now().await), attempts(&after));
    assert_eq!(attempts(&after), 2);
    let other = Commit { hash: other_hash(&session).await, ..agreed(&plan) };
    assert_eq!(denied(session.commit(other).await), Denied::NotOpen);
    day.end().await;
}

async fn other_hash(session: &Session) -> bellwether::acting::ActHash {
    session.propose(vec![halt()], 0).await.unwrap().hash
}

#[tokio::test]
async fn a_commit_after_its_target_moved_reaches_no_engine_and_shows_the_new_plan() {
    let mut day = under_way(Mode::Paper, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let commands = vec![retry(0), retry(1)];
    let plan = session.propose(commands, day.run.last_seq()).await.unwrap();
    // Somebody else retries it meanwhile, and it fails again.
    let by = Actor::Operator("bo".into());
    let order = Order { id: 9, by, reason: None, command: retry(0) };
    day.handle.order(order).await.unwrap().unwrap();
    day.until(|run| run.task(TaskIx(0)).attempt == 2 && run.count(TaskState::Failed) == 2).await;
    let before = day.now().await.last_seq();
    let NotCommitted::Changed(new) = session.commit(agreed(&plan)).await.unwrap_err() else {
        panic!("it changed")
    };
    assert_eq!(day.now().await.last_seq(), before);
    assert!(!plan.difference(&new).is_empty());
    assert_eq!(new.moved_since_seen.len(), 1);
    let Committed { done, refused, .. } = session.commit(agreed(&new)).await.unwrap();
    assert_eq!((done.len(), refused.len()), (2, 0));
    assert_ne!(done[0].0, done[1].0, "each has a number of its own");
    day.end().await;
}

#[tokio::test]
async fn of_several_commands_those_refused_are_told_and_the_others_done() {
    let day = under_way(Mode::Paper, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let commands = vec![retry(2), retry(1)];
    let plan = session.propose(commands, day.run.last_seq()).await.unwrap();
    let Committed { done, refused, .. } = session.commit(agreed(&plan)).await.unwrap();
    assert_eq!(done.iter().map(|(_, c)| c).collect::<Vec<_>>(), [&retry(1)]);
    assert_eq!(refused.iter().map(|(c, _)| c).collect::<Vec<_>>(), [&retry(2)]);
    day.end().await;
}

#[tokio::test]
async fn a_grave_act_is_not_done_without_its_exact_phrase() {
    let day = under_way(Mode::Live, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let plan = session.propose(vec![retry(1)], day.run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, Tier::Grave);
    let before = day.now().await.last_seq();
    for phrase in [None, Some("t1".to_owned()), plan.phrase.clone().map(|p| p + ".")] {
        let commit = Commit { phrase, ..agreed(&plan) };
        assert_eq!(denied(session.commit(commit).await), Denied::Phrase);
    }
    assert_eq!(day.now().await.last_seq(), before);
    assert_eq!(session.commit(agreed(&plan)).await.unwrap().done.len(), 1);
    day.end().await;
}

#[tokio::test]
async fn an_alert_is_acknowledged_once() {
    let day = under_way(Mode::Paper, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("alerts").await.unwrap();
    let run = day.now().await;
    let (&alert, raised) = run.alerts().iter().next().unwrap();
    assert_eq!((raised.severity, raised.text.as_str()), (Severity::Critical, "no"));
    let seen = vec![Command::Acknowledge { alert }];
    let plan = session.propose(seen.clone(), run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, Tier::Confirm);
    session.commit(agreed(&plan)).await.unwrap();
    let run = day.now().await;
    assert_eq!(run.alerts()[&alert].acked.as_ref().unwrap().by, Actor::Operator("ana".into()));
    let again = session.propose(seen, run.last_seq()).await;
    assert!(matches!(again, Err(NotCommitted::Refused(_))));
    day.end().await;
}

#[tokio::test]
async fn a_session_of_a_day_that_is_over_says_so() {
    let day = under_way(Mode::Paper, Guards::ByMode).await;
    let session = day.session("ana", Authority::Observe).await;
    let handle = day.handle.clone();
    day.end().await;
    assert_eq!(session.propose(vec![halt()], 0).await, Err(NotCommitted::Gone));
    assert_eq!(session.brake(halt(), None).await, Err(NotCommitted::Gone));
    assert!(handle.beats().changed().await.is_err(), "its heart stands still");
}
