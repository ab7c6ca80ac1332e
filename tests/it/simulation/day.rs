//! One simulated day from its first life to its last: what is asked for, when, and what must hold at every death.

use std::{
    mem,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bellwether::{
    engine::{RecordedEvent, RunState},
    planning::plan::DayPlan,
    runtime::{DriveError, Driver, Subscription},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;

use super::{
    case::Case,
    crash::{Crash, Spot, crashes, die},
    disk,
    operator::Operator,
    process::{self, Company},
    sabotage::Sabotage,
    told::Broken,
    whole,
    world::World,
};
use crate::{engine_random::random_plan, support::plans};

/// A day that kept the laws.
#[derive(Debug)]
pub(crate) struct Played {
    /// Every event, of all lives.
    pub(crate) journal: Vec<Arc<RecordedEvent>>,
    /// The crashes that came to pass.
    pub(crate) crashes: Vec<Crash>,
    /// Orders that were given and done.
    pub(crate) orders: usize,
    /// Effects in the world outside.
    pub(crate) effects: usize,
    /// Steps that were recorded.
    pub(crate) steps: u64,
}

/// A day that broke one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) broken: Broken,
    pub(crate) journal: Vec<Arc<RecordedEvent>>,
    pub(crate) crashes: Vec<Crash>,
}

/// How a life ended.
#[derive(Debug, PartialEq, Eq)]
enum Life {
    /// With the day, or with the patience of whoever watches.
    Over,
    /// By a crash.
    Died,
}

/// Lives after the last planned crash: a process also ends when it can record nothing.
const LIVES_MORE: usize = 3;

/// Moves after which a day that goes on is left alone.
const MOVES_MAX: u32 = 600;

/// A day in the making.
pub(crate) struct Day {
    pub(crate) case: Case,
    pub(crate) plan: Arc<DayPlan>,
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) sabotage: Sabotage,
    pub(crate) company: Company,
    pub(crate) operator: Operator,
    /// Sees events as they are told; outlives the driver by what is left in its queue.
    watcher: Option<Subscription>,
    seen: Vec<Arc<RecordedEvent>>,
    moves: u32,
    /// The moment up to which the day has come.
    pub(crate) at: DateTime<Utc>,
}

/// Plays a day.
pub(crate) fn play(case: Case, sabotage: Sabotage) -> Result<Played, Box<Failure>> {
    play_through(case, sabotage, crashes(case))
}

/// Plays a day with these crashes, one in each life but the last.
pub(crate) fn play_through(
    case: Case,
    sabotage: Sabotage,
    crashes: Vec<Crash>,
) -> Result<Played, Box<Failure>> {
    let mut crashed = Vec::new();
    let mut day = Day::new(case, sabotage);
    let end = day.lives(crashes, &mut crashed).and_then(|()| whole::check(&day));
    let mut world = day.world();
    let journal = mem::take(&mut world.told.journal);
    let (effects, steps) = (world.outside.all().count(), world.steps);
    let broken = world.broken.take().or(end.err());
    drop(world);
    match broken {
        None => Ok(Played { journal, crashes: crashed, orders: day.operator.done, effects, steps }),
        Some(broken) => Err(Box::new(Failure { broken, journal, crashes: crashed })),
    }
}

