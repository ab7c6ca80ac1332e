//! What people ask of the driver while it drives: proposals, commits, arming. What a session
//! may do is decided here, from the driver's own state at that moment.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::{
    driver::{DriveError, Driver},
    handle::DriverRequest,
    log_filter::change_log_filter,
    operator_session::{DirectRequest, ProposalRequest, SessionRequest},
};
use engine::{
    Actor, AlertSeverity, Command, CommandRefusal, CommandRequest, Engine, EngineInput, RunState,
    control::{
        Authority, Commit, CommitDenied, CommitError, CommitResult, Preview, RiskTier,
        SessionOpening, SessionStatus, check_commit, propose, risk_tier,
    },
};

/// The policy by which an arming ends.
const ARMING: &str = "arming";

/// The answer to somebody, unless the day cannot be driven on.
type RequestResult<T> = Result<Result<T, CommitError>, DriveError>;

impl Driver {
    /// Whether to go on.
    pub(super) fn handle_driver_request(
        &mut self,
        control: DriverRequest,
    ) -> Result<bool, DriveError> {
        match control {
            DriverRequest::Session(ask) => self.handle_request(ask)?,
            DriverRequest::Snapshot(answer) => {
                let _ = answer.send(Box::new(self.engine.state().clone()));
            }
            DriverRequest::Pace(pace) => {
                if self.is_simulated() {
                    self.clock.set_pace(pace);
                    let count = self.beats.borrow().count;
                    self.beats.send_replace(self.clock.heartbeat(count));
                }
            }
            DriverRequest::LogFilter(filter, answer) => {
                let _ = answer.send(change_log_filter(&filter));
            }
            DriverRequest::ReadOnlySession => {
                let now = self.now();
                self.sync_trading_state(now)?;
            }
            DriverRequest::Stop => return Ok(false),
        }
        self.sessions.broadcast_status(self.engine.state().armed_operator());
        Ok(true)
    }

    /// About once a second of the wall: says that the driver lives, and ends what has lasted.
    pub(super) fn on_heartbeat(&mut self) -> Result<(), DriveError> {
        // First, since a run that is being taken up stands still also for who hears the beat.
        let now = self.now();
        let count = self.beats.borrow().count + 1;
        self.beats.send_replace(self.clock.heartbeat(count));
        self.flush_outbox()?;
        self.look()?;
        if let Some(desk) = &mut self.desk {
            desk.sync_fills(self.engine.state().trading_status(), now);
        }
        self.report_orders(now);
        self.sync_trading_state(now)?;
        if self.outbox.fault().is_some()
            || self.engine.state().has_ended()
            || self.engine.state().armed_operator().is_none()
        {
            return Ok(());
        }
        if let Some(why) = self.sessions.disarm_reason(self.clock.monotonic_now()) {
            let by = Actor::Policy(ARMING.into());
            // A refusal is recorded; nobody waits for it.
            let now = self.now();
            let _refused = self.issue_command((by, now), Some(why.into()), Command::Disarm)?;
            self.sessions.broadcast_status(self.engine.state().armed_operator());
        }
        Ok(())
    }

    /// Publishes the desk's orders where they have changed.
    pub(super) fn report_orders(&self, now: DateTime<Utc>) {
        let Some(report) = self.desk.as_ref().and_then(|desk| desk.order_report(now)) else {
            return;
        };
        self.orders.send_if_modified(|known| {
            let changed = **known != report;
            if changed {
                *known = Arc::new(report);
            }
            changed
        });
    }

    fn handle_request(&mut self, ask: SessionRequest) -> Result<(), DriveError> {
        match ask {
            SessionRequest::Open(opening, answer) => {
                let opened = self.handle_open_session(&opening)?;
                self.sessions.broadcast_status(self.engine.state().armed_operator());
                let _ = answer.send(opened);
            }
            SessionRequest::Propose(session, wish, answer) => {
                let _ = answer.send(self.handle_propose(session, wish));
            }
            SessionRequest::Commit(session, commit, answer) => {
                let done = self.handle_commit(session, &commit)?;
                self.sessions.broadcast_status(self.engine.state().armed_operator());
                let _ = answer.send(done);
            }
            SessionRequest::Direct(session, given, answer) => {
                let done = self.handle_direct(session, given)?;
                self.sessions.broadcast_status(self.engine.state().armed_operator());
                let _ = answer.send(done);
            }
        }
        Ok(())
    }

