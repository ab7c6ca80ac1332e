//! One check per component. Each looks at the component itself: it writes and syncs a file, reads the
//! journal, asks the run that is served.

use std::{fs, io::Write as _, path::Path, time::Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::component::{Component, ComponentHealth, HealthReport};
use crate::host::days::DayFactory;
use engine::{AgentHealth, OrderReport, RunState, TaskState, TradingState};
use planning::calendar;
use runtime::{heartbeat_now, instant_now};
use store::{FlagFiles, JournalReader, StoreError, journal_owner, verify_last_trail};
use view::format::{self, count_noun};

/// A heartbeat that is older than this is late: a driver sends one each second.
const HEARTBEAT_LATE: TimeDelta = TimeDelta::seconds(10);
/// A write and sync that takes longer than this delays the run.
const SYNC_SLOW: std::time::Duration = std::time::Duration::from_millis(500);
/// Free space below which a day may not be recorded to its end.
const SPACE_LOW: u64 = 1 << 30;
/// Free space below which nothing should be started.
const SPACE_OUT: u64 = 100 << 20;
/// A difference of the wall clock from the monotonic clock that is no drift any more.
const CLOCK_STEP: TimeDelta = TimeDelta::seconds(2);
/// A task that waits longer than this for a slot, with no gate closed, waits too long.
const QUEUE_LONG: TimeDelta = TimeDelta::minutes(5);
/// File that proves that the state folder can be written.
const PROBE: &str = "health.probe";

/// The run that is served, as its process reports it.
#[derive(Debug, Clone, Copy)]
pub struct ServedRun<'a> {
    pub run: &'a RunState,
    pub orders: &'a OrderReport,
    /// The time of the run.
    pub at: DateTime<Utc>,
}

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct HealthInputs<'a> {
    /// The state folder.
    pub folder: &'a Path,
    /// The trading date that is configured.
    pub date: NaiveDate,
    /// The run that is served there, if any answers.
    pub served: Option<ServedRun<'a>>,
    /// The market data, if it could be read; else the error.
    pub data: Result<DataHealth, &'a str>,
}

/// What was found in the market data when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataHealth {
    /// Number of symbols with prices.
    pub symbols: usize,
    /// Number of rows with problems.
    pub problems: usize,
}

impl DataHealth {
    /// The health of the data that a factory of days has read.
    #[must_use]
    pub fn of_days(days: &DayFactory) -> Self {
        Self { symbols: days.data().symbols().count(), problems: days.problems().len() }
    }
}

/// Checks every component. Reads and writes files: not for an async task.
#[must_use]
pub fn check_components(inputs: &HealthInputs<'_>) -> HealthReport {
    let driving = matches!(journal_owner(inputs.folder), Ok(Some(_)));
    if !inputs.folder.exists() {
        return HealthReport { driving: false, components: before_first_run(inputs) };
    }
    let check = |component| match component {
        Component::Engine => engine(inputs, driving),
        Component::Trading => trading(inputs),
        Component::Journal => journal(inputs.folder),
        Component::Disk => disk(inputs.folder),
        Component::Audit => audit(inputs.folder),
        Component::Agents => agents(inputs),
        Component::Broker => broker(inputs),
        Component::Queue => queue(inputs),
        Component::MarketData => market_data(inputs.data),
        Component::Calendar => calendar_year(inputs.date),
        Component::Clock => clock(inputs.folder),
    };
    HealthReport { driving, components: Component::ALL.map(check).into() }
}

/// What is known before the first run has created the state folder.
fn before_first_run(inputs: &HealthInputs<'_>) -> Vec<ComponentHealth> {
    let detail =
        format!("{} does not exist yet: the first run creates it", inputs.folder.display());
    let found = ComponentHealth::ok(Component::Engine, "the state folder", detail)
        .failed("start a run: `bellwether serve` or the console");
    vec![found, market_data(inputs.data), calendar_year(inputs.date)]
}

/// Checks the parts of a system that need no run; without `days` the system is not up.
pub(crate) fn check_system(days: Option<&DayFactory>, date: NaiveDate) -> Vec<ComponentHealth> {
    let system = |detail: String| ComponentHealth::ok(Component::Engine, "the start-up", detail);
    let Some(days) = days else {
        return vec![system("the system is not up".into()).failed("start it up")];
    };
    let agents = days.agent_names().len();
    let known = format!("{agents} known");
    vec![
        system("up".into()),
        ComponentHealth::ok(Component::Agents, "the catalog of agents", known),
        market_data(Ok(DataHealth::of_days(days))),
        calendar_year(date),
    ]
}

