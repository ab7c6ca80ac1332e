//! What an engine and the consoles attached to it say to each other: messages, how they become
//! bytes, and how long they may be.
//!
//! Pure: bytes in, messages out. `docs/attach-protocol.md` is the same in words for whoever writes
//! another client.

mod bounds;
mod frame;
mod message;
mod pulse;

pub use bounds::Bounds;
pub use frame::{Decoder, FROM_ENGINE_MAX, FROM_GUEST_MAX, HELLO_MAX, WireError, encode};
pub use message::{
    Answer, FromEngine, FromGuest, Hello, PROTOCOL, Parting, Question, Role, Welcome,
};
pub use pulse::{Beat, Pace};
