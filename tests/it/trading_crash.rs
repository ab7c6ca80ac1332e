//! A desk that dies at any write and is opened again: nothing is sent twice, nothing is forgotten,
//! and while its log cannot be written it sends nothing.

use std::{collections::BTreeSet, sync::Arc};

use bellwether::{
    desk::trading::{
        broker::{BrokerFaults, OrderFault, OrderSelector},
        desk::{Desk, DeskBacking, IntentOutcome, OpenDeskError},
        limits::{LimitMultipliers, RiskLimits, TradingState},
    },
    planning::time::Span,
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::{
    crash_day::{
        Flat, approval, end, hours, minute, name, open, plan, release, second, settle, setup, trade,
    },
    frail::{Breath, Disk, Last},
};

/// Writes of both logs in a release that nothing disturbs.
fn writes() -> u32 {
    let breath = Breath::of(u32::MAX);
    let desk = open(Disk::default().frail(&breath, Last::Unwritten));
    trade(&desk, second(0));
    u32::MAX - breath.left()
}

/// A disk whose last process died at its `n`th write.
fn died_at(n: u32, last: Last) -> Disk {
    let disk = Disk::default();
    if let Ok(desk) = Desk::open(setup(1), Arc::new(Flat), disk.frail(&Breath::of(n), last)) {
        trade(&desk, second(0));
    }
    disk
}

/// Checks that each order of the plan is at the broker exactly once.
fn each_order_once(disk: &Disk, case: &str) {
    let sent = disk.arrivals();
    let once: BTreeSet<&String> = sent.iter().collect();
    assert_eq!((sent.len(), once.len()), (4, 4), "{case}: {sent:?}");
}

#[test]
fn a_desk_that_dies_at_any_write_sends_the_rest_when_it_is_gone_on_with_and_ends_to_the_cent() {
    let calm = open(DeskBacking::default());
    trade(&calm, second(0));
    let wanted = end(&calm);
    assert!(writes() >= 4 * 4 + 4, "the release writes {} facts", writes());
    for (n, last) in (1..=writes()).flat_map(|n| [(n, Last::Unwritten), (n, Last::Untold)]) {
        let case = format!("dead at {n} ({last:?})");
        let disk = died_at(n, last);
        let desk = open(disk.sound());
        desk.re_enable(TradingState::Active, ("ana", "looked"), second(0)).unwrap();
        trade(&desk, second(0));
        each_order_once(&disk, &case);
        assert_eq!(end(&desk), wanted, "{case}");
        assert_eq!(desk.unsent_intents(plan().hash()), [], "{case}");
        assert_eq!(desk.query_open_orders(second(0)), [], "{case}");
    }
}

#[test]
fn a_desk_that_died_and_is_gone_on_with_minutes_later_sends_each_order_once_all_the_same() {
    let calm = open(DeskBacking::default());
    trade(&calm, second(0));
    let wanted = end(&calm).0;
    for (n, last) in (1..=writes()).flat_map(|n| [(n, Last::Unwritten), (n, Last::Untold)]) {
        let case = format!("dead at {n} ({last:?})");
        let disk = died_at(n, last);
        let desk = open(disk.sound());
        settle(&desk, 0);
        trade(&desk, second(130));
        each_order_once(&disk, &case);
        assert_eq!(end(&desk).0, wanted, "{case}");
    }
}

#[test]
fn a_desk_opened_again_is_the_desk_it_was_at_every_moment_of_its_day() {
    let disk = Disk::default();
    let live = open(disk.sound());
    let same = |at: DateTime<Utc>| {
        let again = open(disk.sound());
        assert_eq!(again.view(at), live.view(at));
        assert_eq!(again.trade_plans(), live.trade_plans());
        assert_eq!((again.limits(), again.regime()), (live.limits(), live.regime()));
        assert_eq!(again.state_changes(), live.state_changes());
        assert_eq!(again.valuation_reference(), live.valuation_reference());
        assert_eq!(again.outcomes(plan().hash()), live.outcomes(plan().hash()));
        assert_eq!(
            again.run_checks(&plan(), at).unwrap(),
            live.run_checks(&plan(), at).unwrap(),
            "halts, history and limits decide the same"
        );
    };
    same(minute(1));
    trade(&live, second(0));
    same(minute(20));
    let half = LimitMultipliers { participation: Decimal::new(5, 1), ..LimitMultipliers::ONE };
    live.set_regime(half);
    live.set_limits(RiskLimits { order_qty_max: 105, ..RiskLimits::default() }).unwrap();
    live.halt_symbol(&name("CCC"), minute(21));
    same(minute(25));
    live.tighten(TradingState::ReduceOnly, ("ana", "news"), minute(26)).unwrap();
    same(minute(30));
    live.resume_symbol(&name("CCC")).unwrap();
    live.re_enable(TradingState::Active, ("ana", "over"), minute(31)).unwrap();
    assert!(live.revoke(plan().hash()).is_some());
    trade(&live, minute(40));
    same(hours().close);
    assert!(live.view(hours().close).suppressed > 0);
}

#[test]
fn a_desk_whose_log_fails_sends_nothing_says_so_and_goes_on_when_it_is_re_armed() {
    let disk = Disk::default();
    let breath = Breath::of(u32::MAX);
    let desk = open(disk.frail(&breath, Last::Unwritten));
    desk.submit_plan(plan()).unwrap();
    desk.record_approval(approval()).unwrap();
    breath.give(0);
    let outcomes = desk.send_orders(&release(second(0)), second(0)).unwrap();
    assert!(outcomes.iter().all(|o| o.is_new() && o.sent_qty == 0 && o.held_back > 0));
    assert!(outcomes[0].violations[0].text.contains("log cannot be written"), "{outcomes:?}");
    assert_eq!(disk.submissions(), Vec::<String>::new());
    assert_eq!(desk.trading_state(), TradingState::Halted);
    assert!(desk.log_fault().unwrap().contains("no space left"));
    assert!(desk.re_enable(TradingState::Active, ("ana", "room made"), second(1)).is_err());
    // What only brakes holds all the same, and is written when there is room.
    desk.halt_symbol(&name("DDD"), second(2));
    breath.give(u32::MAX);
    desk.re_enable(TradingState::Active, ("ana", "room made"), second(3)).unwrap();
    assert_eq!(desk.log_fault(), None);
    let outcomes = desk.send_orders(&release(second(4)), second(4)).unwrap();
    let sent: Vec<bool> = outcomes.iter().map(|outcome| outcome.sent_qty > 0).collect();
    assert_eq!(sent, [true, true, true, false], "all but the name that was halted");
    let again = open(disk.sound());
    assert_eq!(again.view(minute(20)), desk.view(minute(20)));
    assert_eq!(again.state_changes().len(), 2);
}

#[test]
fn runs_of_one_day_do_not_share_ids_nor_logs() {
    let disk = Disk::default();
    let first = trade(&open(disk.sound()), second(0));
    let other = Desk::open(setup(2), Arc::new(Flat), disk.sound());
    assert!(matches!(other, Err(OpenDeskError::OtherRun { .. })));
    let second_run = Desk::open(setup(2), Arc::new(Flat), DeskBacking::default()).unwrap();
    let second_run = trade(&second_run, second(0));
    let ids = |all: &[IntentOutcome]| -> BTreeSet<_> { all.iter().map(|o| o.id.clone()).collect() };
    assert!(ids(&first).is_disjoint(&ids(&second_run)));
}

fn trouble() -> impl Strategy<Value = OrderFault> {
    prop_oneof![
        Just(OrderFault::AckLost),
        Just(OrderFault::OrderLost),
        Just(OrderFault::DuplicateAck),
        (1..200_u64).prop_map(|s| OrderFault::SlowAck(Span::secs(s))),
        Just(OrderFault::Reject("no".into())),
        (0..=100_u8).prop_map(OrderFault::PartialFill),
        (1..200_u64).prop_map(|s| OrderFault::Disconnect(Span::secs(s))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_goes_wrong_and_wherever_it_dies_nothing_is_sent_twice_and_the_books_agree(
        troubles in prop::collection::vec((1..5_u32, trouble()), 0..4),
        deaths in prop::collection::vec((1..40_u32, any::<bool>()), 0..4),
    ) {
        let orders = troubles.into_iter().map(|(n, trouble)| (OrderSelector::Number(n), trouble)).collect();
        let disk = Disk::with(BrokerFaults { orders, spells: Vec::new() });
        let mut from = 0;
        for (breath, untold) in deaths {
            let last = if untold { Last::Untold } else { Last::Unwritten };
            let backing = disk.frail(&Breath::of(breath), last);
            if let Ok(desk) = Desk::open(setup(1), Arc::new(Flat), backing) {
                desk.query_open_orders(second(from));
                trade(&desk, second(from));
            }
            from += 20;
        }
        let desk = open(disk.sound());
        for _ in 0..3 {
            settle(&desk, from);
            from += 121;
            trade(&desk, second(from));
        }
        settle(&desk, from + 200);
        let sent = disk.arrivals();
        let once: BTreeSet<&String> = sent.iter().collect();
        prop_assert_eq!(sent.len(), once.len(), "sent twice: {:?}", sent);
        prop_assert_eq!(desk.query_open_orders(hours().close), vec![], "nothing stays in doubt");
        let again = open(disk.sound());
        prop_assert_eq!(end(&desk), end(&again));
    }
}
