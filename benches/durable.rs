//! The driver with its journal on disk: tasks and events a second with nothing lost when the process is
//! killed, and how long a run of 100,000 events takes to be taken up.
//!
//! `cargo bench --bench durable [-- SIZE...]`. Agents answer at once, on a real clock; every event is
//! in the database before its work begins. `process`: pure tasks, which outlive the process; `power`:
//! keyed ones, each start and end of which is synced. The floor writes rows of the same length to the
//! same tables by bare `SQLite`, five tasks to a transaction.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "../tests/it/support/plans.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod plans;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use bellwether::{
    acting::Guards,
    agents::{Agent, Performing, Request, Roster},
    definition::Effect,
    engine::{Answer, Engine, Outcome},
    plan::{Mode, Plan},
    runtime::{Approver, Attendance, Clock, Driver, EventBus, Pace, Setup},
    store::{Journal, Owner, Reader, Store},
};

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000] } else { sizes };
    println!(
        "{:>7} {:>6} {:>8} {:>12} {:>12} {:>14}",
        "tasks", "slots", "safe", "tasks/s", "events/s", "floor tasks/s"
    );
    for &n in &sizes {
        for slots in [5, 64] {
            for (safe, effect) in [("process", Effect::Pure), ("power", Effect::Keyed)] {
                let mut rounds: Vec<(Duration, Duration)> =
                    (0..5).map(|_| (day(n, slots, effect).0, floor(n, effect))).collect();
                rounds.sort_unstable();
                let (took, _) = rounds[rounds.len() / 2];
                rounds.sort_unstable_by_key(|(_, floor)| *floor);
                let (_, least) = rounds[rounds.len() / 2];
                let per =
                    |time: Duration| f64::from(u32::try_from(n).expect("few")) / time.as_secs_f64();
                println!(
                    "{n:>7} {slots:>6} {safe:>8} {:>12.0} {:>12.0} {:>14.0}",
                    per(took),
                    per(took) * 3.0,
                    per(least)
                );
            }
        }
    }
    recovery();
}

/// An agent with nothing to do.
struct Idle;

impl Agent for Idle {
    fn perform(&self, _request: Request) -> Performing<'_> {
        Box::pin(async { Answer::Done(Outcome::bare("done")).into() })
    }

    fn describe(&self) -> &[&str] {
        &["work"]
    }
}

fn plan(n: usize, slots: u32, effect: Effect) -> Plan {
    let mut plan = plans::layered(n, 42);
    plan.mode = Mode::Paper;
    plan.limits.max_concurrent_tasks = slots;
    for agent in &mut plan.agents {
        agent.slots = slots;
    }
    for task in &mut plan.tasks {
        task.effect = effect;
        task.task_type = bellwether::id::TaskType::parse("work").expect("a name");
    }
    plan
}

fn owner() -> Owner {
    Owner { pid: std::process::id(), operator: "bench".into() }
}

/// One whole run; how long it took, and where its journal is.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn day(n: usize, slots: u32, effect: Effect) -> (Duration, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &owner()).expect("a journal");
    let plan = Arc::new(plan(n, slots, effect));
    let mut roster = Roster::new();
    for agent in &plan.agents {
        roster.insert(agent.id.clone(), Arc::new(Idle));
    }
    let setup = Setup {
        plan,
        roster,
        clock: Clock::starting(plans::morning(), Pace::Real),
        approver: Approver::Person,
        attendance: Attendance::Attended,
        sinks: vec![Box::new(Journal::new(store))],
        bus: EventBus::new().0,
        guards: Guards::default(),
        desk: None,
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio");
    let begin = Instant::now();
    let state =
        runtime.block_on(async { Driver::new(setup).0.run().await }).expect("it is recorded");
    let took = begin.elapsed();
    assert!(
        state.ended() && state.last_seq() > 3 * u64::try_from(n).expect("few"),
        "the run stands still"
    );
    (took, folder)
}

/// Rows of the same length by bare `SQLite`.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn floor(n: usize, effect: Effect) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut db = rusqlite::Connection::open(folder.path().join("floor.db")).expect("a database");
    let sync = if effect == Effect::Pure { "NORMAL" } else { "FULL" };
    db.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    db.pragma_update(None, "synchronous", sync).expect("a setting");
    let table = "CREATE TABLE e (r INTEGER, s INTEGER, a INTEGER, c INTEGER, k TEXT, b TEXT, m BLOB, PRIMARY KEY (r, s)) WITHOUT ROWID";
    db.execute(table, []).expect("a table");
    let (body, sum) = ("x".repeat(60), [0_u8; 16]);
    let begin = Instant::now();
    let rows: Vec<usize> = (0..n * 3).collect();
    for chunk in rows.chunks(15) {
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

/// How long a run of 100,000 events takes from opening its journal to knowing what to do.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn recovery() {
    let (_, folder) = day(33_333, 64, Effect::Pure);
    let mut times: Vec<Duration> = (0..5).map(|_| taken_up(folder.path())).collect();
    times.sort_unstable();
    println!(
        "a run of 100,000 events is checked and folded in {:.0} ms",
        times[2].as_secs_f64() * 1e3
    );
    let begin = Instant::now();
    let (state, _) =
        Reader::open(folder.path()).and_then(|reader| reader.fold(1)).expect("it is whole");
    let folded = begin.elapsed();
    let (at, begin) = (state.at(), Instant::now());
    let (engine, _) = Engine::recover(state, at, at);
    println!(
        "once more: {:.0} ms, and {:.1} ms until its engine stands",
        folded.as_secs_f64() * 1e3,
        begin.elapsed().as_secs_f64() * 1e3
    );
    assert!(engine.state().last_seq() > 99_000, "too few events");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn taken_up(folder: &Path) -> Duration {
    let begin = Instant::now();
    let store = Store::open(folder, &owner()).expect("a journal");
    let folded = Reader::open(folder).and_then(|reader| reader.fold(1));
    drop(store);
    assert!(folded.is_ok(), "it is whole");
    begin.elapsed()
}
