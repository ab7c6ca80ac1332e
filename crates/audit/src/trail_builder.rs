//! Builder of a run's trail from its events: the opening, then every entry with its hash.

use serde_json::{Value, json};

use super::{
    chain::EntryChain,
    entry::{ActorType, AuditEntry, EntryDraft, TrailHead},
    entry_rules::{ENGINE, RULES, TYPED_ACTORS},
    observer::EntryObserver,
};
use engine::{Event, RecordedEvent, RunState};

/// The text whose SHA-256 is the start of the very first trail.
const GENESIS: &str = "bellwether audit trail";
/// The kind of a trail's first entry.
const OPENED: &str = "trail_opened";

/// The opening of a trail: head of the previous trail, program and rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailOpening {
    /// Head of the previous trail; `None` if there was none.
    pub previous: Option<TrailHead>,
    /// The version of the program that opened the trail.
    pub program: String,
    /// The version of the rules that derive entries from events.
    pub rules: u32,
}

impl TrailOpening {
    /// Creates the opening of a new trail after `previous`.
    #[must_use]
    pub fn after(previous: Option<TrailHead>) -> Self {
        Self { previous, program: env!("CARGO_PKG_VERSION").into(), rules: RULES }
    }

    /// Reads the opening from a trail's first entry; `None` if the entry is not an opening.
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

    /// Returns whether this program knows the rules.
    #[must_use]
    pub const fn is_supported(&self) -> bool {
        matches!(self.rules, 1..=RULES)
    }

    /// Returns the head to which the first entry is chained: numbers restart, hashes continue.
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
            actor_type: Some(ActorType::Engine),
            kind: OPENED.into(),
            subject: "trail".into(),
            before: Some(json!({ "head": previous })),
            after: Some(json!({ "program": self.program, "rules": self.rules })),
            reason: None,
            cause_seq: None,
        }
    }
}

/// A builder of the trail of one run, fed with every event from the first.
#[derive(Debug, Clone)]
pub struct TrailBuilder {
    opening: TrailOpening,
    chain: EntryChain,
    observer: EntryObserver,
}

impl TrailBuilder {
    /// Creates a builder for a trail without entries.
    #[must_use]
    pub fn new(opening: TrailOpening) -> Self {
        let chain = EntryChain::from_head(opening.initial_head());
        Self { opening, chain, observer: EntryObserver::new() }
    }

    /// Returns the entries of an event, in order. `before` is the run state before the event;
    /// `None` for the first.
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
        let typed = self.opening.rules >= TYPED_ACTORS;
        let draft = |draft: EntryDraft| EntryDraft {
            actor_type: draft.actor_type.filter(|_| typed),
            ..draft
        };
        drafts.map(|entry| self.chain.append(draft(entry))).collect()
    }

    /// Continues from another head than that of its own entries, for a trail begun under other
    /// rules.
    #[must_use]
    pub fn chained_to(self, head: TrailHead) -> Self {
        Self { chain: EntryChain::from_head(head), ..self }
    }

    /// Returns the current head of the trail.
    #[must_use]
    pub const fn head(&self) -> &TrailHead {
        self.chain.head()
    }
}
