//! Ends of order tasks that are not plain: rejected by the broker, stopped midway, or sent as exits only.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose setting fails has failed")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
};

use bellwether::{
    desk::{
        market::Dataset,
        trading::{
            broker::{BrokerFaults, OrderFault, OrderSelector, OrderView},
            desk::{DeskBacking, ExternalTradingState, KillSwitch, TradePlanRejection},
            limits::TradingState,
            order::OrderState,
            symbol::Symbol,
        },
    },
    engine::{
        AttemptOutcome, Failure, FailureKind, ProbeResult, ResultQuality, port::AttemptRequest,
    },
    planning::time::Span,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::support::{
    desk_day::{CLOSES, DeskDay, book, changed, ready, scaled},
    frail::Disk,
};

const DATE: &str = "2018-12-19";

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
            state: TradingState::Halted,
            by: "operator ana".into(),
            why: "!!".into(),
        })
    }
}

/// The day up to the start of `execute_open`, with its request.
fn before_orders(backing: DeskBacking, switch: Arc<HaltAfter>) -> (DeskDay, AttemptRequest) {
    let data = Arc::new(Dataset::bundled());
    let mut day = DeskDay::with_switch(DATE, &data, (book(), backing), switch);
    let at = day.plan.open + TimeDelta::minutes(5);
    day.run_until(at);
    let request = day.request("execute_open", at);
    (day, request)
}

fn never() -> Arc<HaltAfter> {
    Arc::new(HaltAfter(AtomicI32::new(-1)))
}

fn rejecting(orders: impl IntoIterator<Item = u32>) -> DeskBacking {
    let fault = || OrderFault::Reject("account restricted".into());
    let orders = orders.into_iter().map(|n| (OrderSelector::Number(n), fault())).collect();
    Disk::with(BrokerFaults { orders, spells: Vec::new() }).sound()
}

fn failure(answer: AttemptOutcome) -> Failure {
    match answer {
        AttemptOutcome::Failed(failure) => failure,
        other @ (AttemptOutcome::Completed(_)
        | AttemptOutcome::Stopped
        | AttemptOutcome::InDoubt(_)) => panic!("it did not fail: {other:?}"),
    }
}

fn shares(day: &DeskDay) -> BTreeMap<Symbol, i64> {
    day.desk.book(day.plan.close).shares()
}

fn filled(day: &DeskDay, at: DateTime<Utc>) -> i64 {
    day.desk.fills(at).iter().map(|fill| fill.qty).sum()
}

fn later(request: &AttemptRequest, minutes: i64) -> AttemptRequest {
    let (shift, attempt) = (TimeDelta::minutes(minutes), request.attempt + 1);
    let (as_of, deadline) = (request.as_of + shift, request.deadline + shift);
    AttemptRequest { as_of, deadline, attempt, ..request.clone() }
}

#[test]
fn task_fails_with_the_brokers_reason_when_all_is_rejected() {
    let (day, request) = before_orders(rejecting(1..=14), never());
    let reply = day.ask(request);
    assert!(reply.took.unwrap() < Span::mins(1), "known at once");
    let failure = failure(reply.answer);
    assert_eq!(failure.kind, FailureKind::Rejected);
    assert!(failure.message.contains("the broker rejected all 10 orders: account restricted"));
}

#[test]
fn retry_after_all_was_rejected_sends_every_order_anew() {
    let (calm, request) = before_orders(DeskBacking::default(), never());
    calm.ask(request);
    let (day, request) = before_orders(rejecting(1..=10), never());
    failure(day.ask(request.clone()).answer);
    let AttemptOutcome::Completed(done) = day.ask(later(&request, 1)).answer else {
        panic!("the account is free again")
    };
    assert_eq!(done.output["data"]["filled"], done.output["data"]["ordered"]);
    assert_eq!(shares(&day), shares(&calm));
}

#[test]
fn one_rejected_order_raises_an_alert_with_its_reason() {
    let (day, request) = before_orders(rejecting([3]), never());
    let AttemptOutcome::Completed(done) = day.ask(request).answer else { panic!("nine are taken") };
    assert_eq!(done.quality, ResultQuality::Degraded);
    let alerts = done.output["data"]["alerts"].as_array().unwrap();
    let text = alerts[0]["text"].as_str().unwrap();
    assert!(text.starts_with("the broker rejected 1 order: account restricted ("), "{text}");
    assert!(done.output["warnings"].to_string().contains("account restricted"));
}

