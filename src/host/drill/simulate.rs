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
    scratch::ScratchFolder,
    witness::{
        AfterRestart, DiskEvidence, DrillContext, Evidence, SendAfterKill, Witness, WitnessLog,
        booked_executions, is_kill, lock_log, orders_at_broker,
    },
};
use crate::host::{
    ControllerError, OrchestrationController, PreparedRun, RunRequest, StartKind, desk_backing,
};
use config::{ApprovalSetting, Config};
use desk::trading::{
    desk::{Desk, SendOptions},
    instruments,
    order::{OrderSource, OrderType, TimeInForce, TradeIntent},
    symbol::Side,
    trade_plan::{Approval, ApprovedBy, TradePlan, TradePlanDraft},
    twap::TwapSchedule,
};
use engine::{RunState, TradingState, port::EventSink};
use planning::plan::RunMode;
use runtime::{Attendance, ClockPace, RunClock, Scenario};
use store::{FlagFiles, Journal, JournalOwner, JournalReader, Store, TrailWriter, verify_trails};

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
    F: FnOnce(&FlagFiles) -> io::Result<()> + Send + 'static,
{
    let KillDrill { mut config, scenario, within } = drill;
    let scratch = ScratchFolder::create_in(&within)?;
    config.places.state.clone_from(&scratch.0);
    // Whoever drills does not sit there and approve.
    config.day.approvals = ApprovalSetting::Auto;
    let owner = JournalOwner { pid: std::process::id(), operator: config.day.operator.clone() };
    let flags = FlagFiles::in_folder(&scratch.0);
    let date = config.day.date;
    let mut controller = OrchestrationController::new(config);
    controller.startup_system()?;
    controller.obey_flags(flags.clone());

    let store = Store::open(&scratch.0, &owner)?;
    let seen = Arc::new(Mutex::new(WitnessLog::default()));
    let scene = Arc::new(OnceLock::new());
    let witness = Witness {
        scene: Arc::clone(&scene),
        seen: Arc::clone(&seen),
        store: store.clone(),
        flags: flags.clone(),
        raise: Some(raise),
    };
    let day = prepare_day(&mut controller, (&store, date, 1), scenario, Some(Box::new(witness)))?;
    let PreparedRun { driver, handle, plan, applied: _, desk, kill } = day;
    let run = plan.run.clone();
    let _first = scene.set(DrillContext { desk: Arc::clone(&desk), run: run.clone() });
    driver.run().await.map_err(ControllerError::Drive)?;
    drop((kill, scene, handle));

    let WitnessLog { resting, unraised, killed } = std::mem::take(&mut *lock_log(&seen));
    // The log of the desk first: whoever is asked about fills books them.
    let booked = booked_executions(&store, &run).map_err(DrillError::Read)?;
    let sent = orders_at_broker(&store, &run).map_err(DrillError::Read)?;
    let at = killed.or_else(|| resting.as_ref().map(|resting| resting.at)).unwrap_or(plan.close);
    let left =
        desk.broker_statement(at).map(|said| said.working.into_iter().map(|w| w.id).collect());
    let filled = desk.broker_statement(plan.close);
    let filled = filled.map(|said| said.fills.into_iter().map(|fill| fill.exec_id).collect());
    let attempt = match attempt(&desk, (date, at)) {
        Ok((sent, against)) => {
            let at_broker = orders_at_broker(&store, &run).map_err(DrillError::Read)?;
            Ok(SendAfterKill { sent, against, at_broker })
        }
        Err(why) => Err(why),
    };
    // All that holds the folder goes, as with the process.
    drop((desk, store));
    let known = read_evidence(&scratch)?;
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
fn prepare_day(
    controller: &mut OrchestrationController,
    (store, date, run): (&Store, NaiveDate, u32),
    scenario: Option<Arc<Scenario>>,
    witness: Option<Box<dyn EventSink>>,
) -> Result<PreparedRun, DrillError> {
    let (plan, _) = controller
        .day_factory()?
        .day_plan(date, RunMode::Sim, run, &[])
        .map_err(ControllerError::Days)?;
    let first = plan.tasks.iter().map(|task| task.opens_at).min().unwrap_or(plan.open);
    let (trail, _news) = TrailWriter::open(store)?;
    let mut sinks: Vec<Box<dyn EventSink>> =
        vec![Box::new(Journal::new(store.clone())), Box::new(trail)];
    sinks.extend(witness);
    let request = RunRequest {
        date,
        mode: RunMode::Sim,
        clock: RunClock::starting(first - TimeDelta::minutes(1), ClockPace::Max),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: StartKind::New { run },
    };
    Ok(controller.prepare_run_on(request, |run| desk_backing(store, run))?)
}

/// Tries to send a sound order: one share off a position, planned, approved and released as any other.
fn attempt(
    desk: &Desk,
    (date, at): (NaiveDate, DateTime<Utc>),
) -> Result<(i64, Vec<desk::trading::pretrade::CheckCode>), String> {
    let (book, prices, (_, limits_hash)) = (desk.book(at), desk.prices(at), desk.limits());
    let held = book.positions.iter().filter(|(_, position)| position.qty != 0);
    let priced = held.filter_map(|(name, position)| Some((name, position.qty, *prices.get(name)?)));
    let dear = priced.max_by_key(|(_, qty, px)| Decimal::from(*qty).abs() * *px);
    let (symbol, qty, ref_px) = dear.ok_or("no position has a price")?;
    let intent = TradeIntent {
        intent_id: 1,
        symbol: symbol.clone(),
        side: if qty > 0 { Side::Sell } else { Side::Buy },
        qty: 1,
        kind: OrderType::Market,
        limit_px: None,
        tif: TimeInForce::Day,
        ref_px,
        ref_ts: at,
        reason: "whether a kill keeps it in".into(),
        parent_target_w: 0.0,
        risk_reducing: true,
    };
    let draft = TradePlanDraft {
        plan_id: "kill-drill".into(),
        session_date: date,
        mode: instruments::TradingMode::Sim,
        created_at: at,
        limits_hash,
        orders: vec![intent],
    };
    let plan = TradePlan::finalize(draft).map_err(|error| error.to_string())?;
    let plan_hash = plan.hash().to_owned();
    let mut approval = Approval::of_whole_plan(&plan, BY, ApprovedBy::Policy, at);
    approval.reason = "whether a kill keeps it in".into();
    desk.submit_plan(plan).map_err(|error| error.to_string())?;
    desk.record_approval(approval).map_err(|error| error.to_string())?;
    let schedule = TwapSchedule {
        start: at,
        end: at + TimeDelta::minutes(1),
        interval: TimeDelta::minutes(1),
    };
    let release =
        SendOptions { plan_hash, schedule, overrides: Vec::new(), source: OrderSource::Plan };
    let outcomes = desk.send_orders(&release, at).map_err(|error| error.to_string())?;
    let sent = outcomes.iter().map(|outcome| outcome.sent_qty).sum();
    let against = outcomes.iter().flat_map(|outcome| &outcome.violations);
    Ok((sent, against.map(|violation| violation.code).collect()))
}

/// What the folder says of its last run.
fn read_evidence(scratch: &ScratchFolder) -> Result<DiskEvidence, DrillError> {
    let reader = JournalReader::open(&scratch.0)?;
    let mut known =
        DiskEvidence { state: TradingState::Active, events: 0, entries: 0, problems: Vec::new() };
    let Some(run) = reader.runs()?.pop() else { return Ok(known) };
    known.state = reader.rebuild_state(run.id)?.0.trading_status().state;
    let events = reader.recorded_events(run.id)?;
    known.events = events.iter().filter(|recorded| is_kill(&recorded.event)).count();
    let word = TradingState::Killed.as_str();
    for file in verify_trails(&scratch.0)? {
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
    (scratch, owner, date): (&ScratchFolder, &JournalOwner, NaiveDate),
) -> Result<AfterRestart, DrillError> {
    let store = Store::open(&scratch.0, owner)?;
    let flag = FlagFiles::in_folder(&scratch.0).strictest_raised().map_err(DrillError::Read)?;
    let day = prepare_day(controller, (&store, date, 2), None, None)?;
    let run = day.plan.run.clone();
    let PreparedRun { driver, kill, .. } = day;
    let state: RunState = driver.run().await.map_err(ControllerError::Drive)?;
    drop(kill);
    let begun = state.tasks().filter(|(_, task)| task.attempt > 0).count();
    let sent = orders_at_broker(&store, &run).map_err(DrillError::Read)?;
    Ok(AfterRestart { flag, state: state.trading_status().state, begun, sent })
}
