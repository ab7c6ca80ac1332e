//! A run whose program ended: what is decided about each task, what waits until somebody says so, what
//! is asked outside, and what a driver does that cannot record.

#![expect(clippy::wildcard_enum_match_arm, reason = "most events and effects say nothing here")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use bellwether::{
    engine::{
        AttemptOutcome, Command, EngineInput, Event, FailureKind, Gate, NoRetryReason,
        OrchestrationEvent, PauseMode, ProbeFinding, ProbeResult, Provenance, RecordedEvent,
        RecoveryDecision, Resolution, RunState, RunStatus, TaskResult, TaskState, TradingState,
        WorkItem,
        control::{Authority, Commit, CommitError, GuardLevel, SessionOpening},
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, EventSink},
        recovery_decision,
    },
    planning::{
        plan::{DayPlan, RunMode, TaskIx},
        time::Span,
        workflow::{EffectClass, TaskPriority},
    },
    runtime::{
        Attendance, AutoApprover, ClockPace, Driver, DriverConfig, EventBus, RecoveryMode,
        RunClock, RunHandle,
    },
};
use chrono::TimeDelta;

use crate::{
    engine_legal::steps_to,
    engine_script::{Script, add, quiet},
    support::plans,
};

const EFFECTS: [EffectClass; 4] =
    [EffectClass::Pure, EffectClass::Idempotent, EffectClass::Effectful, EffectClass::Human];

/// What the design decides about a task that stood in this state.
fn design(state: TaskState, effect: EffectClass, mode: RunMode) -> RecoveryDecision {
    match (state, effect) {
        (TaskState::Running | TaskState::Cancelling, EffectClass::Effectful) => {
            RecoveryDecision::MarkInDoubt
        }
        (TaskState::Running, EffectClass::Human) => RecoveryDecision::AskAgain,
        (TaskState::Running, _) if mode == RunMode::Sim => {
            RecoveryDecision::Continue { recovery: 1 }
        }
        (TaskState::Running, _) => RecoveryDecision::Retry { recovery: 1 },
        (TaskState::Cancelling, _) => RecoveryDecision::Cancel,
        (TaskState::Queued, _) => RecoveryDecision::CheckStartAgain,
        _ => RecoveryDecision::Unchanged,
    }
}

/// Where a decision leaves a task that stood in `state`, once the run goes on with nobody at work.
fn after(decision: RecoveryDecision, state: TaskState) -> &'static [TaskState] {
    match (decision, state) {
        (RecoveryDecision::Continue { .. } | RecoveryDecision::AskAgain, _) => {
            &[TaskState::Running]
        }
        // It may start at once.
        (RecoveryDecision::Retry { .. }, _) => &[TaskState::Retrying, TaskState::Running],
        (RecoveryDecision::MarkInDoubt, _) => &[TaskState::InDoubt],
        (RecoveryDecision::Cancel, _) => &[TaskState::Cancelled],
        (RecoveryDecision::Fail, _) => &[TaskState::Failed],
        // Its agent is paused: it is due again, and waits again.
        (RecoveryDecision::CheckStartAgain, _) => &[TaskState::Queued, TaskState::Pending],
        (RecoveryDecision::Unchanged, state) => {
            match TaskState::ALL.iter().position(|s| *s == state) {
                Some(at) => &TaskState::ALL[at..=at],
                None => &[],
            }
        }
    }
}

#[test]
fn each_effect_in_each_state_is_decided_as_designed_and_nothing_else_is_done_to_it() {
    let mut met = BTreeMap::new();
    for mode in [RunMode::Sim, RunMode::Paper] {
        for (effect, state) in EFFECTS.into_iter().flat_map(|e| TaskState::ALL.map(|s| (e, s))) {
            let (mut day, subject) = steps_to(state, mode, effect);
            if day.state(subject) != state {
                continue;
            }
            let case = format!("{mode} {} {state}", effect.as_str());
            *met.entry(effect.as_str()).or_insert(0) += 1;
            day.take_up(plans::morning());
            let decision = recovery_decision(day.run(), subject);
            assert_eq!(decision, design(state, effect, mode), "{case}");
            assert_eq!(day.state(subject), state, "{case}: nothing is done before it is agreed");
            let before = day.task(subject).clone();
            day.order(Command::Recover { paused: false });
            let now = day.state(subject);
            assert!(after(decision, state).contains(&now), "{case} became {now}");
            if decision == RecoveryDecision::Unchanged {
                assert_eq!(day.task(subject), &before, "{case}");
            }
        }
    }
    assert_eq!(met["pure"], 26, "every state in both modes, but none is in doubt: {met:?}");
    assert!(met["effectful"] >= 20 && met["idempotent"] >= 20 && met["human"] >= 12, "{met:?}");
}

