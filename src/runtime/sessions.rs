//! The driver's list of sessions: whose each is, which one is armed and until when, what each has
//! proposed, and what became of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::{
    acting::{ActHash, Authority, Commit, Committed, Denied, Opening, Proposal, Standing},
    engine::{Actor, Armed, Command},
};

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
struct Seat {
    operator: Actor,
    locked: bool,
    standing: watch::Sender<Standing>,
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
pub(super) struct Sessions {
    seats: BTreeMap<u64, Seat>,
    opened: u64,
    arming: Option<Arming>,
    proposed: u64,
    open: BTreeMap<u64, (u64, Proposal)>,
    done: BTreeMap<u64, (ActHash, Committed)>,
}

impl Sessions {
    /// A new session, observing or locked.
    pub(super) fn open(
        &mut self,
        opening: &Opening,
    ) -> Result<(u64, watch::Receiver<Standing>), Denied> {
        self.seats.retain(|_, seat| !seat.standing.is_closed());
        if self.seats.len() >= SESSIONS_MAX {
            return Err(Denied::TooMany);
        }
        self.opened += 1;
        let locked = opening.authority == Authority::Locked;
        let authority = if locked { Authority::Locked } else { Authority::Observe };
        let (standing, seen) = watch::channel(Standing { authority, until: None });
        let operator = Actor::Operator(opening.operator.clone());
        self.seats.insert(self.opened, Seat { operator, locked, standing });
        Ok((self.opened, seen))
    }

    /// Whose a session is, if it may do anything at all.
    pub(super) fn operator(&self, session: u64) -> Result<Actor, Denied> {
        let seat = self.seats.get(&session).ok_or(Denied::NotOpen)?;
        if seat.locked { Err(Denied::Locked) } else { Ok(seat.operator.clone()) }
    }

    /// Whether a session is the armed one.
    pub(super) fn armed(&self, session: u64) -> bool {
        self.arming.is_some_and(|arming| arming.session == session)
    }

    /// Gives a proposal its number and remembers whose it is.
    pub(super) fn propose(
        &mut self,
        session: u64,
        commands: Vec<Command>,
        seen: u64,
    ) -> Result<Proposal, Denied> {
        let by = self.operator(session)?;
        self.proposed += 1;
        let proposal = Proposal { id: self.proposed, by, commands, seen };
        self.open.insert(proposal.id, (session, proposal.clone()));
        if self.open.len() > PROPOSALS_MAX {
            self.open.pop_first();
        }
        Ok(proposal)
    }

    /// What became of a commit given before; `None` when it is the first to its proposal.
    pub(super) fn known(
        &self,
        session: u64,
        commit: &Commit,
    ) -> Result<Option<&Committed>, Denied> {
        match self.open.get(&commit.proposal.id) {
            Some((whose, made)) if *whose == session && *made == commit.proposal => {}
            Some(_) | None => return Err(Denied::NotOpen),
        }
        match self.done.get(&commit.proposal.id) {
            Some((hash, answer)) if *hash == commit.hash => Ok(Some(answer)),
            Some(_) => Err(Denied::NotOpen),
            None => Ok(None),
        }
    }

    /// Remembers what became of a commit. It is forgotten no sooner than its proposal.
    pub(super) fn remember(&mut self, hash: ActHash, answer: &Committed) {
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
    pub(super) fn used(&mut self, (now, wall): (Instant, DateTime<Utc>)) {
        if let Some(arming) = &mut self.arming {
            arming.used = now;
            arming.until = arming.until.map(|_| moment(arming, now, wall));
        }
    }

    /// Why the armed operator must be disarmed at `now`, if they must.
    pub(super) fn over(&self, now: Instant) -> Option<&'static str> {
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
    pub(super) fn tell(&mut self, armed: Option<&Armed>) {
        let holds = |arming: &Arming| {
            let seat = self.seats.get(&arming.session);
            seat.is_some_and(|seat| armed.is_some_and(|armed| armed.by == seat.operator))
        };
        self.arming = self.arming.filter(holds);
        for (id, seat) in &self.seats {
            let mine = self.arming.filter(|arming| arming.session == *id);
            let new = match mine {
                _ if seat.locked => Standing { authority: Authority::Locked, until: None },
                Some(arming) => Standing { authority: Authority::Armed, until: arming.until },
                None => Standing { authority: Authority::Observe, until: None },
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
    use crate::runtime::{instant, wall};

    fn armed() -> (Sessions, watch::Receiver<Standing>, Instant) {
        let mut sessions = Sessions::default();
        let opening = Opening { operator: "ana".into(), authority: Authority::Observe };
        let (id, standing) = sessions.open(&opening).unwrap();
        let now = instant();
        sessions.arm(id, (now, wall()), false);
        (sessions, standing, now)
    }

    #[test]
    fn an_arming_ends_five_minutes_after_its_last_use() {
        let (mut sessions, _standing, now) = armed();
        assert_eq!(sessions.over(now + Duration::from_secs(299)), None);
        assert_eq!(sessions.over(now + Duration::from_mins(5)), Some("not used for 5 minutes"));
        sessions.used((now + Duration::from_mins(4), wall()));
        assert_eq!(sessions.over(now + Duration::from_mins(8)), None);
        assert_eq!(sessions.over(now + Duration::from_mins(9)), Some("not used for 5 minutes"));
    }

    #[test]
    fn no_use_makes_an_arming_last_longer_than_thirty_minutes() {
        let (mut sessions, _standing, now) = armed();
        for n in 1..30 {
            sessions.used((now + Duration::from_mins(n), wall()));
            assert_eq!(sessions.over(now + Duration::from_mins(n)), None);
        }
        assert_eq!(sessions.over(now + Duration::from_mins(30)), Some("armed for 30 minutes"));
    }

    #[test]
    fn an_arming_ends_with_its_session_even_where_time_does_not_end_it() {
        let (mut sessions, standing, now) = armed();
        sessions.arm(1, (now, wall()), true);
        assert_eq!(sessions.over(now + Duration::from_hours(10)), None);
        drop(standing);
        assert_eq!(sessions.over(now), Some("the armed session is gone"));
    }

    #[test]
    fn sessions_are_many_but_not_without_end() {
        let mut sessions = Sessions::default();
        let opening = Opening { operator: "ana".into(), authority: Authority::Observe };
        let mut open: Vec<_> =
            (0..SESSIONS_MAX).map(|_| sessions.open(&opening).unwrap()).collect();
        assert_eq!(sessions.open(&opening).unwrap_err(), Denied::TooMany);
        open.pop();
        assert!(sessions.open(&opening).is_ok());
    }
}
