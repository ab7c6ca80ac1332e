//! Engine and consoles apart, over real sockets.

mod doors;
mod guests;
mod raw;
mod rough;
