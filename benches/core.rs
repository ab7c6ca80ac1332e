//! The pure core on layered random graphs: tasks a second, and what one task costs as graphs grow.
//!
//! `cargo bench --bench core`. Every task is answered the moment it starts, so that what is timed is
//! deciding, folding and the agenda, and nothing else. Beside it stands the floor: the same graph
//! worked off by bare in-degree counting, without states, events or priorities.

#[path = "../tests/it/support/plans.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod plans;

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use bellwether::{
    engine::{Answer, Engine, Input, Outcome, Step, Work},
    plan::Plan,
};

fn main() {
    println!(
        "{:>8} {:>12} {:>12} {:>12} {:>14}",
        "tasks", "tasks/s", "ns/task", "start ns/task", "floor ns/task"
    );
    for n in [1_000, 10_000, 100_000] {
        let plan = Arc::new(plans::layered(n, 42));
        let rounds = (400_000 / n).clamp(5, 60);
        let mut runs: Vec<(Duration, Duration)> = (0..rounds).map(|_| run(&plan)).collect();
        runs.sort_unstable_by_key(|(_, total)| *total);
        let (start, total) = runs[rounds / 2];
        let mut floors: Vec<Duration> = (0..rounds).map(|_| floor(&plan)).collect();
        floors.sort_unstable();
        let per = |d: Duration| d.as_secs_f64() * 1e9 / n as f64;
        println!(
            "{n:>8} {:>12.0} {:>12.0} {:>12.0} {:>14.1}",
            n as f64 / total.as_secs_f64(),
            per(total),
            per(start),
            per(floors[rounds / 2]),
        );
    }
}

/// One whole run: how long the start took, and how long everything.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn run(plan: &Arc<Plan>) -> (Duration, Duration) {
    let begin = Instant::now();
    let at = plans::morning();
    let (mut engine, mut step) = Engine::start(Arc::clone(plan), at);
    let start = begin.elapsed();
    let mut work = Vec::new();
    while !engine.state().ended() {
        std::mem::swap(&mut work, &mut step.work);
        step.events.clear();
        assert!(!work.is_empty(), "the run stands still");
        for item in work.drain(..) {
            if let Work::Start { task, attempt } = item {
                let answer = Answer::Done(Outcome::bare(""));
                engine.step_into(at, Input::Answer { task, attempt, answer }, &mut step);
            }
        }
    }
    let total = begin.elapsed();
    black_box(engine.state().last_seq());
    (start, total)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn floor(plan: &Plan) -> Duration {
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
    assert_eq!(done, n, "the graph has a ring");
    begin.elapsed()
}
