//! What the desk does when the broker does not answer, answers late, twice or wrongly, and when a
//! person approves a part.

#![expect(clippy::panic, reason = "a test whose setting fails has failed")]

use std::collections::BTreeSet;

use bellwether::{
    desk::trading::{
        broker::{BrokerFaults, FaultPeriod, FaultPeriodKind, OrderFault, OrderSelector},
        desk::{Desk, DeskBacking, IntentOutcome, OrderOutcome, TradePlanRejection},
        order::OrderState,
        reconcile::{BreakClass, ReconcileVerdict},
        trade_plan::Approval,
    },
    planning::time::Span,
};
use chrono::{DateTime, Utc};

use crate::support::{
    crash_day::{
        NAMES, approval, end, hours, minute, name, open, plan, release, second, settle, trade,
    },
    frail::Disk,
};

/// A desk at a broker with something wrong with the third order, which buys CCC, and what it did.
fn troubled(trouble: OrderFault) -> (Disk, Desk, Vec<IntentOutcome>) {
    let orders = vec![(OrderSelector::Number(3), trouble)];
    let disk = Disk::with(BrokerFaults { orders, spells: Vec::new() });
    let desk = open(disk.sound());
    let outcomes = trade(&desk, second(0));
    (disk, desk, outcomes)
}

fn third(desk: &Desk, at: DateTime<Utc>) -> OrderState {
    desk.orders(at)[2].state
}

#[test]
fn an_order_whose_answer_is_lost_is_in_doubt_until_asked_for_and_then_as_if_it_had_come() {
    let (disk, desk, outcomes) = troubled(OrderFault::AckLost);
    assert!(outcomes[2].doubt.is_some() && outcomes[2].ack.is_none());
    assert!(outcomes[3].ack.is_some(), "the others go on");
    assert_eq!(third(&desk, second(0)), OrderState::Unknown);
    // Releasing again asks, and sends nothing.
    let again = desk.send_orders(&release(second(1)), second(1)).unwrap();
    assert_eq!(again[2].ack.as_ref().unwrap().state, OrderState::Acked);
    assert_eq!(disk.submissions().len(), 4);
    let calm = open(DeskBacking::default());
    trade(&calm, second(0));
    assert_eq!(end(&desk), end(&calm));
}

#[test]
fn an_order_that_never_arrived_is_rejected_after_three_askings_with_the_evidence() {
    let (disk, desk, _) = troubled(OrderFault::OrderLost);
    for (seconds, state) in
        [(0, OrderState::Unknown), (1, OrderState::Unknown), (2, OrderState::Unknown)]
    {
        desk.query_open_orders(second(seconds));
        assert_eq!(third(&desk, second(seconds)), state);
    }
    // Any number of askings at one moment is one.
    for _ in 0..9 {
        desk.query_open_orders(second(3));
    }
    assert_eq!(third(&desk, second(9)), OrderState::Unknown);
    let fates = desk.order_outcomes(plan().hash(), second(9));
    assert!(
        matches!(&fates[2].1, OrderOutcome::InDoubt(why) if why.contains("2 of 3")),
        "{fates:?}"
    );
    assert_eq!(desk.query_open_orders(second(10)), []);
    assert_eq!(third(&desk, second(10)), OrderState::Rejected);
    let OrderOutcome::NotFound(evidence) = &desk.order_outcomes(plan().hash(), second(11))[2].1
    else {
        panic!("an order that never arrived has another fate")
    };
    assert!(evidence.contains("14:40:01, 14:40:03, 14:40:10"), "{evidence}");
    let again = desk.send_orders(&release(second(60)), second(60)).unwrap();
    assert_eq!(again[2].ack.as_ref().unwrap().state, OrderState::Rejected);
    assert_eq!(disk.submissions().len(), 4, "it is not sent again, now or ever");
    assert_eq!(end(&desk).0[&name("CCC")], 1_000);
    assert_eq!(end(&open(disk.sound())).0[&name("CCC")], 1_000);
}

