//! Scenes of conditions: dependencies, freshness, `when`, skips, and what a person sets aside.

use std::sync::Arc;

use bellwether::{
    engine::{
        AttemptOutcome, Command, Event, FailureKind, Gate, OrchestrationEvent as Kind, ResetCause,
        ResultQuality, RetryScope, SkipReason, TaskEnding, TaskResult, TaskState, TradingState,
        Waiver, unmet_conditions,
    },
    planning::{
        id::TaskId,
        plan::{StageIx, TaskIx},
        time::Span,
        workflow::{Condition, EffectClass, TaskPriority},
    },
};
use chrono::TimeDelta;
use serde_json::json;

use crate::{
    engine_script::{Script, add, after, quiet},
    support::plans,
};

/// A chain of three, the first of which has failed; a fourth keeps the day alive.
fn broken_chain() -> (Script, [TaskIx; 3]) {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let second = after(&mut plan, &[first]);
    let third = after(&mut plan, &[second]);
    add(&mut plan, |task| task.timeout = Span::mins(170));
    let mut day = Script::begin(plan);
    day.fails(first, FailureKind::BadInput);
    (day, [first, second, third])
}

#[test]
fn a_failure_reaches_everything_downstream_and_names_its_culprit() {
    let (day, [first, second, third]) = broken_chain();
    assert_eq!(day.task(second).ending, Some(TaskEnding::UpstreamFailed(first)));
    assert_eq!(day.task(third).ending, Some(TaskEnding::UpstreamFailed(second)));
    assert_eq!(day.task(third).attempt, 0);
}

#[test]
fn whatever_repairs_a_task_frees_all_it_blocked_without_another_order() {
    let repairs: [fn(TaskIx) -> Command; 4] = [
        |task| Command::Retry { task, scope: RetryScope::Task },
        |task| Command::Force { task, waivers: vec![Waiver::Attempts] },
        |task| Command::SetCompleted { task },
        |task| Command::Skip { task, satisfies: true },
    ];
    for repair in repairs {
        let (mut day, [first, second, third]) = broken_chain();
        let command = repair(first);
        let shown = format!("{command:?}");
        day.order(command);
        if day.state(first) == TaskState::Running {
            assert_eq!(day.state(second), TaskState::Pending, "{shown}");
            day.done(first);
        }
        assert_eq!(day.state(second), TaskState::Running, "{shown}");
        assert_eq!(day.state(third), TaskState::Pending, "{shown}");
    }
}

#[test]
fn a_soft_dependency_is_content_with_any_end_and_with_doubt() {
    let ends: [fn(&mut Script, TaskIx); 4] = [
        |day, task| day.done(task),
        |day, task| day.fails(task, FailureKind::BadInput),
        |day, task| day.unclear(task),
        |day, task| {
            day.order(Command::Cancel { task });
            day.answer(task, AttemptOutcome::Stopped);
        },
    ];
    for end in ends {
        let mut plan = quiet();
        let first = add(&mut plan, |task| task.effect = EffectClass::Effectful);
        let cleanup = add(&mut plan, |task| task.dependencies = vec![plans::soft(0)]);
        let mut day = Script::begin(plan);
        assert_eq!(day.state(cleanup), TaskState::Pending);
        end(&mut day, first);
        assert_eq!(day.state(cleanup), TaskState::Running, "after {}", day.state(first));
    }
}

#[test]
fn a_skip_is_passed_on_unless_it_satisfies() {
    for satisfies in [false, true] {
        let mut plan = quiet();
        let blocker = add(&mut plan, |_| {});
        let first = after(&mut plan, &[blocker]);
        let second = after(&mut plan, &[first]);
        let third = after(&mut plan, &[second]);
        let mut day = Script::begin(plan);
        day.order(Command::Skip { task: first, satisfies });
        if satisfies {
            assert_eq!(day.state(second), TaskState::Running);
        } else {
            let passed = TaskEnding::Skipped { why: SkipReason::Upstream, satisfies: false };
            assert_eq!(day.task(second).ending.as_ref(), Some(&passed));
            assert_eq!(day.task(third).ending.as_ref(), Some(&passed));
        }
    }
}

