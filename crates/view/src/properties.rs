//! Laws that hold of every row and every reason, whatever happens to a day.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::{
    agents, day,
    event_line::event_line,
    filter::Filter,
    inspect::inspect_task,
    status::{ProcessInfo, status},
    task_list,
    timeline::Timeline,
    why::state_reasons,
};
use engine::control::CommandVerb;
use engine::{
    AttemptOutcome, Command, EngineInput, Failure, FailureKind, Gate, PauseMode, Resolution,
    RetryScope, RunState, TaskState, TradingState, Waiver,
};
use planning::{
    plan::{AgentIx, StageIx, TaskIx},
    time::Span,
    workflow::{EffectClass, TaskPriority},
};
use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

const TASKS: u32 = 8;

/// A day with a loop, an approval, an order, a condition-free chain and a stale-prone result.
fn start() -> SampleRun {
    let mut tasks: Vec<_> = (0..TASKS).map(|i| task(&format!("t{i}"), 2)).collect();
    tasks[0].valid_for = Some(Span::mins(3));
    tasks[1].every = Some(Span::mins(1));
    tasks[2].effect = EffectClass::Effectful;
    tasks[2].agent = AgentIx(2);
    tasks[3].effect = EffectClass::Human;
    tasks[4].priority = TaskPriority::Critical;
    tasks[5] = with_dependencies(tasks[5].clone(), &[0, 2]);
    tasks[6] = with_dependencies(tasks[6].clone(), &[3, 5]);
    tasks[7].stage = StageIx(3);
    tasks[7].opens_at = exchange_time("10:45");
    tasks[7].closes_at = exchange_time("10:50");
    let mut plan = sample::sample_plan(tasks);
    plan.limits.max_concurrent_tasks = 2;
    plan.limits.breaker_failures = 2;
    plan.stages[2].closes_at = exchange_time("11:00");
    for task in plan.tasks.iter_mut().take(7) {
        task.closes_at = exchange_time("11:00");
    }
    SampleRun::start(plan, "10:30")
}

fn answers() -> impl Strategy<Value = AttemptOutcome> {
    prop_oneof![
        Just(sample::completed("ok")),
        Just(sample::failed(FailureKind::Transient, "429")),
        Just(sample::failed(FailureKind::BadInput, "no")),
        Just(AttemptOutcome::InDoubt(Failure::new(FailureKind::TimedOut, "lost"))),
        Just(AttemptOutcome::Stopped),
    ]
}

fn commands() -> impl Strategy<Value = Command> {
    let gates = prop_oneof![
        Just(Gate::Engine),
        Just(Gate::Stage(StageIx(2))),
        (0..3_u32).prop_map(|a| Gate::Agent(AgentIx(a)))
    ];
    let modes = prop_oneof![
        Just(PauseMode::Drain),
        Just(PauseMode::CancelPure),
        Just(PauseMode::RecordedHalt)
    ];
    let tasks = (0..TASKS).prop_map(TaskIx);
    prop_oneof![
        (gates.clone(), modes).prop_map(|(gate, mode)| Command::Pause { gate, mode, until: None }),
        gates.prop_map(|gate| Command::Resume { gate }),
        (tasks, 0..12_u32).prop_map(|(task, verb)| match verb {
            0 => Command::Hold { task },
            1 => Command::Release { task },
            2 => Command::Retry { task, scope: RetryScope::WithDownstream },
            3 => Command::Rerun { task },
            4 => Command::RunNow { task },
            5 => Command::Skip { task, satisfies: task.0 % 2 == 0 },
            6 => Command::Unskip { task },
            7 => Command::Cancel { task },
            8 => Command::SetCompleted { task },
            9 => Command::Approve { task, terms: sample::terms(task.0) },
            10 => Command::Resolve { task, finding: Resolution::DidNotHappen },
            _ => Command::Force { task, waivers: vec![Waiver::Window, Waiver::Breaker] },
        }),
    ]
}

#[derive(Debug, Clone)]
enum TestMove {
    Wake,
    Answer(u32, AttemptOutcome),
    Order(Command),
}

fn moves() -> impl Strategy<Value = Vec<(i64, TestMove)>> {
    let one = prop_oneof![
        Just(TestMove::Wake),
        ((0..TASKS), answers()).prop_map(|(task, answer)| TestMove::Answer(task, answer)),
        commands().prop_map(TestMove::Order),
    ];
    prop::collection::vec((0..120_i64, one), 0..40)
}

