//! What of a day is entered into the audit trail: who, what, before and after, and because of what.

use bellwether::{
    audit::{EntryChain, EntryDraft, EntryObserver, entry_of, verify},
    engine::{Command, Event, FailureKind, Gate, PauseMode, Resolution, RunState},
    planning::{plan::TaskIx, workflow::EffectClass},
};
use serde_json::json;

use crate::engine_script::{Script, add, after, quiet};

/// An order that comes to be in doubt and is resolved, a pause and its end, an act refused, a task
/// set ok, one skipped.
fn eventful() -> (Script, Vec<TaskIx>) {
    let mut plan = quiet();
    let order = add(&mut plan, |task| task.effect = EffectClass::Effectful);
    let pure = add(&mut plan, |task| task.max_retries = 0);
    let last = after(&mut plan, &[order]);
    let mut day = Script::begin(plan);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.order(Command::Resume { gate: Gate::Engine });
    day.unclear(order);
    day.fails(pure, FailureKind::BadInput);
    day.order(Command::SetCompleted { task: pure });
    assert!(day.ask(Command::Hold { task: pure }).is_err(), "it is completed");
    day.order(Command::Skip { task: last, satisfies: true });
    let finding = Resolution::Happened { evidence: "BRK-4711".into() };
    day.order(Command::Resolve { task: order, finding });
    (day, vec![order, pure, last])
}

/// The entries of a day, event by event.
fn entered(day: &Script) -> Vec<EntryDraft> {
    let mut state: Option<RunState> = None;
    let mut observer = EntryObserver::new();
    let mut drafts = Vec::new();
    for recorded in &day.journal {
        drafts.extend(observer.event(state.as_ref(), recorded));
        match &mut state {
            Some(now) => now.apply(recorded).expect("the engine's own events are legal"),
            None => state = Some(RunState::from_first_event(recorded).expect("it begins the run")),
        }
    }
    drafts
}

fn of<'a>(drafts: &'a [EntryDraft], kind: &str) -> Vec<&'a EntryDraft> {
    drafts.iter().filter(|draft| draft.kind == kind).collect()
}

#[test]
fn every_act_and_decision_of_an_eventful_day_is_entered_and_nothing_else() {
    let (day, _) = eventful();
    let kinds: Vec<String> = entered(&day).into_iter().map(|draft| draft.kind).collect();
    let expected = [
        "workflow_started",
        "task_started",
        "operator_acted",
        "gate_closed",
        "operator_acted",
        "gate_opened",
        "task_in_doubt",
        "task_failed",
        "stage_stuck",
        "system_alert",
        "operator_acted",
        "task_completed",
        "command_refused",
        "operator_acted",
        "task_skipped",
        "operator_acted",
        "task_completed",
        "stage_completed",
        "workflow_completed",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn what_a_command_brought_about_bears_its_giver_and_its_number() {
    let drafts = entered(&eventful().0);
    for (at, kind) in [(0, "gate_closed"), (0, "gate_opened"), (0, "task_skipped")] {
        let told = of(&drafts, kind)[at];
        let cause = drafts.iter().find(|draft| draft.event_seq == told.cause_seq);
        let cause = cause.expect("its cause is entered");
        assert_eq!((told.actor.as_str(), cause.kind.as_str()), ("ana", "operator_acted"), "{kind}");
    }
    for kind in ["workflow_started", "task_in_doubt", "workflow_completed"] {
        let told = of(&drafts, kind)[0];
        assert_eq!((told.actor.as_str(), told.cause_seq), ("engine", None), "{kind}");
    }
}

#[test]
fn before_after_and_why_are_told() {
    let drafts = entered(&eventful().0);
    let ok = of(&drafts, "task_completed")[0];
    assert_eq!(ok.subject, "task t1");
    assert_eq!(ok.before, Some(json!({ "state": "FAILED" })));
    let after = ok.after.as_ref().expect("how it stands");
    assert_eq!((&after["state"], &after["provenance"]), (&json!("COMPLETED"), &json!("set_ok")));
    let resolved = of(&drafts, "task_completed")[1];
    assert_eq!(resolved.before, Some(json!({ "state": "IN_DOUBT" })));
    let refused = of(&drafts, "command_refused")[0];
    assert_eq!((refused.actor.as_str(), refused.subject.as_str()), ("ana", "task t1"));
    assert!(refused.reason.as_ref().is_some_and(|why| why.contains("COMPLETED")), "{refused:?}");
    let paused = of(&drafts, "operator_acted")[0];
    assert_eq!(paused.reason.as_deref(), Some("desk call"));
    let started = of(&drafts, "workflow_started")[0].after.clone().expect("what was started");
    assert_eq!(started["plan_sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn an_entry_made_of_an_event_alone_blames_nobody() {
    let (day, _) = eventful();
    let closed = day.journal.iter().find(|r| matches!(r.event, Event::GateClosed { .. }));
    let draft = entry_of(closed.expect("it was paused"), day.run().plan()).expect("it is entered");
    assert_eq!((draft.actor.as_str(), draft.cause_seq), ("engine", None));
    assert!(draft.reason.is_some_and(|by| by.contains("ana")));
}

#[test]
fn the_trail_of_a_day_verifies() {
    let drafts = entered(&eventful().0);
    let mut chain = EntryChain::new("a desk");
    let lines: Vec<String> =
        drafts.iter().map(|draft| chain.append(draft.clone()).to_line() + "\n").collect();
    let verified = verify(lines.concat().as_bytes(), Some(chain.head())).expect("it is sound");
    assert_eq!(verified.entries, drafts.len());
}
