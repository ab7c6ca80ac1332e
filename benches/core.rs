//! Benchmark of the pure engine on layered random graphs: tasks per second, and cost per task as
//! graphs grow.
//!
//! `cargo bench --bench core [-- SIZE…]`. Every attempt ends the moment it starts, so that only
//! decisions, applied events and the agenda are measured. Two baselines run in turn with it: a
//! floor, which processes the same graph by in-degree counting, without states, events or
//! priorities; and bare tokio, which spawns and joins as many empty tasks, five at once.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "../tests/it/support/plans.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod plans;

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use bellwether::{
    engine::{AttemptOutcome, Engine, EngineInput, TaskResult, WorkItem},
    planning::plan::DayPlan,
};
use tokio::{runtime::Runtime, sync::Semaphore, task::JoinSet};

/// Number of tasks for one line of the report, over all its rounds.
const WORK: u32 = 500_000;

fn main() {
    let sizes: Vec<u32> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let runtime = Runtime::new().expect("a tokio runtime");
    println!("median of rounds in turn; ns per task, and core tasks a second");
    println!(
        "{:>8} {:>7} {:>9} {:>9} {:>9} {:>9} {:>12} {:>9}",
        "tasks", "rounds", "core", "of it", "floor", "tokio", "core", "best"
    );
    println!(
        "{:>8} {:>7} {:>9} {:>9} {:>9} {:>9} {:>12} {:>9}",
        "", "", "ns", "start", "ns", "ns", "tasks/s", "ns"
    );
    for n in sizes {
        report(n, &runtime);
    }
}

/// Runs the engine and the baselines in turn, so that a busy moment of the machine affects all of
/// them.
fn report(n: u32, runtime: &Runtime) {
    let plan = Arc::new(plans::layered(usize::try_from(n).expect("a small number"), 42));
    let rounds = (WORK / n).clamp(9, 99);
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..rounds {
        let (start, total) = core(&plan);
        let round = [total, start, floor(&plan), bare_tokio(n, runtime)];
        for (list, time) in times.iter_mut().zip(round) {
            list.push(time);
        }
    }
    let per = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(n);
    let [total, start, floor, tokio] = times.each_mut().map(|list| {
        list.sort_unstable();
        per(list[list.len() / 2])
    });
    println!(
        "{n:>8} {rounds:>7} {total:>9.0} {start:>9.0} {floor:>9.1} {tokio:>9.0} {:>12.0} {:>9.0}",
        1e9 / total,
        per(times[0][0]),
    );
}

/// Drives one run; returns the duration of its start, and of the whole.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn core(plan: &Arc<DayPlan>) -> (Duration, Duration) {
    let begin = Instant::now();
    let at = plans::morning();
    let (mut engine, mut step) = Engine::start(Arc::clone(plan), at);
    let start = begin.elapsed();
    let mut work = Vec::new();
    while !engine.state().has_ended() {
        std::mem::swap(&mut work, &mut step.work);
        step.events.clear();
        assert!(!work.is_empty(), "the run makes no progress");
        for item in work.drain(..) {
            if let WorkItem::Start { task, attempt } = item {
                let answer = AttemptOutcome::Completed(TaskResult::without_data(""));
                engine.step_into(
                    at,
                    EngineInput::AttemptEnded { task, attempt, answer },
                    &mut step,
                );
            }
        }
    }
    let total = begin.elapsed();
    black_box(engine.state().last_seq());
    (start, total)
}

/// Processes the same graph by in-degree counting.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn floor(plan: &DayPlan) -> Duration {
    let n = plan.tasks.len();
    let mut dependents = vec![Vec::new(); n];
    for (i, task) in plan.tasks.iter().enumerate() {
        for dependency in &task.dependencies {
            dependents[dependency.on.at()].push(i);
        }
    }
    let mut waiting: Vec<usize> = plan.tasks.iter().map(|task| task.dependencies.len()).collect();
    let begin = Instant::now();
    let mut ready: Vec<usize> = (0..n).filter(|&i| waiting[i] == 0).collect();
    let mut done = 0_usize;
    while let Some(i) = ready.pop() {
        done += 1;
        for &next in &dependents[i] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(next);
            }
        }
    }
    assert_eq!(done, n, "the graph has a cycle");
    begin.elapsed()
}

/// Runs as many empty tokio tasks, five at once.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn bare_tokio(n: u32, runtime: &Runtime) -> Duration {
    let begin = Instant::now();
    runtime.block_on(async {
        let slots = Arc::new(Semaphore::new(5));
        let mut tasks = JoinSet::new();
        for i in 0..n {
            let slot = Arc::clone(&slots).acquire_owned().await.expect("an open semaphore");
            tasks.spawn(async move {
                black_box(i);
                drop(slot);
            });
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
    });
    begin.elapsed()
}
