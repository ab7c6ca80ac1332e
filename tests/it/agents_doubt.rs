//! Orders an agent sent and did not hear of: in doubt, looked up at the broker, and never sent again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose setting fails has failed")]

use std::sync::Arc;

use bellwether::{
    engine::{Answer, Lookup, Outcome, Quality},
    id::TaskId,
    journal::Request,
    market::Dataset,
    time::Span,
    trading::broker::{Faults, Trouble, Which},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    desk_day::{DeskDay, book, ready},
    frail::{Breath, Disk, Last},
};

const DATE: &str = "2018-12-19";

/// The day up to the moment at which `execute_open` is asked to send its plan.
fn before(disk: &Disk, breath: &Breath) -> (DeskDay, Request) {
    let data = Arc::new(Dataset::bundled());
    let backing = disk.frail(breath, Last::Unwritten);
    let mut day = DeskDay::on(DATE, &data, (book(), backing));
    let at = day.plan.open + TimeDelta::minutes(5);
    day.run_until(at);
    let request = day.request("execute_open", at);
    (day, request)
}

fn troubled(n: u32, trouble: Trouble) -> Disk {
    Disk::with(Faults { orders: vec![(Which::Number(n), trouble)], spells: Vec::new() })
}

fn endless() -> Breath {
    Breath::of(u32::MAX)
}

fn lookup(day: &DeskDay, request: &Request, seconds: i64) -> Lookup {
    let at = request.as_of + TimeDelta::seconds(seconds);
    ready(day.roster.get(&request.agent).unwrap().lookup(request, at))
}

/// What the attempt gives when nothing goes wrong.
fn undisturbed() -> Outcome {
    let (day, request) = before(&Disk::default(), &endless());
    let Answer::Done(outcome) = day.ask(request).answer else { panic!("nothing went wrong") };
    outcome
}

#[test]
fn an_attempt_whose_order_is_not_answered_is_in_doubt_and_found_as_it_would_have_ended() {
    let disk = troubled(1, Trouble::AckLost);
    let (day, request) = before(&disk, &endless());
    let Answer::Unknown(doubt) = day.ask(request.clone()).answer else { panic!("it is in doubt") };
    assert!(doubt.message.contains("did not answer in time"), "{}", doubt.message);
    let Lookup::Working { until, evidence } = lookup(&day, &request, 1) else {
        panic!("the broker works the orders")
    };
    assert!(evidence.contains("acked"), "{evidence}");
    let over = (until - request.as_of).num_seconds();
    let Lookup::Found { outcome, evidence } = lookup(&day, &request, over) else {
        panic!("the broker has the orders")
    };
    assert!(evidence.contains("acked"), "{evidence}");
    assert_eq!(outcome, undisturbed());
}

#[test]
fn an_attempt_is_absent_only_once_the_broker_has_said_so_often_enough_of_each_order() {
    let (day, request) = before(&Disk::default(), &endless());
    let Lookup::Absent { evidence } = lookup(&day, &request, 0) else {
        panic!("nothing was sent yet")
    };
    assert!(evidence.contains("no order of it was written down"), "{evidence}");
    // All orders are lost with the connection.
    let disk = troubled(1, Trouble::Disconnect(Span::mins(1)));
    let (day, request) = before(&disk, &endless());
    assert!(matches!(day.ask(request.clone()).answer, Answer::Unknown(_)));
    for seconds in [1, 61, 64] {
        assert!(matches!(lookup(&day, &request, seconds), Lookup::Unknown { .. }), "{seconds}");
    }
    let Lookup::Absent { evidence } = lookup(&day, &request, 90) else {
        panic!("it was asked for at three moments")
    };
    assert!(evidence.contains("never arrived"), "{evidence}");
}

#[test]
fn a_process_that_died_while_sending_is_looked_up_by_the_next_and_sends_only_the_rest() {
    let disk = Disk::default();
    let breath = endless();
    let (day, request) = before(&disk, &breath);
    // Two orders go out whole: approval, three writes for each, and two answers.
    breath.give(9);
    let _dies = day.ask(request.clone());
    let sent = disk.submissions();
    assert!(sent.len() == 2, "{sent:?}");
    let data = Arc::new(Dataset::bundled());
    let mut again = DeskDay::on(DATE, &data, (book(), disk.sound()));
    again.outcomes = day.outcomes;
    let Lookup::Working { until, .. } = lookup(&again, &request, 1) else {
        panic!("the broker works two orders")
    };
    let over = (until - request.as_of).num_seconds();
    let Lookup::Found { outcome, .. } = lookup(&again, &request, over) else {
        panic!("the broker has two orders")
    };
    assert_eq!(outcome.quality, Quality::Degraded, "a part of the plan was never sent");
    let Answer::Done(_) = again.ask(request).answer else { panic!("the rest is sent") };
    let all = disk.submissions();
    let once: std::collections::BTreeSet<_> = all.iter().collect();
    assert!(all.len() > sent.len() && once.len() == all.len(), "{all:?}");
}

#[test]
fn an_answer_may_approve_a_part_and_one_that_cannot_be_read_approves_nothing() {
    let (mut day, _) = before(&Disk::default(), &endless());
    let at = day.plan.open + TimeDelta::minutes(5);
    let plan = day.desk.plans().last().unwrap().0.clone();
    let (first, second) = (&plan.orders[0], &plan.orders[1]);
    let answer = |more: Value| {
        let mut output = json!({ "approved_by": { "operator": "ana" } });
        output.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (quality, summary) = (Quality::Ok, "yes".into());
        Outcome { quality, summary, output: Arc::new(output) }
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
            matches!(day.ask(day.request("execute_open", at)).answer, Answer::Failed(_)),
            "{wrong}"
        );
    }
    assert_eq!(day.desk.orders(at), []);
    let trims = json!({ second.intent_id.to_string(): 1 });
    let of = json!({ "plan": plan.hash(), "orders": all });
    let part = json!({ "of": of, "intents": [first.intent_id, second.intent_id], "trims": trims });
    day.outcomes.insert(id, answer(part));
    assert!(matches!(day.ask(day.request("execute_open", at)).answer, Answer::Done(_)));
    let sent: Vec<i64> = day.desk.orders(at).iter().map(|view| view.order.intent.qty).collect();
    assert_eq!(sent, [first.qty, 1]);
}
