//! The audit trail: who did or decided what, when and why, each entry chained to the one before.
//!
//! A trail is text, one JSON object per line. `hash` is SHA-256, in hex, of `prev` followed by the
//! entry without `prev` and `hash` as compact JSON with sorted keys, so that anybody can check it
//! without this program: `printf %s "$prev$(jq -cS 'del(.prev,.hash)')" | sha256sum`.
//! A chain cannot see that its end was cut off; whoever verifies it must know its head from elsewhere.

mod chain;
mod entry;
mod entry_rules;
mod fault;
mod observer;
mod order_entries;
mod trail_builder;
mod verify;

pub use chain::EntryChain;
pub use entry::{AuditEntry, EntryDraft, TrailHead};
pub use entry_rules::{RULES, entry_of};
pub use fault::{TrailFault, TrailProblem};
pub use observer::EntryObserver;
pub use trail_builder::{TrailBuilder, TrailOpening};
pub use verify::{VerifiedTrail, verify, verify_from};