#[test]
fn an_order_answered_late_is_waited_for_however_often_the_broker_is_asked() {
    let (disk, desk, _) = troubled(OrderFault::SlowAck(Span::mins(4)));
    settle(&desk, 0);
    assert_eq!(third(&desk, second(125)), OrderState::Unknown, "it is known and not answered");
    // Its shares count as working meanwhile.
    assert_eq!(desk.orders(second(125))[2].leaves, 103);
    assert_eq!(desk.book(second(239)).quantity(&name("CCC")), 1_000);
    let _learns = desk.query_open_orders(second(241));
    assert_ne!(third(&desk, second(241)), OrderState::Unknown);
    let again = open(disk.sound());
    assert_eq!(end(&again), end(&desk));
    assert_eq!(end(&desk).0[&name("CCC")], 1_103);
}

#[test]
fn an_answer_that_comes_twice_changes_nothing_and_a_refusal_is_final() {
    let (disk, desk, outcomes) = troubled(OrderFault::DuplicateAck);
    let calm = open(DeskBacking::default());
    assert_eq!(outcomes, trade(&calm, second(0)));
    assert_eq!((end(&desk), disk.submissions().len()), (end(&calm), 4));
    let (_, desk, outcomes) = troubled(OrderFault::Reject("no borrow".into()));
    assert_eq!(outcomes[2].ack.as_ref().unwrap().reason.as_deref(), Some("no borrow"));
    assert_eq!(outcomes[2].doubt, None);
    assert_eq!(end(&desk).0[&name("CCC")], 1_000);
}

#[test]
fn a_rest_that_never_fills_is_left_and_told() {
    let (_, desk, _) = troubled(OrderFault::PartialFill(50));
    assert_eq!(third(&desk, second(600)), OrderState::Partial);
    let view = &desk.orders(hours().close)[2];
    assert_eq!((view.state, view.filled), (OrderState::Expired, 51));
    assert_eq!(end(&desk).0[&name("CCC")], 1_051);
}

#[test]
fn a_connection_lost_with_an_order_leaves_it_in_doubt_and_holds_the_next_until_it_is_back() {
    let (disk, desk, outcomes) = troubled(OrderFault::Disconnect(Span::secs(30)));
    assert!(outcomes[2].doubt.is_some() && outcomes[3].doubt.is_some());
    assert!(desk.broker_statement(second(5)).is_err());
    assert_eq!(desk.query_open_orders(second(20)).len(), 2, "who cannot be asked proves nothing");
    // What is known stays known: two orders, and the shares of none in doubt.
    assert_eq!(desk.orders(second(20)).len(), 4);
    settle(&desk, 30);
    assert_eq!(third(&desk, second(60)), OrderState::Rejected);
    assert_eq!(disk.submissions().len(), 3, "the fourth never reached anybody");
    let shares = end(&desk).0;
    assert_eq!(NAMES.map(|n| shares[&name(n)]), [1_101, 898, 1_000, 1_000]);
}

#[test]
fn a_fill_the_desk_has_not_heard_of_is_booked_by_reconciliation_once() {
    let (_, desk, _) = troubled(OrderFault::AckLost);
    let at = minute(60);
    let theirs = desk.broker_statement(at).unwrap();
    let found = desk.reconcile(&theirs, at);
    // All is filled there, and here the order still counts as working.
    let classes: BTreeSet<BreakClass> = found.breaks.iter().map(|b| b.class).collect();
    assert_eq!(classes, BTreeSet::from([BreakClass::MissingFill, BreakClass::LateCancel]));
    assert_eq!(found.verdict, ReconcileVerdict::Minor);
    assert_eq!(desk.book_missing(&found), found.to_apply.len());
    assert_eq!(desk.book_missing(&found), 0, "once");
    desk.query_open_orders(at);
    assert_eq!(desk.reconcile(&theirs, at).verdict, ReconcileVerdict::Clean);
    assert_eq!(desk.book(at).quantity(&name("CCC")), 1_103);
}