/// One task at work that lasts.
fn one(effect: EffectClass, mode: RunMode) -> (Script, TaskIx) {
    let mut plan = quiet();
    plan.mode = mode;
    let task = add(&mut plan, |task| {
        task.effect = effect;
        task.timeout = Span::mins(120);
        task.max_retries = 1;
    });
    // Something to do after it, or the day would end with it.
    add(&mut plan, |task| task.opens_at += TimeDelta::minutes(170));
    let day = Script::begin(plan);
    assert_eq!(day.state(task), TaskState::Running);
    (day, task)
}

#[test]
fn an_attempt_lost_too_often_fails_and_spends_none_of_its_retries_before() {
    for mode in [RunMode::Sim, RunMode::Paper] {
        let (mut day, task) = one(EffectClass::Pure, mode);
        for recovery in 1..=3 {
            day.take_up(day.at);
            day.order(Command::Recover { paused: false });
            day.pass(60);
            assert_eq!(day.state(task), TaskState::Running, "{mode} {recovery}");
            assert_eq!(
                (day.task(task).recoveries, day.task(task).attempts_used()),
                (recovery, 1),
                "{mode}"
            );
        }
        day.take_up(day.at);
        assert_eq!(recovery_decision(day.run(), task), RecoveryDecision::Fail);
        day.order(Command::Recover { paused: false });
        assert_eq!(day.state(task), TaskState::Failed);
        let said = day.journal.iter().any(|it| {
            matches!(&it.event, Event::TaskFailed { why: NoRetryReason::RecoveryExhausted, .. })
        });
        assert!(said, "{mode}");
    }
}

#[test]
fn an_attempt_that_ends_forgets_how_often_it_was_lost() {
    let (mut day, task) = one(EffectClass::Pure, RunMode::Sim);
    for _ in 0..3 {
        day.take_up(day.at);
        day.order(Command::Recover { paused: false });
    }
    day.fails(task, FailureKind::Transient);
    assert_eq!(day.task(task).recoveries, 0);
    day.pass(600);
    assert_eq!(day.state(task), TaskState::Running);
    day.take_up(day.at);
    assert_eq!(recovery_decision(day.run(), task), RecoveryDecision::Continue { recovery: 1 });
}

#[test]
fn three_recoveries_in_ten_minutes_are_a_loop_and_three_in_half_an_hour_are_not() {
    for (minutes, loops) in [(4, true), (11, false)] {
        let (mut day, _) = one(EffectClass::Pure, RunMode::Sim);
        let mut wall = plans::morning();
        for times in 1..=3 {
            wall += TimeDelta::minutes(minutes);
            day.take_up(wall);
            let expected = loops && times == 3;
            assert_eq!(day.run().crash_looping(wall), expected, "{times} every {minutes} min");
            assert_eq!(day.alerts("crash_loop"), usize::from(expected));
            day.order(Command::Recover { paused: false });
        }
    }
}

#[test]
fn a_limit_of_nought_never_takes_a_run_for_looping() {
    let mut plan = quiet();
    plan.limits.crash_loop = 0;
    add(&mut plan, |task| task.timeout = Span::mins(120));
    let mut day = Script::begin(plan);
    for _ in 0..20 {
        day.take_up(day.at);
        assert!(!day.run().crash_looping(day.at));
    }
    assert_eq!(day.run().recovery().times, 20);
}