#[test]
fn retry_after_a_stop_sends_only_the_remainder() {
    let (calm, request) = before_orders(DeskBacking::default(), never());
    calm.ask(request);
    let (day, request) = before_orders(DeskBacking::default(), never());
    day.ask(request.clone());
    let stopped = request.as_of + TimeDelta::minutes(8);
    let agent = day.roster.resolve(&request.agent, &request.task_type).unwrap();
    failure(agent.stop(&request, stopped));
    let first = filled(&day, day.plan.close);
    let AttemptOutcome::Completed(done) = day.ask(later(&request, 10)).answer else {
        panic!("the remainder can be sent")
    };
    let data = &done.output["data"];
    let total = data["ordered"].as_i64().unwrap();
    assert!(0 < first && first < total, "{first} of {total}");
    assert_eq!(data["filled"], total, "both attempts count: {}", done.summary);
    assert_eq!(data["residual"], Value::Array(Vec::new()));
    assert_eq!(filled(&day, day.plan.close), total, "no share is traded twice");
    assert_eq!(shares(&day), shares(&calm));
}

#[test]
fn second_stop_and_retry_still_ends_at_the_approved_shares() {
    let (calm, request) = before_orders(DeskBacking::default(), never());
    calm.ask(request);
    let (day, mut request) = before_orders(DeskBacking::default(), never());
    let agent = Arc::clone(day.roster.resolve(&request.agent, &request.task_type).unwrap());
    for _twice in 0..2 {
        day.ask(request.clone());
        let stopped = request.as_of + TimeDelta::minutes(4);
        failure(agent.stop(&request, stopped));
        request = later(&request, 6);
    }
    day.ask(request);
    assert_eq!(shares(&day), shares(&calm));
}

#[test]
fn halt_between_two_orders_leaves_the_rest_unsent() {
    let halt = never();
    let (calm, request) = before_orders(DeskBacking::default(), never());
    calm.ask(request);
    let (day, request) = before_orders(DeskBacking::default(), Arc::clone(&halt));
    // The switch is asked twice for each order: the halt comes after the third.
    halt.0.store(6, Ordering::SeqCst);
    let failed = failure(day.ask(request.clone()).answer);
    assert_eq!(failed.kind, FailureKind::Cancelled);
    let sent = day.desk.orders(request.as_of);
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|view| view.state == OrderState::Cancelled));
    let (plan, _) = day.desk.trade_plans().pop().unwrap();
    let unsent = day.desk.unsent_intents(plan.hash());
    assert_eq!(unsent.len(), plan.orders.len() - 3, "a halt decides about no order");
    for intent in &plan.orders {
        let name = format!("({} {} {})", intent.side, intent.qty, intent.symbol);
        assert!(failed.message.contains(&name), "{}", failed.message);
    }
    let agent = day.roster.get(&request.agent).unwrap();
    let ProbeResult::Unfinished { .. } = ready(agent.lookup(&request, request.as_of)) else {
        panic!("most of the plan was not sent")
    };
    halt.0.store(-1, Ordering::SeqCst);
    let ana = ("operator ana", "looked");
    day.desk.re_enable(TradingState::Active, ana, request.as_of).unwrap();
    let AttemptOutcome::Completed(done) = day.ask(later(&request, 1)).answer else {
        panic!("trading is allowed again")
    };
    assert_eq!(done.output["data"]["filled"], done.output["data"]["ordered"]);
    assert_eq!(shares(&day), shares(&calm));
}

#[test]
fn result_computed_before_a_halt_does_not_outlive_it() {
    let (day, request) = before_orders(DeskBacking::default(), never());
    let reply = day.ask(request.clone());
    assert!(matches!(reply.answer, AttemptOutcome::Completed(_)), "all fill, undisturbed");
    let (halt, end) = (request.as_of + TimeDelta::minutes(8), request.as_of + TimeDelta::hours(1));
    let agent = day.roster.get(&request.agent).unwrap();
    assert_eq!(agent.settle(&request, end, reply.answer.clone()), reply.answer);
    day.desk.tighten(TradingState::Halted, ("operator ana", "!!"), halt).unwrap();
    let failed = failure(agent.settle(&request, end, reply.answer));
    assert!(failed.message.starts_with("stopped at 09:43: "), "{}", failed.message);
}

#[test]
fn remainder_of_a_rejected_plan_is_not_sent() {
    let (day, request) = before_orders(DeskBacking::default(), never());
    day.ask(request.clone());
    let stopped = request.as_of + TimeDelta::minutes(8);
    let agent = day.roster.resolve(&request.agent, &request.task_type).unwrap();
    failure(agent.stop(&request, stopped));
    let rejected = TradePlanRejection {
        plan_hash: day.desk.trade_plans().pop().unwrap().0.hash().to_owned(),
        by: "ana".into(),
        reason: "no more".into(),
        at: stopped,
    };
    day.desk.record_rejection(rejected).unwrap();
    let before = day.desk.orders(day.plan.close).len();
    let failed = failure(day.ask(later(&request, 10)).answer);
    assert_eq!(failed.kind, FailureKind::Permission, "{}", failed.message);
    assert_eq!(day.desk.orders(day.plan.close).len(), before);
}

