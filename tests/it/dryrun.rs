//! The laws of a dry run: it is the engine's own day, bounded from below, and nothing in it goes unexplained.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::sync::Arc;

use bellwether::{
    config::Config,
    engine::{
        TaskState,
        forecast::{DryRunReport, DryRunTask, DryRunWarning, NotRunReason, StartCause, dry_run},
    },
    host::DayFactory,
    planning::{
        calendar,
        plan::{DayPlan, RunMode, TaskIx},
        time::Span,
        workflow::OnClose,
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use crate::support::plans::{self, Dice, hard, morning, soft};

fn play(plan: DayPlan) -> DryRunReport {
    dry_run(Arc::new(plan), morning())
}

fn named<'a>(day: &'a DryRunReport, id: &str) -> &'a DryRunTask {
    day.tasks.iter().find(|task| task.task.as_str() == id).unwrap()
}

fn why<'a>(day: &'a DryRunReport, id: &str) -> &'a NotRunReason {
    &day.absent.iter().find(|absent| absent.task.as_str() == id).unwrap().why
}

/// From the first start to the last end.
fn makespan(day: &DryRunReport) -> Span {
    let first = day.tasks.iter().filter_map(|task| task.start).min().unwrap();
    Span::between(&first, &day.ends_at)
}

fn work(plan: &DayPlan) -> u64 {
    plan.tasks.iter().map(|task| task.estimate.as_millis()).sum()
}

/// The longest chain of dependencies, in milliseconds; dependencies stand before their dependants.
fn critical_path(plan: &DayPlan) -> u64 {
    let mut ends: Vec<u64> = Vec::new();
    for task in &plan.tasks {
        let ready = task.dependencies.iter().map(|d| ends[d.on.at()]).max().unwrap_or(0);
        ends.push(ready + task.estimate.as_millis());
    }
    ends.into_iter().max().unwrap_or(0)
}

/// A random graph over one window, estimates of a second to two minutes, `slots` in all.
fn graph(seed: u64, n: usize, slots: u32) -> DayPlan {
    let mut dice = Dice(seed);
    let mut plan = plans::layered(n, seed);
    plan.limits.max_concurrent_tasks = slots;
    plan.limits.critical_reserve = 0;
    for task in &mut plan.tasks {
        task.estimate = Span::secs(1 + dice.below(120));
        if dice.chance(20) {
            for dependency in &mut task.dependencies {
                *dependency = soft(dependency.on.at());
            }
        }
    }
    plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_day_is_shorter_than_its_critical_path_or_its_work_over_its_slots(
        seed in any::<u64>(), n in 1_usize..60, slots in 1_u32..6,
    ) {
        let plan = graph(seed, n, slots);
        let bound = critical_path(&plan).max(work(&plan).div_ceil(slots.into()));
        let day = play(plan);
        prop_assert!(makespan(&day).as_millis() >= bound);
        prop_assert!(day.peak <= slots);
        prop_assert!(day.tasks.iter().all(|task| task.state == TaskState::Completed));
    }

    #[test]
    fn with_one_slot_and_no_windows_a_day_is_as_long_as_its_work(seed in any::<u64>(), n in 1_usize..60) {
        let plan = graph(seed, n, 1);
        let sum = work(&plan);
        prop_assert_eq!(makespan(&play(plan)).as_millis(), sum);
    }

    #[test]
    fn with_slots_to_spare_a_day_is_as_long_as_its_critical_path(seed in any::<u64>(), n in 1_usize..60) {
        let plan = graph(seed, n, 64);
        let path = critical_path(&plan);
        let day = play(plan);
        prop_assert_eq!(makespan(&day).as_millis(), path);
        prop_assert_eq!(day.stages[0].longest_ms, path);
    }

    #[test]
    fn a_task_may_take_its_slack_longer_and_not_a_second_more(
        seed in any::<u64>(), n in 1_usize..40, which in any::<prop::sample::Index>(),
    ) {
        let mut plan = graph(seed, n, 64);
        let mut dice = Dice(seed);
        for (task, ran) in plan.tasks.iter_mut().zip(play(graph(seed, n, 64)).tasks) {
            task.deadline = ran.end.unwrap() + TimeDelta::seconds(i64::try_from(dice.below(900)).unwrap());
        }
        let day = play(plan.clone());
        prop_assert!(day.on_time(), "{:?}", day.warnings);
        let at = which.index(n);
        let slack = u64::try_from(day.tasks[at].slack_ms.unwrap()).unwrap();
        let longer = |ms: u64| {
            let mut plan = plan.clone();
            let estimate = plan.tasks[at].estimate.as_millis();
            plan.tasks[at].estimate = Span::millis(estimate + ms);
            plan.tasks[at].timeout = Span::mins(60);
            play(plan)
        };
        prop_assert!(longer(slack).on_time());
        let late = longer(slack + 1_000);
        prop_assert!(!late.on_time());
        prop_assert!(late.tasks[at].misses_deadline());
    }

    #[test]
    fn what_drove_a_start_ended_or_opened_at_that_moment(seed in any::<u64>(), slots in 1_u32..4) {
        let day = play(graph(seed, 40, slots));
        for task in &day.tasks {
            let start = task.start.unwrap();
            let ended = |other: &DryRunTask| other.end == Some(start);
            let true_reason = match task.driver.as_ref().unwrap() {
                StartCause::Start => start == day.starts_at,
                StartCause::Window => start == task.opens_at,
                StartCause::Dependency(on) => ended(named(&day, on.as_str())),
                StartCause::AgentSlots => day.tasks.iter().any(|t| ended(t) && t.agent == task.agent),
                StartCause::GlobalSlots => day.tasks.iter().any(ended),
            };
            prop_assert!(true_reason, "{task:?}");
        }
    }
}

