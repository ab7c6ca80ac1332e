//! Scenes of what is never waived, and of the reset that follows a repair.

use bellwether::{
    engine::{Command, Event, FailureKind, RetryScope, Waiver, unmet_conditions},
    planning::{time::Span, workflow::EffectClass},
};

use crate::engine_script::{Script, add, after, quiet};

#[test]
fn force_never_waives_the_approval_of_orders() {
    let mut plan = quiet();
    let sizing = add(&mut plan, |_| {});
    let approval = after(&mut plan, &[sizing]);
    plan.tasks[approval.at()].effect = EffectClass::Human;
    let between = after(&mut plan, &[approval]);
    let orders = after(&mut plan, &[between]);
    plan.tasks[orders.at()].effect = EffectClass::Effectful;
    let mut day = Script::begin(plan);
    day.done(sizing);
    for waivers in [
        vec![Waiver::Window, Waiver::Dependency(approval)],
        vec![Waiver::Dependency(between)],
        vec![Waiver::Window],
    ] {
        let refusal = day.ask(Command::Force { task: orders, waivers });
        let refusal = refusal.expect_err("orders need an approval");
        assert!(refusal.to_string().contains("never waived"), "{refusal}");
    }
    let lines = unmet_conditions(day.run(), day.at, orders);
    let approvals: Vec<_> = lines.iter().filter(|line| line.text.contains("approved")).collect();
    assert!(matches!(approvals.as_slice(), [line] if line.waiver.is_none()), "{lines:?}");
}

#[test]
fn no_verb_counts_an_approval_of_orders_as_given() {
    let mut plan = quiet();
    let sizing = add(&mut plan, |_| {});
    let approval = after(&mut plan, &[sizing]);
    plan.tasks[approval.at()].effect = EffectClass::Human;
    let between = after(&mut plan, &[approval]);
    let orders = after(&mut plan, &[between]);
    plan.tasks[orders.at()].effect = EffectClass::Effectful;
    let mut day = Script::begin(plan);
    for task in [approval, between] {
        let refusal = day.ask(Command::Skip { task, satisfies: true });
        let refusal = refusal.expect_err("orders need an approval").to_string();
        assert!(refusal.contains("never waived") && refusal.contains("approve"), "{refusal}");
    }
    day.fails(sizing, FailureKind::BadInput);
    for task in [approval, between] {
        let refusal = day.ask(Command::SetCompleted { task });
        let refusal = refusal.expect_err("orders need an approval").to_string();
        assert!(refusal.contains("never waived"), "{refusal}");
    }
    assert!(day.ask(Command::SetCompleted { task: sizing }).is_ok(), "no approval is above it");
}

#[test]
fn force_without_a_waiver_is_refused_while_a_condition_fails() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let second = after(&mut plan, &[first]);
    add(&mut plan, |task| task.timeout = Span::mins(170));
    let mut day = Script::begin(plan);
    day.fails(first, FailureKind::BadInput);
    let refusal = day.ask(Command::Force { task: second, waivers: vec![] });
    assert!(refusal.is_err_and(|why| why.to_string().contains("name each condition")));
}

#[test]
fn a_retry_resets_each_blocked_task_once_and_blocks_none_again() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    // Each depends on all before it, listed from the nearest and from the farthest.
    let mut all = vec![first];
    for i in 0..8 {
        let needs: Vec<_> =
            if i % 2 == 0 { all.clone() } else { all.iter().rev().copied().collect() };
        all.push(after(&mut plan, &needs));
    }
    add(&mut plan, |task| task.timeout = Span::mins(170));
    let mut day = Script::begin(plan);
    day.fails(first, FailureKind::BadInput);
    let resets = |day: &Script| {
        let reset = |event: &&Event| matches!(event, Event::TaskReset { .. });
        day.journal.iter().map(|recorded| &recorded.event).filter(reset).count()
    };
    let blocked = |day: &Script| {
        let blocked = |event: &&Event| matches!(event, Event::TaskUpstreamFailed { .. });
        day.journal.iter().map(|recorded| &recorded.event).filter(blocked).count()
    };
    assert_eq!((resets(&day), blocked(&day)), (0, 8));
    day.order(Command::Retry { task: first, scope: RetryScope::Task });
    assert_eq!((resets(&day), blocked(&day)), (9, 8));
}
