//! A run's trail as its events make it: the opening, then every entry, each with its hash.

use serde_json::{Value, json};

use super::{
    act::{ENGINE, RULES},
    chain::Chain,
    entry::{Draft, Entry, Head},
    observer::Observer,
};
use crate::engine::{Event, Recorded, RunState};

/// What the first trail of all is chained to: SHA-256 of this text.
const GENESIS: &str = "bellwether audit trail";
/// The kind of a trail's first entry.
const OPENED: &str = "trail_opened";

/// How a trail begins: with the head of the trail before it, and by which program and rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Where the trail before it ended; `None`: there was none.
    pub previous: Option<Head>,
    /// The version of the program that began it.
    pub program: String,
    /// The rules by which it makes entries of events.
    pub rules: u32,
}

impl Opening {
    /// Of a trail that this program begins after `previous`.
    #[must_use]
    pub fn after(previous: Option<Head>) -> Self {
        Self { previous, program: env!("CARGO_PKG_VERSION").into(), rules: RULES }
    }

    /// What a trail's first entry says of itself, if it is one.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let told = entry.act.after.as_ref().filter(|_| entry.act.kind == OPENED)?;
        let previous = entry.act.before.as_ref()?.get("head")?;
        Some(Self {
            previous: previous.as_str().and_then(|head| head.parse().ok()),
            program: told.get("program")?.as_str()?.into(),
            rules: told.get("rules")?.as_u64()?.try_into().ok()?,
        })
    }

    /// Whether this program makes entries by the same rules.
    #[must_use]
    pub const fn known(&self) -> bool {
        self.rules == RULES
    }

    /// What the first entry is chained to: numbers begin anew, hashes go on.
    #[must_use]
    pub fn start(&self) -> Head {
        match &self.previous {
            Some(previous) => Head { seq: 0, hash: previous.hash.clone() },
            None => Chain::new(GENESIS).head().clone(),
        }
    }

    fn draft(&self, first: &Recorded, run: &str) -> Draft {
        let previous = self.previous.as_ref().map_or(Value::Null, |head| head.to_string().into());
        Draft {
            ts_utc: first.at,
            run: run.into(),
            event_seq: None,
            actor: ENGINE.into(),
            kind: OPENED.into(),
            subject: "trail".into(),
            before: Some(json!({ "head": previous })),
            after: Some(json!({ "program": self.program, "rules": self.rules })),
            reason: None,
            cause_seq: None,
        }
    }
}

/// Makes the trail of one run, event by event from its first.
#[derive(Debug, Clone)]
pub struct Ledger {
    opening: Opening,
    chain: Chain,
    observer: Observer,
}

impl Ledger {
    /// A trail without entries.
    #[must_use]
    pub fn new(opening: Opening) -> Self {
        let chain = Chain::resume(opening.start());
        Self { opening, chain, observer: Observer::new() }
    }

    /// The entries of an event, in order. `before` is the run as it stood before it; of the first
    /// event there is none.
    pub fn event(&mut self, before: Option<&RunState>, recorded: &Recorded) -> Vec<Entry> {
        let opening = if let Event::WorkflowStarted { plan } = &recorded.event {
            Some(self.opening.draft(recorded, &plan.run))
        } else {
            None
        };
        let drafts = opening.into_iter().chain(self.observer.event(before, recorded));
        drafts.map(|draft| self.chain.append(draft)).collect()
    }

    /// Goes on from another end than that of its own entries: of a trail begun by other rules.
    #[must_use]
    pub fn chained_to(self, head: Head) -> Self {
        Self { chain: Chain::resume(head), ..self }
    }

    /// Where the trail ends now.
    #[must_use]
    pub const fn head(&self) -> &Head {
        self.chain.head()
    }
}
