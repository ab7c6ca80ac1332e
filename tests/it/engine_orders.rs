//! Scenes of work that must not happen twice: doubt, cancellation, proof; and of people who approve.

use bellwether::{
    engine::{
        ApprovalTerms, AttemptOutcome, Command, FailureKind, NoRetryReason,
        OrchestrationEvent as Kind, Provenance, Resolution, RetryScope, ReviewedPlan, TaskEnding,
        TaskResult, TaskState, TradingState, Waiver, WorkItem,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        time::Span,
        workflow::{EffectClass, TaskPriority},
    },
};
use chrono::TimeDelta;

use crate::{
    engine_script::{Script, add, after, quiet},
    support::plans,
};

/// Adds an order whose machine retries are, against all rules, set to three.
fn order(plan: &mut DayPlan) -> TaskIx {
    add(plan, |task| {
        task.effect = EffectClass::Effectful;
        task.max_retries = 3;
    })
}

/// An order in doubt, and a task that needs it.
fn doubtful() -> (Script, TaskIx, TaskIx) {
    let mut plan = quiet();
    let order = order(&mut plan);
    let needs_it = after(&mut plan, &[order]);
    let mut day = Script::begin(plan);
    day.unclear(order);
    (day, order, needs_it)
}

fn starts(day: &Script, task: TaskIx) -> usize {
    day.work.iter().filter(|w| matches!(w, WorkItem::Start { task: t, .. } if *t == task)).count()
}

#[test]
fn an_order_that_takes_too_long_is_in_doubt_and_never_sent_again_by_the_machine() {
    let mut plan = quiet();
    let order = order(&mut plan);
    let needs_it = after(&mut plan, &[order]);
    let mut day = Script::begin(plan);
    day.until(5);
    assert_eq!(day.state(order), TaskState::InDoubt);
    assert_eq!(day.run().slots_used(), 0, "doubt holds no slot");
    day.until(170);
    assert_eq!(day.state(order), TaskState::InDoubt);
    assert_eq!(day.state(needs_it), TaskState::Pending, "what needs it waits for the truth");
    assert_eq!(starts(&day, order), 1);
}

#[test]
fn an_order_that_provably_failed_is_not_sent_again_by_the_machine() {
    let mut plan = quiet();
    let order = order(&mut plan);
    let mut day = Script::begin(plan);
    day.fails(order, FailureKind::Transient);
    assert!(matches!(
        day.task(order).ending,
        Some(TaskEnding::Failed(_, NoRetryReason::NotIdempotent))
    ));
    day.order(Command::Retry { task: order, scope: RetryScope::Task });
    assert_eq!(day.state(order), TaskState::Running, "a person may send it again on this proof");
}

#[test]
fn an_order_that_stops_though_nobody_asked_it_to_is_in_doubt() {
    let mut plan = quiet();
    let order = order(&mut plan);
    let mut day = Script::begin(plan);
    day.answer(order, AttemptOutcome::Stopped);
    assert_eq!(day.state(order), TaskState::InDoubt, "a stop proves nothing about an effect");
    day.ask(Command::Retry { task: order, scope: RetryScope::Task }).unwrap_err();
}

#[test]
fn doubt_is_resolved_in_three_ways() {
    let happened = Resolution::Happened { evidence: "BRK-4711".into() };
    let table = [
        (happened, TaskState::Completed, TaskState::Running),
        (Resolution::DidNotHappen, TaskState::Running, TaskState::Pending),
        (Resolution::GaveUp, TaskState::Failed, TaskState::UpstreamFailed),
    ];
    for (finding, then, below) in table {
        let (mut day, order, needs_it) = doubtful();
        day.order(Command::Resolve { task: order, finding: finding.clone() });
        assert_eq!((day.state(order), day.state(needs_it)), (then, below), "{finding:?}");
    }
}

