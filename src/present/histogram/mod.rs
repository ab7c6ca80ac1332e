//! How much happened when: events counted in buckets of time, and drawn as columns.

mod bars;
mod counts;

pub use bars::{axis, bars, marks};
pub use counts::{Bucket, Histogram, Zoom};