#[test]
fn nothing_starts_while_a_run_is_taken_up_whatever_happens_and_however_urgent_it_is() {
    let mut plan = quiet();
    let doubtful = add(&mut plan, |task| task.effect = EffectClass::Effectful);
    let at_work = add(&mut plan, |task| task.timeout = Span::mins(120));
    for minutes in [1, 5] {
        add(&mut plan, |task| {
            task.priority = TaskPriority::Critical;
            task.opens_at += TimeDelta::minutes(minutes);
        });
    }
    let mut day = Script::begin(plan);
    day.unclear(doubtful);
    day.take_up(plans::morning());
    let states = day.states();
    assert_eq!(day.engine.next_wake(), None);
    for _ in 0..3 {
        day.pass(600);
        day.done(at_work);
        day.input(EngineInput::Market { code: "market_open".into(), text: "open".into() });
        for command in [
            Command::Resume { gate: Gate::Engine },
            Command::RunNow { task: TaskIx(2) },
            Command::Cancel { task: at_work },
            Command::Probe { task: doubtful },
            Command::Resolve { task: doubtful, finding: Resolution::DidNotHappen },
            Command::CancelRun,
        ] {
            let refusal = day.ask(command).unwrap_err();
            assert_eq!(refusal.remedy.as_deref(), Some("run `recover` first"));
        }
    }
    assert_eq!((day.asked(), day.told(OrchestrationEvent::TaskStarted)), (Vec::new(), 2));
    day.order(Command::TightenTrading { to: TradingState::Killed });
    assert_eq!(day.states()[2..], states[2..]);
    day.order(Command::Recover { paused: true });
    let starts = day
        .asked()
        .into_iter()
        .filter(|work| *work != WorkItem::Start { task: at_work, attempt: 1 });
    assert!(!starts.into_iter().any(|work| matches!(work, WorkItem::Start { .. })), "it is KILLED");
    assert!(day.ask(Command::Recover { paused: false }).is_err(), "there is nothing to recover");
}

#[test]
fn whoever_was_armed_before_the_program_ended_is_so_no_more() {
    let (mut day, _) = one(EffectClass::Pure, RunMode::Sim);
    day.order(Command::Arm);
    assert!(day.run().armed_operator().is_some());
    day.take_up(plans::morning());
    assert!(day.run().armed_operator().is_none());
}

/// The probes asked for since somebody last looked.
fn probes(day: &mut Script) -> Vec<u32> {
    let asked = day.asked().into_iter();
    asked
        .filter_map(|work| match work {
            WorkItem::Probe { probe, .. } => Some(probe),
            WorkItem::Start { .. } | WorkItem::Stop { .. } => None,
        })
        .collect()
}

fn says(day: &mut Script, task: TaskIx, probe: u32, lookup: ProbeResult) {
    day.input(EngineInput::Probed { task, probe, lookup });
}

fn unknown() -> ProbeResult {
    ProbeResult::Unknown { why: "the broker is silent".into() }
}

fn absent() -> ProbeResult {
    ProbeResult::DidNotHappen { evidence: "no such order".into() }
}

fn found() -> ProbeResult {
    ProbeResult::Happened {
        outcome: TaskResult::without_data("3 of 3 filled"),
        evidence: "order 17".into(),
    }
}

/// An order task in doubt, no time after it began.
fn doubtful() -> (Script, TaskIx) {
    let (mut day, task) = one(EffectClass::Effectful, RunMode::Paper);
    day.unclear(task);
    assert_eq!(day.state(task), TaskState::InDoubt);
    day.asked();
    (day, task)
}

#[test]
fn the_outside_is_asked_at_growing_distances_until_the_last_window_of_the_day_is_over() {
    let (mut day, task) = doubtful();
    let mut seconds = 0;
    let moments = [1, 3, 10, 30, 60, 120, 240, 480, 780, 1_080];
    for (probe, at) in (1_u32..).zip(moments) {
        day.pass(at - seconds - 1);
        assert!(probes(&mut day).is_empty(), "too soon for probe {probe}");
        day.pass(1);
        seconds = at;
        assert_eq!(probes(&mut day), [probe], "{at} s");
        // It is not asked twice at once.
        assert!(day.ask(Command::Probe { task }).is_err());
        says(&mut day, task, probe, unknown());
    }
    let closes = day.run().plan().tasks.iter().map(|task| task.closes_at).max().unwrap();
    let mut last = day.at;
    while let Some(next) = day.run().in_doubt()[&task].next_at {
        assert!(next <= closes && next - last <= TimeDelta::minutes(5), "{next}");
        day.pass((next - day.at).num_seconds());
        last = day.at;
        let probe = day.run().in_doubt()[&task].probes;
        says(&mut day, task, probe, unknown());
    }
    assert!(closes - last <= TimeDelta::minutes(5), "asked at {last}, closes at {closes}");
    day.order(Command::Probe { task });
    let probe = day.run().in_doubt()[&task].probes;
    says(&mut day, task, probe, found());
    assert_eq!(day.state(task), TaskState::Completed);
}

