//! Tests of the simulated broker: fills, sharing of volume, cancels, refusals, and what is made to go wrong.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    faults::{BrokerFaults, FaultPeriod, FaultPeriodKind, OrderFault, OrderSelector},
    matching::SimBrokerRules,
    sim::{BrokerAccount, BrokerError, SimBroker},
    ticket::{BrokerAck, CancelOutcome, OrderQueryResult, Placement},
};
use crate::trading::{
    durable_log::MemoryLog,
    instruments::{Instrument, TradingMode},
    order::{ClOrdId, Order, OrderSource, OrderState, OrderType, TimeInForce, TradeIntent},
    portfolio::Portfolio,
    symbol::Side,
    testing::{self, dec, hours, minute},
    twap::TwapSlice,
};
use planning::time::Span;

fn account(adv: f64) -> BrokerAccount {
    let known = Instrument { adv20: Some(adv), sigma_1d: Some(0.0), ..Instrument::default() };
    let universe =
        ["AAA", "ZZZ"].map(|n| (testing::symbol(n), known.clone())).into_iter().collect();
    let opening = Portfolio::opening(dec("100000"), &BTreeMap::new());
    BrokerAccount { mode: TradingMode::Sim, hours: hours(), opening, universe }
}

fn opened(
    adv: f64,
    prices: Arc<testing::LinearPrices>,
    outside: (MemoryLog, BrokerFaults),
) -> SimBroker {
    let (log, faults) = outside;
    SimBroker::open(account(adv), SimBrokerRules::default(), prices, (Box::new(log), faults))
        .unwrap()
}

fn broker(start: &str, step: &str, adv: f64) -> SimBroker {
    opened(adv, testing::line(start, step), (MemoryLog::default(), BrokerFaults::default()))
}

/// A broker at a flat $50 with something wrong with the first order.
fn troubled(trouble: OrderFault) -> SimBroker {
    let faults =
        BrokerFaults { orders: vec![(OrderSelector::Number(1), trouble)], spells: Vec::new() };
    opened(1e6, testing::line("50", "0"), (MemoryLog::default(), faults))
}

fn submit(broker: &mut SimBroker, orders: Vec<Placement>, at: DateTime<Utc>) -> Vec<BrokerAck> {
    orders.into_iter().map(|order| broker.submit(order, at).unwrap()).collect()
}

fn state(broker: &SimBroker, id: &str, at: DateTime<Utc>) -> OrderState {
    broker.order(&ClOrdId::parse(id).unwrap(), at).unwrap().unwrap().state
}

fn order(id: &str, change: impl FnOnce(&mut TradeIntent)) -> Placement {
    let mut intent = testing::intent("AAA", 100, "50");
    change(&mut intent);
    let order = Order {
        id: ClOrdId::parse(id).unwrap(),
        parent: None,
        intent,
        mode: TradingMode::Sim,
        account: "demo".into(),
        plan_hash: String::new(),
        source: OrderSource::Plan,
    };
    Placement { order, slices: Vec::new(), participation: 1.0 }
}

fn limit(px: &str) -> impl FnOnce(&mut TradeIntent) {
    let px = dec(px);
    move |intent| (intent.kind, intent.limit_px) = (OrderType::Limit, Some(px))
}

#[test]
fn a_limit_is_filled_once_the_path_goes_a_tick_beyond_it() {
    // The path falls from $50 by a cent a minute: $49.90 after ten.
    let mut broker = broker("50", "-0.01", 1e6);
    submit(&mut broker, vec![order("A", limit("49.90"))], minute(0));
    let fills = broker.fills(hours().close).unwrap();
    assert_eq!(fills.len(), 1);
    assert!(fills[0].at >= minute(11) && fills[0].price == dec("49.90"), "{fills:?}");
    let id = ClOrdId::parse("A").unwrap();
    assert_eq!(broker.order(&id, minute(10)).unwrap().unwrap().state, OrderState::Acked);
    assert_eq!(broker.order(&id, minute(12)).unwrap().unwrap().state, OrderState::Filled);
    submit(&mut broker, vec![order("B", limit("46.11"))], minute(12));
    let id = ClOrdId::parse("B").unwrap();
    assert_eq!(broker.order(&id, hours().close).unwrap().unwrap().state, OrderState::Expired);
}

#[test]
fn no_more_than_a_tenth_of_an_interval_is_filled_and_orders_share_it() {
    // 7,800 shares a day are 100 in five minutes, a tenth of which is 10.
    let mut broker = broker("50", "0", 7_800.0);
    let big = |id| order(id, |intent| intent.qty = 25);
    submit(&mut broker, vec![big("A"), big("B")], minute(0));
    for k in 0..5 {
        let filled: i64 =
            broker.fills(minute(5 * k + 4)).unwrap().iter().map(|fill| fill.qty).sum();
        assert_eq!(filled, 10 * (k + 1));
    }
    assert_eq!(broker.book(minute(60)).quantity(&testing::symbol("AAA")), 50);
}

