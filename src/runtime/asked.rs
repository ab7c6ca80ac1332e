//! What people ask of the driver while it drives: proposals, commits, arming. What a session
//! may do is decided here, from the driver's own state at that moment.

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::{
    driver::{DriveError, Driver},
    handle::Control,
    session::{Ask, Given, Wish},
};
use crate::{
    acting::{
        ActPlan, Authority, Commit, Committed, Denied, NotCommitted, Opening, Standing, Tier,
        check, propose, tier,
    },
    engine::{Actor, Command, Input, Order, Refusal},
};

/// The policy by which an arming ends.
const ARMING: &str = "arming";

/// The answer to somebody, unless the day cannot be driven on.
type Answered<T> = Result<Result<T, NotCommitted>, DriveError>;

impl Driver {
    /// Whether to go on.
    pub(super) fn controlled(&mut self, control: Control) -> Result<bool, DriveError> {
        match control {
            Control::Ask(ask) => self.asked(ask)?,
            Control::Snapshot(answer) => {
                let _ = answer.send(Box::new(self.engine.state().clone()));
            }
            Control::Pace(pace) => {
                if self.simulated() {
                    self.clock.set_pace(pace);
                    let count = self.beats.borrow().count;
                    self.beats.send_replace(self.clock.beat(count));
                }
            }
            Control::Look => {
                let now = self.now();
                self.hear(now)?;
            }
            Control::Stop => return Ok(false),
        }
        self.sessions.tell(self.engine.state().armed());
        Ok(true)
    }

    /// About once a second of the wall: says that the driver lives, and ends what has lasted.
    pub(super) fn beat(&mut self) -> Result<(), DriveError> {
        // First, since a run that is being taken up stands still also for who hears the beat.
        let now = self.now();
        let count = self.beats.borrow().count + 1;
        self.beats.send_replace(self.clock.beat(count));
        if self.outbox.frozen().is_some() {
            return self.flush();
        }
        if let Some(desk) = &mut self.desk {
            desk.watch(self.engine.state().trading(), now);
        }
        self.hear(now)?;
        if self.engine.state().ended() || self.engine.state().armed().is_none() {
            return Ok(());
        }
        if let Some(why) = self.sessions.over(self.clock.instant()) {
            let by = Actor::Policy(ARMING.into());
            // A refusal is recorded; nobody waits for it.
            let now = self.now();
            let _refused = self.ordered((by, now), Some(why.into()), Command::Disarm)?;
            self.sessions.tell(self.engine.state().armed());
        }
        Ok(())
    }

    fn asked(&mut self, ask: Ask) -> Result<(), DriveError> {
        match ask {
            Ask::Open(opening, answer) => {
                let opened = self.opened(&opening)?;
                self.sessions.tell(self.engine.state().armed());
                let _ = answer.send(opened);
            }
            Ask::Propose(session, wish, answer) => {
                let _ = answer.send(self.proposed(session, wish));
            }
            Ask::Commit(session, commit, answer) => {
                let done = self.committed(session, &commit)?;
                self.sessions.tell(self.engine.state().armed());
                let _ = answer.send(done);
            }
            Ask::Give(session, given, answer) => {
                let done = self.given(session, given)?;
                self.sessions.tell(self.engine.state().armed());
                let _ = answer.send(done);
            }
        }
        Ok(())
    }

    fn opened(&mut self, opening: &Opening) -> Answered<(u64, watch::Receiver<Standing>)> {
        let state = self.engine.state();
        let recordable = self.outbox.frozen().is_none();
        let free = recordable && state.armed().is_none() && !state.ended() && self.lenient();
        let opened = match self.sessions.open(opening) {
            Ok(opened) => opened,
            Err(denied) => return Ok(Err(denied.into())),
        };
        if opening.authority == Authority::Armed && free {
            let why = format!("nothing can be harmed in {}", state.plan().mode);
            let _refused = self.given(opened.0, Given::Arm(why))?;
        }
        Ok(Ok(opened))
    }

    fn proposed(&mut self, session: u64, wish: Wish) -> Result<Box<ActPlan>, NotCommitted> {
        let proposal =
            self.sessions.propose(session, (wish.commands, wish.seen), self.clock.instant())?;
        let now = self.now();
        Ok(Box::new(propose(self.engine.state(), now, &proposal, self.guards)?))
    }