impl Day {
    fn new(case: Case, sabotage: Sabotage) -> Self {
        let mut plan = random_plan(&mut case.dice("plan"), 9);
        plan.tasks.truncate(case.tasks);
        let mut world = World::new().expect("a temporary folder");
        let mut dice = case.dice("disk");
        if dice.chance(20) && case.faults > 0 {
            world.fill(dice.below(40), 1 + dice.below(3));
        }
        world.outside.forgetful = sabotage == Sabotage::Repeats;
        Self {
            case,
            plan: Arc::new(plan),
            world: Arc::new(Mutex::new(world)),
            sabotage,
            company: Company::of(case),
            operator: Operator::new(case),
            watcher: None,
            seen: Vec::new(),
            moves: 0,
            at: plans::morning(),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run as it was last recorded.
    pub(crate) fn run(&self) -> Option<RunState> {
        self.world().told.fold.clone()
    }

    fn lives(&mut self, crashes: Vec<Crash>, crashed: &mut Vec<Crash>) -> Result<(), Broken> {
        let mut down = self.case.dice("down");
        let then_none = std::iter::repeat_n(None, LIVES_MORE);
        for crash in crashes.into_iter().map(Some).chain(then_none) {
            self.world().begin(crash);
            let life = self.life()?;
            self.look();
            if life == Life::Over {
                return Ok(());
            }
            crashed.extend(crash);
            disk::after_crash(self)?;
            let most = [3_000, 3_000, 900_000, 7_200_000];
            let most = most[usize::try_from(down.below(4)).unwrap_or(0)];
            let away = TimeDelta::milliseconds(i64::try_from(down.below(most)).unwrap_or(0));
            self.at = self.run().map_or(self.at, |run| run.last_event_at().max(self.at)) + away;
        }
        Ok(())
    }

    /// One process from its start to its end. Whatever it had in memory ends with it.
    fn life(&mut self) -> Result<Life, Broken> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime of one thread");
        let world = Arc::clone(&self.world);
        let died = Arc::clone(&self.world().died);
        let end = runtime.block_on(async {
            tokio::select! {
                biased;
                () = died.notified() => None,
                end = AssertUnwindSafe(self.drive()).catch_unwind() => Some(end),
            }
        });
        let world = world.lock().unwrap_or_else(PoisonError::into_inner);
        match end {
            _ if world.broken.is_some() => Ok(Life::Over),
            None => Ok(Life::Died),
            Some(Ok(end)) => end.map(|()| Life::Over),
            Some(Err(_died)) if world.dead => Ok(Life::Died),
            Some(Err(panic)) => {
                let said = panic.downcast_ref::<String>().cloned();
                Err(Broken::new("nothing panics", said.unwrap_or_default()))
            }
        }
    }

    async fn drive(&mut self) -> Result<(), Broken> {
        let (mut driver, handle) = process::start(self)?;
        let anew = self.run().is_none();
        if anew {
            self.watcher = Some(handle.subscribe_from_start());
        }
        self.advance(&mut driver).await?;
        if !anew {
            let mut watcher = handle.subscribe();
            let whole = driver.run_until_answered(watcher.next()).await;
            whole.map_err(|error| Broken::new("the driver answers", error.to_string()))?;
            self.watcher = Some(watcher);
        }
        let mut session = None;
        while !self.run().is_some_and(|run| run.has_ended()) && self.moves < MOVES_MAX {
            self.moves += 1;
            if self.world().reached(Spot::Pause) {
                die();
            }
            self.look();
            let Some(run) = self.run() else { break };
            let jump = self.operator.jump(self.moves);
            // Held no longer than that: agents look into the world too.
            let wish = {
                let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
                self.operator.wishes(&run, &world)
            };
            match wish {
                Some(wish) => {
                    self.operator.give(&mut driver, &handle, &mut session, wish).await?;
                    whole::orders_are_told(self)?;
                }
                None => self.at = self.at.max(run.last_event_at()) + jump,
            }
            self.advance(&mut driver).await?;
        }
        Ok(())
    }

    /// Drives on to the present moment. A process that can record nothing ends.
    async fn advance(&self, driver: &mut Driver) -> Result<(), Broken> {
        let driven = driver.advance_to(self.at).await;
        match driven {
            Err(DriveError::Record(error)) if error.to_string().contains("no storage space") => {
                self.world().give_up();
                die();
            }
            Err(error) => Err(Broken::new("the driver drives on", error.to_string())),
            Ok(()) => Ok(()),
        }
    }

    /// Takes in what the watcher has been told.
    fn look(&mut self) {
        while let Some(recorded) = self.watcher.as_mut().and_then(Subscription::try_next) {
            self.seen.push(recorded);
        }
    }

    /// What a watcher has seen, of all lives.
    pub(crate) fn seen(&self) -> &[Arc<RecordedEvent>] {
        &self.seen
    }
}
