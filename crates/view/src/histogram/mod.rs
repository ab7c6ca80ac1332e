//! Events counted per time span, drawn as columns.

mod bars;
mod counts;

pub use bars::{axis_labels, draw_bars, severity_symbols};
pub use counts::{BucketWidth, Histogram, HistogramBucket};