#[test]
fn a_statement_that_shows_other_shares_is_a_break_and_not_a_trade() {
    let kind = FaultPeriodKind::PositionMismatch { symbol: name("AAA"), shares: 1 };
    let spell = FaultPeriod { after: Span::mins(60), lasts: Span::mins(1), kind };
    let desk = open(Disk::with(BrokerFaults { orders: Vec::new(), spells: vec![spell] }).sound());
    let check = |at| desk.reconcile(&desk.broker_statement(at).unwrap(), at);
    assert_eq!(check(minute(59)).verdict, ReconcileVerdict::Clean);
    assert_eq!(check(minute(60)).verdict, ReconcileVerdict::Block);
    assert!(check(minute(60)).blocked.contains("AAA"));
    assert_eq!(desk.book(minute(60)).quantity(&name("AAA")), 1_000);
}

#[test]
fn a_cancel_nobody_answers_is_asked_again_until_it_is() {
    let kind = FaultPeriodKind::Disconnect;
    let spell = FaultPeriod { after: Span::mins(15), lasts: Span::mins(5), kind };
    let disk = Disk::with(BrokerFaults { orders: Vec::new(), spells: vec![spell] });
    let desk = open(disk.sound());
    trade(&desk, second(0));
    let id = desk.orders(minute(14))[0].order.id.clone();
    desk.cancel(&id, minute(16));
    assert_eq!(desk.cancel_outcome(&id), None);
    // A process that dies before the answer still knows that it was asked for.
    let again = open(disk.sound());
    again.query_open_orders(minute(21));
    assert!(again.cancel_outcome(&id).is_some());
    assert_eq!(again.orders(minute(22))[0].state, OrderState::Cancelled);
    assert!(end(&again).0[&name("AAA")] < 1_101);
}

#[test]
fn an_approval_may_leave_out_and_trim_and_never_reach_beyond_its_plan() {
    let desk = open(DeskBacking::default());
    desk.submit_plan(plan()).unwrap();
    let part = |intents: &[u32], trims: &[(u32, i64)]| Approval {
        intents: intents.iter().copied().collect(),
        trims: trims.iter().copied().collect(),
        ..approval()
    };
    for wrong in
        [part(&[1, 9], &[]), part(&[1], &[(9, 1)]), part(&[1], &[(1, 0)]), part(&[1], &[(1, 102)])]
    {
        assert!(desk.record_approval(wrong.clone()).is_err(), "{wrong:?}");
    }
    desk.record_approval(part(&[1, 3], &[(3, 40)])).unwrap();
    let outcomes = desk.send_orders(&release(second(0)), second(0)).unwrap();
    assert_eq!(
        outcomes.iter().map(|o| (o.intent_id, o.sent_qty)).collect::<Vec<_>>(),
        [(1, 101), (3, 40)]
    );
    // More of an order that was sent is not sent by approving more.
    desk.record_approval(approval()).unwrap();
    desk.send_orders(&release(second(9)), second(9)).unwrap();
    let shares = end(&desk).0;
    assert_eq!(NAMES.map(|n| shares[&name(n)]), [1_101, 898, 1_040, 1_104]);
}

#[test]
fn a_rejected_plan_is_never_sent_and_an_approval_ends_with_its_time_or_its_plan() {
    let disk = Disk::default();
    let desk = open(disk.sound());
    let no = |reason: &str| TradePlanRejection {
        plan_hash: plan().hash().into(),
        by: "ana".into(),
        reason: reason.into(),
        at: second(0),
    };
    assert!(desk.record_rejection(no("too large")).is_err(), "an unknown plan cannot be rejected");
    desk.submit_plan(plan()).unwrap();
    desk.record_approval(approval()).unwrap();
    let late = second(0) + Approval::LIFETIME;
    let outcomes = desk.send_orders(&release(late), late).unwrap();
    assert!(outcomes.iter().all(|o| o.sent_qty == 0), "an approval that is over sends nothing");
    let mut changed = plan();
    changed.orders[0].qty += 1;
    assert!(desk.submit_plan(changed).is_err());
    assert!(desk.record_rejection(no(" ")).is_err(), "nobody rejects without a reason");
    desk.record_rejection(no("too large")).unwrap();
    for desk in [desk, open(disk.sound())] {
        assert!(desk.record_approval(approval()).is_err());
        assert!(desk.send_orders(&release(second(1)), second(1)).is_err());
        assert_eq!(desk.rejection(plan().hash()).unwrap().reason, "too large");
    }
    assert_eq!(disk.submissions(), Vec::<String>::new());
}
