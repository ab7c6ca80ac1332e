//! Laws that hold of every row and every reason, whatever happens to a day.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::{
    agents, board, day,
    events::{json, line},
    filter::Filter,
    inspect::inspect,
    sample::{self, Day, after, et, task},
    status::{Process, status},
    timeline::Timeline,
    why::why,
};
use crate::{
    definition::{Effect, TaskPriority},
    engine::{
        Answer, Command, Failure, FailureKind, Finding, Gate, Input, PauseMode, RetryScope,
        TaskState, Waiver,
    },
    plan::{AgentIx, StageIx, TaskIx},
    time::Span,
};

const TASKS: u32 = 8;

/// A day with a loop, an approval, an order, a condition-free chain and a stale-prone result.
fn start() -> Day {
    let mut tasks: Vec<_> = (0..TASKS).map(|i| task(&format!("t{i}"), 2)).collect();
    tasks[0].valid_for = Some(Span::mins(3));
    tasks[1].every = Some(Span::mins(1));
    tasks[2].effect = Effect::Effectful;
    tasks[2].agent = AgentIx(2);
    tasks[3].effect = Effect::Human;
    tasks[4].priority = TaskPriority::Critical;
    tasks[5] = after(tasks[5].clone(), &[0, 2]);
    tasks[6] = after(tasks[6].clone(), &[3, 5]);
    tasks[7].stage = StageIx(3);
    tasks[7].opens_at = et("10:45");
    tasks[7].closes_at = et("10:50");
    let mut plan = sample::plan(tasks);
    plan.limits.max_concurrent_tasks = 2;
    plan.limits.breaker_failures = 2;
    plan.stages[2].closes_at = et("11:00");
    for task in plan.tasks.iter_mut().take(7) {
        task.closes_at = et("11:00");
    }
    Day::start(plan, "10:30")
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(sample::done("ok")),
        Just(sample::failed(FailureKind::Transient, "429")),
        Just(sample::failed(FailureKind::BadInput, "no")),
        Just(Answer::Unknown(Failure::new(FailureKind::TimedOut, "lost"))),
        Just(Answer::Stopped),
    ]
}

fn commands() -> impl Strategy<Value = Command> {
    let gates = prop_oneof![
        Just(Gate::Engine),
        Just(Gate::Stage(StageIx(2))),
        (0..3_u32).prop_map(|a| Gate::Agent(AgentIx(a)))
    ];
    let modes =
        prop_oneof![Just(PauseMode::Drain), Just(PauseMode::SoftStop), Just(PauseMode::Halt)];
    let tasks = (0..TASKS).prop_map(TaskIx);
    prop_oneof![
        (gates.clone(), modes).prop_map(|(gate, mode)| Command::Pause { gate, mode, until: None }),
        gates.prop_map(|gate| Command::Resume { gate }),
        (tasks, 0..12_u32).prop_map(|(task, verb)| match verb {
            0 => Command::Hold { task },
            1 => Command::Release { task },
            2 => Command::Retry { task, scope: RetryScope::WithBlocked },
            3 => Command::Rerun { task },
            4 => Command::RunNow { task },
            5 => Command::Skip { task, satisfies: task.0 % 2 == 0 },
            6 => Command::Unskip { task },
            7 => Command::Cancel { task },
            8 => Command::SetOk { task },
            9 => Command::Approve { task, terms: sample::terms(task.0) },
            10 => Command::Resolve { task, finding: Finding::DidNotHappen },
            _ => Command::Force { task, waivers: vec![Waiver::Window, Waiver::Breaker] },
        }),
    ]
}

#[derive(Debug, Clone)]
enum Move {
    Wake,
    Answer(u32, Answer),
    Order(Command),
}

fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
    let one = prop_oneof![
        Just(Move::Wake),
        ((0..TASKS), answers()).prop_map(|(task, answer)| Move::Answer(task, answer)),
        commands().prop_map(Move::Order),
    ];
    prop::collection::vec((0..120_i64, one), 0..40)
}

