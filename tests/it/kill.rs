//! The trading state and the kill: who may change it which way, and that nothing leaves once it says no.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex, OnceLock, mpsc},
};

use bellwether::{
    config,
    desk::trading::{desk::Desk, symbol::Side},
    engine::{
        Actor, Command, CommandRequest, Engine, EngineInput, Event, Gate, PauseMode, RecordedEvent,
        RunState, TaskState, TighteningRequest, TradingState, port::EventSink,
    },
    host::{OrchestrationController, PreparedRun, RunRequest, StartKind},
    planning::plan::{DayPlan, RunMode},
    runtime::{Attendance, ClockPace, RunClock},
    store::FlagFiles,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use crate::support::plans;

fn person() -> Actor {
    Actor::Operator("ana".into())
}

/// A plan of one task.
fn waits() -> Arc<DayPlan> {
    let mut plan = plans::empty(1, 1);
    plan.tasks.push(plans::task(&plan, 0, 0));
    Arc::new(plan)
}

/// What somebody does to the trading state.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Machine(TradingState),
    Tighten(TradingState),
    Rearm(TradingState, bool),
    PolicyRearms(TradingState),
    Resume,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let state = || (0..4_usize).prop_map(|n| TradingState::ALL[n]);
    let deed = prop_oneof![
        state().prop_map(Deed::Machine),
        state().prop_map(Deed::Tighten),
        (state(), any::<bool>()).prop_map(|(to, reason)| Deed::Rearm(to, reason)),
        state().prop_map(Deed::PolicyRearms),
        Just(Deed::Resume),
    ];
    prop::collection::vec(deed, 0..30)
}

fn order(id: u64, by: Actor, command: Command, reason: bool) -> EngineInput {
    EngineInput::Command(CommandRequest {
        id,
        by,
        reason: reason.then(|| "checked".into()),
        command,
    })
}

proptest! {
    #[test]
    fn whatever_is_tried_only_a_person_with_a_reason_loosens_one_rung_below_killed(all in deeds()) {
        let (mut engine, first) = Engine::start(waits(), plans::morning());
        let mut journal = first.events;
        for (id, deed) in (1..).zip(&all) {
            let before = engine.state().trading_status().state;
            let (input, may) = match *deed {
                Deed::Machine(to) => {
                    let by = Actor::Policy("breaker".into());
                    let wish = TighteningRequest { to, by, why: "loss".into() };
                    (EngineInput::TradingTightened(wish), to > before)
                }
                Deed::Tighten(to) => (order(id, person(), Command::TightenTrading { to }, false), to > before),
                Deed::Rearm(to, reason) => {
                    let skips = before == TradingState::Killed && to < TradingState::Halted;
                    let command = Command::ReEnableTrading { to };
                    (order(id, person(), command, reason), to < before && reason && !skips)
                }
                Deed::PolicyRearms(to) => {
                    let by = Actor::Policy("breaker".into());
                    (order(id, by, Command::ReEnableTrading { to }, true), false)
                }
                Deed::Resume => {
                    let command = Command::Resume { gate: Gate::Engine };
                    (order(id, person(), command, true), false)
                }
            };
            let step = engine.step(plans::morning(), input);
            let after = engine.state().trading_status().state;
            prop_assert_eq!(after != before, may, "{:?} from {} to {}", deed, before, after);
            let starts = engine.state().trading_block(planning::plan::TaskIx::new(0)).is_none();
            prop_assert!(starts || after >= TradingState::Halted, "{:?}: {} blocks", deed, after);
            prop_assert!(!starts || after < TradingState::Killed, "{:?}: killed, and starts", deed);
            journal.extend(step.events);
        }
        let mut told = RunState::from_first_event(&journal[0]).unwrap();
        for recorded in &journal[1..] {
            told.apply(recorded).unwrap();
        }
        prop_assert_eq!(&told, engine.state());
        let text = serde_json::to_string(&told).unwrap();
        prop_assert_eq!(serde_json::from_str::<RunState>(&text).unwrap(), told);
    }
}

#[test]
fn an_event_in_which_a_machine_loosens_is_no_event_of_any_run() {
    let (mut engine, first) = Engine::start(waits(), plans::morning());
    let wish = |to| TighteningRequest { to, by: person(), why: "test".into() };
    let step =
        engine.step(plans::morning(), EngineInput::TradingTightened(wish(TradingState::Halted)));
    let mut run = RunState::from_first_event(&first.events[0]).unwrap();
    for recorded in first.events[1..].iter().chain(&step.events) {
        run.apply(recorded).unwrap();
    }
    let (from, to) = (TradingState::Halted, TradingState::Active);
    for (from, by) in [(from, Actor::Policy("m".into())), (TradingState::ReduceOnly, person())] {
        let event = Event::TradingChanged { from, to, by, why: "x".into() };
        let last = step.events.last().unwrap();
        let forged = RecordedEvent { seq: run.last_seq() + 1, event, ..last.clone() };
        let before = run.clone();
        assert!(run.apply(&forged).is_err(), "{forged:?}");
        assert_eq!(run, before);
    }
}