#[test]
fn that_an_order_happened_is_believed_on_evidence_only() {
    let (mut day, order, _) = doubtful();
    for evidence in ["", "  "] {
        let finding = Resolution::Happened { evidence: evidence.into() };
        let refusal = day.ask(Command::Resolve { task: order, finding }).expect_err("no evidence");
        assert!(refusal.why.contains("evidence"), "{refusal}");
    }
    let finding = Resolution::Happened { evidence: "BRK-4711".into() };
    day.order(Command::Resolve { task: order, finding });
    assert_eq!(day.task(order).ending, Some(TaskEnding::Completed(Provenance::Reconciled)));
    let outcome = day.task(order).outcome.as_ref().expect("an outcome");
    assert!(outcome.summary.contains("BRK-4711") && outcome.summary.contains("ana"));
}

#[test]
fn no_verb_but_resolve_moves_an_order_in_doubt() {
    let (mut day, task, _) = doubtful();
    let verbs = [
        Command::Retry { task, scope: RetryScope::WithDownstream },
        Command::Force { task, waivers: vec![Waiver::Attempts] },
        Command::Skip { task, satisfies: true },
        Command::SetCompleted { task },
        Command::Cancel { task },
        Command::Rerun { task },
    ];
    for verb in verbs {
        let shown = format!("{verb:?}");
        let refusal = day.ask(verb).expect_err("refused");
        assert!(refusal.remedy.unwrap_or_default().contains("resolve"), "{shown}");
        assert_eq!(day.state(task), TaskState::InDoubt);
    }
}

#[test]
fn a_late_answer_does_not_lift_the_doubt_but_is_written_down() {
    let (mut day, order, _) = doubtful();
    day.done(order);
    assert_eq!((day.state(order), day.told(Kind::LateResult)), (TaskState::InDoubt, 1));
}

#[test]
fn an_order_given_up_in_doubt_is_never_retried() {
    let (mut day, order, _) = doubtful();
    day.order(Command::Resolve { task: order, finding: Resolution::GaveUp });
    for command in [
        Command::Retry { task: order, scope: RetryScope::Task },
        Command::Force { task: order, waivers: vec![Waiver::Attempts] },
    ] {
        assert!(day.ask(command).is_err());
    }
    assert_eq!(starts(&day, order), 1);
}

#[test]
fn a_stopped_order_is_not_retried_without_proof_and_one_that_never_began_is() {
    let mut plan = quiet();
    let begun = order(&mut plan);
    let waiting = order(&mut plan);
    plan.tasks[waiting.at()].opens_at += TimeDelta::minutes(1);
    let mut day = Script::begin(plan);
    day.order(Command::Cancel { task: begun });
    day.answer(begun, AttemptOutcome::Stopped);
    day.order(Command::Cancel { task: waiting });
    let refusal = day
        .ask(Command::Retry { task: begun, scope: RetryScope::Task })
        .expect_err("nothing is proven");
    assert!(refusal.why.contains("proves"), "{refusal}");
    day.order(Command::Retry { task: waiting, scope: RetryScope::Task });
    day.until(2);
    assert_eq!(day.state(waiting), TaskState::Running);
}

#[test]
fn a_finished_order_is_never_done_again() {
    let mut plan = quiet();
    let task = order(&mut plan);
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.done(task);
    let refusal = day.ask(Command::Rerun { task }).expect_err("it would double it");
    assert!(refusal.why.contains("double"), "{refusal}");
}

