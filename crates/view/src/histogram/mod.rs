//! How much happened when: events counted in buckets of time, and drawn as columns.

mod bars;
mod counts;

pub use bars::{axis_labels, draw_bars, severity_symbols};
pub use counts::{BucketWidth, Histogram, HistogramBucket};