#[test]
fn a_kill_outlasts_a_pause_that_ends_by_itself() {
    let at = plans::morning();
    let (mut engine, _) = Engine::start(waits(), at);
    let until = Some(at + TimeDelta::minutes(5));
    let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until };
    engine.step(at, order(1, person(), pause, true));
    engine.step(at, order(2, person(), Command::TightenTrading { to: TradingState::Killed }, true));
    engine.step(at + TimeDelta::minutes(6), EngineInput::Tick);
    assert_eq!(
        engine.state().trading_block(planning::plan::TaskIx::new(0)),
        Some(TradingState::Killed)
    );
}

const DATE: &str = "2018-12-19";

/// A simulated day in a state folder, from one minute before its first stage.
fn day(folder: &Path, sinks: Vec<Box<dyn EventSink>>) -> PreparedRun {
    let date: NaiveDate = DATE.parse().unwrap();
    let open = planning::calendar::exchange_day(date).unwrap().open;
    let mut controller = OrchestrationController::new(config::resolve(&[]).unwrap());
    controller.startup_system().unwrap();
    controller.obey_flags(FlagFiles::in_folder(folder));
    controller
        .prepare_run(RunRequest {
            date,
            mode: RunMode::Sim,
            clock: RunClock::starting(open - TimeDelta::minutes(211), ClockPace::Max),
            scenario: None,
            overlays: Vec::new(),
            attendance: Attendance::Unattended,
            sinks,
            begins: StartKind::default(),
        })
        .unwrap()
}

/// Does something the first time own orders are working, before the step's work begins.
struct Once<F> {
    desk: Arc<OnceLock<Arc<Desk>>>,
    deed: Option<F>,
}

impl<F: FnOnce(DateTime<Utc>, &Desk) + Send> EventSink for Once<F> {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        let (Some(desk), Some(last)) = (self.desk.get(), events.last()) else { return Ok(()) };
        if desk.try_watch(last.at).is_some_and(|working| working > 0)
            && let Some(deed) = self.deed.take()
        {
            deed(last.at, desk);
        }
        Ok(())
    }
}

/// Runs a day in which `deed` is done the first time own orders are working.
async fn run_with<F>(folder: &Path, deed: F) -> (RunState, Arc<Desk>)
where
    F: FnOnce(DateTime<Utc>, &Desk) + Send + 'static,
{
    let known = Arc::new(OnceLock::new());
    let sink = Once { desk: Arc::clone(&known), deed: Some(deed) };
    let day = day(folder, vec![Box::new(sink)]);
    known.set(Arc::clone(&day.desk)).unwrap();
    let desk = Arc::clone(&day.desk);
    let state = day.driver.run().await.unwrap();
    (state, desk)
}