fn engine(inputs: &HealthInputs<'_>, driving: bool) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Engine, "lock, heartbeat file and socket", detail)
    };
    if !driving {
        return found("no process drives a run".into())
            .failed("start one: `bellwether serve` or the console");
    }
    let beat = FlagFiles::in_folder(inputs.folder).last_heartbeat();
    let age = beat.map(|beat| beat.age(&heartbeat_now()));
    match (age, inputs.served) {
        (Some(age), _) if age > HEARTBEAT_LATE => {
            found(format!("no heartbeat for {} s", age.num_seconds()))
                .failed("`bellwether kill` cancels its orders; then end the process")
        }
        (_, None) => found("its socket does not answer".into())
            .failed("`bellwether kill` cancels its orders; then end the process"),
        (_, Some(served)) => {
            let run = &served.run.plan().run;
            found(format!("{run} at {} ET", format::format_time(served.at)))
        }
    }
}

fn trading(inputs: &HealthInputs<'_>) -> ComponentHealth {
    let flags = FlagFiles::in_folder(inputs.folder);
    let found =
        |detail: String| ComponentHealth::ok(Component::Trading, "flag files and the run", detail);
    let flag = match flags.strictest_raised() {
        Ok(flag) => flag,
        Err(error) => {
            return found(format!("the flag files cannot be read: {error}"))
                .failed("make the state folder readable");
        }
    };
    let run = inputs.served.map_or(TradingState::Active, |it| it.run.trading_status().state);
    let state = flag.max(run);
    let found = found(state.to_string());
    match state {
        TradingState::Active => found,
        TradingState::Killed => {
            found.failed("`bellwether re-enable` says how trading is re-enabled")
        }
        TradingState::ReduceOnly | TradingState::Halted => {
            found.degraded("`bellwether re-enable` says how trading is re-enabled")
        }
    }
}

fn journal(folder: &Path) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Journal, "a write with sync, and a read", detail)
    };
    let took = match write_probe(folder) {
        Ok(took) => took,
        Err(error) => {
            return found(format!("{} cannot be written: {error}", folder.display()))
                .failed("make room or mend its permissions");
        }
    };
    let runs = match JournalReader::open(folder).and_then(|reader| reader.runs()) {
        Ok(runs) => count_noun(u64::try_from(runs.len()).unwrap_or(u64::MAX), "run"),
        Err(StoreError::NoJournal { .. }) => "no run yet".into(),
        Err(error) => {
            return found(error.to_string()).failed("`bellwether journal check` names the damage");
        }
    };
    let found = found(format!("{runs}, synced in {} ms", took.as_millis()));
    if took > SYNC_SLOW { found.degraded("the disk is slow or busy") } else { found }
}

/// Writes, syncs and removes a small file; returns how long that took.
fn write_probe(folder: &Path) -> std::io::Result<std::time::Duration> {
    let path = folder.join(PROBE);
    let began: Instant = instant_now();
    let written = fs::File::create(&path).and_then(|mut file| {
        file.write_all(&[0; 4_096])?;
        file.sync_all()
    });
    // An empty probe that stays behind harms nothing and is written over.
    let _ = fs::remove_file(&path);
    written.map(|()| instant_now().saturating_duration_since(began))
}

fn disk(folder: &Path) -> ComponentHealth {
    let found =
        |detail: String| ComponentHealth::ok(Component::Disk, "free space of the folder", detail);
    let free = match nix::sys::statvfs::statvfs(folder) {
        Ok(disk) => disk.blocks_available().saturating_mul(disk.fragment_size()),
        Err(error) => {
            return found(format!("{}: {error}", folder.display()))
                .failed("create the state folder or mend its permissions");
        }
    };
    let found = found(format!("{} MB free", free >> 20));
    match free {
        ..SPACE_OUT => found.failed("make room before the day is recorded"),
        SPACE_OUT..SPACE_LOW => found.degraded("make room soon"),
        SPACE_LOW.. => found,
    }
}

