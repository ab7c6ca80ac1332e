//! Types and functions for attached consoles: a run is served on a socket, and a client holds the
//! same [`RunHandle`](super::RunHandle) as a console in the engine's own process.
//!
//! A client cannot harm the run or other clients: its requests are handled one at a time and at a
//! limited rate, it learns the number of events it missed, and it is disconnected if it stops
//! reading.

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
pub use connection::is_same_token;
pub use listener::{
    ListenError, Listeners, SOCKET, TOKEN, keep_token, load_token, require_loopback,
};
pub use reconnect::{ReconnectOutcome, Reconnector};
pub use server::{RunServer, ServeOptions};
