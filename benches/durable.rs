//! Benchmark of the driver with its journal on disk: tasks and events per second without loss after
//! a kill, the recovery time of a run of 100,000 events, and the restart of a half-finished run of
//! 10,000 tasks.
//!
//! `cargo bench --bench durable [-- SIZE...]`. Agents reply at once, on a real clock; every event
//! is in the database before its work starts. `process`: pure tasks, which survive the end of the
//! process; `power`: idempotent ones, whose starts and ends are synced; `nothing`: no journal. The
//! baselines write rows of the same length to the same tables with plain `SQLite`, and to a plain
//! file, with one transaction or `fdatasync` per as many tasks as there are slots.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "../tests/it/support/plans.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod plans;

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    runtime::{Builder, Runtime},
    sync::Notify,
};

use bellwether::{
    engine::{
        AttemptOutcome, Engine, TaskResult,
        control::GuardLevel,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptRequest, EventSink},
    },
    planning::{
        plan::{DayPlan, RunMode},
        workflow::EffectClass,
    },
    runtime::{
        Attendance, AutoApprover, ClockPace, Driver, DriverConfig, EventBus, RecoveryMode, RunClock,
    },
    store::{Journal, JournalOwner, JournalReader, Store},
};

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000] } else { sizes };
    println!(
        "{:>7} {:>6} {:>8} {:>12} {:>12} {:>14} {:>14}",
        "tasks", "slots", "safe", "tasks/s", "events/s", "SQLite tasks/s", "file tasks/s"
    );
    for &n in &sizes {
        for slots in [5, 64] {
            for safe in [Safe::Nothing, Safe::Process, Safe::Power] {
                let mut rounds = [const { Vec::new() }; 3];
                for _ in 0..5 {
                    rounds[0].push(day(n, slots, safe).0);
                    rounds[1].push(floor(n, slots, safe));
                    rounds[2].push(file(n, slots, safe));
                }
                let [took, sqlite, file] = rounds.map(|mut times: Vec<Duration>| {
                    times.sort_unstable();
                    times[times.len() / 2]
                });
                let per =
                    |time: Duration| f64::from(u32::try_from(n).expect("few")) / time.as_secs_f64();
                let word = match safe {
                    Safe::Nothing => "nothing",
                    Safe::Process => "process",
                    Safe::Power => "power",
                };
                println!(
                    "{n:>7} {slots:>6} {word:>8} {:>12.0} {:>12.0} {:>14.0} {:>14.0}",
                    per(took),
                    per(took) * 3.0,
                    per(sqlite),
                    per(file)
                );
            }
        }
    }
    recovery();
    restart();
}

/// The failures that a run survives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Safe {
    /// None: there is no journal.
    Nothing,
    Process,
    Power,
}

/// An agent that replies at once.
struct Idle;

impl Agent for Idle {
    fn perform(&self, _request: AttemptRequest) -> AttemptFuture<'_> {
        Box::pin(async { AttemptOutcome::Completed(TaskResult::without_data("done")).into() })
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work"]
    }
}

/// An agent that reports when it has been called a given number of times.
struct Counting {
    left: AtomicI64,
    asked: Notify,
}

impl Counting {
    fn new(asked: i64) -> Arc<Self> {
        Arc::new(Self { left: AtomicI64::new(asked), asked: Notify::new() })
    }
}

impl Agent for Counting {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.asked.notify_one();
        }
        Idle.perform(request)
    }

    fn describe(&self) -> Vec<&str> {
        Idle.describe()
    }
}

fn plan(n: usize, slots: u32, safe: Safe) -> DayPlan {
    let effect = if safe == Safe::Power { EffectClass::Idempotent } else { EffectClass::Pure };
    let mut plan = plans::layered(n, 42);
    plan.mode = RunMode::Paper;
    plan.limits.max_concurrent_tasks = slots;
    for agent in &mut plan.agents {
        agent.slots = slots;
    }
    for task in &mut plan.tasks {
        task.effect = effect;
        task.task_type = planning::id::TaskType::parse("work").expect("a name");
    }
    plan
}

fn owner() -> JournalOwner {
    JournalOwner { pid: std::process::id(), operator: "bench".into() }
}

fn setup(
    plan: Arc<DayPlan>,
    agent: &Arc<dyn Agent>,
    sinks: Vec<Box<dyn EventSink>>,
) -> DriverConfig {
    let mut roster = AgentRegistry::new();
    for planned in &plan.agents {
        roster.insert(planned.id.clone(), Arc::clone(agent));
    }
    DriverConfig {
        plan,
        roster,
        clock: RunClock::starting(plans::morning(), ClockPace::Real),
        approver: AutoApprover::Operator,
        attendance: Attendance::Attended,
        sinks,
        bus: EventBus::new().0,
        guards: GuardLevel::default(),
        desk: None,
        logs: None,
    }
}

fn tokio() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("tokio")
}

/// Drives one run; returns its duration, and the folder of its journal.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn day(n: usize, slots: u32, safe: Safe) -> (Duration, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &owner()).expect("a journal");
    let journal = if safe == Safe::Nothing { None } else { Some(Journal::new(store)) };
    let sinks = journal.into_iter().map(|journal| -> Box<dyn EventSink> { Box::new(journal) });
    let idle: Arc<dyn Agent> = Arc::new(Idle);
    let setup = setup(plan(n, slots, safe).into(), &idle, sinks.collect());
    let runtime = tokio();
    let begin = Instant::now();
    let state =
        runtime.block_on(async { Driver::new(setup).0.run().await }).expect("a recorded run");
    let took = begin.elapsed();
    assert!(
        state.has_ended() && state.last_seq() > 3 * u64::try_from(n).expect("few"),
        "the run makes no progress"
    );
    (took, folder)
}