#[test]
fn absence_counts_only_once_the_attempt_has_had_its_thirty_seconds() {
    let (mut day, task) = doubtful();
    for (seconds, probe) in [(1, 1), (2, 2), (7, 3)] {
        day.pass(seconds);
        assert_eq!(probes(&mut day), [probe]);
        says(&mut day, task, probe, absent());
        assert_eq!(day.state(task), TaskState::InDoubt, "probe {probe} came too soon to count");
    }
    day.pass(20);
    assert_eq!(probes(&mut day), [4]);
    says(&mut day, task, 4, absent());
    assert_eq!(day.state(task), TaskState::Running, "it is begun again");
    assert_eq!(day.task(task).attempt, 2);
    assert!(day.asked().contains(&WorkItem::Start { task, attempt: 2 }));
}

#[test]
fn what_provably_never_happened_fails_once_its_attempts_are_spent() {
    let (mut day, task) = doubtful();
    // As often as the program may take an attempt with it: that is no failure of the task.
    for attempt in 1..=4 {
        if attempt > 1 {
            day.unclear(task);
        }
        let before = day.run().in_doubt()[&task].probes;
        day.pass(31);
        let last = *probes(&mut day).last().unwrap_or(&(before + 1));
        says(&mut day, task, last, unknown());
        day.order(Command::Probe { task });
        let probe = day.run().in_doubt()[&task].probes;
        says(&mut day, task, probe, absent());
    }
    assert_eq!(day.state(task), TaskState::Failed);
    assert_eq!(day.task(task).attempt, 4);
}

fn unfinished() -> ProbeResult {
    ProbeResult::Unfinished { evidence: "2 orders left; not sent: 3 (BUY 10 AAPL)".into() }
}

/// A task whose program ended while it was at work, or while it was being stopped, and the run goes on.
fn lost(stopping: bool) -> (Script, TaskIx) {
    let (mut day, task) = one(EffectClass::Effectful, RunMode::Sim);
    if stopping {
        day.order(Command::Cancel { task });
        assert_eq!(day.state(task), TaskState::Cancelling);
    }
    day.take_up(plans::morning());
    day.asked();
    day.order(Command::Recover { paused: false });
    assert_eq!(probes(&mut day), [1], "nobody is at work on it, so it is asked about at once");
    (day, task)
}

#[test]
fn work_lost_with_the_program_and_half_done_goes_on_at_once_at_the_moment_it_was_left() {
    let (mut day, task) = lost(false);
    let at = day.at;
    says(&mut day, task, 1, unfinished());
    assert_eq!((day.state(task), day.at), (TaskState::Running, at));
    assert_eq!((day.task(task).attempt, day.task(task).started_at), (2, Some(at)));
    assert!(day.asked().contains(&WorkItem::Start { task, attempt: 2 }));
}

/// How a task failed, in words.
fn failed_as(day: &Script, task: TaskIx) -> String {
    assert_eq!(day.state(task), TaskState::Failed);
    let said = day.journal.iter().rev().find_map(|it| match &it.event {
        Event::TaskFailed { failure, .. } => Some(failure.message.clone()),
        _other => None,
    });
    said.unwrap()
}

#[test]
fn half_done_work_that_was_being_stopped_or_took_too_long_fails_and_names_what_is_missing() {
    let (mut day, task) = lost(true);
    says(&mut day, task, 1, unfinished());
    assert!(failed_as(&day, task).contains("not sent: 3 (BUY 10 AAPL)"));
    let (mut day, task) = one(EffectClass::Effectful, RunMode::Paper);
    day.pass(120 * 60);
    assert_eq!(day.state(task), TaskState::InDoubt, "its time was over");
    day.asked();
    day.pass(1);
    says(&mut day, task, 1, unfinished());
    assert!(failed_as(&day, task).contains("not sent: 3 (BUY 10 AAPL)"));
}

