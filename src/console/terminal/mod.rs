//! The terminal itself: taken and given back, written to once a frame, talked to beside the frame.

mod calls;
mod canvas;
mod exact;
mod guard;
mod speech;
mod talk;

pub use calls::Calls;
pub use canvas::{Canvas, Sent};
pub use guard::{Guard, leave};
pub use speech::{COPY_MAX, copy, notify, progress, title};
pub use talk::{Channel, Talk, Window, Wrap, talk};
