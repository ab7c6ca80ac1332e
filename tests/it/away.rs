//! A real day whose program was away: what it missed meanwhile is said, and settled as a late start is.

use std::sync::Arc;

use bellwether::{
    engine::{
        Actor, CatchUpChoice, Command, Event, LateStartOutcome, RunState, RunStatus, TaskState,
        forecast::Downtime,
    },
    planning::{
        id::TaskId,
        plan::{DayPlan, RunMode, TaskIx},
        workflow::EffectClass,
    },
    runtime::{Driver, RecoveryMode, RunClock},
    view::recovery::recovery_lines,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    recovery::{Disk, Worker, folded, setup},
    support::plans::{self, morning},
};

fn minutes(n: i64) -> DateTime<Utc> {
    morning() + TimeDelta::minutes(n)
}

/// `watch` needs `data`, whose window is the first half hour; that of `orders` ends after an hour.
fn plan() -> Arc<DayPlan> {
    let mut plan = plans::empty(2, 2);
    plan.mode = RunMode::Paper;
    for (name, effect, needs, window) in [
        ("data", EffectClass::Pure, None, (10, 30)),
        ("orders", EffectClass::Effectful, None, (10, 60)),
        ("watch", EffectClass::Pure, Some(0), (200, 600)),
    ] {
        let mut task = plans::task(&plan, usize::from(needs.is_some()), 0);
        task.id = TaskId::parse(name).expect("a name");
        task.effect = effect;
        task.max_retries = 0;
        (task.opens_at, task.closes_at) = (minutes(window.0), minutes(window.1));
        task.dependencies = needs.into_iter().map(plans::hard).collect();
        plan.tasks.push(task);
    }
    for (stage, closes) in plan.stages.iter_mut().zip([60, 600]) {
        (stage.opens_at, stage.closes_at) = (morning(), minutes(closes));
    }
    Arc::new(plan)
}

/// The day is left after four minutes.
async fn left(plan: &Arc<DayPlan>, disk: &Disk) -> RunState {
    let clock = RunClock::by_hand(morning());
    let mut driver = Driver::new(setup(plan, &Worker::default(), disk, clock)).0;
    driver.advance_to(minutes(4)).await.expect("it can be recorded");
    folded(&disk.kept())
}

/// Taken up at `at` and driven to its end.
async fn goes_on(at: DateTime<Utc>, choice: Option<CatchUpChoice>) -> (RunState, Disk) {
    let (plan, disk) = (plan(), Disk::default());
    let run = left(&plan, &disk).await;
    let setup = setup(&plan, &Worker::default(), &disk, RunClock::by_hand(at));
    let (mut driver, _handle) = Driver::recover(setup, run, RecoveryMode::Auto);
    if let Some(choice) = choice {
        driver.set_default_catch_up(choice);
    }
    assert_eq!(driver.late_start(), None, "what is missed is known once it goes on");
    driver.advance_to(minutes(700)).await.expect("it can be recorded");
    (folded(&disk.kept()), disk)
}

#[tokio::test]
async fn what_was_missed_while_the_program_was_away_is_settled_before_it_ends_anything() {
    let (run, disk) = goes_on(minutes(100), Some(CatchUpChoice::Minimal)).await;
    let states: Vec<_> = run.tasks().map(|(_, task)| task.state).collect();
    assert_eq!(states, [TaskState::Completed, TaskState::Missed, TaskState::Completed]);
    assert_eq!(run.late_start_outcome(TaskIx(0)), Some(LateStartOutcome::CaughtUp));
    assert!(matches!(run.status(), RunStatus::Completed(_)), "{:?}", run.status());
    let acts: Vec<_> = disk.kept().into_iter().filter_map(act).collect();
    let [(first, ..), (second, by, why)] = acts.try_into().expect("two acts");
    assert!(matches!(first, Command::Recover { paused: false }));
    assert!(matches!(second, Command::CatchUp { choice: CatchUpChoice::Minimal, .. }));
    assert_eq!(by, Actor::Policy("catch-up".into()));
    assert_eq!(why, "1h40m (06:00-07:40), 2 tasks were missed: data, orders");
}

fn act(recorded: engine::RecordedEvent) -> Option<(Command, Actor, String)> {
    let Event::CommandAccepted { command, by, reason, .. } = recorded.event else { return None };
    Some((*command, by, reason.unwrap_or_default()))
}

#[tokio::test]
async fn a_day_whose_every_window_passed_meanwhile_is_asked_about_before_it_fails() {
    let (run, _) = goes_on(minutes(650), Some(CatchUpChoice::Observe)).await;
    assert!(
        run.has_ended() && matches!(run.status(), RunStatus::Completed(_)),
        "{:?}",
        run.status()
    );
    let (run, _) = goes_on(minutes(650), None).await;
    assert!(matches!(run.status(), RunStatus::Failed(_)), "{:?}", run.status());
}

#[tokio::test]
async fn nothing_is_settled_where_no_window_passed_or_somebody_is_to_be_asked() {
    let catch_up = |disk: &Disk| {
        let acts = disk.kept().into_iter().filter_map(act);
        acts.filter(|(command, ..)| matches!(command, Command::CatchUp { .. })).count()
    };
    let (run, disk) = goes_on(minutes(8), Some(CatchUpChoice::Minimal)).await;
    assert_eq!((catch_up(&disk), run.count_in_state(TaskState::Completed)), (0, 3));
    let (run, disk) = goes_on(minutes(100), None).await;
    assert_eq!((catch_up(&disk), run.count_in_state(TaskState::Completed)), (0, 0));
}

#[tokio::test]
async fn how_long_it_was_away_what_it_missed_and_what_is_suggested_stand_above_the_table() {
    let run = left(&plan(), &Disk::default()).await;
    let told = recovery_lines(&run, minutes(45));
    assert_eq!(told[1], "downtime 45m (06:00-06:45), 1 task was missed: data");
    assert_eq!(told[2], "suggested: minimal, which catches up data");
    let told = recovery_lines(&run, run.last_event_at() + TimeDelta::seconds(20));
    assert_eq!(told[1], "downtime less than a minute (06:00-06:00), no task was missed");
    assert_eq!(Downtime::at(&run, run.last_event_at()), None);
}