#[test]
fn half_done_work_that_is_lost_again_and_again_fails_in_the_end_and_names_what_is_missing() {
    let (mut day, task) = lost(false);
    for attempt in 1..=3 {
        says(&mut day, task, 1, unfinished());
        assert_eq!((day.state(task), day.task(task).attempt), (TaskState::Running, attempt + 1));
        day.take_up(plans::morning());
        day.order(Command::Recover { paused: false });
    }
    says(&mut day, task, 1, unfinished());
    assert!(failed_as(&day, task).contains("not sent: 3 (BUY 10 AAPL)"));
}

#[test]
fn what_is_found_is_done_and_marked_as_reconciled() {
    let (mut day, task) = doubtful();
    day.pass(1);
    says(&mut day, task, 1, found());
    assert_eq!(day.state(task), TaskState::Completed);
    let how = day.journal.iter().rev().find_map(|it| match &it.event {
        Event::TaskCompleted { provenance, .. } => Some(*provenance),
        _other => None,
    });
    assert_eq!(how, Some(Provenance::Reconciled));
    assert!(day.run().in_doubt().is_empty());
}

#[test]
fn an_effect_that_goes_on_outside_is_asked_about_when_it_says() {
    let (mut day, task) = doubtful();
    day.pass(1);
    let until = day.at + TimeDelta::minutes(7);
    says(&mut day, task, 1, ProbeResult::InProgress { until, evidence: "2 of 3 filled".into() });
    let doubt = &day.run().in_doubt()[&task];
    assert_eq!(
        (doubt.next_at, doubt.last.as_ref().unwrap().1),
        (Some(until), ProbeFinding::InProgress)
    );
    day.asked();
    day.pass(7 * 60 - 1);
    assert!(probes(&mut day).is_empty());
    day.pass(1);
    assert_eq!(probes(&mut day), [2]);
}

#[test]
fn an_answer_that_comes_late_or_twice_is_told_and_changes_nothing() {
    let (mut day, task) = doubtful();
    day.pass(1);
    says(&mut day, task, 1, unknown());
    let (state, doubt) = (day.states(), day.run().in_doubt().clone());
    for lookup in [found(), absent(), unknown()] {
        says(&mut day, task, 1, lookup);
    }
    assert_eq!((day.states(), day.run().in_doubt()), (state, &doubt));
    assert_eq!(day.told(OrchestrationEvent::LateResult), 3);
    day.order(Command::Resolve { task, finding: Resolution::GaveUp });
    says(&mut day, task, 2, found());
    assert_eq!(day.state(task), TaskState::Failed);
}

#[test]
fn a_probe_that_was_lost_with_the_program_is_asked_again() {
    let (mut day, task) = doubtful();
    day.pass(1);
    assert_eq!(probes(&mut day), [1]);
    day.take_up(plans::morning());
    day.order(Command::Recover { paused: false });
    assert_eq!(probes(&mut day), [2]);
    says(&mut day, task, 1, found());
    assert_eq!(day.state(task), TaskState::InDoubt, "nobody awaits the answer of the first");
    says(&mut day, task, 2, found());
    assert_eq!(day.state(task), TaskState::Completed);
}

/// Does anything at once; remembers what it was asked to do.
#[derive(Clone, Default)]
pub(crate) struct Worker(Arc<Mutex<Vec<String>>>);

impl Agent for Worker {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        self.0.lock().unwrap().push(request.task_id.to_string());
        let text = format!("{} did {}", request.agent, request.task_id);
        let reply = AttemptReply {
            answer: AttemptOutcome::Completed(TaskResult::without_data(&text)),
            took: Some(request.estimate),
        };
        Box::pin(async move { reply })
    }

    fn stop(
        &self,
        _request: &AttemptRequest,
        _at: chrono::DateTime<chrono::Utc>,
    ) -> AttemptOutcome {
        AttemptOutcome::Stopped
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work"]
    }
}

/// Keeps every event, but refuses so many times first once it is told to.
#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<(u32, Vec<RecordedEvent>)>>);