#[test]
fn a_cancel_gives_its_volume_back_to_others() {
    let mut broker = broker("50", "0", 7_800.0);
    let big = |id| order(id, |intent| intent.qty = 500);
    submit(&mut broker, vec![big("A")], minute(0));
    let id = ClOrdId::parse("A").unwrap();
    assert_eq!(broker.cancel(&id, minute(2)).unwrap(), CancelOutcome::Cancelled { leaves: 490 });
    assert_eq!(
        broker.cancel(&id, minute(3)).unwrap(),
        CancelOutcome::TooLate(OrderState::Cancelled)
    );
    submit(&mut broker, vec![big("B")], minute(4));
    let later = broker.fills(minute(9)).unwrap();
    assert_eq!(later.iter().map(|fill| fill.qty).collect::<Vec<_>>(), [10, 10]);
    assert_eq!(
        broker.cancel(&ClOrdId::parse("C").unwrap(), minute(5)).unwrap(),
        CancelOutcome::Unknown
    );
}

#[test]
fn a_missing_price_never_fills() {
    let mut broker = broker("50", "0", 1e6);
    let none = order("A", |intent| intent.symbol = testing::symbol("ZZZ"));
    assert_eq!(submit(&mut broker, vec![none], minute(0))[0].state, OrderState::Acked);
    assert_eq!(broker.fills(hours().close).unwrap(), []);
}

#[test]
fn closing_orders_fill_at_the_close_and_are_frozen_after_the_cutoff() {
    let mut broker = broker("50", "0.01", 1e6);
    let moc = |id| order(id, |intent| intent.kind = OrderType::Moc);
    submit(&mut broker, vec![moc("A"), moc("B")], minute(300));
    let (a, b) = (ClOrdId::parse("A").unwrap(), ClOrdId::parse("B").unwrap());
    assert!(matches!(broker.cancel(&a, minute(379)).unwrap(), CancelOutcome::Cancelled { .. }));
    assert_eq!(broker.cancel(&b, minute(381)).unwrap(), CancelOutcome::PendingCancel);
    assert_eq!(broker.fills(minute(389)).unwrap(), []);
    let fills = broker.fills(hours().close).unwrap();
    // One basis point above the close of $53.90, half the spread.
    assert_eq!((fills.len(), fills[0].price), (1, dec("53.9054")));
    assert_eq!(submit(&mut broker, vec![moc("C")], minute(381))[0].state, OrderState::Rejected);
}

#[test]
fn what_makes_no_sense_is_rejected_with_a_reason_and_stays_rejected() {
    let mut broker = broker("50", "0", 1e6);
    let bad = vec![
        order("A", |intent| intent.qty = 0),
        order("B", |intent| intent.kind = OrderType::Limit),
        order("C", |intent| intent.symbol = testing::symbol("QQQ")),
        Placement {
            slices: vec![TwapSlice { child: 1, qty: 101, from: minute(1), until: minute(9) }],
            ..order("D", |_| {})
        },
    ];
    for ack in submit(&mut broker, bad, minute(1)) {
        assert!(ack.state == OrderState::Rejected && ack.reason.is_some(), "{ack:?}");
    }
    let late =
        submit(&mut broker, vec![order("E", |intent| intent.side = Side::Sell)], minute(390));
    assert_eq!(late[0].state, OrderState::Rejected);
    let again =
        submit(&mut broker, vec![order("A", |intent| intent.tif = TimeInForce::Ioc)], minute(2));
    assert!(again[0].duplicate && again[0].state == OrderState::Rejected);
}

#[test]
fn an_order_whose_answer_is_lost_is_there_and_one_that_is_lost_is_not() {
    let id = ClOrdId::parse("A").unwrap();
    let mut broker = troubled(OrderFault::AckLost);
    assert_eq!(broker.submit(order("A", |_| {}), minute(0)), Err(BrokerError::NoAnswer));
    assert!(matches!(broker.query(&id, minute(0)), Ok(OrderQueryResult::Found(_))));
    assert_eq!(state(&broker, "A", minute(9)), OrderState::Filled);
    let mut broker = troubled(OrderFault::OrderLost);
    assert_eq!(broker.submit(order("A", |_| {}), minute(0)), Err(BrokerError::NoAnswer));
    assert_eq!(broker.query(&id, hours().close), Ok(OrderQueryResult::NotFound));
    assert_eq!(broker.fills(hours().close).unwrap(), []);
    // Only the first order is lost.
    assert_eq!(
        submit(&mut broker, vec![order("B", |_| {})], minute(1))[0].state,
        OrderState::Acked
    );
}

#[test]
fn a_slow_answer_is_pending_until_it_comes_and_nothing_fills_before() {
    let id = ClOrdId::parse("A").unwrap();
    let mut broker = troubled(OrderFault::SlowAck(Span::mins(5)));
    assert_eq!(broker.submit(order("A", |_| {}), minute(0)), Err(BrokerError::NoAnswer));
    assert_eq!(broker.query(&id, minute(4)), Ok(OrderQueryResult::Pending));
    assert_eq!(state(&broker, "A", minute(4)), OrderState::Sent);
    assert_eq!(
        (broker.fills(minute(4)).unwrap(), broker.drain_late_acks(minute(4))),
        (vec![], vec![])
    );
    let late = broker.drain_late_acks(minute(5));
    assert_eq!(
        late.iter().map(|ack| (ack.at, ack.state)).collect::<Vec<_>>(),
        [(minute(5), OrderState::Acked)]
    );
    assert_eq!(
        broker.drain_late_acks(minute(6)),
        [],
        "an answer that was given is not given again"
    );
    assert_eq!(state(&broker, "A", minute(9)), OrderState::Filled);
}

