//! Benchmark of every bundled session, 2014-01-03 to 2018-12-31, with the real engine and the six
//! agents, as fast as possible.
//!
//! `cargo bench --bench days [-- FROM TO]`. Prints the durations of days, their kinds, and every
//! day that did not complete, with the tasks concerned and the reasons. Exits with 1 if there is
//! any.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::{
    collections::BTreeMap,
    process::ExitCode,
    time::{Duration, Instant},
};

use bellwether::{
    config,
    engine::{RunState, RunStatus},
    host::{OrchestrationController, RunRequest},
    planning::{calendar, plan::RunMode},
    runtime::{Attendance, ClockPace, RunClock},
    view::why,
};
use chrono::{NaiveDate, TimeDelta};

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(all())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn all() -> ExitCode {
    let dates: Vec<NaiveDate> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let from = dates.first().copied().unwrap_or_else(|| "2014-01-03".parse().expect("a date"));
    let to = dates.get(1).copied().unwrap_or_else(|| "2018-12-31".parse().expect("a date"));
    let config = config::resolve(&[]).expect("defaults are sound");
    let begin = Instant::now();
    let mut controller = OrchestrationController::new(config);
    controller.startup_system().expect("the bundled files are sound");
    let start_up = begin.elapsed();
    let mut took: Vec<(Duration, NaiveDate)> = Vec::new();
    let mut overlays: BTreeMap<String, u32> = BTreeMap::new();
    let (mut events, mut bad) = (0, 0);
    for day in calendar::sessions(from, to).expect("known years") {
        let begin = Instant::now();
        let state = run(&mut controller, &day).await;
        took.push((begin.elapsed(), day.date));
        events += state.last_seq();
        for overlay in &state.plan().overlays {
            *overlays.entry(overlay.clone()).or_default() += 1;
        }
        if !matches!(state.status(), RunStatus::Completed(_)) {
            bad += 1;
            explain(&state);
        }
    }
    let total: Duration = took.iter().map(|(took, _)| *took).sum();
    took.sort_unstable();
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let n = took.len();
    println!("{n} sessions from {from} to {to}, {events} events, {bad} not ended well");
    println!("start-up {:.0} ms, all days {:.1} s", ms(start_up), total.as_secs_f64());
    if let (Some(first), Some(last)) = (took.first(), took.last()) {
        let median = took[n / 2].0;
        println!(
            "a day: min {:.1} ms, median {:.1} ms, max {:.1} ms ({})",
            ms(first.0),
            ms(median),
            ms(last.0),
            last.1
        );
    }
    println!("overlays: {overlays:?}");
    ExitCode::from(u8::from(bad > 0))
}

async fn run(controller: &mut OrchestrationController, day: &calendar::ExchangeDay) -> RunState {
    let request = RunRequest {
        date: day.date,
        mode: RunMode::Sim,
        clock: RunClock::starting(day.open - TimeDelta::minutes(211), ClockPace::Max),
        scenario: None,
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks: Vec::new(),
        begins: bellwether::host::StartKind::default(),
    };
    let day = controller.prepare_run(request).expect("a bundled session can be planned");
    day.driver.run().await.expect("nothing records, so nothing fails to")
}

fn explain(state: &RunState) {
    println!("{} {:?} overlays {:?}", state.plan().date, state.status(), state.plan().overlays);
    for (ix, task) in state.tasks() {
        if task.state.is_bad_end() && task.state != engine::TaskState::UpstreamFailed {
            let why: Vec<_> = why::state_reasons(state, ix, state.last_event_at())
                .into_iter()
                .map(|w| w.text)
                .collect();
            println!("  {} {}: {}", state.plan().task(ix).id, task.state, why.join("; "));
        }
    }
}
