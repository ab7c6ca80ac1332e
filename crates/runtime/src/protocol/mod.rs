//! What an engine and the consoles attached to it say to each other: messages, how they become
//! bytes, and how long they may be.
//!
//! Pure: bytes in, messages out. `docs/attach-protocol.md` is the same in words for whoever writes
//! another client.

#![warn(missing_docs)]

mod bounds;
mod frame;
mod heartbeat;
mod message;

pub use bounds::PlanBounds;
pub use frame::{
    FROM_ENGINE_MAX, FROM_GUEST_MAX, FrameDecoder, HELLO_MAX, WireError, encode_frame,
};
pub use heartbeat::{ClockPace, Heartbeat};
pub use message::{
    ClientMessage, ClientRequest, ClientRole, CloseReason, Hello, PROTOCOL, Response,
    ServerMessage, Welcome,
};