#[test]
fn an_answer_may_come_twice_a_refusal_once_and_a_rest_never() {
    let mut twice = troubled(OrderFault::DuplicateAck);
    let ack = twice.submit(order("A", |_| {}), minute(0)).unwrap();
    assert_eq!(twice.drain_late_acks(minute(0)), [ack]);
    let mut refused = troubled(OrderFault::Reject("no borrow".into()));
    let ack = refused.submit(order("A", |_| {}), minute(0)).unwrap();
    assert_eq!((ack.state, ack.reason.as_deref()), (OrderState::Rejected, Some("no borrow")));
    let mut partial = troubled(OrderFault::PartialFill(30));
    partial.submit(order("A", |_| {}), minute(0)).unwrap();
    let filled: i64 = partial.fills(hours().close).unwrap().iter().map(|fill| fill.qty).sum();
    assert_eq!(filled, 30);
    assert_eq!(state(&partial, "A", minute(200)), OrderState::Partial);
    assert_eq!(state(&partial, "A", hours().close), OrderState::Expired);
}

#[test]
fn a_broker_that_cannot_be_reached_says_nothing_at_all_for_as_long_as_that_lasts() {
    let id = ClOrdId::parse("A").unwrap();
    let mut cut = troubled(OrderFault::Disconnect(Span::mins(2)));
    let gone = Err(BrokerError::Disconnected);
    assert_eq!(cut.submit(order("A", |_| {}), minute(10)), gone);
    assert_eq!(cut.query(&id, minute(11)), Err(BrokerError::Disconnected));
    assert_eq!(cut.statement(minute(11)), Err(BrokerError::Disconnected));
    assert_eq!(cut.cancel(&id, minute(11)), Err(BrokerError::Disconnected));
    assert_eq!(cut.query(&id, minute(12)), Ok(OrderQueryResult::NotFound));
    let kind = FaultPeriodKind::Disconnect;
    let spell = FaultPeriod { after: Span::mins(60), lasts: Span::mins(5), kind };
    let faults = BrokerFaults { orders: Vec::new(), spells: vec![spell] };
    let line = testing::line("50", "0");
    let mut spell = opened(1e6, line, (MemoryLog::default(), faults));
    assert!(spell.submit(order("A", |_| {}), minute(59)).is_ok());
    assert_eq!(spell.submit(order("B", |_| {}), minute(60)), gone);
    assert!(spell.submit(order("B", |_| {}), minute(65)).is_ok());
}

#[test]
fn a_wrong_statement_shows_other_shares_for_a_while_and_the_fills_stay_true() {
    let kind = FaultPeriodKind::PositionMismatch { symbol: testing::symbol("AAA"), shares: 7 };
    let spell = FaultPeriod { after: Span::mins(60), lasts: Span::mins(5), kind };
    let faults = BrokerFaults { orders: Vec::new(), spells: vec![spell] };
    let mut broker = opened(1e6, testing::line("50", "0"), (MemoryLog::default(), faults));
    broker.submit(order("A", |_| {}), minute(0)).unwrap();
    let shares = |at| broker.statement(at).unwrap().positions[&testing::symbol("AAA")];
    assert_eq!([shares(minute(59)), shares(minute(60)), shares(minute(65))], [100, 7, 100]);
    assert_eq!(broker.statement(minute(60)).unwrap().fills.len(), 1);
}

#[test]
fn opened_again_on_its_log_it_is_the_same_without_being_told_of_the_faults_again() {
    let (log, line) = (MemoryLog::default(), testing::line("50", "0.01"));
    let troubles = [
        OrderFault::AckLost,
        OrderFault::OrderLost,
        OrderFault::SlowAck(Span::mins(1)),
        OrderFault::PartialFill(50),
        OrderFault::Disconnect(Span::secs(30)),
    ];
    let orders = (1..).map(OrderSelector::Number).zip(troubles).collect();
    let faults = BrokerFaults { orders, spells: Vec::new() };
    let mut first = opened(1e6, Arc::clone(&line), (log.clone(), faults));
    for (n, name) in (0..).zip(["A", "B", "C", "D", "E", "F"]) {
        // Some of these are not answered, as the faults have it.
        let _ = first.submit(order(name, |intent| intent.qty = 500), minute(n * 3));
    }
    first.cancel(&ClOrdId::parse("D").unwrap(), minute(30)).unwrap();
    let again = opened(1e6, line, (log, BrokerFaults::default()));
    let end = hours().close;
    assert_eq!(again.orders(end), first.orders(end));
    assert_eq!(again.statement(end), first.statement(end));
    assert_eq!(
        again.query(&ClOrdId::parse("E").unwrap(), minute(12)),
        Err(BrokerError::Disconnected)
    );
}
