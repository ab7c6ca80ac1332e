//! A run's state and its events as JSON: whole days there and back, and what is made of damaged ones.

use std::sync::Arc;

use bellwether::{
    engine::{Engine, EngineInput, RecordedEvent, ResultQuality, RunState, TaskResult},
    planning::plan::TaskIx,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    day,
    engine_random::{Day, random_plan},
    support::plans::Dice,
};

fn bytes(state: &RunState) -> Vec<u8> {
    serde_json::to_vec(state).expect("a state can be written")
}

fn read(bytes: &[u8]) -> Result<RunState, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Folds events as they come out of JSON, and holds every state on the way against its snapshot.
#[derive(Default)]
struct Fold(Option<RunState>);

impl Fold {
    fn take(&mut self, recorded: &RecordedEvent) {
        let text = serde_json::to_vec(recorded).expect("an event can be written");
        let back: RecordedEvent = serde_json::from_slice(&text).expect("an event can be read");
        assert_eq!(&back, recorded);
        let state = match self.0.take() {
            None => RunState::from_first_event(&back).expect("a run begins"),
            Some(mut state) => {
                state.apply(&back).expect("an event of the engine is legal");
                state
            }
        };
        let text = bytes(&state);
        let again = read(&text).expect("a snapshot can be read");
        assert_eq!(again, state);
        assert_eq!(bytes(&again), text);
        // What follows from a snapshot follows from the state it was taken of.
        self.0 = Some(again);
    }

    fn reached(&self, live: &RunState) {
        let folded = self.0.as_ref().expect("something happened");
        assert_eq!(folded, live);
        assert_eq!(bytes(folded), bytes(live));
    }
}

/// What is to be complained of, and how a snapshot comes to it.
type Damage<'a> = (&'a str, &'a dyn Fn(&mut Value));

/// A day in which much has happened.
fn shaken(seed: u64) -> Day {
    let mut dice = Dice(seed);
    let mut day = Day::begin(random_plan(&mut dice, 16));
    for _ in 0..120 {
        day.shake(&mut dice, 30);
    }
    day
}

#[test]
fn a_settled_day_is_the_same_after_every_event_read_back_from_json() {
    let mut plan = day::plan("2018-12-19");
    // Nothing that happens changes them, and they are most of the text: one of each rule will do.
    plan.notes.dedup_by(|a, b| a.origin == b.origin);
    let plan = Arc::new(plan);
    let (mut engine, step) = Engine::start(Arc::clone(&plan), plan.stages[0].opens_at);
    let mut fold = Fold::default();
    step.events.iter().for_each(|recorded| fold.take(recorded));
    for round in 0_u32..90 {
        fold.reached(engine.state());
        let alive = engine.state().tasks().find(|(_, run)| run.state.is_active());
        let (at, input) = match alive.map(|(ix, run)| (ix, run.attempt)) {
            Some((task, attempt)) => {
                // Floats that need all their digits come back the same.
                let output = json!({"data": {"x": 0.1 + f64::from(round) / 3.0}});
                let summary = "done".into();
                let outcome =
                    TaskResult { quality: ResultQuality::Ok, summary, output: Arc::new(output) };
                let answer = engine::AttemptOutcome::Completed(outcome);
                (
                    engine.state().last_event_at(),
                    EngineInput::AttemptEnded { task, attempt, answer },
                )
            }
            None => match engine.next_wake() {
                Some(at) => (at, EngineInput::Tick),
                None => break,
            },
        };
        for recorded in &engine.step(at, input).events {
            fold.take(recorded);
        }
    }
    let begun = engine.state().tasks().filter(|(_, run)| run.attempt > 0).count();
    assert!(begun > 20, "only {begun} tasks were begun");
}

#[test]
fn a_plan_that_names_what_it_does_not_have_begins_no_run_and_is_in_no_snapshot() {
    let day = shaken(5);
    let text: Value = serde_json::from_slice(&bytes(day.engine.state())).expect("JSON");
    for field in ["stage", "agent"] {
        let mut damaged = text.clone();
        damaged["plan"]["tasks"][0][field] = json!(99);
        let plan = serde_json::from_value(damaged["plan"].clone()).expect("a plan");
        read(damaged.to_string().as_bytes()).expect_err("a place that is not there");
        let event = engine::Event::WorkflowStarted { plan: Arc::new(plan) };
        let first = RecordedEvent { event, ..day.journal[0].clone() };
        RunState::from_first_event(&first).expect_err("a place that is not there");
    }
}

#[test]
fn a_snapshot_that_contradicts_its_plan_or_itself_is_refused() {
    let day = shaken(5);
    let text: Value = serde_json::from_slice(&bytes(day.engine.state())).expect("JSON");
    assert!(read(text.to_string().as_bytes()).is_ok(), "undamaged, it is read");
    let far = serde_json::to_value(TaskIx(99)).expect("a place");
    let closed = json!({"mode": "drain", "since": text["at"], "until": null, "by": "ana"});
    let gate = json!(["engine", closed]);
    let cases: [Damage<'_>; 9] = [
        ("not as long", &|v| drop(v["tasks"].as_array_mut().expect("a list").pop())),
        ("not as long", &|v| drop(v["versions"].as_array_mut().expect("a list").pop())),
        ("plan does not have", &|v| v["gates"] = json!([[{"stage": 99}, closed]])),
        ("plan does not have", &|v| v["tasks"][0]["waivers"] = json!([{"dependency": far}])),
        ("plan does not have", &|v| v["tasks"][0]["ending"] = json!({"upstream_failed": far})),
        ("closed twice", &|v| v["gates"] = json!([gate, gate])),
        ("after the last event", &|v| v["versions"][0] = json!(1_000_000)),
        ("counts are not", &|v| v["tasks"][0]["waiting"] = json!(7)),
        ("counts are not", &|v| v["agents"][0]["running"] = json!(70)),
    ];
    for (complaint, damage) in cases {
        let mut damaged = text.clone();
        damage(&mut damaged);
        let error = read(damaged.to_string().as_bytes()).expect_err(complaint).to_string();
        assert!(error.contains(complaint), "{error}");
    }
}

proptest! {
    // Every event is looked at: a few days are thousands of snapshots.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_random_day_is_the_same_after_every_event_read_back_from_json(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let mut day = Day::begin(random_plan(&mut dice, 12));
        let (mut fold, mut folded) = (Fold::default(), 0);
        for _ in 0..80 {
            day.shake(&mut dice, 30);
            day.journal[folded..].iter().for_each(|recorded| fold.take(recorded));
            folded = day.journal.len();
            fold.reached(day.engine.state());
        }
    }

}

proptest! {
    #[test]
    fn damaged_json_is_read_or_refused_and_never_a_panic(
        seed in 0_u64..16,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..4),
    ) {
        let day = shaken(seed);
        let mut text = bytes(day.engine.state());
        for (place, with, how) in cuts {
            let at = place.index(text.len());
            match how {
                0 => text[at] = with,
                1 => drop(text.remove(at)),
                2 => text.insert(at, b'0' + with % 10),
                _digit => {
                    let digit = text[at..].iter().position(u8::is_ascii_digit);
                    if let Some(ahead) = digit {
                        text[at + ahead] = b'0' + with % 10;
                    }
                }
            }
        }
        // What is taken is a state like any other: it is written, and read back the same.
        if let Ok(state) = read(&text) {
            prop_assert_eq!(&read(&bytes(&state)).expect("a snapshot can be read"), &state);
        }
    }
}