fn close(desk: &Desk) -> DateTime<Utc> {
    let _ = desk;
    planning::calendar::exchange_day(DATE.parse().unwrap()).unwrap().close
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_kill_the_day_of_these_tests_sends_orders() {
    let folder = tempfile::tempdir().unwrap();
    let (_, desk) = run_with(folder.path(), |_, _| {}).await;
    assert!(!desk.orders(close(&desk)).is_empty(), "or the tests below prove nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_begun_under_a_flag_is_killed_before_anything_starts_and_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("KILL"), "left from yesterday").unwrap();
    let (state, desk) = run_with(folder.path(), |_, _| {}).await;
    assert_eq!(state.trading_status().state, TradingState::Killed);
    assert_eq!(state.trading_status().why, "the flag file KILL: left from yesterday");
    assert!(state.tasks().all(|(_, task)| task.attempt == 0), "something was started");
    assert_eq!(desk.orders(close(&desk)), []);
    assert!(folder.path().join("KILL").exists(), "the next start is killed too");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_flag_no_order_is_sent_own_ones_are_withdrawn_and_the_engine_learns_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, seen) = (folder.path().join("KILL"), Arc::new(Mutex::new(None)));
    let noted = Arc::clone(&seen);
    let (state, desk) = run_with(folder.path(), move |at, desk| {
        fs::write(path, "").unwrap();
        *noted.lock().unwrap() = Some((at, desk.orders(at).len()));
    })
    .await;
    let (_, sent) = seen.lock().unwrap().take().unwrap();
    assert_eq!(state.trading_status().state, TradingState::Killed);
    assert_eq!(state.trading_status().working, Some(0));
    let orders = desk.orders(close(&desk));
    assert_eq!(orders.len(), sent, "an order was sent after the kill");
    assert!(orders.iter().all(|order| order.state.is_final()));
    let works = |run: &RunState| run.count_in_state(TaskState::Running);
    assert_eq!(works(&state), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_is_obeyed_and_answered_while_the_engine_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let (hangs, hung) = mpsc::channel();
    let (go, goes) = mpsc::channel::<()>();
    let known = Arc::new(OnceLock::new());
    // Recording is the driver's own work: while it does not return, the driver does nothing.
    let deed = move |at, _: &Desk| {
        hangs.send(at).unwrap();
        goes.recv().unwrap();
    };
    let sink = Once { desk: Arc::clone(&known), deed: Some(deed) };
    let day = day(folder.path(), vec![Box::new(sink)]);
    known.set(Arc::clone(&day.desk)).unwrap();
    let (desk, watch) = (Arc::clone(&day.desk), day.kill.unwrap());
    let driving = tokio::spawn(day.driver.run());
    let at = tokio::task::spawn_blocking(move || hung.recv().unwrap()).await.unwrap();
    let sent = desk.orders(at).len();
    assert!(desk.try_watch(at).unwrap() > 0);

    fs::write(folder.path().join("KILL"), "the engine hangs").unwrap();
    // The thread looks once more before it ends.
    tokio::task::spawn_blocking(move || drop(watch)).await.unwrap();
    let answer = FlagFiles::in_folder(folder.path()).read_response().unwrap();
    assert_eq!((answer.state, answer.engine), (TradingState::Killed, false));
    let (withdrawn, working) = answer.orders.unwrap();
    assert!(withdrawn > 0 && working == 0, "{answer:?}");
    assert_eq!(desk.trading_state(), TradingState::Killed);

    go.send(()).unwrap();
    let state = driving.await.unwrap().unwrap();
    assert_eq!(state.trading_status().state, TradingState::Killed, "it learns of it when it can");
    assert_eq!(desk.orders(close(&desk)).len(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_halts_or_reduces_trading_the_next_day_in_the_folder_begins_so() {
    for to in [TradingState::ReduceOnly, TradingState::Halted] {
        let folder = tempfile::tempdir().unwrap();
        // A machine's doing: the book and the broker differ.
        let (state, _) = run_with(folder.path(), move |at, desk| {
            desk.try_withdraw(to, ("reconciliation", "the books differ"), at).unwrap();
        })
        .await;
        assert_eq!(state.trading_status().state, to);
        let (next, desk) = run_with(folder.path(), |_, _| {}).await;
        assert_eq!(next.trading_status().state, to, "the next day is no looser");
        assert!(
            next.trading_status().why.contains("the books differ"),
            "{}",
            next.trading_status().why
        );
        let orders = desk.orders(close(&desk));
        assert!(
            orders.iter().all(|order| order.order.intent.side == Side::Sell),
            "{to}: risk was added"
        );
        if to == TradingState::Halted {
            assert_eq!(desk.orders(close(&desk)), []);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_halt_that_no_journal_took_is_in_the_folder_when_the_program_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let known = Arc::new(OnceLock::new());
    let full = Full { desk: Arc::clone(&known) };
    let day = day(folder.path(), vec![Box::new(full)]);
    known.set(Arc::clone(&day.desk)).unwrap();
    let died = day.driver.run().await.unwrap_err();
    assert!(died.to_string().contains("could not be recorded"), "{died}");
    let (state, flag) = FlagFiles::in_folder(folder.path())
        .raised_flag()
        .unwrap()
        .expect("it outlives the process");
    assert_eq!(state, TradingState::Halted);
    assert!(flag.why.contains("cannot be recorded"), "{}", flag.why);
    let (next, desk) = run_with(folder.path(), |_, _| {}).await;
    assert_eq!(next.trading_status().state, TradingState::Halted);
    assert_eq!(desk.orders(close(&desk)), []);
}

/// Refuses everything from when own orders are working.
struct Full {
    desk: Arc<OnceLock<Arc<Desk>>>,
}

impl EventSink for Full {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        let (Some(desk), Some(last)) = (self.desk.get(), events.last()) else { return Ok(()) };
        if desk.orders(last.at).is_empty() {
            Ok(())
        } else {
            Err(io::ErrorKind::StorageFull.into())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_that_is_gone_lets_nothing_out() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().to_owned();
    let (state, desk) =
        run_with(folder.path(), move |_, _| fs::remove_dir_all(gone).unwrap()).await;
    assert_eq!(state.trading_status().state, TradingState::Halted);
    assert!(
        state.trading_status().why.contains("cannot read the flag files"),
        "{}",
        state.trading_status().why
    );
    assert!(desk.orders(close(&desk)).iter().all(|order| order.state.is_final()));
}

/// Refuses once, when own orders are working.
struct FullOnce {
    desk: Arc<OnceLock<Arc<Desk>>>,
    full: bool,
}

impl EventSink for FullOnce {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        let (Some(desk), Some(last)) = (self.desk.get(), events.last()) else { return Ok(()) };
        let works = desk.try_watch(last.at).is_some_and(|working| working > 0);
        if works && std::mem::take(&mut self.full) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_halts_trading_until_a_person_re_arms_it() {
    let folder = tempfile::tempdir().unwrap();
    let known = Arc::new(OnceLock::new());
    let day = day(folder.path(), vec![Box::new(FullOnce { desk: Arc::clone(&known), full: true })]);
    known.set(Arc::clone(&day.desk)).unwrap();
    let state = day.driver.run().await.unwrap();
    assert_eq!(state.trading_status().state, TradingState::Halted);
    assert!(
        state.trading_status().why.contains("cannot be recorded"),
        "{}",
        state.trading_status().why
    );
    assert!(day.desk.orders(close(&day.desk)).iter().all(|order| order.state.is_final()));
}
