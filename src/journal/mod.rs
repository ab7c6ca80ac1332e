//! A run's events on their way to where they are kept.

mod sink;

pub use sink::Sink;