#[test]
fn a_thousand_dry_runs_of_equal_plans_are_equal() {
    let plan = graph(7, 40, 3);
    let first = play(plan.clone());
    assert!((1..1_000).all(|_| play(plan.clone()) == first));
}

#[test]
fn a_full_agent_and_a_full_engine_are_told_apart() {
    let mut plan = plans::empty(1, 2);
    plan.limits.max_concurrent_tasks = 2;
    plan.limits.critical_reserve = 0;
    plan.agents[0].slots = 1;
    for agent in [0, 0, 1, 1] {
        plan.tasks.push(plans::task(&plan, 0, agent));
    }
    let day = play(plan);
    let drivers: Vec<_> = day.tasks.iter().map(|task| task.driver.clone().unwrap()).collect();
    assert_eq!(drivers[0], StartCause::Window);
    assert_eq!(drivers[1], StartCause::AgentSlots);
    assert_eq!(drivers[3], StartCause::GlobalSlots);
    let chain: Vec<_> = day.stages[0].critical_chain.iter().map(|l| l.task.as_str()).collect();
    assert_eq!(chain.len(), 2, "a slot's wait leads to the task that held it: {chain:?}");
}

#[test]
fn a_task_slower_than_its_timeout_is_told_and_ends_the_wait() {
    let mut plan = plans::empty(1, 1);
    let mut slow = plans::task(&plan, 0, 0);
    (slow.estimate, slow.timeout, slow.max_retries) = (Span::mins(9), Span::mins(5), 1);
    plan.tasks.push(slow);
    let mut after = plans::task(&plan, 0, 0);
    after.dependencies.push(hard(0));
    plan.tasks.push(after);
    let day = play(plan);
    assert_eq!(named(&day, "t0").state, TaskState::Timeout);
    assert_eq!(named(&day, "t0").rounds, 2);
    assert!(matches!(why(&day, "t0"), NotRunReason::TimedOut { .. }));
    assert!(matches!(why(&day, "t1"), NotRunReason::Upstream { on } if on.as_str() == "t0"));
    assert!(day.warnings.iter().any(|w| matches!(w, DryRunWarning::TimeoutTooShort { .. })));
    assert!(!day.on_time());
}

#[test]
fn a_result_too_old_for_what_waits_for_it_is_told_even_if_the_day_then_never_ends() {
    for on_close in [OnClose::Fail, OnClose::Carry] {
        let mut plan = plans::empty(1, 1);
        plan.stages[0].on_close = on_close;
        let mut check = plans::task(&plan, 0, 0);
        check.valid_for = Some(Span::mins(30));
        plan.tasks.push(check);
        let mut orders = plans::task(&plan, 0, 0);
        orders.opens_at += TimeDelta::hours(1);
        orders.dependencies.push(hard(0));
        plan.tasks.push(orders);
        let day = play(plan);
        assert!(matches!(why(&day, "t1"), NotRunReason::Stale { on, .. } if on.as_str() == "t0"));
        assert!(!day.on_time(), "{on_close:?}");
    }
}

#[test]
fn a_window_shorter_than_its_task_is_told_beforehand() {
    let mut plan = plans::empty(1, 1);
    let mut task = plans::task(&plan, 0, 0);
    task.closes_at = task.opens_at + TimeDelta::seconds(5);
    task.deadline = task.closes_at;
    plan.tasks.push(task);
    let day = play(plan);
    assert!(day.warnings.iter().any(|w| matches!(w, DryRunWarning::WindowTooSmall { .. })));
    assert!(day.warnings.iter().any(|w| matches!(w, DryRunWarning::DeadlineMissed { .. })));
    assert_eq!(named(&day, "t0").slack_ms, Some(-5_000));
}

