//! The day of a drill: made, killed, examined, and begun again after a restart.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::{
    DrillError,
    scratch::Scratch,
    witness::{
        Attempt, Evidence, Known, Restarted, Scene, Seen, Witness, booked, is_kill, locked, reached,
    },
};
use crate::{
    config::{Approvals, Config},
    controller::{Begins, ControllerError, Day, DayRequest, OrchestrationController, desk_backing},
    engine::{RunState, TradingState},
    journal::Sink,
    plan::Mode,
    runtime::{Attendance, Clock, Pace, Scenario},
    store::{Flags, Journal, Owner, Reader, Store, Trail, trails},
    trading::{
        desk::{Desk, Release},
        market_facts,
        order::{Intent, OrderType, Source, Tif},
        plan::{Approval, ApprovedBy, Draft, Plan},
        symbol::Side,
        twap::Schedule,
    },
};

/// In whose name the second order is tried.
const BY: &str = "kill drill";

/// What is drilled.
#[derive(Debug, Clone)]
pub struct KillDrill {
    /// The desk's own configuration; its state folder is not touched.
    pub config: Config,
    /// What goes wrong on purpose.
    pub scenario: Option<Arc<Scenario>>,
    /// Where the folder of the drill is made.
    pub within: PathBuf,
}

/// Plays the configured date as a simulated day, lets `raise` kill it by a flag file at the first moment at
/// which orders rest at the broker and others have filled, and gathers what came of it. Must be called in a
/// runtime of several threads.
///
/// # Errors
///
/// [`DrillError`] when there is no such day or it cannot be kept; what a kill does not do is no error.
pub async fn drill_kill<F>(drill: KillDrill, raise: F) -> Result<Evidence, DrillError>
where
    F: FnOnce(&Flags) -> io::Result<()> + Send + 'static,
{
    let KillDrill { mut config, scenario, within } = drill;
    let scratch = Scratch::within(&within)?;
    config.places.state.clone_from(&scratch.0);
    // Whoever drills does not sit there and approve.
    config.day.approvals = Approvals::Auto;
    let owner = Owner { pid: std::process::id(), operator: config.day.operator.clone() };
    let flags = Flags::of(&scratch.0);
    let date = config.day.date;
    let mut controller = OrchestrationController::new(config);
    controller.startup_system()?;
    controller.obey(flags.clone());

    let store = Store::open(&scratch.0, &owner)?;
    let seen = Arc::new(Mutex::new(Seen::default()));
    let scene = Arc::new(OnceLock::new());
    let witness = Witness {
        scene: Arc::clone(&scene),
        seen: Arc::clone(&seen),
        store: store.clone(),
        flags: flags.clone(),
        raise: Some(raise),
    };
    let day = begin(&mut controller, (&store, date, 1), scenario, Some(Box::new(witness)))?;
    let Day { driver, handle, plan, applied: _, desk, kill } = day;
    let run = plan.run.clone();
    let _first = scene.set(Scene { desk: Arc::clone(&desk), run: run.clone() });
    driver.run().await.map_err(ControllerError::Drive)?;
    drop((kill, scene, handle));

    let Seen { resting, unraised, killed } = std::mem::take(&mut *locked(&seen));
    // The log of the desk first: whoever is asked about fills books them.
    let booked = booked(&store, &run).map_err(DrillError::Read)?;
    let sent = reached(&store, &run).map_err(DrillError::Read)?;
    let at = killed.or_else(|| resting.as_ref().map(|resting| resting.at)).unwrap_or(plan.close);
    let left =
        desk.broker_statement(at).map(|said| said.working.into_iter().map(|w| w.id).collect());
    let filled = desk.broker_statement(plan.close);
    let filled = filled.map(|said| said.fills.into_iter().map(|fill| fill.exec_id).collect());
    let attempt = match attempt(&desk, (date, at)) {
        Ok((sent, against)) => {
            let at_broker = reached(&store, &run).map_err(DrillError::Read)?;
            Ok(Attempt { sent, against, at_broker })
        }
        Err(why) => Err(why),
    };
    // All that holds the folder goes, as with the process.
    drop((desk, store));
    let known = known(&scratch)?;
    let restarted = restart(&mut controller, (&scratch, &owner, date)).await?;
    Ok(Evidence {
        resting,
        unraised,
        left: left.map_err(|error| error.to_string()),
        sent,
        filled: filled.map_err(|error| error.to_string()),
        booked,
        attempt,
        known,
        restarted,
    })
}