    fn handle_open_session(
        &mut self,
        opening: &SessionOpening,
    ) -> RequestResult<(u64, watch::Receiver<SessionStatus>)> {
        let state = self.engine.state();
        let free = self.outbox.fault().is_none()
            && state.armed_operator().is_none()
            && !state.has_ended()
            && self.starts_armed();
        let opened = match self.sessions.open(opening) {
            Ok(opened) => opened,
            Err(denied) => return Ok(Err(denied.into())),
        };
        if opening.authority == Authority::Armed && free {
            let why = format!("nothing can be harmed in {}", state.plan().mode);
            let _refused = self.handle_direct(opened.0, DirectRequest::Arm(why))?;
        }
        Ok(Ok(opened))
    }

    fn handle_propose(
        &mut self,
        session: u64,
        wish: ProposalRequest,
    ) -> Result<Box<Preview>, CommitError> {
        let proposal = self.sessions.register_proposal(
            session,
            (wish.commands, wish.seen),
            self.clock.monotonic_now(),
        )?;
        let now = self.now();
        Ok(Box::new(propose(self.engine.state(), now, &proposal, self.guards)?))
    }

    fn handle_commit(&mut self, session: u64, commit: &Commit) -> RequestResult<CommitResult> {
        if let Err(frozen) = self.takes(&commit.proposal.commands) {
            return Ok(Err(frozen));
        }
        let (by, now) = match self.decide_commit(session, commit) {
            Ok(CommitDecision::Execute(by, now)) => (by, now),
            Ok(CommitDecision::AlreadyDone(answer)) => return Ok(Ok(answer)),
            Err(why) => return Ok(Err(why)),
        };
        let id = commit.proposal.id;
        let mut answer = CommitResult { proposal: id, done: Vec::new(), refused: Vec::new() };
        for command in &commit.proposal.commands {
            match self.issue_command((by.clone(), now), commit.reason.clone(), command.clone())? {
                Ok(order) => answer.done.push((order, command.clone())),
                Err(Undone::Refused(refusal)) => answer.refused.push((command.clone(), refusal)),
                Err(Undone::Unrecorded(frozen)) if answer.done.is_empty() => {
                    return Ok(Err(CommitError::JournalUnavailable(frozen)));
                }
                Err(Undone::Unrecorded(frozen)) => {
                    answer.refused.push((command.clone(), not_recorded(frozen)));
                }
            }
        }
        if self.sessions.is_armed(session) {
            self.sessions.touch((self.clock.monotonic_now(), self.clock.wall_time()));
        }
        self.sessions.record_result(commit.hash, &answer);
        Ok(Ok(answer))
    }

    /// Whether a commit may be carried out now, and by whom.
    fn decide_commit(
        &mut self,
        session: u64,
        commit: &Commit,
    ) -> Result<CommitDecision, CommitError> {
        let by = self.sessions.operator_of(session)?;
        if let Some(answer) = self.sessions.earlier_result(session, commit)? {
            return Ok(CommitDecision::AlreadyDone(answer.clone()));
        }
        let now = self.now();
        let plan = propose(self.engine.state(), now, &commit.proposal, self.guards)?;
        if plan.tier.needs_arming() && !self.sessions.is_armed(session) {
            return Err(CommitDenied::NotArmed.into());
        }
        match check_commit(&plan, commit) {
            Ok(())
                if self.sessions.too_soon(
                    commit.proposal.id,
                    self.clock.monotonic_now(),
                    plan.wait,
                ) =>
            {
                Err(CommitDenied::TooSoon.into())
            }
            Ok(()) => Ok(CommitDecision::Execute(by, now)),
            Err(CommitDenied::PreviewStale) => Err(CommitError::PreviewStale(Box::new(plan))),
            Err(denied) => Err(denied.into()),
        }
    }

    fn handle_direct(&mut self, session: u64, given: DirectRequest) -> RequestResult<()> {
        let (reason, command, arms) = match given {
            DirectRequest::Arm(reason) => (Some(reason), Command::Arm, true),
            DirectRequest::Disarm => (None, Command::Disarm, false),
            DirectRequest::Brake(command, reason) => (reason, command, false),
        };
        if let Err(frozen) = self.takes(std::slice::from_ref(&command)) {
            return Ok(Err(frozen));
        }
        let by = match self.sessions.operator_of(session) {
            Ok(by) => by,
            Err(denied) => return Ok(Err(denied.into())),
        };
        let now = self.now();
        let brake =
            || risk_tier(self.engine.state(), now, std::slice::from_ref(&command), self.guards);
        if !arms && brake() > RiskTier::Brake {
            return Ok(Err(CommitDenied::NotABrake.into()));
        }
        let done = self.issue_command((by, now), reason, command)?;
        if arms && done.is_ok() {
            let lasting = self.starts_armed();
            self.sessions.arm(
                session,
                (self.clock.monotonic_now(), self.clock.wall_time()),
                lasting,
            );
        }
        Ok(done.map(drop).map_err(CommitError::from))
    }