    fn committed(&mut self, session: u64, commit: &Commit) -> Answered<Committed> {
        if let Err(frozen) = self.recordable() {
            return Ok(Err(frozen));
        }
        let (by, now) = match self.agreed(session, commit) {
            Ok(Agreed::Now(by, now)) => (by, now),
            Ok(Agreed::Before(answer)) => return Ok(Ok(answer)),
            Err(why) => return Ok(Err(why)),
        };
        let id = commit.proposal.id;
        let mut answer = Committed { proposal: id, done: Vec::new(), refused: Vec::new() };
        for command in &commit.proposal.commands {
            match self.ordered((by.clone(), now), commit.reason.clone(), command.clone())? {
                Ok(order) => answer.done.push((order, command.clone())),
                Err(refusal) => answer.refused.push((command.clone(), refusal)),
            }
        }
        if self.sessions.armed(session) {
            self.sessions.used((self.clock.instant(), self.clock.wall()));
        }
        self.sessions.remember(commit.hash, &answer);
        Ok(self.recordable().map(|()| answer))
    }

    /// Whether a commit may be carried out now, and by whom.
    fn agreed(&mut self, session: u64, commit: &Commit) -> Result<Agreed, NotCommitted> {
        let by = self.sessions.operator(session)?;
        if let Some(answer) = self.sessions.known(session, commit)? {
            return Ok(Agreed::Before(answer.clone()));
        }
        let now = self.now();
        let plan = propose(self.engine.state(), now, &commit.proposal, self.guards)?;
        if plan.tier.needs_arming() && !self.sessions.armed(session) {
            return Err(Denied::NotArmed.into());
        }
        match check(&plan, commit) {
            Ok(())
                if self.sessions.too_soon(commit.proposal.id, self.clock.instant(), plan.wait) =>
            {
                Err(Denied::TooSoon.into())
            }
            Ok(()) => Ok(Agreed::Now(by, now)),
            Err(Denied::Changed) => Err(NotCommitted::Changed(Box::new(plan))),
            Err(denied) => Err(denied.into()),
        }
    }

    fn given(&mut self, session: u64, given: Given) -> Answered<()> {
        if let Err(frozen) = self.recordable() {
            return Ok(Err(frozen));
        }
        let by = match self.sessions.operator(session) {
            Ok(by) => by,
            Err(denied) => return Ok(Err(denied.into())),
        };
        let now = self.now();
        let (reason, command, arms) = match given {
            Given::Arm(reason) => (Some(reason), Command::Arm, true),
            Given::Disarm => (None, Command::Disarm, false),
            Given::Brake(command, reason) => (reason, command, false),
        };
        let brake = || tier(self.engine.state(), now, std::slice::from_ref(&command), self.guards);
        if !arms && brake() > Tier::Brake {
            return Ok(Err(Denied::NoBrake.into()));
        }
        let done = self.ordered((by, now), reason, command)?;
        if arms && done.is_ok() {
            let lasting = self.lenient();
            self.sessions.arm(session, (self.clock.instant(), self.clock.wall()), lasting);
        }
        Ok(done.map(drop).map_err(NotCommitted::Refused).and_then(|()| self.recordable()))
    }

    /// Gives the engine a command under a number of the driver's own; gives that number.
    fn ordered(
        &mut self,
        (by, now): (Actor, DateTime<Utc>),
        reason: Option<String>,
        command: Command,
    ) -> Result<Result<u64, Refusal>, DriveError> {
        let id = self.own_order();
        let order = Order { id, by, reason, command };
        let step = if matches!(order.command, Command::Recover { .. }) {
            self.gone_on(now, order)
        } else {
            self.engine.step(now, Input::Order(order))
        };
        let refusal = step.refusal.clone();
        self.take(step)?;
        Ok(refusal.map_or(Ok(id), Err))
    }

    /// Whether what is done now would be recorded.
    fn recordable(&self) -> Result<(), NotCommitted> {
        match self.outbox.frozen() {
            None => Ok(()),
            Some(why) => Err(NotCommitted::Frozen(why.to_string())),
        }
    }

    fn lenient(&self) -> bool {
        self.guards.lenient(self.engine.state().plan().mode)
    }
}

/// What an agreement comes to.
enum Agreed {
    /// It is carried out, by this actor at this moment.
    Now(Actor, DateTime<Utc>),
    /// It was carried out before, with this answer.
    Before(Committed),
}