#[test]
fn a_late_order_is_not_sent_by_a_retry_while_late_pure_work_runs_marked_as_forced() {
    let mut plan = quiet();
    let late = |task: &mut planning::plan::PlannedTask| {
        task.closes_at = task.opens_at + TimeDelta::minutes(10);
        task.max_retries = 0;
    };
    let pure = add(&mut plan, late);
    let order = add(&mut plan, |task| {
        late(task);
        task.effect = EffectClass::Effectful;
    });
    add(&mut plan, |task| task.timeout = Span::mins(100));
    let mut day = Script::begin(plan);
    for task in [pure, order] {
        day.fails(task, FailureKind::BadInput);
    }
    day.until(20);
    let refusal = day
        .ask(Command::Retry { task: order, scope: RetryScope::Task })
        .expect_err("its window is over");
    assert!(refusal.why.contains("window has closed"), "{refusal}");
    day.order(Command::Retry { task: pure, scope: RetryScope::Task });
    assert_eq!(day.state(pure), TaskState::Running);
    assert_eq!(day.task(pure).waivers, [Waiver::Window]);
}

#[test]
fn a_result_that_comes_before_the_stop_counts() {
    for effect in [EffectClass::Pure, EffectClass::Effectful] {
        let mut plan = quiet();
        let task = add(&mut plan, |task| task.effect = effect);
        let mut day = Script::begin(plan);
        day.order(Command::Cancel { task });
        day.answer(
            task,
            AttemptOutcome::Completed(TaskResult::without_data(
                "finished before it could be stopped",
            )),
        );
        assert_eq!(day.state(task), TaskState::Completed, "{effect:?}");
        assert_eq!(day.run().slots_used(), 0);
    }
}

#[test]
fn an_unconfirmed_stop_leaves_pure_work_cancelled_and_an_order_in_doubt() {
    let table = [
        (EffectClass::Pure, TaskState::Cancelled),
        (EffectClass::Idempotent, TaskState::Cancelled),
        (EffectClass::Effectful, TaskState::InDoubt),
    ];
    for (effect, state) in table {
        let mut plan = quiet();
        let task = add(&mut plan, |task| task.effect = effect);
        add(&mut plan, |task| task.timeout = Span::mins(100));
        let mut day = Script::begin(plan);
        day.order(Command::Cancel { task });
        day.pass(9);
        assert_eq!((day.state(task), day.run().slots_used()), (TaskState::Cancelling, 2));
        day.pass(1);
        assert_eq!((day.state(task), day.run().slots_used()), (state, 1), "{effect:?}");
        if state == TaskState::Cancelled {
            assert_eq!(day.task(task).ending, Some(TaskEnding::Cancelled { confirmed: false }));
            let agent = day.run().plan().task(task).agent;
            assert!(day.run().agent(agent).unresponsive);
        }
    }
}

#[test]
fn a_cancelled_task_gives_its_slot_back_from_every_state() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    let runs = add(&mut plan, |task| task.priority = TaskPriority::High);
    let queued = add(&mut plan, |_| {});
    let held = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let mut day = Script::begin(plan);
    day.order(Command::Hold { task: held });
    for task in [queued, held, runs] {
        day.order(Command::Cancel { task });
    }
    assert_eq!(day.state(runs), TaskState::Cancelling);
    day.answer(runs, AttemptOutcome::Stopped);
    assert_eq!(day.states(), [TaskState::Cancelled; 3]);
    assert_eq!(day.run().slots_used(), 0);
}

/// A question to a person, open for ten minutes, and an order that needs a yes.
fn question() -> (Script, TaskIx, TaskIx) {
    let mut plan = quiet();
    let question = add(&mut plan, |task| {
        task.effect = EffectClass::Human;
        task.timeout = Span::mins(10);
    });
    let order = order(&mut plan);
    plan.tasks[order.at()].dependencies = vec![plans::hard(question.at())];
    (Script::begin(plan), question, order)
}

#[test]
fn an_approval_lets_the_order_go_and_names_who_gave_it() {
    let (mut day, question, order) = question();
    assert_eq!(day.state(question), TaskState::Running);
    day.order(Command::approve_all(question));
    assert_eq!(day.task(question).ending, Some(TaskEnding::Completed(Provenance::Approved)));
    assert!(day.task(question).outcome.as_ref().expect("one").summary.contains("ana: desk call"));
    assert_eq!(day.state(order), TaskState::Running);
}