    /// Gives the engine a command under a number of the driver's own; gives that number. One that cannot
    /// be recorded is undone and never carried out; only what makes trading stricter holds all the same.
    fn issue_command(
        &mut self,
        (by, now): (Actor, DateTime<Utc>),
        reason: Option<String>,
        command: Command,
    ) -> Result<Result<u64, Undone>, DriveError> {
        // What was decided before is no part of the act, and not undone with it.
        self.flush_outbox()?;
        let (id, brake) = (self.own_order(), stricter(&command));
        if !brake && let Some(why) = self.outbox.fault() {
            return Ok(Err(Undone::Unrecorded(why.to_string())));
        }
        let before =
            (!brake).then(|| (self.engine.state().clone(), format!("{by}"), command.clone()));
        let order = CommandRequest { id, by, reason, command };
        let step = if matches!(order.command, Command::Recover { .. }) {
            self.complete_recovery(now, order)
        } else {
            self.step_recording(now, EngineInput::Command(order))
        };
        let refusal = step.refusal.clone();
        self.stage(step);
        self.flush_outbox()?;
        if let Some(before) = before
            && let Some(why) = self.outbox.fault()
            && self.outbox.forget()
        {
            self.undo(now, before)?;
            return Ok(Err(Undone::Unrecorded(why.to_string())));
        }
        self.sync_trading_state(self.engine.state().last_event_at())?;
        Ok(refusal.map_or(Ok(id), |refusal| Err(Undone::Refused(refusal))))
    }

    /// The run is as it was before an act that could not be recorded; that it was not done is what will be.
    fn undo(
        &mut self,
        now: DateTime<Utc>,
        (run, by, command): (RunState, String, Command),
    ) -> Result<(), DriveError> {
        let (severity, code) = (AlertSeverity::Warning, "act_undone".into());
        let target = command.task().map(|ix| format!(" {}", run.plan().task(ix).id));
        let act = format!("{}{}", command.verb(), target.unwrap_or_default());
        let text = format!("{act}, by {by}: could not be recorded and was not done");
        if let Some(desk) = &mut self.desk {
            desk.undo_fill(&run);
        }
        self.engine = Engine::from_state(run);
        let step = self.step_recording(now, EngineInput::Alert { severity, code, text });
        self.stage(step);
        self.sync_trading_state(now)
    }

    /// Whether acts may be given to the engine now: while nothing can be recorded, only those that make
    /// trading stricter.
    fn takes(&self, commands: &[Command]) -> Result<(), CommitError> {
        match self.outbox.fault() {
            Some(why) if !commands.iter().all(stricter) => {
                Err(CommitError::JournalUnavailable(why.to_string()))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn starts_armed(&self) -> bool {
        self.guards.starts_armed(self.engine.state().plan().mode)
    }
}

/// Why an act was not carried out.
enum Undone {
    /// The engine refuses it.
    Refused(CommandRefusal),
    /// It could not be recorded, for this reason.
    Unrecorded(String),
}

impl From<Undone> for CommitError {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Refused(refusal) => Self::Refused(refusal),
            Undone::Unrecorded(why) => Self::JournalUnavailable(why),
        }
    }
}

/// The refusal of one act of several.
fn not_recorded(why: String) -> CommandRefusal {
    let what = CommitError::JournalUnavailable(why).to_string();
    CommandRefusal { what, state: None, why: "it is not done".into(), remedy: None }
}

/// Whether it does nothing but make trading stricter, which holds whatever can be recorded.
const fn stricter(command: &Command) -> bool {
    matches!(command, Command::TightenTrading { .. })
}

/// What an agreement comes to.
enum CommitDecision {
    /// It is carried out, by this actor at this moment.
    Execute(Actor, DateTime<Utc>),
    /// It was carried out before, with this answer.
    AlreadyDone(CommitResult),
}
