//! Orders an agent sent and did not hear of: in doubt, looked up at the broker, and never sent again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose setting fails has failed")]

use std::sync::Arc;

use bellwether::{
    desk::{
        market::Dataset,
        trading::{
            broker::{BrokerFaults, OrderFault, OrderSelector},
            desk::DeskBacking,
        },
    },
    engine::{AttemptOutcome, ProbeResult, ResultQuality, TaskResult, port::AttemptRequest},
    planning::{id::TaskId, time::Span},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{
    desk_day::{DeskDay, book, ready},
    frail::{Breath, Disk, Last},
};

const DATE: &str = "2018-12-19";

/// The day up to the moment at which `execute_open` is asked to send its plan.
fn before(disk: &Disk, breath: &Breath) -> (DeskDay, AttemptRequest) {
    let data = Arc::new(Dataset::bundled());
    let backing = disk.frail(breath, Last::Unwritten);
    let mut day = DeskDay::on(DATE, &data, (book(), backing));
    let at = day.plan.open + TimeDelta::minutes(5);
    day.run_until(at);
    let request = day.request("execute_open", at);
    (day, request)
}

fn troubled(n: u32, trouble: OrderFault) -> Disk {
    Disk::with(BrokerFaults {
        orders: vec![(OrderSelector::Number(n), trouble)],
        spells: Vec::new(),
    })
}

fn endless() -> Breath {
    Breath::of(u32::MAX)
}

fn lookup(day: &DeskDay, request: &AttemptRequest, seconds: i64) -> ProbeResult {
    lookup_at(day, request, request.as_of + TimeDelta::seconds(seconds))
}

fn lookup_at(day: &DeskDay, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeResult {
    ready(day.roster.get(&request.agent).unwrap().lookup(request, at))
}

/// What the attempt gives when nothing goes wrong.
fn undisturbed() -> TaskResult {
    let (day, request) = before(&Disk::default(), &endless());
    let AttemptOutcome::Completed(outcome) = day.ask(request).answer else {
        panic!("nothing went wrong")
    };
    outcome
}

#[test]
fn an_attempt_whose_order_is_not_answered_is_in_doubt_and_found_as_it_would_have_ended() {
    let disk = troubled(1, OrderFault::AckLost);
    let (day, request) = before(&disk, &endless());
    let AttemptOutcome::InDoubt(doubt) = day.ask(request.clone()).answer else {
        panic!("it is in doubt")
    };
    assert!(doubt.message.contains("did not answer in time"), "{}", doubt.message);
    let ProbeResult::InProgress { until, evidence } = lookup(&day, &request, 1) else {
        panic!("the broker works the orders")
    };
    assert!(evidence.contains("acked"), "{evidence}");
    let ProbeResult::Happened { outcome, evidence } = lookup_at(&day, &request, until) else {
        panic!("the broker has the orders")
    };
    assert!(evidence.contains("acked"), "{evidence}");
    assert_eq!(outcome, undisturbed());
}

#[test]
fn an_attempt_is_absent_only_once_the_broker_has_said_so_often_enough_of_each_order() {
    let (day, request) = before(&Disk::default(), &endless());
    let ProbeResult::Unfinished { evidence } = lookup(&day, &request, 0) else {
        panic!("nothing was sent yet")
    };
    assert!(evidence.contains("no order of the plan has left"), "{evidence}");
    // All orders are lost with the connection.
    let disk = troubled(1, OrderFault::Disconnect(Span::mins(1)));
    let (day, request) = before(&disk, &endless());
    assert!(matches!(day.ask(request.clone()).answer, AttemptOutcome::InDoubt(_)));
    for seconds in [1, 61, 64] {
        assert!(
            matches!(lookup(&day, &request, seconds), ProbeResult::Unknown { .. }),
            "{seconds}"
        );
    }
    let ProbeResult::DidNotHappen { evidence } = lookup(&day, &request, 90) else {
        panic!("it was asked for at three moments")
    };
    assert!(evidence.contains("never arrived"), "{evidence}");
}

/// The day opened anew on what `backing` keeps, with all that was said before.
fn again(data: &Arc<Dataset>, backing: DeskBacking, day: &DeskDay) -> DeskDay {
    let mut again = DeskDay::on(DATE, data, (book(), backing));
    again.outcomes.clone_from(&day.outcomes);
    again
}

/// Shares, cash and fills as the day ends.
fn end(day: &DeskDay) -> impl PartialEq + std::fmt::Debug + use<> {
    let book = day.desk.book(day.plan.close);
    (book.shares(), book.cash, day.desk.fills(day.plan.close))
}

#[test]
fn an_attempt_killed_at_any_write_of_desk_or_broker_sends_the_rest_and_ends_as_if_unbroken() {
    let (disk, breath, data) = (Disk::default(), endless(), Arc::new(Dataset::bundled()));
    let (calm, request) = before(&disk, &breath);
    let ready = disk.copy();
    let from = breath.left();
    let AttemptOutcome::Completed(wanted) = calm.ask(request.clone()).answer else {
        panic!("all is well")
    };
    let (writes, orders) = (from - breath.left(), disk.submissions().len());
    assert!(orders >= 8, "{orders} orders");
    let mut inside = 0;
    for (n, last) in (1..=writes).flat_map(|n| [(n, Last::Unwritten), (n, Last::Untold)]) {
        let case = format!("killed at write {n} of {writes} ({last:?})");
        let disk = ready.copy();
        let dying = again(&data, disk.frail(&Breath::of(n), last), &calm);
        let _dies = dying.ask(request.clone());
        let there = disk.submissions().len();
        inside += u32::from(there > 0 && there < orders);
        let next = again(&data, disk.sound(), &calm);
        match lookup(&next, &request, 0) {
            ProbeResult::Unfinished { evidence } => {
                let AttemptOutcome::Completed(outcome) = next.ask(request.clone()).answer else {
                    panic!("{case}: {evidence}")
                };
                assert_eq!(outcome.summary, wanted.summary, "{case}");
                assert_eq!(outcome.quality, wanted.quality, "{case}");
            }
            ProbeResult::InProgress { until, .. } => {
                let ProbeResult::Happened { outcome, .. } = lookup_at(&next, &request, until)
                else {
                    panic!("{case}")
                };
                assert_eq!(outcome, wanted, "{case}");
            }
            other @ (ProbeResult::Happened { .. }
            | ProbeResult::DidNotHappen { .. }
            | ProbeResult::Unknown { .. }) => {
                panic!("{case}: {other:?}")
            }
        }
        let sent = disk.submissions();
        let once: std::collections::BTreeSet<_> = sent.iter().collect();
        assert_eq!((sent.len(), once.len()), (orders, orders), "{case}: {sent:?}");
        assert_eq!(end(&next), end(&calm), "{case}");
    }
    assert!(
        inside >= 40,
        "{inside} of {} kills fell between the first and the last order",
        2 * writes
    );
}

#[test]
fn a_killed_attempt_gone_on_with_too_late_fails_and_names_each_order_that_is_missing() {
    let (disk, breath) = (Disk::default(), endless());
    let (day, request) = before(&disk, &breath);
    // Two orders go out whole: approval, three writes for each, and two answers.
    breath.give(9);
    let _dies = day.ask(request.clone());
    let sent = disk.submissions();
    assert!(sent.len() == 2, "{sent:?}");
    let next = again(&Arc::new(Dataset::bundled()), disk.sound(), &day);
    // An hour later the approval holds no longer.
    let late = AttemptRequest { as_of: request.as_of + TimeDelta::hours(1), ..request };
    for _twice in 0..2 {
        let ProbeResult::Unfinished { evidence } = lookup(&next, &late, 0) else {
            panic!("most of the plan was not sent")
        };
        let AttemptOutcome::Failed(failure) = next.ask(late.clone()).answer else {
            panic!("the gate refuses what is left")
        };
        let plan = next.desk.trade_plans().last().unwrap().0.clone();
        for intent in &plan.orders {
            let name = format!("({} {} {})", intent.side, intent.qty, intent.symbol);
            let there = next.desk.orders(late.as_of);
            let there = there.iter().any(|view| view.order.intent.intent_id == intent.intent_id);
            assert_eq!(!there, failure.message.contains(&name), "{}", failure.message);
            assert_eq!(!there, evidence.contains(&name), "{evidence}");
        }
        assert!(failure.message.contains("PLAN_NOT_APPROVED"), "{}", failure.message);
    }
    assert_eq!(disk.submissions(), sent);
}

#[test]
fn an_answer_may_approve_a_part_and_one_that_cannot_be_read_approves_nothing() {
    let (mut day, _) = before(&Disk::default(), &endless());
    let at = day.plan.open + TimeDelta::minutes(5);
    let plan = day.desk.trade_plans().last().unwrap().0.clone();
    let (first, second) = (&plan.orders[0], &plan.orders[1]);
    let answer = |more: Value| {
        let mut output = json!({ "approved_by": { "operator": "ana" } });
        output.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (quality, summary) = (ResultQuality::Ok, "yes".into());
        TaskResult { quality, summary, output: Arc::new(output) }
    };
    let id = TaskId::parse("approve_trades").unwrap();
    let all = plan.orders.len();
    let too_many = json!({ first.intent_id.to_string(): first.qty + 1 });
    for wrong in [
        json!({ "intents": "all" }),
        json!({ "intents": [999] }),
        json!({ "trims": { "1": -5 } }),
        json!({ "trims": too_many }),
        json!({ "of": { "plan": "0a".repeat(32), "orders": all } }),
        json!({ "of": { "plan": plan.hash(), "orders": all + 1 } }),
        json!({ "of": plan.hash() }),
    ] {
        day.outcomes.insert(id.clone(), answer(wrong.clone()));
        assert!(
            matches!(day.ask(day.request("execute_open", at)).answer, AttemptOutcome::Failed(_)),
            "{wrong}"
        );
    }
    assert_eq!(day.desk.orders(at), []);
    let trims = json!({ second.intent_id.to_string(): 1 });
    let of = json!({ "plan": plan.hash(), "orders": all });
    let part = json!({ "of": of, "intents": [first.intent_id, second.intent_id], "trims": trims });
    day.outcomes.insert(id, answer(part));
    assert!(matches!(
        day.ask(day.request("execute_open", at)).answer,
        AttemptOutcome::Completed(_)
    ));
    let sent: Vec<i64> = day.desk.orders(at).iter().map(|view| view.order.intent.qty).collect();
    assert_eq!(sent, [first.qty, 1]);
}