impl Disk {
    fn refuse(&self, times: u32) {
        self.0.lock().unwrap().0 = times;
    }

    pub(crate) fn kept(&self) -> Vec<RecordedEvent> {
        self.0.lock().unwrap().1.clone()
    }
}

impl EventSink for Disk {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        if disk.0 > 0 {
            disk.0 -= 1;
            return Err(io::Error::new(io::ErrorKind::StorageFull, "no room on the disk"));
        }
        disk.1.extend(events.iter().map(|event| (**event).clone()));
        Ok(())
    }
}

pub(crate) fn setup(
    plan: &Arc<DayPlan>,
    worker: &Worker,
    disk: &Disk,
    clock: RunClock,
) -> DriverConfig {
    let mut roster = AgentRegistry::new();
    for agent in &plan.agents {
        roster.insert(agent.id.clone(), Arc::new(worker.clone()));
    }
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    DriverConfig {
        plan: Arc::clone(plan),
        roster,
        clock,
        approver: AutoApprover::Operator,
        attendance: Attendance::Unattended,
        sinks: vec![Box::new(disk.clone())],
        bus,
        guards: GuardLevel::Mode,
        desk: None,
        logs: None,
    }
}

pub(crate) fn folded(events: &[RecordedEvent]) -> RunState {
    let mut run = RunState::from_first_event(&events[0]).unwrap();
    for event in &events[1..] {
        run.apply(event).unwrap();
    }
    run
}

/// A day that stands at its first minute, attended, with a task held and one that waits for it.
async fn held_day(disk: &Disk, worker: &Worker) -> (Driver, RunHandle) {
    let mut plan = quiet();
    let first = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let _next = crate::engine_script::after(&mut plan, &[first]);
    let plan = Arc::new(plan);
    let setup = setup(&plan, worker, disk, RunClock::by_hand(plans::morning()));
    let (mut driver, handle) =
        Driver::new(DriverConfig { attendance: Attendance::Attended, ..setup });
    driver.advance_to(plans::morning()).await.unwrap();
    (driver, handle)
}

#[tokio::test]
async fn an_act_refused_as_nothing_can_be_recorded_is_never_done_and_can_be_asked_for_again() {
    let (disk, worker) = (Disk::default(), Worker::default());
    let (mut driver, handle) = held_day(&disk, &worker).await;
    let opening = SessionOpening { operator: "ana".into(), authority: Authority::Armed };
    let session = driver.run_until_answered(handle.open(opening)).await.unwrap().unwrap();
    let health = handle.journal_fault();
    assert_eq!(*health.borrow(), None);
    let begin = Command::RunNow { task: TaskIx(0) };
    let plan =
        driver.run_until_answered(session.propose(vec![begin.clone()], 1)).await.unwrap().unwrap();
    let commit = Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: Some("early".into()),
        phrase: None,
    };
    let before = disk.kept().len();
    disk.refuse(3);
    driver.advance_wall(Duration::from_mins(1)).unwrap();
    let answer = driver.run_until_answered(session.commit(commit.clone())).await.unwrap();
    assert!(
        matches!(&answer, Err(CommitError::JournalUnavailable(why)) if why.contains("no room")),
        "{answer:?}"
    );
    assert_eq!(health.borrow().as_deref(), Some("no room on the disk"));
    // Nothing of it is kept, nothing of it is begun, and nothing else is taken.
    for _ in 0..2 {
        assert_eq!((disk.kept().len(), worker.0.lock().unwrap().len()), (before, 0));
        let again = driver.run_until_answered(session.commit(commit.clone())).await.unwrap();
        assert!(matches!(again, Err(CommitError::JournalUnavailable(_))), "{again:?}");
        let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
        let brake = driver.run_until_answered(session.brake(pause, None)).await.unwrap();
        assert!(matches!(brake, Err(CommitError::JournalUnavailable(_))), "{brake:?}");
        assert!(health.borrow().is_some());
        driver.advance_wall(Duration::from_secs(1)).unwrap();
    }
    driver.advance_wall(Duration::from_secs(1)).unwrap();
    assert_eq!(*health.borrow(), None, "it can be recorded again");
    let kept = disk.kept();
    let seqs: Vec<u64> = kept.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=u64::try_from(kept.len()).unwrap()).collect::<Vec<_>>());
    assert_eq!(folded(&kept).task(TaskIx(0)).state, TaskState::Pending, "refused means never");
    assert!(worker.0.lock().unwrap().is_empty());
    let acted = |event: &RecordedEvent| matches!(event.event, Event::CommandAccepted { .. });
    assert!(!kept[before..].iter().any(acted), "{:?}", &kept[before..]);
    assert!(
        kept.iter().any(|event| matches!(&event.event, Event::SystemAlert { text, .. } if text.contains("was not done"))),
        "that it was not done is on record"
    );
    let plan = driver.run_until_answered(session.propose(vec![begin], 2)).await.unwrap().unwrap();
    let again = Commit { proposal: plan.proposal.clone(), hash: plan.hash, ..commit };
    driver.advance_wall(Duration::from_mins(1)).unwrap();
    let answer = driver.run_until_answered(session.commit(again)).await.unwrap().unwrap();
    assert_eq!((answer.done.len(), answer.refused.len()), (1, 0));
    assert_eq!(folded(&disk.kept()).task(TaskIx(0)).state, TaskState::Running);
    driver.advance_to(plans::morning() + TimeDelta::hours(1)).await.unwrap();
    assert_eq!(*worker.0.lock().unwrap(), ["t0", "t1"], "each started once, after it was recorded");
}

