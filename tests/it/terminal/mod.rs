//! The console in a real pseudo-terminal.

mod again;
mod attached;
mod given_back;
mod health;
mod http;
mod injected;
mod pty;
mod shows;
mod waiting;
