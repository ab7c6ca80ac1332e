//! Types and functions for the attach protocol between an engine and its consoles: messages,
//! encoding, limits.
//!
//! Pure: bytes in, messages out. `docs/attach-protocol.md` describes the protocol for other
//! clients.

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
