//! Closing positions on request: who may, when, what leaves, and what is left.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose setting fails has failed")]

use std::sync::{
    Arc,
    atomic::{AtomicI32, Ordering},
};

use bellwether::{
    desk::{
        market::Dataset,
        trading::{
            desk::{DeskBacking, ExternalTradingState, KillSwitch},
            limits::TradingState as DeskState,
            order::OrderSource,
        },
    },
    engine::{
        AttemptOutcome, Command, Event, ExitRequest, FailureKind, Gate, PauseMode, ProbeResult,
        RunState, TaskState, TradingState, Waiver, port::AttemptRequest,
    },
    planning::{
        id::TaskType,
        plan::{DayPlan, TaskIx},
        workflow::{EffectClass, TaskPriority},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::{
    engine_script::{Script, add, quiet},
    support::desk_day::{DeskDay, book, ready},
};

/// A session with one task beside the standing exit.
fn session() -> (DayPlan, TaskIx, TaskIx) {
    let mut plan = quiet();
    plan.open = plan.stages[0].opens_at;
    let work = add(&mut plan, |_| {});
    let exit = add(&mut plan, |task| {
        task.on_demand = true;
        task.effect = EffectClass::Effectful;
        task.max_retries = 0;
        task.priority = TaskPriority::Critical;
        task.task_type = TaskType::parse(ExitRequest::TASK_TYPE).unwrap();
    });
    (plan, work, exit)
}

fn all() -> Command {
    Command::Flatten { symbol: None }
}

fn trading(day: &Script) -> TradingState {
    day.run().trading_status().state
}

#[test]
fn flatten_starts_the_exit_and_lets_nothing_be_bought() {
    let (plan, work, exit) = session();
    let mut day = Script::begin(plan);
    assert!(day.ask_because(None, all()).is_err(), "no reason");
    day.order(all());
    assert_eq!(day.state(exit), TaskState::Running);
    assert_eq!(trading(&day), TradingState::ReduceOnly);
    let request = day.run().exit_request().unwrap().clone();
    assert_eq!((request.task, request.symbol), (exit, None));
    let refusal = day.ask(all()).expect_err("it is at work").to_string();
    assert!(refusal.contains("closing positions now"), "{refusal}");
    day.done(exit);
    day.done(work);
    assert!(day.run().has_ended());
}

#[test]
fn flatten_of_one_symbol_leaves_the_trading_state() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    day.order(Command::Flatten { symbol: Some("AAPL".into()) });
    assert_eq!(day.state(exit), TaskState::Running);
    assert_eq!(trading(&day), TradingState::Active);
    assert_eq!(day.run().exit_request().unwrap().symbol.as_deref(), Some("AAPL"));
}

#[test]
fn exit_passes_halted_only_for_a_request_made_since() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    day.order(all());
    day.until(1);
    day.order(Command::TightenTrading { to: TradingState::Halted });
    assert_eq!(day.state(exit), TaskState::Cancelling, "`!!` stops it as any order");
    day.fails(exit, FailureKind::Cancelled);
    assert_eq!(day.state(exit), TaskState::Failed);
    let forced = Command::Force { task: exit, waivers: vec![Waiver::OnDemand] };
    let refusal = day.ask(forced).expect_err("trading is HALTED").to_string();
    assert!(refusal.contains("trading is HALTED"), "{refusal}");
    day.until(2);
    day.order(all());
    assert_eq!(day.state(exit), TaskState::Running, "asked for since");
    assert_eq!(trading(&day), TradingState::Halted, "and nothing is loosened");
}

#[test]
fn killed_refuses_an_exit_until_re_enabled_to_halted() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    day.order(Command::TightenTrading { to: TradingState::Killed });
    let refusal = day.ask(all()).expect_err("KILLED").to_string();
    assert!(refusal.contains("re-enable trading to HALTED first"), "{refusal}");
    day.order(Command::ReEnableTrading { to: TradingState::Halted });
    day.order(all());
    assert_eq!(day.state(exit), TaskState::Running);
}

