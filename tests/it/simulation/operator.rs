//! A person at the desk: lets time pass, gives orders at random, and tells no lie about the world outside.

use bellwether::{
    engine::{
        Command, Gate, Resolution, RunState, TaskState,
        control::{Authority, Commit, CommitError, SessionOpening},
    },
    planning::plan::TaskIx,
    runtime::{Driver, OperatorSession, RunHandle},
};
use chrono::TimeDelta;

use super::{case::Case, told::Broken, world::World};
use crate::{engine_random::random_command, support::plans::Dice};

/// See the module.
pub(crate) struct Operator {
    dice: Dice,
    left: u64,
    /// Commands that tidy up, to be given before anything else.
    chores: Vec<Command>,
    /// Orders that were given and done.
    pub(crate) done: usize,
    /// Their numbers, as the driver told them.
    pub(crate) told: Vec<u64>,
}

/// A command, and how it is given.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Wish {
    command: Command,
    /// Without a plan, as what makes things safer may be.
    brake: bool,
    /// Sent twice, as by somebody who did not see the answer.
    twice: bool,
}

impl Operator {
    pub(crate) fn new(case: Case) -> Self {
        let mut dice = case.dice("operator");
        // One day in four nobody touches.
        let left = if dice.chance(25) { 0 } else { dice.below(15) };
        Self { dice, left: left.min(case.orders), chores: Vec::new(), done: 0, told: Vec::new() }
    }

    /// For how long nothing is asked; late in the day longer.
    pub(crate) fn jump(&mut self, moves: u32) -> TimeDelta {
        let most: u64 = match self.dice.below(4) {
            _ if moves > 150 => 3_600_000,
            0 => 2_000,
            1 => 60_000,
            _ => 1_200_000,
        };
        TimeDelta::milliseconds(i64::try_from(self.dice.below(most)).unwrap_or(0))
    }

    /// What is asked for now, if anything is.
    pub(crate) fn wishes(&mut self, run: &RunState, world: &World) -> Option<Wish> {
        if run.is_recovering() && self.dice.chance(30) {
            let command = Command::Recover { paused: self.dice.chance(10) };
            return Some(Wish { command, brake: false, twice: false });
        }
        if let Some(command) = self.chores.pop() {
            return Some(Wish { command, brake: false, twice: false });
        }
        if self.left == 0 || !self.dice.chance(25) {
            return None;
        }
        self.left -= 1;
        if self.left == 0 {
            self.chores = chores(run);
        }
        let doubt = run.in_doubt().keys().next().filter(|_| self.dice.chance(30));
        let command = match doubt {
            Some(task) => Command::Probe { task: *task },
            None => honest(random_command(&mut self.dice, run), run, world)?,
        };
        Some(Wish { command, brake: self.dice.chance(10), twice: self.dice.chance(30) })
    }

    /// Gives an order as a console does: propose, look at the plan, commit to it.
    pub(crate) async fn give(
        &mut self,
        driver: &mut Driver,
        handle: &RunHandle,
        session: &mut Option<OperatorSession>,
        wish: Wish,
    ) -> Result<(), Broken> {
        let Some(session) = open(driver, handle, session).await? else { return Ok(()) };
        let reason = Some("desk call".to_owned());
        if wish.brake {
            let _done_or_not = answer(driver, session.brake(wish.command, reason)).await?;
            return Ok(());
        }
        // A stricter trading state holds, and is answered, even where it cannot be recorded.
        let recorded = !matches!(wish.command, Command::TightenTrading { .. });
        let proposed = answer(driver, session.propose(vec![wish.command], 0)).await?;
        let Ok(plan) = proposed else { return Ok(()) };
        driver.advance_wall(plan.wait.to_duration()).map_err(wrong)?;
        let commit = Commit {
            proposal: plan.proposal.clone(),
            hash: plan.hash,
            reason,
            phrase: plan.phrase.clone(),
        };
        let first = answer(driver, session.commit(commit.clone())).await?;
        if wish.twice && first.is_ok() {
            let second = answer(driver, session.commit(commit)).await?;
            if second != first {
                let what = format!("answered {first:?}, then {second:?}");
                return Err(Broken::new("7: a commit is one act however often it comes", what));
            }
        }
        if let Ok(committed) = first
            && recorded
        {
            self.done += committed.done.len();
            self.told.extend(committed.done.iter().map(|(id, _)| *id));
        }
        Ok(())
    }
}

fn wrong(error: impl std::fmt::Display) -> Broken {
    Broken::new("the driver answers", error.to_string())
}

async fn answer<T>(
    driver: &mut Driver,
    question: impl Future<Output = Result<T, CommitError>>,
) -> Result<Result<T, CommitError>, Broken> {
    driver.run_until_answered(question).await.map_err(wrong)
}

async fn open<'a>(
    driver: &mut Driver,
    handle: &RunHandle,
    session: &'a mut Option<OperatorSession>,
) -> Result<Option<&'a mut OperatorSession>, Broken> {
    if session.is_none() {
        let opening = SessionOpening { operator: "ana".into(), authority: Authority::Armed };
        *session = answer(driver, handle.open(opening)).await?.ok();
    }
    if let Some(session) = session
        && session.authority() != Authority::Armed
    {
        // Who was armed in the life before is armed no longer, and says so anew.
        let _armed_or_not = answer(driver, session.arm("back at the desk")).await?;
    }
    Ok(session.as_mut())
}

/// Whoever says what became of an effect has looked.
fn honest(command: Command, run: &RunState, world: &World) -> Option<Command> {
    let Command::Resolve { task, .. } = command else { return Some(command) };
    (task.at() < run.plan().tasks.len()).then(|| resolve(run, world, task))
}

fn resolve(run: &RunState, world: &World, task: TaskIx) -> Command {
    let happened = world.outside.happened((task, run.task(task).attempt));
    let evidence = "seen at the broker".to_owned();
    let finding =
        if happened { Resolution::Happened { evidence } } else { Resolution::DidNotHappen };
    Command::Resolve { task, finding }
}

/// What is left to be done for whatever waits for a person.
fn chores(run: &RunState) -> Vec<Command> {
    let waiting = run.tasks().filter(|(_, task)| task.state == TaskState::Held);
    let gates: Vec<Gate> = run.closed_gates().keys().copied().collect();
    let state = run.trading_status().state;
    let stopped = (state >= engine::TradingState::Halted).then(|| state.next_looser());
    let eased = stopped.into_iter().map(|to| Command::ReEnableTrading { to });
    let opened = gates.into_iter().map(|gate| Command::Resume { gate });
    eased.chain(opened).chain(waiting.map(|(task, _)| Command::Release { task })).collect()
}