/// Makes the day ready, kept as every day is, from just before its first window.
fn begin(
    controller: &mut OrchestrationController,
    (store, date, run): (&Store, NaiveDate, u32),
    scenario: Option<Arc<Scenario>>,
    witness: Option<Box<dyn Sink>>,
) -> Result<Day, DrillError> {
    let (plan, _) =
        controller.days()?.plan(date, Mode::Sim, run, &[]).map_err(ControllerError::Days)?;
    let first = plan.tasks.iter().map(|task| task.opens_at).min().unwrap_or(plan.open);
    let (trail, _news) = Trail::open(store)?;
    let mut sinks: Vec<Box<dyn Sink>> =
        vec![Box::new(Journal::new(store.clone())), Box::new(trail)];
    sinks.extend(witness);
    let request = DayRequest {
        date,
        mode: Mode::Sim,
        clock: Clock::starting(first - TimeDelta::minutes(1), Pace::Max),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: Begins::Anew { run },
    };
    Ok(controller.begin_day_on(request, |run| desk_backing(store, run))?)
}

/// Tries to send a sound order: one share off a position, planned, approved and released as any other.
fn attempt(
    desk: &Desk,
    (date, at): (NaiveDate, DateTime<Utc>),
) -> Result<(i64, Vec<crate::trading::gate::Code>), String> {
    let (book, prices, (_, limits_hash)) = (desk.book(at), desk.prices(at), desk.limits());
    let held = book.positions.iter().filter(|(_, position)| position.qty != 0);
    let priced = held.filter_map(|(name, position)| Some((name, position.qty, *prices.get(name)?)));
    let dear = priced.max_by_key(|(_, qty, px)| Decimal::from(*qty).abs() * *px);
    let (symbol, qty, ref_px) = dear.ok_or("no position has a price")?;
    let intent = Intent {
        intent_id: 1,
        symbol: symbol.clone(),
        side: if qty > 0 { Side::Sell } else { Side::Buy },
        qty: 1,
        kind: OrderType::Market,
        limit_px: None,
        tif: Tif::Day,
        ref_px,
        ref_ts: at,
        reason: "whether a kill keeps it in".into(),
        parent_target_w: 0.0,
        risk_reducing: true,
    };
    let draft = Draft {
        plan_id: "kill-drill".into(),
        session_date: date,
        mode: market_facts::Mode::Sim,
        created_at: at,
        limits_hash,
        orders: vec![intent],
    };
    let plan = Plan::freeze(draft).map_err(|error| error.to_string())?;
    let plan_hash = plan.hash().to_owned();
    let mut approval = Approval::whole(&plan, BY, ApprovedBy::Policy, at);
    approval.reason = "whether a kill keeps it in".into();
    desk.propose(plan).map_err(|error| error.to_string())?;
    desk.approve(approval).map_err(|error| error.to_string())?;
    let schedule =
        Schedule { start: at, end: at + TimeDelta::minutes(1), interval: TimeDelta::minutes(1) };
    let release = Release { plan_hash, schedule, overrides: Vec::new(), source: Source::Plan };
    let outcomes = desk.release(&release, at).map_err(|error| error.to_string())?;
    let sent = outcomes.iter().map(|outcome| outcome.sent_qty).sum();
    let against = outcomes.iter().flat_map(|outcome| &outcome.violations);
    Ok((sent, against.map(|violation| violation.code).collect()))
}

/// What the folder says of its last run.
fn known(scratch: &Scratch) -> Result<Known, DrillError> {
    let reader = Reader::open(&scratch.0)?;
    let mut known =
        Known { state: TradingState::Active, events: 0, entries: 0, problems: Vec::new() };
    let Some(run) = reader.runs()?.pop() else { return Ok(known) };
    known.state = reader.fold(run.id)?.0.trading().state;
    let events = reader.recorded(run.id)?;
    known.events = events.iter().filter(|recorded| is_kill(&recorded.event)).count();
    let word = TradingState::Killed.word();
    for file in trails(&scratch.0)? {
        let kills = file.entries.iter().filter(|entry| {
            entry.act.kind == "trading_changed"
                && entry.act.after.as_ref().is_some_and(|after| after == word)
        });
        known.entries += kills.count();
        known.problems.extend(file.problems.iter().map(ToString::to_string));
    }
    Ok(known)
}

/// Opens the folder again and begins the date's next run in it.
async fn restart(
    controller: &mut OrchestrationController,
    (scratch, owner, date): (&Scratch, &Owner, NaiveDate),
) -> Result<Restarted, DrillError> {
    let store = Store::open(&scratch.0, owner)?;
    let flag = Flags::of(&scratch.0).strictest().map_err(DrillError::Read)?;
    let day = begin(controller, (&store, date, 2), None, None)?;
    let run = day.plan.run.clone();
    let Day { driver, kill, .. } = day;
    let state: RunState = driver.run().await.map_err(ControllerError::Drive)?;
    drop(kill);
    let begun = state.tasks().filter(|(_, task)| task.attempt > 0).count();
    let sent = reached(&store, &run).map_err(DrillError::Read)?;
    Ok(Restarted { flag, state: state.trading().state, begun, sent })
}