/// Sells that leave at the open on a desk set to `REDUCE_ONLY` at a time before the open.
fn exits(minutes_before_open: i64) -> Vec<(String, i64)> {
    let mut day = DeskDay::new(DATE, &Arc::new(Dataset::bundled()));
    let set = day.plan.open - TimeDelta::minutes(minutes_before_open);
    day.run_until(set);
    day.desk.tighten(TradingState::ReduceOnly, ("operator ana", "caution"), set).unwrap();
    day.run_until(day.plan.open + TimeDelta::minutes(30));
    let turnover = |task: &str| {
        let summary = &day.outcomes.values().find(|o| o.summary.contains(task)).unwrap().summary;
        summary.split_once("turnover ").unwrap().1.to_owned()
    };
    assert_eq!(turnover(" orders, "), turnover(" pass, "), "one formula of turnover");
    let orders = day.desk.orders(day.plan.close);
    assert!(!orders.is_empty(), "{:?}", day.failures);
    let line = |view: &OrderView| {
        let intent = &view.order.intent;
        (format!("{} {}", intent.side, intent.symbol), intent.qty)
    };
    orders.iter().map(line).collect()
}

#[test]
fn reduce_only_before_the_pre_open_checks_lets_all_exits_leave() {
    let early = exits(30);
    assert_eq!(early, exits(15));
    assert_eq!(early.len(), 7, "{early:?}");
}

#[test]
fn exits_at_the_close_are_split_below_the_largest_order() {
    let data = Arc::new(Dataset::bundled());
    let mut day = DeskDay::on("2018-12-24", &data, (book(), rejecting(1..=7)));
    day.run_until(day.plan.close - TimeDelta::minutes(5));
    assert!(day.failures.keys().any(|task| task.as_str() == "execute_open"));
    let closing = day.data("closing_plan");
    let exits = closing["unfinished"].as_array().unwrap().iter().filter(|o| o["choice"] == "MOC");
    let left: i64 = exits.clone().map(|one| one["leaves"].as_i64().unwrap()).sum();
    let parts = closing["plan"]["orders"].as_array().unwrap();
    assert!(parts.len() > exits.count(), "one exit at least is too large: {parts:?}");
    let sent = day.data("submit_close");
    let states = sent["states"].as_array().unwrap();
    assert_eq!(states.len(), parts.len(), "the checks let every part pass: {}", sent["gate"]);
    let fills = day.desk.fills(day.plan.close + TimeDelta::minutes(1));
    assert_eq!(fills.iter().map(|fill| fill.qty).sum::<i64>(), left);
}

#[test]
fn halted_holding_does_not_hide_a_crash_of_the_others() {
    let data = changed(|file, line| {
        if file != CLOSES || !line.starts_with(DATE) {
            return Some(line.to_owned());
        }
        let mut cells: Vec<String> =
            scaled(line, |_day| true, 0.85).split(',').map(str::to_owned).collect();
        let names = include_str!("../../assets/market/us16_adjclose_2010_2022.csv").lines();
        let names = names.take(1).flat_map(|head| head.split(','));
        let at = names.into_iter().position(|name| name == "AAPL").unwrap();
        cells[at] = String::new();
        Some(cells.join(","))
    });
    let mut day = DeskDay::new(DATE, &data);
    let minute = |h: i64, m: i64| TimeDelta::minutes(h * 60 + m) - TimeDelta::minutes(9 * 60 + 30);
    day.run_until(day.plan.open + minute(9, 31));
    let (mut reduced, mut halted) = (None, None);
    let mut at = day.plan.open + minute(9, 35);
    while at < day.plan.open + minute(13, 30) {
        let AttemptOutcome::Completed(done) = day.ask(day.request("risk_monitor", at)).answer
        else {
            panic!("the monitor goes on without a price of AAPL")
        };
        assert_eq!(done.output["data"]["stale"], serde_json::json!(["AAPL"]));
        assert!(done.summary.contains("1 price stale"), "{}", done.summary);
        assert!(done.output["data"]["alerts"].to_string().contains("no price of AAPL"));
        let state = day.desk.trading_state();
        if state >= TradingState::ReduceOnly {
            reduced.get_or_insert(at);
        }
        if state >= TradingState::Halted {
            halted.get_or_insert(at);
        }
        at += TimeDelta::minutes(5);
    }
    assert!(reduced.unwrap() < day.plan.open + minute(12, 0), "{reduced:?}");
    assert!(halted.unwrap() < day.plan.open + minute(13, 30), "{halted:?}");
}
