//! Engine and consoles apart: a running day is served on a socket, and a console attached to it
//! holds the same [`Handle`](super::Handle) as one in the engine's own process.
//!
//! Nothing a guest does harms the day or another guest: it is asked one thing at a time and not too
//! often, hears what it has missed as a number, and is shown out when it does not read at all.

mod again;
mod asking;
mod client;
mod door;
mod guest;
mod line;
mod pacing;
mod seats;
mod server;

pub use again::{Again, Tried};
pub use client::{AttachError, Attached, Ended, Place, attach};
pub use door::{DoorError, Doors, SOCKET, TOKEN, loopback, token};
pub use server::{Server, Terms};
