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
    engine::{Actor, Command, Engine, Input, Order, Refusal, RunState, Severity},
    present::acts,
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
        self.flush()?;
        self.look()?;
        if let Some(desk) = &mut self.desk {
            desk.watch(self.engine.state().trading(), now);
        }
        self.hear(now)?;
        if self.outbox.frozen().is_some()
            || self.engine.state().ended()
            || self.engine.state().armed().is_none()
        {
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
        let free = self.outbox.frozen().is_none()
            && state.armed().is_none()
            && !state.ended()
            && self.lenient();
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
        if let Err(frozen) = self.takes(&commit.proposal.commands) {
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
                Err(Undone::Refused(refusal)) => answer.refused.push((command.clone(), refusal)),
                Err(Undone::Unrecorded(frozen)) if answer.done.is_empty() => {
                    return Ok(Err(NotCommitted::Frozen(frozen)));
                }
                Err(Undone::Unrecorded(frozen)) => {
                    answer.refused.push((command.clone(), unrecorded(frozen)));
                }
            }
        }
        if self.sessions.armed(session) {
            self.sessions.used((self.clock.instant(), self.clock.wall()));
        }
        self.sessions.remember(commit.hash, &answer);
        Ok(Ok(answer))
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
        let (reason, command, arms) = match given {
            Given::Arm(reason) => (Some(reason), Command::Arm, true),
            Given::Disarm => (None, Command::Disarm, false),
            Given::Brake(command, reason) => (reason, command, false),
        };
        if let Err(frozen) = self.takes(std::slice::from_ref(&command)) {
            return Ok(Err(frozen));
        }
        let by = match self.sessions.operator(session) {
            Ok(by) => by,
            Err(denied) => return Ok(Err(denied.into())),
        };
        let now = self.now();
        let brake = || tier(self.engine.state(), now, std::slice::from_ref(&command), self.guards);
        if !arms && brake() > Tier::Brake {
            return Ok(Err(Denied::NoBrake.into()));
        }
        let done = self.ordered((by, now), reason, command)?;
        if arms && done.is_ok() {
            let lasting = self.lenient();
            self.sessions.arm(session, (self.clock.instant(), self.clock.wall()), lasting);
        }
        Ok(done.map(drop).map_err(NotCommitted::from))
    }

    /// Gives the engine a command under a number of the driver's own; gives that number. One that cannot
    /// be recorded is undone and never carried out; only what makes trading stricter holds all the same.
    fn ordered(
        &mut self,
        (by, now): (Actor, DateTime<Utc>),
        reason: Option<String>,
        command: Command,
    ) -> Result<Result<u64, Undone>, DriveError> {
        // What was decided before is no part of the act, and not undone with it.
        self.flush()?;
        let (id, brake) = (self.own_order(), stricter(&command));
        if !brake && let Some(why) = self.outbox.frozen() {
            return Ok(Err(Undone::Unrecorded(why.to_string())));
        }
        let before =
            (!brake).then(|| (self.engine.state().clone(), format!("{by}"), command.clone()));
        let order = Order { id, by, reason, command };
        let step = if matches!(order.command, Command::Recover { .. }) {
            self.gone_on(now, order)
        } else {
            self.told(now, Input::Order(order))
        };
        let refusal = step.refusal.clone();
        self.stage(step);
        self.flush()?;
        if let Some(before) = before
            && let Some(why) = self.outbox.frozen()
            && self.outbox.forget()
        {
            self.undo(now, before)?;
            return Ok(Err(Undone::Unrecorded(why.to_string())));
        }
        self.hear(self.engine.state().at())?;
        Ok(refusal.map_or(Ok(id), |refusal| Err(Undone::Refused(refusal))))
    }

    /// The run is as it was before an act that could not be recorded; that it was not done is what will be.
    fn undo(
        &mut self,
        now: DateTime<Utc>,
        (run, by, command): (RunState, String, Command),
    ) -> Result<(), DriveError> {
        let (severity, code) = (Severity::Warning, "act_undone".into());
        let act = acts::command(&command, run.plan());
        let text = format!("{act}, by {by}: could not be recorded and was not done");
        if let Some(desk) = &mut self.desk {
            desk.undone(&run);
        }
        self.engine = Engine::resume(run);
        let step = self.told(now, Input::Alert { severity, code, text });
        self.stage(step);
        self.hear(now)
    }

    /// Whether acts may be given to the engine now: while nothing can be recorded, only those that make
    /// trading stricter.
    fn takes(&self, commands: &[Command]) -> Result<(), NotCommitted> {
        match self.outbox.frozen() {
            Some(why) if !commands.iter().all(stricter) => {
                Err(NotCommitted::Frozen(why.to_string()))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn lenient(&self) -> bool {
        self.guards.lenient(self.engine.state().plan().mode)
    }
}

/// Why an act was not carried out.
enum Undone {
    /// The engine refuses it.
    Refused(Refusal),
    /// It could not be recorded, for this reason.
    Unrecorded(String),
}

impl From<Undone> for NotCommitted {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Refused(refusal) => Self::Refused(refusal),
            Undone::Unrecorded(why) => Self::Frozen(why),
        }
    }
}

/// The refusal of one act of several.
fn unrecorded(why: String) -> Refusal {
    let what = NotCommitted::Frozen(why).to_string();
    Refusal { what, state: None, why: "it is not done".into(), remedy: None }
}

/// Whether it does nothing but make trading stricter, which holds whatever can be recorded.
const fn stricter(command: &Command) -> bool {
    matches!(command, Command::Tighten { .. })
}

/// What an agreement comes to.
enum Agreed {
    /// It is carried out, by this actor at this moment.
    Now(Actor, DateTime<Utc>),
    /// It was carried out before, with this answer.
    Before(Committed),
}