fn holds(day: &SampleRun, at: chrono::DateTime<chrono::Utc>) {
    let run = day.run();
    let everything = Filter::default();
    let order = task_list::order(run, at, task_list::Sort::default(), &everything);
    assert_eq!(order.len(), run.plan().tasks.len());
    assert!(
        order.windows(2).all(|pair| task_list::attention_rank(run, pair[0])
            <= task_list::attention_rank(run, pair[1]))
    );
    for (ix, task) in run.tasks() {
        let reasons = state_reasons(run, ix, at);
        let silent = task.state == TaskState::Running && !run.is_human_task(ix);
        assert_eq!(reasons.is_empty(), silent, "{ix:?} {} says {reasons:?}", task.state);
        for reason in &reasons {
            assert!(!reason.text.is_empty() && !reason.code.is_empty(), "{ix:?}");
        }
        // What waits is not left with the excuse that nothing stops it while something does.
        let excuse = reasons.iter().any(|why| why.code == "due");
        let open = run.gate_before(ix).is_none() && run.trading_block(ix).is_none();
        assert!(!excuse || open || run.has_ended(), "{ix:?} {reasons:?}");
        let row = task_list::task_row(run, at, ix);
        assert!(silent || !row.note.is_empty(), "{ix:?} {}", task.state);
        let found = inspect_task(run, ix, at);
        assert_eq!(found.attempts.len(), task.history.len() + usize::from(task.state.is_active()));
        assert_eq!(Timeline::of_day(run, 40).task(run, ix, at).len(), 40);
    }
    let header = day::run_header(run, at);
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
        let mut at = exchange_time("10:30");
        for (seconds, next) in moves {
            at += TimeDelta::seconds(seconds);
            match next {
                TestMove::Wake => drop(day.step(at, EngineInput::Tick)),
                TestMove::Answer(task, answer) => {
                    let task = TaskIx(task);
                    let attempt = day.run().task(task).attempt;
                    day.step(at, EngineInput::AttemptEnded { task, attempt, answer });
                }
                TestMove::Order(command) => day.command(at, command, "since it was asked"),
            }
            holds(&day, at);
        }
        for recorded in &day.events {
            let line = event_line(recorded, day.run().plan());
            prop_assert!(!line.what.is_empty(), "{} says nothing", line.kind);
            prop_assert!(engine::event_json(recorded, day.run().plan()).is_object());
        }
        let process = ProcessInfo {
            started_at: exchange_time("10:30"), runs_completed: 0, runs_failed: 0,
            tasks_completed: 0, tasks_failed: 0, task_seconds: 0.0,
        };
        let document = status(Some(day.run()), &process, at);
        let rate = document.statistics.success_rate;
        prop_assert!((0.0..=1.0).contains(&rate));
    }
}

/// The command of a suggested verb.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a suggested verb without a command here must fail the test"
)]
fn command(verb: CommandVerb, task: TaskIx, (run, code): (&RunState, &str)) -> Command {
    let planned = run.plan().task(task);
    let finding = Resolution::Happened { evidence: "order 4711".into() };
    match verb {
        CommandVerb::Retry => Command::Retry { task, scope: RetryScope::Task },
        CommandVerb::Rerun => Command::Rerun { task },
        CommandVerb::RunNow => Command::RunNow { task },
        CommandVerb::Release => Command::Release { task },
        CommandVerb::Unskip => Command::Unskip { task },
        CommandVerb::Resolve => Command::Resolve { task, finding },
        CommandVerb::Approve => Command::approve_all(task),
        CommandVerb::Force => {
            Command::Force { task, waivers: vec![Waiver::Window, Waiver::Breaker] }
        }
        CommandVerb::Resume if code == "stage_paused" => {
            Command::Resume { gate: Gate::Stage(planned.stage) }
        }
        CommandVerb::Resume if code == "agent_paused" => {
            Command::Resume { gate: Gate::Agent(planned.agent) }
        }
        CommandVerb::Resume => Command::Resume { gate: Gate::Engine },
        CommandVerb::ReEnable => {
            Command::ReEnableTrading { to: run.trading_status().state.next_looser() }
        }
        other => unreachable!("no command is called {other}"),
    }
}

/// A run with a task in every state, after one more command.
fn every_state_after(command: Option<&Command>) -> SampleRun {
    let mut day = sample::every_state();
    if let Some(command) = command {
        day.order("10:42:07", command.clone(), "a drill");
        assert_eq!(day.refused, None);
    }
    day
}

#[test]
fn every_suggested_verb_is_accepted_in_every_state() {
    let pause = |gate| Command::Pause { gate, mode: PauseMode::Drain, until: None };
    let tighten = |to| Command::TightenTrading { to };
    let mut before = vec![None, Some(pause(Gate::Engine))];
    before.extend((0..3).map(|stage| Some(pause(Gate::Stage(StageIx(stage))))));
    before.extend((0..3).map(|agent| Some(pause(Gate::Agent(AgentIx(agent))))));
    before.extend([TradingState::Halted, TradingState::Killed].map(|to| Some(tighten(to))));
    let mut suggested = BTreeSet::new();
    for before in before {
        for i in 0..14 {
            let (ix, day) = (TaskIx(i), every_state_after(before.as_ref()));
            for reason in state_reasons(day.run(), ix, exchange_time("10:42:07")) {
                let Some(verb) = reason.verb else { continue };
                let mut day = every_state_after(before.as_ref());
                let on = reason.on.unwrap_or(ix);
                let told = command(verb, on, (day.run(), reason.code));
                day.order("10:42:08", told, "as it says");
                assert_eq!(day.refused, None, "{before:?}: {} advises {verb}", reason.code);
                suggested.insert(verb);
            }
        }
    }
    assert!(suggested.contains(&CommandVerb::ReEnable) && suggested.contains(&CommandVerb::Resume));
}
