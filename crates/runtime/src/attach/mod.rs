//! Engine and consoles apart: a running day is served on a socket, and a console attached to it
//! holds the same [`Handle`](super::Handle) as one in the engine's own process.
//!
//! Nothing a guest does harms the day or another guest: it is asked one thing at a time and not too
//! often, hears what it has missed as a number, and is shown out when it does not read at all.

mod client;
mod client_requests;
mod client_sessions;
mod connection;
mod framed;
mod listener;
mod rate_limit;
mod reconnect;
mod seats;
mod server;

pub use client::{AttachError, ClientConnection, Disconnect, EngineAddress, attach_to};
pub use listener::{ListenError, Listeners, SOCKET, TOKEN, load_token, require_loopback};
pub use reconnect::{ReconnectOutcome, Reconnector};
pub use server::{RunServer, ServeOptions};
