//! The alerts of a run: what raises one, who saw it, what is remembered, and who is armed.

use bellwether::{
    engine::{
        Acknowledgement, Actor, Alert, AlertSeverity, AttemptOutcome, Command, EngineInput,
        Failure, FailureKind, OrchestrationEvent as Kind, RunState, TradingState,
    },
    planning::{plan::TaskIx, workflow::EffectClass},
    view::alerts::alert_rows,
};

use chrono::{DateTime, Utc};

use crate::{engine_random::Day, support::plans, trail};

const T0: TaskIx = TaskIx(0);

fn day(effects: &[EffectClass]) -> Day {
    let mut plan = plans::empty(1, 1);
    for &effect in effects {
        let mut task = plans::task(&plan, 0, 0);
        task.effect = effect;
        task.max_retries = 0;
        plan.tasks.push(task);
    }
    Day::begin(plan)
}

fn fail(day: &mut Day, task: TaskIx, kind: FailureKind) {
    let attempt = day.engine.state().task(task).attempt;
    let answer = AttemptOutcome::Failed(Failure::new(kind, "no feed"));
    day.input(EngineInput::AttemptEnded { task, attempt, answer });
}

fn raised(day: &Day) -> Vec<(Kind, AlertSeverity, Option<TaskIx>)> {
    let alerts = day.engine.state().alerts().values();
    alerts.map(|alert| (alert.kind, alert.severity, alert.task)).collect()
}

fn news(day: &mut Day, severity: AlertSeverity) {
    // Another text each time: the same one again is counted on the first.
    let text = format!("gap {}", day.journal.len());
    day.input(EngineInput::Alert { severity, code: "feed".into(), text });
}

#[test]
fn what_needs_a_person_raises_an_alert_and_what_a_person_did_does_not() {
    let mut day =
        day(&[EffectClass::Pure, EffectClass::Effectful, EffectClass::Pure, EffectClass::Human]);
    fail(&mut day, T0, FailureKind::BadInput);
    day.order(Command::Reject { task: TaskIx(3) });
    day.input(EngineInput::Market { code: "market_open".into(), text: "open".into() });
    day.input(EngineInput::Market { code: "halt".into(), text: "KO halted".into() });
    day.order(Command::TightenTrading { to: TradingState::Halted });
    let expected = [
        (Kind::TaskFailed, AlertSeverity::Critical, Some(T0)),
        (Kind::MarketEvent, AlertSeverity::Warning, None),
        (Kind::TradingChanged, AlertSeverity::Critical, None),
    ];
    assert_eq!(raised(&day), expected);
}

#[test]
fn an_alert_is_seen_once_and_by_whoever_said_so_first() {
    let mut day = day(&[EffectClass::Pure]);
    news(&mut day, AlertSeverity::Warning);
    let seq = *day.engine.state().alerts().keys().next().unwrap();
    day.order(Command::Acknowledge { alert: seq });
    let acked = |day: &Day| day.engine.state().alerts()[&seq].acked.clone();
    let first = acked(&day);
    assert_eq!(
        first,
        Some(Acknowledgement {
            by: Actor::Operator("ana".into()),
            at: day.at,
            reason: Some("test".into())
        })
    );
    let before = day.journal.len();
    day.order(Command::Acknowledge { alert: seq });
    day.order(Command::Acknowledge { alert: seq + 1_000 });
    let kinds: Vec<_> = day.journal[before..].iter().map(|r| r.event.kind()).collect();
    assert_eq!(kinds, [Kind::CommandRefused, Kind::CommandRefused]);
    assert_eq!(acked(&day), first);
}

#[test]
fn of_too_many_alerts_those_seen_go_first_then_the_quietest_then_the_oldest() {
    let mut day = day(&[EffectClass::Pure]);
    for severity in [
        AlertSeverity::Critical,
        AlertSeverity::Warning,
        AlertSeverity::Info,
        AlertSeverity::Warning,
    ] {
        news(&mut day, severity);
    }
    let first: Vec<_> = day.engine.state().alerts().keys().copied().collect();
    let [critical, warning, info, late] = first[..] else { unreachable!("four were raised") };
    day.order(Command::Acknowledge { alert: critical });
    for _ in 4..Alert::KEPT_MAX {
        news(&mut day, AlertSeverity::Critical);
    }
    let kept = |day: &Day| {
        let alerts = day.engine.state().alerts();
        assert!(alerts.len() <= Alert::KEPT_MAX);
        first.iter().copied().filter(|seq| alerts.contains_key(seq)).collect::<Vec<_>>()
    };
    assert_eq!(kept(&day), first);
    for left in [vec![warning, info, late], vec![warning, late], vec![late], Vec::new()] {
        news(&mut day, AlertSeverity::Critical);
        assert_eq!(kept(&day), left);
    }
    assert_eq!(day.engine.state().forgotten_alerts(), 4);
}

#[test]
fn the_same_alert_again_is_counted_until_it_is_acknowledged() {
    let mut day = day(&[EffectClass::Pure]);
    let raise = |day: &mut Day| {
        let (severity, code) = (AlertSeverity::Warning, "feed".into());
        day.input(EngineInput::Alert { severity, code, text: "gap".into() });
    };
    for _time in 0..3 {
        raise(&mut day);
    }
    let counts = |day: &Day| -> Vec<u32> {
        let alerts = day.engine.state().alerts().values();
        alerts.map(|alert| alert.repeated.map_or(0, |(again, _)| again)).collect()
    };
    assert_eq!(counts(&day), [2]);
    let first = *day.engine.state().alerts().keys().next().unwrap();
    day.order(Command::Acknowledge { alert: first });
    raise(&mut day);
    assert_eq!(counts(&day), [2, 0], "what was seen is not seen again");
}

#[test]
fn a_progress_report_is_no_new_version_of_a_task_and_an_answer_is() {
    let mut day = day(&[EffectClass::Pure]);
    let version = |day: &Day| day.engine.state().task_version(T0);
    let started = version(&day);
    day.input(EngineInput::Progress { task: T0, attempt: 1, percent: 9, note: "9".into() });
    assert_eq!(version(&day), started);
    fail(&mut day, T0, FailureKind::BadInput);
    assert!(version(&day) > started);
}

/// Two monitors that fail all day, each again and again.
const FAILING_MONITORS: &str = r#"
scenario: failing monitors
title: two monitors fail all day
faults:
  - {task: market_monitor, fail: 1000, after: 1s, message: "429 too many requests"}
  - {task: order_monitor, fail: 1000, after: 1s, message: "429 too many requests"}
"#;

#[test]
fn two_failing_monitors_fill_at_most_six_rows_of_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("failing.yaml");
    std::fs::write(&scenario, FAILING_MONITORS).unwrap();
    // How the day ends is not the question here.
    trail::asked(folder.path(), &["run", "--scenario", scenario.to_str().unwrap()]);
    let until = "2018-12-19T15:40:00Z".parse::<DateTime<Utc>>().unwrap();
    let events = trail::events(folder.path());
    let mut run = RunState::from_first_event(&events[0]).unwrap();
    for event in events[1..].iter().take_while(|event| event.at < until) {
        run.apply(event).unwrap();
    }
    let rows = alert_rows(&run);
    let texts: Vec<_> = rows.iter().map(|row| row.text.as_str()).collect();
    assert!((1..=6).contains(&rows.len()), "{texts:#?}");
    assert!(texts.iter().any(|text| text.contains(" times, last 10:3")), "{texts:#?}");
}