#[test]
fn a_condition_decides_whether_a_task_runs_or_is_skipped_with_what_needs_it() {
    let table = [
        (json!({"data": {"needed": true}}), false, true),
        (json!({"data": {"needed": true}}), true, false),
        (json!({"data": {"needed": 0}}), false, false),
        (json!({"data": {"needed": []}}), true, true),
        (json!({"needed": "yes"}), false, true),
        (json!({}), false, false),
    ];
    for (output, negated, runs) in table {
        let mut plan = quiet();
        let check = add(&mut plan, |_| {});
        let task = TaskId::parse("t0").expect("a name");
        let condition = Condition { task, field: "needed".into(), negated };
        let conditional = add(&mut plan, |task| {
            task.dependencies = vec![plans::soft(0)];
            task.when = Some((check, condition));
        });
        let below = after(&mut plan, &[conditional]);
        let mut day = Script::begin(plan);
        let shown = format!("{output} negated: {negated}");
        let outcome = TaskResult {
            quality: ResultQuality::Ok,
            summary: "checked".into(),
            output: Arc::new(output),
        };
        day.answer(check, AttemptOutcome::Completed(outcome));
        let expected = if runs {
            [TaskState::Running, TaskState::Pending]
        } else {
            [TaskState::Skipped, TaskState::Skipped]
        };
        assert_eq!([day.state(conditional), day.state(below)], expected, "{shown}");
    }
}

/// A risk check good for ten minutes, and work that opens at minute 20 and leans on it.
fn stale() -> (Script, TaskIx, TaskIx) {
    let mut plan = quiet();
    let risk = add(&mut plan, |task| task.valid_for = Some(Span::mins(10)));
    let release = add(&mut plan, |task| {
        task.dependencies = vec![plans::hard(0)];
        task.opens_at += TimeDelta::minutes(20);
    });
    let mut day = Script::begin(plan);
    day.done(risk);
    day.until(20);
    (day, risk, release)
}

#[test]
fn a_stale_result_releases_nothing_until_it_is_made_again() {
    let (mut day, risk, release) = stale();
    assert_eq!(day.state(release), TaskState::Pending);
    assert_eq!(day.run().first_stale(release, day.at), Some(risk));
    day.order(Command::Rerun { task: risk });
    assert_eq!(day.task(risk).generation, 2);
    assert_eq!(day.state(release), TaskState::Pending);
    day.done(risk);
    assert_eq!(day.state(release), TaskState::Running);
}

#[test]
fn a_result_that_grows_stale_in_the_queue_sends_the_task_back() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    let risk = add(&mut plan, |task| task.valid_for = Some(Span::mins(10)));
    let long = add(&mut plan, |task| {
        task.priority = TaskPriority::High;
        task.opens_at += TimeDelta::seconds(1);
        task.timeout = Span::mins(170);
    });
    let release = add(&mut plan, |task| {
        task.dependencies = vec![plans::hard(0)];
        task.opens_at += TimeDelta::seconds(2);
    });
    let mut day = Script::begin(plan);
    day.done(risk);
    day.pass(2);
    assert_eq!((day.state(long), day.state(release)), (TaskState::Running, TaskState::Queued));
    day.until(30);
    day.done(long);
    assert_eq!(day.state(release), TaskState::Pending);
    assert_eq!(day.told(Kind::TaskDequeued), 1);
}

#[test]
fn stale_input_may_be_waived_with_a_reason_and_taints_what_follows() {
    let (mut day, risk, release) = stale();
    let waivers = vec![Waiver::Freshness(risk)];
    day.order(Command::Force { task: release, waivers });
    assert_eq!(day.state(release), TaskState::Running);
    assert!(day.task(release).tainted);
    assert!(!day.task(risk).tainted);
}

