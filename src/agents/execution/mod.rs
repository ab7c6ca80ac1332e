//! Trade execution: is everything ready, do the books agree, send, watch, finish.

mod books;
mod checks;
mod closing;
mod orders;
mod rows;
mod send;
mod watch;

pub(super) use self::{
    rows::ROWS,
    send::{lookup, stop},
};