/// What became of each task.
fn outcomes(run: &RunState) -> Vec<(TaskState, u32, Option<String>)> {
    let of = |(_, task): (TaskIx, &engine::TaskRun)| {
        let summary = task.outcome.as_ref().map(|outcome| outcome.summary.clone());
        (task.state, task.attempt, summary)
    };
    run.tasks().map(of).collect()
}

#[tokio::test]
async fn a_simulated_day_cut_after_any_record_ends_as_the_uncut_one() {
    let plan = Arc::new(plans::layered(12, 7));
    let (disk, worker) = (Disk::default(), Worker::default());
    let clock = || RunClock::starting(plans::morning(), ClockPace::Max);
    let whole = Driver::new(setup(&plan, &worker, &disk, clock())).0.run().await.unwrap();
    assert!(matches!(whole.status(), RunStatus::Completed(_)), "{:?}", whole.status());
    let events = disk.kept();
    for cut in 1..events.len() {
        let left = folded(&events[..cut]);
        let rest = Disk::default();
        let clock = clock().at_least(left.last_event_at());
        let setup = setup(&plan, &worker, &rest, clock);
        let (driver, _handle) = Driver::recover(setup, left.clone(), RecoveryMode::Auto);
        let run = driver.run().await.unwrap();
        assert_eq!(outcomes(&run), outcomes(&whole), "cut after event {cut}");
        assert_eq!(
            (run.last_event_at(), run.status()),
            (whole.last_event_at(), whole.status()),
            "cut after {cut}"
        );
        // What is in the journal then is all of the run.
        let both: Vec<_> = events[..cut].iter().chain(&rest.kept()).cloned().collect();
        assert_eq!(folded(&both), run, "cut after event {cut}");
    }
}

#[tokio::test]
async fn a_looping_run_is_not_let_go_on_by_the_program_and_nobody_waits_for_it_in_vain() {
    let plan = Arc::new(plans::layered(4, 1));
    let (disk, worker) = (Disk::default(), Worker::default());
    let clock = || RunClock::by_hand(plans::morning());
    let mut first = Driver::new(setup(&plan, &worker, &disk, clock())).0;
    first.advance_to(plans::morning()).await.unwrap();
    for times in 1..=2 {
        let left = folded(&disk.kept());
        let setup = setup(&plan, &worker, &disk, clock());
        let (mut driver, _handle) = Driver::recover(setup, left, RecoveryMode::Auto);
        driver.advance_to(plans::morning()).await.unwrap();
        assert!(!folded(&disk.kept()).is_recovering(), "it goes on by itself, {times}");
    }
    let setup = setup(&plan, &worker, &disk, clock());
    let (driver, _handle) = Driver::recover(setup, folded(&disk.kept()), RecoveryMode::Auto);
    let run = driver.run().await.unwrap();
    assert!(run.is_recovering() && !run.has_ended());
    assert_eq!(run.recovery().times, 3);
}