#[test]
fn an_approval_in_part_hands_its_terms_to_whoever_acts_on_it_and_says_them() {
    let (mut day, question, order) = question();
    let of = Some(ReviewedPlan { plan: "0a".repeat(32), orders: 5 });
    let terms = ApprovalTerms { of, only: Some([1, 2, 4].into()), trims: [(2, 50)].into() };
    day.order(Command::Approve { task: question, terms });
    let outcome = day.task(question).outcome.clone().expect("one");
    assert_eq!(outcome.output["intents"], serde_json::json!([1, 2, 4]));
    assert_eq!(outcome.output["trims"], serde_json::json!({ "2": 50 }));
    assert_eq!(outcome.output["of"]["orders"], 5);
    assert_eq!(
        outcome.summary,
        "by ana (3 of 5 orders: #1, #2, #4; #2 trimmed to 50 shares): desk call"
    );
    assert_eq!(day.state(order), TaskState::Running);
}

#[test]
fn an_approval_as_a_whole_says_nothing_of_parts() {
    let (mut day, question, _) = question();
    day.order(Command::approve_all(question));
    let outcome = day.task(question).outcome.clone().expect("one");
    let keys: Vec<_> = outcome.output.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["approved_by", "reason"]);
}

#[test]
fn an_approval_that_makes_no_sense_is_refused_and_the_question_stays_open() {
    let (mut day, question, order) = question();
    for (only, trims, remedy) in [
        (Some(vec![]), vec![], "reject it"),
        (None, vec![(1, 0)], "leave the order out"),
        (None, vec![(1, -5)], "leave the order out"),
        (Some(vec![1]), vec![(2, 5)], "trim it or leave it out"),
    ] {
        let only = only.map(|only: Vec<u32>| only.into_iter().collect());
        let terms = ApprovalTerms { of: None, only, trims: trims.into_iter().collect() };
        let refusal = day.ask(Command::Approve { task: question, terms }).expect_err("refused");
        assert!(refusal.remedy.as_deref().is_some_and(|it| it.contains(remedy)), "{refusal}");
        assert_eq!(day.state(question), TaskState::Running);
        assert_eq!(starts(&day, order), 0);
    }
}

#[test]
fn a_yes_to_a_question_that_was_withdrawn_is_no_approval() {
    let (mut day, question, order) = question();
    day.order(Command::Cancel { task: question });
    day.done(question);
    assert_eq!(day.state(question), TaskState::Cancelled);
    assert_eq!(starts(&day, order), 0);
}

#[test]
fn a_halt_leaves_questions_open_and_lets_nothing_they_release_go() {
    let (mut day, question, order) = question();
    day.order(Command::TightenTrading { to: TradingState::Halted });
    day.order(Command::approve_all(question));
    assert_eq!(day.state(order), TaskState::Queued);
    assert_eq!(starts(&day, order), 0);
}

#[test]
fn a_retry_at_once_does_not_start_what_waits_for_something_that_is_done_anew() {
    for force in [false, true] {
        let mut plan = quiet();
        let first = add(&mut plan, |_| {});
        let second = add(&mut plan, |task| task.dependencies = vec![plans::soft(0)]);
        let mut day = Script::begin(plan);
        day.fails(first, FailureKind::BadInput);
        day.fails(second, FailureKind::Transient);
        assert_eq!(day.state(second), TaskState::Retrying);
        let scope = RetryScope::Task;
        day.order(Command::Retry { task: first, scope });
        assert_eq!(day.state(first), TaskState::Running);
        day.order(if force {
            Command::Force { task: second, waivers: vec![Waiver::Window] }
        } else {
            Command::Retry { task: second, scope }
        });
        assert_eq!(day.state(second), TaskState::Pending, "it waits for the first");
        day.done(first);
        assert_eq!(day.state(second), TaskState::Running, "and no longer for its moment");
    }
}