#[test]
fn finished_exit_may_be_asked_for_again() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    day.order(Command::Flatten { symbol: Some("AAPL".into()) });
    day.done(exit);
    day.until(3);
    day.order(all());
    assert_eq!(day.state(exit), TaskState::Running);
    assert_eq!(day.task(exit).generation, 2);
}

#[test]
fn exit_runs_while_the_engine_is_paused_and_held() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    let gate = Gate::Engine;
    let mode = PauseMode::Drain;
    day.order(Command::Pause { gate, mode, until: None });
    day.order(Command::Hold { task: exit });
    day.order(all());
    assert_eq!(day.state(exit), TaskState::Running);
}

#[test]
fn run_without_a_standing_exit_refuses_and_says_what_is_missing() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    let refusal = day.ask(all()).expect_err("nothing stands ready").to_string();
    assert!(refusal.contains("emergency_exit"), "{refusal}");
}

#[test]
fn request_is_in_the_journal_and_survives_a_snapshot() {
    let (plan, _, exit) = session();
    let mut day = Script::begin(plan);
    day.order(Command::Flatten { symbol: Some("KO".into()) });
    let written = day.journal.iter().find(|recorded| {
        matches!(&recorded.event, Event::ExitRequested { task, symbol: Some(name), .. }
            if *task == exit && &**name == "KO")
    });
    assert!(written.is_some());
    let text = serde_json::to_string(day.run()).unwrap();
    let back: RunState = serde_json::from_str(&text).unwrap();
    assert_eq!(back.exit_request(), day.run().exit_request());
}

/// Halts trading once it was asked a number of times; never while the number is negative.
#[derive(Debug)]
struct HaltAfter(AtomicI32);

impl KillSwitch for HaltAfter {
    fn external_state(&self) -> Option<ExternalTradingState> {
        let left = self.0.load(Ordering::SeqCst);
        if left > 0 {
            self.0.store(left - 1, Ordering::SeqCst);
        }
        (left == 0).then(|| ExternalTradingState {
            state: DeskState::Halted,
            by: "operator ana".into(),
            why: "!!".into(),
        })
    }
}

/// The standard day in the middle of `execute_open`, and the request for the exit at that moment.
fn amid_orders(symbol: Option<&str>) -> (DeskDay, AttemptRequest) {
    let data = Arc::new(Dataset::bundled());
    let never = Arc::new(HaltAfter(AtomicI32::new(-1)));
    let mut day =
        DeskDay::with_switch("2018-12-19", &data, (book(), DeskBacking::default()), never);
    let open = day.plan.open;
    day.run_until(open + TimeDelta::minutes(5));
    day.ask(day.request("execute_open", open + TimeDelta::minutes(5)));
    let mut request = day.request("emergency_exit", open + TimeDelta::minutes(15));
    request.params = Arc::new(json!({ "requested_by": "ana", "symbol": symbol }));
    (day, request)
}

fn held(day: &DeskDay, at: DateTime<Utc>) -> usize {
    day.desk.book(at).shares().values().filter(|qty| **qty != 0).count()
}

/// Runs the exit to its end, and returns the outcome.
fn run_exit(day: &DeskDay, request: &AttemptRequest) -> (AttemptOutcome, DateTime<Utc>) {
    let reply = day.ask(request.clone());
    let end = request.as_of + reply.took.unwrap().to_delta();
    let agent = day.roster.get(&request.agent).unwrap();
    (agent.settle(request, end, reply.answer), end)
}

#[test]
fn every_position_is_closed_amid_working_orders() {
    let (day, request) = amid_orders(None);
    assert!(held(&day, request.as_of) > 5);
    let (outcome, end) = run_exit(&day, &request);
    let AttemptOutcome::Completed(done) = outcome else { panic!("not flat: {outcome:?}") };
    assert!(done.summary.starts_with("flat by the broker's statement: "), "{}", done.summary);
    assert_eq!(held(&day, day.plan.close), 0, "nothing is bought behind it");
    let theirs = day.desk.broker_statement(end).unwrap();
    assert!(theirs.positions.values().all(|qty| *qty == 0));
    let (_, approval) =
        day.desk.trade_plan(done.output["data"]["plan_hash"].as_str().unwrap()).unwrap();
    assert_eq!(approval.unwrap().approver, "ana");
}

