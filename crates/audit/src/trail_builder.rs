//! A run's trail as its events make it: the opening, then every entry, each with its hash.

use serde_json::{Value, json};

use super::{
    chain::EntryChain,
    entry::{AuditEntry, EntryDraft, TrailHead},
    entry_rules::{ENGINE, RULES},
    observer::EntryObserver,
};
use engine::{Event, RecordedEvent, RunState};

/// What the first trail of all is chained to: SHA-256 of this text.
const GENESIS: &str = "bellwether audit trail";
/// The kind of a trail's first entry.
const OPENED: &str = "trail_opened";

/// How a trail begins: with the head of the trail before it, and by which program and rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailOpening {
    /// Where the trail before it ended; `None`: there was none.
    pub previous: Option<TrailHead>,
    /// The version of the program that began it.
    pub program: String,
    /// The rules by which it makes entries of events.
    pub rules: u32,
}

impl TrailOpening {
    /// Of a trail that this program begins after `previous`.
    #[must_use]
    pub fn after(previous: Option<TrailHead>) -> Self {
        Self { previous, program: env!("CARGO_PKG_VERSION").into(), rules: RULES }
    }

    /// What a trail's first entry says of itself, if it is one.
    #[must_use]
    pub fn from_entry(entry: &AuditEntry) -> Option<Self> {
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
    pub const fn is_supported(&self) -> bool {
        self.rules == RULES
    }

    /// What the first entry is chained to: numbers begin anew, hashes go on.
    #[must_use]
    pub fn initial_head(&self) -> TrailHead {
        match &self.previous {
            Some(previous) => TrailHead { seq: 0, hash: previous.hash.clone() },
            None => EntryChain::new(GENESIS).head().clone(),
        }
    }

    fn draft(&self, first: &RecordedEvent, run: &str) -> EntryDraft {
        let previous = self.previous.as_ref().map_or(Value::Null, |head| head.to_string().into());
        EntryDraft {
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
pub struct TrailBuilder {
    opening: TrailOpening,
    chain: EntryChain,
    observer: EntryObserver,
}

impl TrailBuilder {
    /// A trail without entries.
    #[must_use]
    pub fn new(opening: TrailOpening) -> Self {
        let chain = EntryChain::from_head(opening.initial_head());
        Self { opening, chain, observer: EntryObserver::new() }
    }

    /// The entries of an event, in order. `before` is the run as it stood before it; of the first
    /// event there is none.
    pub fn event(
        &mut self,
        before: Option<&RunState>,
        recorded: &RecordedEvent,
    ) -> Vec<AuditEntry> {
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
    pub fn chained_to(self, head: TrailHead) -> Self {
        Self { chain: EntryChain::from_head(head), ..self }
    }

    /// Where the trail ends now.
    #[must_use]
    pub const fn head(&self) -> &TrailHead {
        self.chain.head()
    }
}
