//! The driver's list of sessions: whose each is, which one is armed and until when, what each has
//! proposed, and what became of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use engine::{
    Actor, ArmedOperator, Command,
    control::{
        Authority, Commit, CommitDenied, CommitResult, PreviewHash, Proposal, SessionOpening,
        SessionStatus,
    },
};
use planning::time::Span;

/// Sessions open at once. One more is denied until another ends.
const SESSIONS_MAX: usize = 64;
/// Proposals, and answers to commits, remembered. The oldest go first; a commit to one that is gone
/// is denied, never done a second time.
const PROPOSALS_MAX: usize = 64;
/// An arming that is not used ends after this long.
const UNUSED: Duration = Duration::from_mins(5);
/// No arming lasts longer.
const LONGEST: Duration = Duration::from_mins(30);

/// One open session.
#[derive(Debug)]
struct SessionEntry {
    operator: Actor,
    locked: bool,
    standing: watch::Sender<SessionStatus>,
}

/// A proposal that may be committed to.
#[derive(Debug)]
struct OpenProposal {
    session: u64,
    at: Instant,
    proposal: Proposal,
}

/// Which session is armed, and since when, on the wall.
#[derive(Debug, Clone, Copy)]
struct Arming {
    session: u64,
    since: Instant,
    used: Instant,
    /// When it ends by itself; `None`: it does not.
    until: Option<DateTime<Utc>>,
}