#[test]
fn one_symbol_is_closed_and_the_others_stay() {
    let (day, request) = amid_orders(Some("KO"));
    let before = held(&day, request.as_of);
    let (outcome, end) = run_exit(&day, &request);
    assert!(matches!(outcome, AttemptOutcome::Completed(_)), "{outcome:?}");
    let shares = day.desk.book(end).shares();
    assert!(shares.iter().all(|(name, qty)| name.as_str() != "KO" || *qty == 0));
    assert!(held(&day, end) >= before - 1);
}

#[test]
fn symbol_that_is_not_held_is_refused_with_what_is() {
    let (day, request) = amid_orders(Some("TSLA"));
    let AttemptOutcome::Failed(failure) = day.ask(request).answer else { panic!("not held") };
    assert_eq!(failure.kind, FailureKind::BadInput);
    assert!(failure.message.contains("no position in TSLA; open positions: "), "{failure:?}");
}

#[test]
fn exit_leaves_in_reduce_only_and_in_halted() {
    for state in [DeskState::ReduceOnly, DeskState::Halted] {
        let (day, request) = amid_orders(None);
        day.desk.tighten(state, ("operator ana", "out"), request.as_of).unwrap();
        let (outcome, _) = run_exit(&day, &request);
        assert!(matches!(outcome, AttemptOutcome::Completed(_)), "{state}: {outcome:?}");
        let exits = day.desk.orders(day.plan.close);
        assert!(exits.iter().any(|view| view.order.source == OrderSource::ManualRetyped));
    }
}

#[test]
fn killed_desk_sends_no_exit() {
    let (day, request) = amid_orders(None);
    day.desk.tighten(DeskState::Killed, ("operator ana", "dead"), request.as_of).unwrap();
    let before = held(&day, request.as_of);
    let AttemptOutcome::Failed(failure) = day.ask(request.clone()).answer else { panic!("KILLED") };
    assert!(failure.message.contains("KILLED"), "{failure:?}");
    assert_eq!(held(&day, day.plan.close), before);
}

#[test]
fn halt_in_the_middle_fails_it_and_asking_again_sells_the_rest_once() {
    let (day, request) = amid_orders(None);
    let shares = day.desk.book(request.as_of).shares();
    let total: i64 = shares.values().map(|qty| qty.abs()).sum();
    day.ask(request.clone());
    let stopped = request.as_of + TimeDelta::minutes(4);
    let agent = Arc::clone(day.roster.get(&request.agent).unwrap());
    let AttemptOutcome::Failed(failure) = agent.stop(&request, stopped) else {
        panic!("most is still held")
    };
    assert!(failure.message.starts_with("not flat: "), "{failure:?}");
    let mut again = request.clone();
    (again.attempt, again.as_of) = (2, stopped + TimeDelta::minutes(1));
    let (outcome, end) = run_exit(&day, &again);
    assert!(matches!(outcome, AttemptOutcome::Completed(_)), "{outcome:?}");
    let exits: i64 = day
        .desk
        .orders(end)
        .iter()
        .filter(|view| view.order.source == OrderSource::ManualRetyped)
        .map(|view| view.filled)
        .sum();
    assert_eq!(exits, total, "each share is sold once");
}

#[test]
fn attempt_that_is_repeated_after_a_crash_sends_nothing_twice() {
    let (day, request) = amid_orders(None);
    day.ask(request.clone());
    let once = day.desk.orders(day.plan.close);
    day.ask(request.clone());
    assert_eq!(day.desk.orders(day.plan.close).len(), once.len());
    let later = day.plan.close - TimeDelta::minutes(10);
    let agent = day.roster.get(&request.agent).unwrap();
    assert!(matches!(ready(agent.lookup(&request, later)), ProbeResult::Happened { .. }));
    let mut unsent = request;
    unsent.attempt = 9;
    let ProbeResult::DidNotHappen { .. } = ready(agent.lookup(&unsent, later)) else {
        panic!("an attempt without a plan has sent nothing")
    };
}
