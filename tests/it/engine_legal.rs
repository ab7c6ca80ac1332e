//! Which order is granted in which of the fourteen states: the whole table, each state reached by
//! real steps, and what a refusal must say.

use bellwether::{
    engine::{
        Command, Event, FailureKind, Gate, PauseMode, Resolution, RetryScope, RunState, TaskState,
        Waiver,
    },
    planning::{
        plan::{AgentIx, RunMode, TaskIx},
        time::Span,
        workflow::{EffectClass, TaskPriority},
    },
};
use chrono::TimeDelta;

use crate::{
    engine_script::{Script, add, after},
    support::plans,
};

/// How an order about a task is worded.
type Verb = fn(TaskIx) -> Command;

/// An order, and the states in which the design grants it, in the order of [`TaskState::ALL`]:
/// `PD QU RU RT HD CX ID OK FA TO CN SK UF MS`.
type Row = (&'static str, Verb, &'static str);

/// The design's table. Not orders to the engine, and so not here: ice and thaw (they change other
/// days), claim, note and mark fixed (they change nothing), probe (the runtime asks the agent),
/// extending a timeout and editing an input (not offered). Satisfying one dependency is `force`
/// with that one waiver.
const DESIGN: &[Row] = &[
    ("hold", |task| Command::Hold { task }, "YY.Y........Y."),
    ("release", |task| Command::Release { task }, "....Y........."),
    ("run now", |task| Command::RunNow { task }, "Y...Y........Y"),
    ("force", |task| Command::Force { task, waivers: vec![Waiver::Window] }, "YY.YY...YYYYYY"),
    ("retry", |task| Command::Retry { task, scope: RetryScope::Task }, "...Y....YYY..."),
    ("cancel", |task| Command::Cancel { task }, "YYYYYY......Y."),
    ("skip", |task| Command::Skip { task, satisfies: true }, "YY.YY...YYY.YY"),
    ("unskip", |task| Command::Unskip { task }, "...........Y.."),
    ("set ok", |task| Command::SetCompleted { task }, "......Y.YYY.YY"),
    ("set failed", |task| Command::SetFailed { task }, "...YY.YY......"),
    ("rerun", |task| Command::Rerun { task }, ".......YYYYYYY"),
    (
        "resolve",
        |task| Command::Resolve { task, finding: Resolution::DidNotHappen },
        "......Y.......",
    ),
    (
        "set priority",
        |task| Command::SetPriority { task, priority: TaskPriority::Low },
        "YY.YY.......Y.",
    ),
    // Approving is for tasks that ask a person; this table's task does not.
    ("approve", Command::approve_all, ".............."),
    ("reject", |task| Command::Reject { task }, ".............."),
];

/// Where the engine refuses what the design grants, and why.
const DEPARTURES: &[(&str, TaskState, &str)] = &[
    (
        "cancel",
        TaskState::Cancelling,
        "its own timer ends it in ten seconds; there is no harder kill",
    ),
    ("set ok", TaskState::InDoubt, "one way only: `resolve` with evidence"),
    ("set failed", TaskState::InDoubt, "one way only: `resolve`, abandoning it"),
    ("rerun", TaskState::Failed, "that is `retry`"),
    ("rerun", TaskState::Timeout, "that is `retry`"),
    ("rerun", TaskState::Cancelled, "that is `retry`"),
    ("rerun", TaskState::Skipped, "that is `unskip`"),
    ("rerun", TaskState::UpstreamFailed, "it frees itself when what it needs is retried"),
    ("rerun", TaskState::Missed, "that is `run now`"),
];

/// A day in which the second task stands in `state`, brought there by steps and nothing else.
fn standing_in(state: TaskState) -> (Script, TaskIx) {
    let doubtful = state == TaskState::InDoubt;
    let effect = if doubtful { EffectClass::Effectful } else { EffectClass::Pure };
    let (day, subject) = steps_to(state, RunMode::Sim, effect);
    assert_eq!(day.state(subject), state, "the steps lead elsewhere");
    (day, subject)
}

/// A day whose second task, of this effect, is brought towards `state`; some never get there.
pub(crate) fn steps_to(state: TaskState, mode: RunMode, effect: EffectClass) -> (Script, TaskIx) {
    let mut plan = plans::empty(2, 2);
    plan.mode = mode;
    let first = add(&mut plan, |task| {
        task.agent = AgentIx::new(1);
        task.timeout = Span::mins(170);
    });
    let subject = after(&mut plan, &[first]);
    let task = &mut plan.tasks[subject.at()];
    task.closes_at = task.opens_at + TimeDelta::minutes(60);
    task.max_retries = u32::from(state == TaskState::Retrying);
    task.effect = effect;
    // Without work in the afternoon the day would be over with the subject.
    let afternoon = plans::task(&plan, 1, 1);
    plan.tasks.push(afternoon);
    let mut day = Script::begin(plan);
    match state {
        TaskState::Pending => {}
        TaskState::Queued => {
            let gate = Gate::Agent(AgentIx::new(0));
            day.order(Command::Pause { gate, mode: PauseMode::Drain, until: None });
            day.done(first);
        }
        TaskState::Running => day.done(first),
        TaskState::Retrying => {
            day.done(first);
            day.fails(subject, FailureKind::Transient);
        }
        TaskState::Held => day.order(Command::Hold { task: subject }),
        TaskState::Cancelling => {
            day.done(first);
            day.order(Command::Cancel { task: subject });
        }
        TaskState::InDoubt => {
            day.done(first);
            day.unclear(subject);
        }
        TaskState::Completed => {
            day.done(first);
            day.done(subject);
        }
        TaskState::Failed => {
            day.done(first);
            day.fails(subject, FailureKind::BadInput);
        }
        TaskState::Timeout => {
            day.done(first);
            day.until(6);
        }
        TaskState::Cancelled => day.order(Command::Cancel { task: subject }),
        TaskState::Skipped => day.order(Command::Skip { task: subject, satisfies: false }),
        TaskState::UpstreamFailed => day.fails(first, FailureKind::BadInput),
        TaskState::Missed => day.until(61),
    }
    (day, subject)
}