#[test]
fn forcing_sets_aside_what_was_ticked_and_nothing_else() {
    let mut plan = quiet();
    let slow = add(&mut plan, |_| {});
    let task = add(&mut plan, |task| {
        task.dependencies = vec![plans::hard(0)];
        task.opens_at += TimeDelta::minutes(30);
    });
    let mut day = Script::begin(plan);
    let lines: Vec<_> =
        unmet_conditions(day.run(), day.at, task).into_iter().map(|u| u.waiver).collect();
    assert_eq!(lines, [Some(Waiver::Window), Some(Waiver::Dependency(slow))]);
    day.order(Command::Force { task, waivers: vec![Waiver::Window] });
    assert_eq!(day.state(task), TaskState::Pending, "it still waits for the other");
    day.order(Command::Force { task, waivers: vec![Waiver::Dependency(slow)] });
    assert_eq!(day.state(task), TaskState::Running);
    assert_eq!(day.task(task).waivers, [Waiver::Window, Waiver::Dependency(slow)]);
    assert!(unmet_conditions(day.run(), day.at, task).is_empty());
}

#[test]
fn taint_reaches_every_descendant_and_an_early_start_taints_nothing() {
    for (waiver, taints) in [(Waiver::Dependency(TaskIx::new(0)), true), (Waiver::Window, false)] {
        let mut plan = quiet();
        add(&mut plan, |task| task.timeout = Span::mins(170));
        let forced = add(&mut plan, |task| {
            task.dependencies = if taints { vec![plans::hard(0)] } else { Vec::new() };
            task.opens_at += TimeDelta::minutes(30);
        });
        let child = after(&mut plan, &[forced]);
        let grandchild = after(&mut plan, &[child]);
        let mut day = Script::begin(plan);
        day.order(Command::Force { task: forced, waivers: vec![Waiver::Window, waiver] });
        for task in [forced, child, grandchild] {
            day.done(task);
            assert_eq!(day.task(task).tainted, taints, "{waiver:?}");
        }
    }
}

#[test]
fn a_result_found_wrong_taints_what_already_used_it() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let used = after(&mut plan, &[first]);
    let later = after(&mut plan, &[used]);
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.done(first);
    day.done(used);
    day.order(Command::SetFailed { task: first });
    assert!(day.task(used).tainted, "it ran on the wrong result");
    assert_eq!(day.state(used), TaskState::Completed);
    assert!(day.task(later).tainted, "it is running on it");
}

#[test]
fn what_is_never_waivable_is_offered_by_no_line_and_refused_when_asked() {
    // The session opens at 09:30; an order cannot go out at 06:00.
    let mut plan = quiet();
    let doubt = add(&mut plan, |task| task.effect = EffectClass::Effectful);
    let order = add(&mut plan, |task| {
        task.effect = EffectClass::Effectful;
        task.dependencies = vec![plans::hard(0)];
        task.opens_at += TimeDelta::minutes(30);
    });
    let mut day = Script::begin(plan);
    day.unclear(doubt);
    let lines = unmet_conditions(day.run(), day.at, order);
    let never: Vec<_> = lines.iter().filter(|u| u.waiver.is_none()).map(|u| &u.text).collect();
    assert!(never.iter().any(|text| text.contains("session is closed")), "{never:?}");
    assert!(never.iter().any(|text| text.contains("IN_DOUBT")), "{never:?}");
    for waivers in [vec![Waiver::Window], vec![Waiver::Window, Waiver::Dependency(doubt)]] {
        assert!(day.ask(Command::Force { task: order, waivers }).is_err());
    }
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(30));
    let mut day = Script::begin(plan);
    day.order(Command::TightenTrading { to: TradingState::Killed });
    let waivers = vec![Waiver::Window, Waiver::Pause(Gate::Engine)];
    let refusal = day.ask(Command::Force { task, waivers }).expect_err("trading is KILLED");
    assert!(refusal.why.contains("cannot be waived"), "{refusal}");
}

