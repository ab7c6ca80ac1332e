//! The console's loop: the only place where the console waits, and what it wants done is done.

mod attached;
mod capture;
mod export;
mod filters;
mod line;
mod outside;
mod perform;
mod stops;
mod waits;

pub use attached::{ConsoleError, Leaving, Left, run_console};
pub use capture::{Logged, capture_log};
pub use filters::saved_filters;
pub use line::Line;
pub use outside::{Asking, Followed, Surroundings};