fn audit(folder: &Path) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Audit, "hash chain of the last run's trail", detail)
    };
    match verify_last_trail(folder) {
        Ok(Some(file)) if file.problems.is_empty() => {
            let entries = u64::try_from(file.entries.len()).unwrap_or(u64::MAX);
            found(format!("{entries} entries, chain whole"))
        }
        Ok(Some(file)) => found(format!("{}: the chain is broken", file.path.display()))
            .failed("`bellwether audit verify` names the line"),
        Ok(None) | Err(StoreError::NoJournal { .. }) => found("no trail yet".into()),
        Err(error) => found(error.to_string()).failed("`bellwether audit verify` tells more"),
    }
}

fn agents(inputs: &HealthInputs<'_>) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Agents, "answers of the run's agents", detail)
    };
    let Some(ServedRun { run, at, .. }) = inputs.served else {
        return found("not running".into());
    };
    let mut ill: Vec<(String, AgentHealth)> = view::agents::program_agents(run)
        .map(|ix| (run.plan().agent(ix).id.to_string(), view::agents::agent_health(run, ix, at)))
        .collect();
    let all = ill.len();
    ill.retain(|(_, health)| *health != AgentHealth::Healthy);
    let found = found(format!("{} of {all} healthy", all - ill.len()));
    if ill.is_empty() {
        return found;
    }
    let names: Vec<_> =
        ill.iter().map(|(id, health)| format!("{id} {}", health.as_str())).collect();
    found.degraded(format!("{}: `bellwether why TASK` tells more", names.join(", ")))
}

fn broker(inputs: &HealthInputs<'_>) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Broker, "the desk's last question to it", detail)
    };
    let Some(served) = inputs.served else { return found("not connected: no run".into()) };
    match &served.orders.fault {
        None => {
            let orders = u64::try_from(served.orders.orders.len()).unwrap_or(u64::MAX);
            found(format!("answers; {} known", count_noun(orders, "order")))
        }
        Some(fault) => found(fault.clone()).failed("orders stay in doubt until it answers"),
    }
}

fn queue(inputs: &HealthInputs<'_>) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Queue, "tasks that wait for a slot", detail)
    };
    let Some(ServedRun { run, at, .. }) = inputs.served else { return found("no run".into()) };
    let queued = run.tasks().filter(|(_, task)| task.state == TaskState::Queued);
    let oldest = queued.map(|(ix, task)| (task.since, ix)).min();
    let Some((since, task)) = oldest else { return found("empty".into()) };
    let (waits, id) = (at - since, &run.plan().task(task).id);
    let detail = format!("{} QUEUED", run.count_in_state(TaskState::Queued));
    if waits > QUEUE_LONG && run.closed_gates().is_empty() {
        return found(format!("{detail}, {id} for {} min", waits.num_minutes()))
            .degraded(format!("`bellwether why {id}` says what it waits for"));
    }
    found(detail)
}

fn market_data(data: Result<DataHealth, &str>) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::MarketData, "the files that are read", detail)
    };
    match data {
        Err(error) => found(error.to_owned()).failed("`bellwether check data` names each problem"),
        Ok(DataHealth { symbols, problems }) => {
            let problems = u64::try_from(problems).unwrap_or(u64::MAX);
            let found =
                found(format!("{symbols} symbols, {} with problems", count_noun(problems, "row")));
            if symbols == 0 {
                found.failed("set `data_dir` to a folder with prices")
            } else {
                found
            }
        }
    }
}

fn calendar_year(date: NaiveDate) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Calendar, "the years that the calendar covers", detail)
    };
    match calendar::session_certainty(date) {
        Ok(standing) => found(format!("{date}: {standing:?}").to_lowercase()),
        Err(unknown) => found(unknown.to_string()).failed("choose a date of a covered year"),
    }
}

fn clock(folder: &Path) -> ComponentHealth {
    let found = |detail: String| {
        ComponentHealth::ok(Component::Clock, "wall clock against monotonic clock", detail)
    };
    let Some(beat) = FlagFiles::in_folder(folder).last_heartbeat() else {
        return found("no heartbeat to compare with".into());
    };
    let now = heartbeat_now();
    let step = (now.at - beat.at) - beat.age(&now);
    let found = found(format!("differs by {} ms", step.num_milliseconds()));
    if step.abs() > CLOCK_STEP {
        return found.degraded("the wall clock was set; windows follow it");
    }
    found
}