#[test]
fn a_forced_stage_opens_early_and_starts_its_tasks_but_no_order_before_the_session() {
    let mut plan = plans::empty(2, 1);
    let stage = StageIx::new(1);
    let pure = plans::task(&plan, 1, 0);
    plan.tasks.push(pure);
    let mut order = plans::task(&plan, 1, 0);
    order.effect = EffectClass::Effectful;
    plan.tasks.push(order);
    let mut day = Script::begin(plan);
    day.order(Command::ForceStage { stage, waivers: vec![Waiver::Window] });
    assert_eq!(day.states(), [TaskState::Running, TaskState::Pending]);
    assert_eq!(day.told(Kind::StageForced), 1);
    assert_eq!(day.run().stage(stage).waivers, [Waiver::Window]);
    let again = day.ask(Command::ForceStage { stage, waivers: vec![Waiver::Hold] });
    assert!(again.is_err(), "nothing is held");
}

#[test]
fn a_forced_task_goes_to_the_head_of_its_queue() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    let first = add(&mut plan, |_| {});
    let urgent = add(&mut plan, |task| task.priority = TaskPriority::Critical);
    let low = add(&mut plan, |task| task.priority = TaskPriority::Low);
    plan.limits.critical_reserve = 0;
    let mut day = Script::begin(plan);
    assert_eq!(day.running(), [urgent]);
    day.order(Command::Force { task: low, waivers: Vec::new() });
    day.done(urgent);
    assert_eq!(day.running(), [low], "before {first:?}");
}

#[test]
fn a_held_task_stays_held_past_its_opening_and_says_by_whom_until_released() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(5));
    let mut day = Script::begin(plan);
    day.order(Command::Hold { task });
    day.until(10);
    assert_eq!(day.state(task), TaskState::Held);
    assert_eq!(day.task(task).held_by.as_deref(), Some("ana (desk call)"));
    day.order(Command::Release { task });
    assert_eq!(day.state(task), TaskState::Running);
    assert_eq!(day.task(task).held_by, None);
}

#[test]
fn a_retry_held_back_remembers_its_attempts_and_its_delay() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.fails(task, FailureKind::Transient);
    day.order(Command::Hold { task });
    day.order(Command::Release { task });
    assert_eq!((day.state(task), day.task(task).attempt), (TaskState::Pending, 1));
    day.pass(1);
    assert_eq!((day.state(task), day.task(task).attempt), (TaskState::Running, 2));
    assert_eq!(day.task(task).attempts_used(), 2, "the budget of retries goes on");
}

#[test]
fn run_now_sets_the_window_aside_and_nothing_else() {
    let mut plan = quiet();
    let first = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(60));
    let second = after(&mut plan, &[first]);
    let mut day = Script::begin(plan);
    day.order(Command::RunNow { task: first });
    day.order(Command::RunNow { task: second });
    assert_eq!(day.states(), [TaskState::Running, TaskState::Pending]);
}

#[test]
fn retry_with_what_it_blocked_brings_back_missed_work_below() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let below = add(&mut plan, |task| {
        task.dependencies = vec![plans::hard(0)];
        task.closes_at = task.opens_at + TimeDelta::minutes(10);
    });
    add(&mut plan, |task| task.timeout = Span::mins(170));
    let mut day = Script::begin(plan);
    day.fails(first, FailureKind::BadInput);
    day.until(15);
    day.order(Command::Retry { task: first, scope: RetryScope::WithDownstream });
    day.done(first);
    assert_eq!(day.state(below), TaskState::Running);
    assert_eq!(day.task(below).waivers, [Waiver::Window], "late, and marked so");
}

#[test]
fn retrying_a_stages_failures_touches_nothing_that_went_well() {
    let (mut day, [first, second, third]) = broken_chain();
    day.order(Command::RetryStage { stage: StageIx::new(0) });
    let reset = |task| {
        let by = |e: &&Event| matches!(e, Event::TaskReset { task: t, .. } if *t == task);
        day.journal.iter().map(|recorded| &recorded.event).find(by)
    };
    let cause = ResetCause::Retry;
    assert_eq!(reset(first), Some(&Event::TaskReset { task: first, cause }));
    let cause = ResetCause::UpstreamChanged;
    assert_eq!(reset(second), Some(&Event::TaskReset { task: second, cause }));
    assert_eq!(day.state(third), TaskState::Pending);
    assert_eq!(reset(TaskIx::new(3)), None);
}