impl Arming {
    fn ends(&self) -> Instant {
        (self.used + UNUSED).min(self.since + LONGEST)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct SessionTable {
    seats: BTreeMap<u64, SessionEntry>,
    opened: u64,
    arming: Option<Arming>,
    proposed: u64,
    open: BTreeMap<u64, OpenProposal>,
    done: BTreeMap<u64, (PreviewHash, CommitResult)>,
}

impl SessionTable {
    /// A new session, observing or locked.
    pub(super) fn open(
        &mut self,
        opening: &SessionOpening,
    ) -> Result<(u64, watch::Receiver<SessionStatus>), CommitDenied> {
        self.seats.retain(|_, seat| !seat.standing.is_closed());
        if self.seats.len() >= SESSIONS_MAX {
            return Err(CommitDenied::TooMany);
        }
        self.opened += 1;
        let locked = opening.authority == Authority::ReadOnly;
        let authority = if locked { Authority::ReadOnly } else { Authority::Observe };
        let (standing, seen) = watch::channel(SessionStatus { authority, until: None });
        let operator = Actor::Operator(opening.operator.clone());
        self.seats.insert(self.opened, SessionEntry { operator, locked, standing });
        Ok((self.opened, seen))
    }

    /// Whose a session is, if it may do anything at all.
    pub(super) fn operator_of(&self, session: u64) -> Result<Actor, CommitDenied> {
        let seat = self.seats.get(&session).ok_or(CommitDenied::SessionNotOpen)?;
        if seat.locked { Err(CommitDenied::ReadOnly) } else { Ok(seat.operator.clone()) }
    }

    /// Whether a session is the armed one.
    pub(super) fn is_armed(&self, session: u64) -> bool {
        self.arming.is_some_and(|arming| arming.session == session)
    }

    /// Gives a proposal its number and remembers whose it is.
    pub(super) fn register_proposal(
        &mut self,
        session: u64,
        (commands, seen): (Vec<Command>, u64),
        now: Instant,
    ) -> Result<Proposal, CommitDenied> {
        let by = self.operator_of(session)?;
        self.proposed += 1;
        let proposal = Proposal { id: self.proposed, by, commands, seen };
        let made = OpenProposal { session, at: now, proposal: proposal.clone() };
        self.open.insert(proposal.id, made);
        if self.open.len() > PROPOSALS_MAX {
            self.open.pop_first();
        }
        Ok(proposal)
    }

    /// What became of a commit given before; `None` when it is the first to its proposal.
    pub(super) fn earlier_result(
        &self,
        session: u64,
        commit: &Commit,
    ) -> Result<Option<&CommitResult>, CommitDenied> {
        match self.open.get(&commit.proposal.id) {
            Some(made) if made.session == session && made.proposal == commit.proposal => {}
            Some(_) | None => return Err(CommitDenied::SessionNotOpen),
        }
        match self.done.get(&commit.proposal.id) {
            Some((hash, answer)) if *hash == commit.hash => Ok(Some(answer)),
            Some(_) => Err(CommitDenied::SessionNotOpen),
            None => Ok(None),
        }
    }

    /// Whether less than `wait` has passed at `now` since a proposal was made.
    pub(super) fn too_soon(&self, proposal: u64, now: Instant, wait: Span) -> bool {
        let made = self.open.get(&proposal);
        made.is_none_or(|made| now.saturating_duration_since(made.at) < wait.to_duration())
    }

    /// Remembers what became of a commit. It is forgotten no sooner than its proposal.
    pub(super) fn record_result(&mut self, hash: PreviewHash, answer: &CommitResult) {
        self.done.insert(answer.proposal, (hash, answer.clone()));
        let oldest = self.open.first_key_value().map_or(0, |(id, _)| *id);
        self.done.retain(|id, _| *id >= oldest);
    }

    /// Makes a session the armed one from `now`, `wall` on the wall; for good when `lasting`.
    pub(super) fn arm(
        &mut self,
        session: u64,
        (now, wall): (Instant, DateTime<Utc>),
        lasting: bool,
    ) {
        let mut arming = Arming { session, since: now, used: now, until: None };
        arming.until = (!lasting).then(|| moment(&arming, now, wall));
        self.arming = Some(arming);
    }

    /// Notes that the armed session has used it.
    pub(super) fn touch(&mut self, (now, wall): (Instant, DateTime<Utc>)) {
        if let Some(arming) = &mut self.arming {
            arming.used = now;
            arming.until = arming.until.map(|_| moment(arming, now, wall));
        }
    }

    /// Why the armed operator must be disarmed at `now`, if they must.
    pub(super) fn disarm_reason(&self, now: Instant) -> Option<&'static str> {
        let Some(arming) = self.arming else { return Some("no session holds the arming") };
        let seat = self.seats.get(&arming.session);
        if seat.is_none_or(|seat| seat.standing.is_closed()) {
            return Some("the armed session is gone");
        }
        if arming.until.is_none() || now < arming.ends() {
            return None;
        }
        let longest = now >= arming.since + LONGEST;
        Some(if longest { "armed for 30 minutes" } else { "not used for 5 minutes" })
    }

    /// Tells every session what it may do, given who is armed in the run.
    pub(super) fn broadcast_status(&mut self, armed: Option<&ArmedOperator>) {
        let holds = |arming: &Arming| {
            let seat = self.seats.get(&arming.session);
            seat.is_some_and(|seat| armed.is_some_and(|armed| armed.by == seat.operator))
        };
        self.arming = self.arming.filter(holds);
        for (id, seat) in &self.seats {
            let mine = self.arming.filter(|arming| arming.session == *id);
            let new = match mine {
                _ if seat.locked => SessionStatus { authority: Authority::ReadOnly, until: None },
                Some(arming) => SessionStatus { authority: Authority::Armed, until: arming.until },
                None => SessionStatus { authority: Authority::Observe, until: None },
            };
            seat.standing.send_if_modified(|old| std::mem::replace(old, new) != new);
        }
    }
}

/// The wall's time when an arming ends.
fn moment(arming: &Arming, now: Instant, wall: DateTime<Utc>) -> DateTime<Utc> {
    wall + arming.ends().saturating_duration_since(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{instant_now, wall_now};

    fn armed_table() -> (SessionTable, watch::Receiver<SessionStatus>, Instant) {
        let mut sessions = SessionTable::default();
        let opening = SessionOpening { operator: "ana".into(), authority: Authority::Observe };
        let (id, standing) = sessions.open(&opening).unwrap();
        let now = instant_now();
        sessions.arm(id, (now, wall_now()), false);
        (sessions, standing, now)
    }

    #[test]
    fn an_arming_ends_five_minutes_after_its_last_use() {
        let (mut sessions, _standing, now) = armed_table();
        assert_eq!(sessions.disarm_reason(now + Duration::from_secs(299)), None);
        assert_eq!(
            sessions.disarm_reason(now + Duration::from_mins(5)),
            Some("not used for 5 minutes")
        );
        sessions.touch((now + Duration::from_mins(4), wall_now()));
        assert_eq!(sessions.disarm_reason(now + Duration::from_mins(8)), None);
        assert_eq!(
            sessions.disarm_reason(now + Duration::from_mins(9)),
            Some("not used for 5 minutes")
        );
    }

    #[test]
    fn no_use_makes_an_arming_last_longer_than_thirty_minutes() {
        let (mut sessions, _standing, now) = armed_table();
        for n in 1..30 {
            sessions.touch((now + Duration::from_mins(n), wall_now()));
            assert_eq!(sessions.disarm_reason(now + Duration::from_mins(n)), None);
        }
        assert_eq!(
            sessions.disarm_reason(now + Duration::from_mins(30)),
            Some("armed for 30 minutes")
        );
    }

    #[test]
    fn an_arming_ends_with_its_session_even_where_time_does_not_end_it() {
        let (mut sessions, standing, now) = armed_table();
        sessions.arm(1, (now, wall_now()), true);
        assert_eq!(sessions.disarm_reason(now + Duration::from_hours(10)), None);
        drop(standing);
        assert_eq!(sessions.disarm_reason(now), Some("the armed session is gone"));
    }

    #[test]
    fn an_agreement_is_too_soon_until_its_wait_is_over() {
        let (mut sessions, _standing, now) = armed_table();
        let id = sessions.register_proposal(1, (vec![Command::CancelRun], 0), now).unwrap().id;
        let wait = Span::millis(1_500);
        assert!(sessions.too_soon(id, now + Duration::from_millis(1_499), wait));
        assert!(!sessions.too_soon(id, now + Duration::from_millis(1_500), wait));
        assert!(!sessions.too_soon(id, now, Span::ZERO));
    }

    #[test]
    fn sessions_are_many_but_not_without_end() {
        let mut sessions = SessionTable::default();
        let opening = SessionOpening { operator: "ana".into(), authority: Authority::Observe };
        let mut open: Vec<_> =
            (0..SESSIONS_MAX).map(|_| sessions.open(&opening).unwrap()).collect();
        assert_eq!(sessions.open(&opening).unwrap_err(), CommitDenied::TooMany);
        open.pop();
        assert!(sessions.open(&opening).is_ok());
    }
}
