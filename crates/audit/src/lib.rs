//! Turns the events of a run into hash-chained audit entries and verifies them.
//!
//! This crate must never know where entries are stored. A trail is text, one JSON object per line.
//! `hash` is the SHA-256, in hex, of `prev` followed by the entry without `prev` and `hash` as
//! compact JSON with sorted keys, so that it can be checked without this program:
//!
//! ```sh
//! printf %s "$prev$(jq -cS 'del(.prev,.hash)')" | sha256sum
//! ```
//!
//! A chain cannot show that its end was cut off; verifying that needs the head from another source.

mod chain;
mod entry;
mod entry_rules;
mod fault;
mod observer;
mod order_entries;
mod trail_builder;
mod verify;

pub use chain::EntryChain;
pub use entry::{ActorType, AuditEntry, EntryDraft, TrailHead};
pub use entry_rules::{RULES, entry_of};
pub use fault::{TrailFault, TrailProblem};
pub use observer::EntryObserver;
pub use trail_builder::{TrailBuilder, TrailOpening};
pub use verify::{VerifiedTrail, verify, verify_from};