fn holds(day: &Day, at: chrono::DateTime<chrono::Utc>) {
    let run = day.run();
    let everything = Filter::default();
    let order = board::order(run, at, board::Sort::default(), &everything);
    assert_eq!(order.len(), run.plan().tasks.len());
    assert!(order.windows(2).all(|pair| board::rank(run, pair[0]) <= board::rank(run, pair[1])));
    for (ix, task) in run.tasks() {
        let reasons = why(run, ix, at);
        let silent = task.state == TaskState::Running && !run.human(ix);
        assert_eq!(reasons.is_empty(), silent, "{ix:?} {} says {reasons:?}", task.state);
        for reason in &reasons {
            assert!(!reason.text.is_empty() && !reason.code.is_empty(), "{ix:?}");
        }
        // What waits is not left with the excuse that nothing stops it while something does.
        let excuse = reasons.iter().any(|why| why.code == "due");
        assert!(!excuse || run.gate_before(ix).is_none() || run.ended(), "{ix:?} {reasons:?}");
        let row = board::row(run, at, ix);
        assert!(silent || !row.note.is_empty(), "{ix:?} {}", task.state);
        let found = inspect(run, ix, at);
        assert_eq!(found.attempts.len(), task.history.len() + usize::from(task.state.active()));
        assert_eq!(Timeline::of_day(run, 40).task(run, ix, at).len(), 40);
    }
    let header = day::header(run, at);
    let rows = day::stages(run, at);
    assert_eq!(header.all, rows.iter().map(|row| row.all).sum::<u32>());
    assert_eq!(header.done, rows.iter().map(|row| row.done).sum::<u32>());
    let working: usize = agents::agents(run, at).iter().map(|agent| agent.tasks.len()).sum();
    assert_eq!(u32::try_from(working).unwrap(), header.slots);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn whatever_happens_each_task_says_why_and_every_count_agrees(moves in moves()) {
        let mut day = start();
        let mut at = et("10:30");
        for (seconds, next) in moves {
            at += TimeDelta::seconds(seconds);
            match next {
                Move::Wake => drop(day.step(at, Input::Wake)),
                Move::Answer(task, answer) => {
                    let task = TaskIx(task);
                    let attempt = day.run().task(task).attempt;
                    day.step(at, Input::Answer { task, attempt, answer });
                }
                Move::Order(command) => day.give(at, command, "since it was asked"),
            }
            holds(&day, at);
        }
        for recorded in &day.events {
            let line = line(recorded, day.run().plan());
            prop_assert!(!line.what.is_empty(), "{} says nothing", line.kind);
            prop_assert!(json(recorded, day.run().plan()).is_object());
        }
        let process = Process {
            started_at: et("10:30"), runs_completed: 0, runs_failed: 0,
            tasks_completed: 0, tasks_failed: 0, task_seconds: 0.0,
        };
        let document = status(Some(day.run()), &process, at);
        let rate = document.statistics.success_rate;
        prop_assert!((0.0..=1.0).contains(&rate));
    }
}

/// The command a reason's verb stands for.
fn command(verb: &str, task: TaskIx) -> Command {
    let finding = Finding::Happened { evidence: "order 4711".into() };
    match verb {
        "retry" => Command::Retry { task, scope: RetryScope::Task },
        "rerun" => Command::Rerun { task },
        "run now" => Command::RunNow { task },
        "release" => Command::Release { task },
        "unskip" => Command::Unskip { task },
        "resolve" => Command::Resolve { task, finding },
        "approve" => Command::approve(task),
        "force" => Command::Force { task, waivers: vec![Waiver::Window, Waiver::Breaker] },
        "resume" => Command::Resume { gate: Gate::Engine },
        other => unreachable!("no command is called {other}"),
    }
}

#[test]
fn the_act_that_a_reason_names_is_not_refused() {
    for i in 0..14 {
        let ix = TaskIx(i);
        for reason in why(sample::every_state().run(), ix, et("10:42:07")) {
            let Some(verb) = reason.verb else { continue };
            let mut day = sample::every_state();
            day.order("10:42:08", command(verb, reason.on.unwrap_or(ix)), "as it says");
            assert_eq!(day.refused, None, "{} advises {verb}", reason.code);
        }
    }
}
