//! What the console remembers of acts under way: asked, promised, and what the operator may do.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::popup::CommandDialog;
use engine::control::{Authority, Commit, SessionStatus};
use planning::time::Span;
use view::format;

/// An act agreed to that may still be taken back.
#[derive(Debug, Clone)]
pub(crate) struct PendingCommit {
    /// Its dialog, should the plan turn out to be another.
    pub(crate) dialog: CommandDialog,
    /// What is given to the engine.
    pub(crate) commit: Commit,
    /// When, on the wall.
    pub(crate) due: DateTime<Utc>,
}

/// What has been asked of the engine and not been answered.
#[derive(Debug, Clone)]
pub(crate) struct PendingRequests {
    /// In words, for the footer.
    pub(crate) what: String,
    /// The dialog it came from, if from one.
    pub(crate) dialog: Option<CommandDialog>,
}

/// Acts under way.
#[derive(Debug, Default)]
pub(crate) struct PendingCommands {
    /// What the operator may do; unknown before the session is open.
    pub(crate) standing: Option<SessionStatus>,
    /// Number of the next question to the engine.
    pub(super) next: u64,
    /// A dialog that opens once the engine has answered.
    pub(crate) opening: Option<CommandDialog>,
    /// What the engine has not answered yet, by the question's number.
    pub(crate) asked: BTreeMap<u64, PendingRequests>,
    /// The act that may still be taken back; there is never more than one.
    pub(crate) promised: Option<PendingCommit>,
    /// What was done last, in words.
    pub(crate) last: Option<String>,
    /// When the engine was last heard, on the wall; `None` where nobody listens for it.
    pub(crate) beat: Option<DateTime<Utc>>,
    /// Why nothing can be recorded, while it cannot.
    pub(crate) frozen: Option<String>,
    /// Since when and why the line to the engine is lost, while it is.
    pub(crate) lost: Option<String>,
    /// Since when the terminal is not looked at, on the wall.
    pub(crate) away: Option<DateTime<Utc>>,
    /// When what lies over the screen began to do so, on the wall.
    pub(crate) opened: Option<DateTime<Utc>>,
    /// The act asked for last, and when, on the wall: holding a key down is no second wish.
    pub(crate) pressed: Option<(&'static str, DateTime<Utc>)>,
}

impl PendingCommands {
    /// An engine not heard of for longer than this is not acted on.
    pub(crate) const STALE_AFTER: Span = Span::secs(2);
    /// A terminal not looked at for longer than this is no longer armed.
    pub(super) const AWAY_MAX: Span = Span::secs(60);
    /// What is typed so soon after a dialog opened was meant for what lay below it.
    pub(crate) const DEAF: Span = Span::millis(250);
    /// The same act asked for again so soon is a key held down.
    pub(crate) const REPEAT: Span = Span::millis(300);

    /// The number of a new question.
    pub(super) const fn next_request_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The line to the engine is lost, or there again; says whether it is back. Nobody is armed without an
    /// engine that says so.
    pub(crate) fn set_connection(&mut self, lost: Option<String>) -> bool {
        let back = lost.is_none() && self.lost.is_some();
        if let Some(standing) = self.standing.as_mut().filter(|_| lost.is_some())
            && standing.authority == Authority::Armed
        {
            *standing = SessionStatus { authority: Authority::Observe, until: None };
        }
        self.lost = lost.map(|why| format::sanitize(&why).into_owned());
        back
    }

    /// Whether the operator may do more than look and brake.
    pub(crate) fn is_armed(&self) -> bool {
        self.standing.is_some_and(|standing| standing.authority == Authority::Armed)
    }

    /// How long the engine has not been heard, if too long.
    pub(crate) fn heartbeat_age_if_stale(&self, wall: DateTime<Utc>) -> Option<Span> {
        let silent = wall - self.beat?;
        let long = silent > Self::STALE_AFTER.to_delta();
        long.then(|| Span::millis(u64::try_from(silent.num_milliseconds()).unwrap_or(0)))
    }

    /// When something of this changes by time alone, on the wall.
    pub(crate) fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.promised.as_ref().map(|promised| promised.due)
    }
}