fn granted_by_design(row: &Row, state: TaskState) -> bool {
    row.2.as_bytes()[state.index()] == b'Y'
}

fn departs(row: &Row, state: TaskState) -> bool {
    DEPARTURES.iter().any(|(verb, at, _)| *verb == row.0 && *at == state)
}

/// Everything the state holds but the number and moment of its last event.
fn known(run: &RunState) -> String {
    format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        run.tasks().collect::<Vec<_>>(),
        run.stages().collect::<Vec<_>>(),
        run.agents().collect::<Vec<_>>(),
        run.closed_gates(),
        run.state_counts(),
        run.slots_used(),
        run.status()
    )
}

#[test]
fn every_order_is_granted_or_refused_in_every_state_as_the_design_says() {
    for row in DESIGN {
        for state in TaskState::ALL {
            let (mut day, task) = standing_in(state);
            let granted = day.ask(row.1(task)).is_ok();
            let expected = granted_by_design(row, state) && !departs(row, state);
            assert_eq!(granted, expected, "{} of a task that is {state}", row.0);
        }
    }
}

#[test]
fn every_departure_refuses_what_the_design_grants() {
    for (verb, state, why) in DEPARTURES {
        let row = DESIGN.iter().find(|row| row.0 == *verb).expect("a row");
        assert!(granted_by_design(row, *state), "{verb} at {state} is no departure ({why})");
    }
}

#[test]
fn a_refusal_says_the_state_the_reason_and_the_verb_that_helps() {
    for row in DESIGN {
        for state in TaskState::ALL {
            let (mut day, task) = standing_in(state);
            let Err(refusal) = day.ask(row.1(task)) else { continue };
            let id = &day.run().plan().task(task).id;
            assert_eq!(refusal.what, format!("{id} is {state}"), "{}", row.0);
            assert_eq!(refusal.state, Some(state));
            assert!(refusal.why.len() > 5, "{} at {state}: {}", row.0, refusal.why);
            let remedy = refusal.remedy.unwrap_or_default();
            assert!(remedy.len() > 5, "{} at {state} offers nothing", row.0);
        }
    }
}

#[test]
fn a_refused_order_changes_nothing_and_is_written_down_once() {
    for row in DESIGN {
        for state in TaskState::ALL {
            let (mut day, task) = standing_in(state);
            let (before, events) = (known(day.run()), day.journal.len());
            if day.ask(row.1(task)).is_ok() {
                continue;
            }
            assert_eq!(known(day.run()), before, "{} at {state} changed something", row.0);
            let new = &day.journal[events..];
            assert_eq!(new.len(), 1, "{} at {state}", row.0);
            assert!(matches!(new[0].event, Event::CommandRefused { .. }));
            assert!(!day.run().has_command(2), "a refused order's id stays free");
        }
    }
}

#[test]
fn a_granted_order_is_written_down_before_what_it_does() {
    for row in DESIGN {
        for state in TaskState::ALL {
            let (mut day, task) = standing_in(state);
            let events = day.journal.len();
            if day.ask(row.1(task)).is_err() {
                continue;
            }
            let new = &day.journal[events..];
            assert!(matches!(new[0].event, Event::CommandAccepted { .. }), "{} at {state}", row.0);
            assert!(new.len() > 1, "{} at {state} did nothing", row.0);
        }
    }
}

#[test]
fn verbs_that_overrule_the_engine_are_refused_without_a_reason() {
    let overruling: [(TaskState, Verb); 4] = [
        (TaskState::Failed, |task| Command::SetCompleted { task }),
        (TaskState::Completed, |task| Command::SetFailed { task }),
        (TaskState::Pending, |task| Command::Force { task, waivers: vec![Waiver::Condition] }),
        (TaskState::InDoubt, |task| Command::Resolve { task, finding: Resolution::GaveUp }),
    ];
    for (state, command) in overruling {
        for reason in [None, Some(""), Some("  ")] {
            let (mut day, task) = standing_in(state);
            let refusal = day.ask_because(reason, command(task)).expect_err("a reason is owed");
            assert!(refusal.why.contains("needs a reason"), "{refusal}");
        }
    }
}

#[test]
fn orders_about_what_the_plan_does_not_have_are_refused() {
    let (mut day, _) = standing_in(TaskState::Pending);
    let nowhere = TaskIx::new(99);
    let stage = planning::plan::StageIx::new(9);
    for row in DESIGN {
        assert!(day.ask(row.1(nowhere)).is_err(), "{}", row.0);
    }
    for gate in [Gate::Stage(stage), Gate::Agent(AgentIx::new(9))] {
        assert!(day.ask(Command::Pause { gate, mode: PauseMode::Drain, until: None }).is_err());
        assert!(day.ask(Command::Resume { gate }).is_err());
    }
    assert!(day.ask(Command::RetryStage { stage }).is_err());
    assert!(day.ask(Command::ForceStage { stage, waivers: vec![Waiver::Window] }).is_err());
}

#[test]
fn after_the_day_is_over_every_order_is_refused() {
    for row in DESIGN {
        let (mut day, task) = standing_in(TaskState::Completed);
        while let Some(wake) = day.engine.next_wake() {
            day.at = wake;
            day.input(engine::EngineInput::Tick);
        }
        assert!(day.run().has_ended());
        let refusal = day.ask(row.1(task)).expect_err("the day is over");
        assert_eq!(refusal.what, "the day is over");
    }
}
