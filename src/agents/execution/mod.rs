//! Trade execution: is everything ready, do the books agree, send, watch, finish.

mod books;
mod checks;
mod closing;
mod lookup;
mod orders;
mod rows;
mod send;
mod watch;

pub(super) use self::{lookup::lookup, rows::ROWS, send::stop};
