//! The audit trail: who did or decided what, when and why, each entry chained to the one before.
//!
//! A trail is text, one JSON object per line. `hash` is SHA-256, in hex, of `prev` followed by the
//! entry without `prev` and `hash` as compact JSON with sorted keys, so that anybody can check it
//! without this program: `printf %s "$prev$(jq -cS 'del(.prev,.hash)')" | sha256sum`.
//! A chain cannot see that its end was cut off; whoever verifies it must know its head from elsewhere.

mod act;
mod chain;
mod entry;
mod fault;
mod ledger;
mod observer;
mod orders;
mod verify;

pub use act::{RULES, entry_of};
pub use chain::Chain;
pub use entry::{Draft, Entry, Head};
pub use fault::{Fault, Problem};
pub use ledger::{Ledger, Opening};
pub use observer::Observer;
pub use verify::{Verified, verify, verify_from};