/// Writes rows of the same length with plain `SQLite`.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn floor(n: usize, slots: u32, safe: Safe) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut db = rusqlite::Connection::open(folder.path().join("floor.db")).expect("a database");
    let sync = if safe == Safe::Power { "FULL" } else { "NORMAL" };
    db.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    db.pragma_update(None, "synchronous", sync).expect("a setting");
    let table = "CREATE TABLE e (r INTEGER, s INTEGER, a INTEGER, c INTEGER, k TEXT, b TEXT, m BLOB, PRIMARY KEY (r, s)) WITHOUT ROWID";
    db.execute(table, []).expect("a table");
    let (body, sum) = ("x".repeat(60), [0_u8; 16]);
    let begin = Instant::now();
    let rows: Vec<usize> = (0..n * 3).collect();
    for chunk in rows.chunks(3 * usize::try_from(slots).expect("few")) {
        let tx = db.transaction().expect("a transaction");
        {
            let mut insert = tx
                .prepare_cached("INSERT INTO e VALUES (1, ?1, 1, 1, 'task_started', ?2, ?3)")
                .expect("a statement");
            for row in chunk {
                let row = i64::try_from(*row).expect("few");
                insert.execute(rusqlite::params![row, body, sum]).expect("a row");
            }
        }
        tx.commit().expect("a commit");
    }
    begin.elapsed()
}

/// Writes lines of the same length to a plain file.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn file(n: usize, slots: u32, safe: Safe) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = File::create(folder.path().join("floor.log")).expect("a file");
    let line = [b'x'; 120];
    let begin = Instant::now();
    let lines: Vec<usize> = (0..n * 3).collect();
    for chunk in lines.chunks(3 * usize::try_from(slots).expect("few")) {
        log.write_all(&line.repeat(chunk.len())).expect("a write");
        if safe == Safe::Power {
            log.sync_data().expect("a sync");
        }
    }
    begin.elapsed()
}

/// Measures the recovery of a run of 100,000 events, from opening its journal to knowing the next
/// step.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn recovery() {
    let (_, folder) = day(33_333, 64, Safe::Process);
    let mut times: Vec<Duration> = (0..5).map(|_| taken_up(folder.path())).collect();
    times.sort_unstable();
    println!(
        "a run of 100,000 events is checked and folded in {:.0} ms",
        times[2].as_secs_f64() * 1e3
    );
    let begin = Instant::now();
    let (state, _) = JournalReader::open(folder.path())
        .and_then(|reader| reader.rebuild_state(1))
        .expect("an intact run");
    let folded = begin.elapsed();
    let (at, begin) = (state.last_event_at(), Instant::now());
    let (engine, _) = Engine::recover(state, at, at);
    println!(
        "recovery: {:.0} ms to rebuild the state, {:.1} ms to start the engine",
        folded.as_secs_f64() * 1e3,
        begin.elapsed().as_secs_f64() * 1e3
    );
    assert!(engine.state().last_seq() > 99_000, "too few events");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn taken_up(folder: &Path) -> Duration {
    let begin = Instant::now();
    let store = Store::open(folder, &owner()).expect("a journal");
    let folded = JournalReader::open(folder).and_then(|reader| reader.rebuild_state(1));
    drop(store);
    assert!(folded.is_ok(), "an intact run");
    begin.elapsed()
}

/// Measures the restart of a half-finished run of 10,000 tasks, from opening its journal to calling
/// an agent again.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn restart() {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let folder = tempfile::tempdir().expect("a folder");
            let store = Store::open(folder.path(), &owner()).expect("a journal");
            let half = Counting::new(5_000);
            let agent: Arc<dyn Agent> = half.clone();
            let made = setup(
                plan(10_000, 5, Safe::Process).into(),
                &agent,
                vec![Box::new(Journal::new(store))],
            );
            tokio().block_on(until_asked(Driver::new(made).0, &half));

            let begin = Instant::now();
            let store = Store::open(folder.path(), &owner()).expect("a journal");
            let reader = JournalReader::open(folder.path()).expect("a journal");
            let (state, tail) = reader.rebuild_state(1).expect("an intact run");
            let journal = Journal::for_recovered_run(store, 1, tail).expect("a recovered journal");
            let again = Counting::new(1);
            let agent: Arc<dyn Agent> = again.clone();
            let made = setup(Arc::clone(state.plan()), &agent, vec![Box::new(journal)]);
            let driver = Driver::recover(made, state, RecoveryMode::Auto).0;
            tokio().block_on(until_asked(driver, &again));
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "10,000 tasks, half finished: an agent is called again after {:.0} ms",
        times[2].as_secs_f64() * 1e3
    );
}

/// Drives a run until its agent has been called often enough, then drops it as a dying process
/// would.
async fn until_asked(driver: Driver, agent: &Counting) {
    tokio::select! {
        ended = driver.run() => panic!("it ended before: {:?}", ended.map(|state| state.last_seq())),
        () = agent.asked.notified() => {}
    }
}