#[test]
fn a_task_whose_input_comes_after_its_window_names_what_it_waited_for() {
    let mut plan = plans::empty(1, 1);
    let slow = plans::task(&plan, 0, 0);
    plan.tasks.push(slow);
    plan.tasks[0].estimate = Span::mins(4);
    let mut hasty = plans::task(&plan, 0, 0);
    hasty.closes_at = hasty.opens_at + TimeDelta::minutes(2);
    hasty.dependencies.push(hard(0));
    plan.tasks.push(hasty);
    let day = play(plan);
    let told = why(&day, "t1");
    assert!(
        matches!(told, NotRunReason::WindowCloses { waits_for: Some(on), .. } if on.as_str() == "t0"),
        "{told:?}"
    );
}

#[test]
fn an_empty_plan_is_an_empty_day() {
    let day = play(plans::empty(1, 0));
    assert_eq!((day.ends_at, day.peak, day.tasks.len()), (morning(), 0, 0));
    assert!(day.on_time());
}

fn days() -> DayFactory {
    DayFactory::new(Config::default()).unwrap()
}

fn et(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    calendar::exchange_moment(date, chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

/// Every session of a year runs on time, and whatever does not run hangs on a condition.
fn year_is_explained(year: i32, sessions: usize) {
    let days = days();
    let (first, last) = days.data_range().unwrap();
    let (from, to) = (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31));
    let mut seen = 0;
    for day in calendar::sessions(from.unwrap().max(first), to.unwrap().min(last)).unwrap() {
        let (plan, _) = days.day_plan(day.date, RunMode::Dry, 1, &[]).unwrap();
        let played = dry_run(plan, et(day.date, 5, 59));
        assert!(played.on_time(), "{}: {:?}", day.date, played.warnings);
        for absent in &played.absent {
            let planned = absent.state.is_none_or(|state| state == TaskState::Skipped);
            let known = matches!(
                absent.why,
                NotRunReason::Condition { .. }
                    | NotRunReason::Removed { .. }
                    | NotRunReason::OnDemand
            );
            assert!(planned && known, "{}: {absent:?}", day.date);
        }
        seen += 1;
    }
    assert_eq!(seen, sessions, "sessions of {year}");
}

#[test]
fn every_session_of_2014_runs_without_an_unexplained_miss() {
    year_is_explained(2014, 251);
}

#[test]
fn every_session_of_2015_runs_without_an_unexplained_miss() {
    year_is_explained(2015, 252);
}

#[test]
fn every_session_of_2016_runs_without_an_unexplained_miss() {
    year_is_explained(2016, 252);
}

#[test]
fn every_session_of_2017_runs_without_an_unexplained_miss() {
    year_is_explained(2017, 251);
}

#[test]
fn every_session_of_2018_runs_without_an_unexplained_miss() {
    year_is_explained(2018, 251);
}

#[test]
fn the_data_inside_the_program_carries_the_sessions_of_2014_to_2018() {
    let (first, last) = days().data_range().unwrap();
    assert_eq!((first.to_string(), last.to_string()), ("2014-01-03".into(), "2018-12-31".into()));
}

#[test]
fn outside_the_volatility_data_no_regime_is_guessed_and_that_is_said() {
    let days = days();
    for (date, known) in [("2018-12-19", true), ("2010-06-03", false), ("2021-06-03", false)] {
        let date = date.parse().unwrap();
        assert_eq!(days.planning_facts(date).unwrap().volatility.is_some(), known, "{date}");
        assert_eq!(days.remark_on(date).is_none(), known, "{date}");
    }
}

#[test]
fn a_start_in_the_middle_of_a_window_is_a_start_and_loops_make_up_for_no_round() {
    let date: NaiveDate = "2018-07-10".parse().unwrap();
    let (plan, _) = days().day_plan(date, RunMode::Dry, 1, &[]).unwrap();
    let day = dry_run(Arc::clone(&plan), et(date, 10, 45));
    let monitor = named(&day, "market_monitor");
    assert_eq!(
        (monitor.start, &monitor.driver),
        (Some(et(date, 10, 45)), &Some(StartCause::Start))
    );
    assert!(matches!(why(&day, "collect_data"), NotRunReason::StartedLate { .. }));
    assert!(plan.find_task("collect_data") == Some(TaskIx(1)) && !day.on_time());
}
