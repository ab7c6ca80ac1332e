//! Metrics of a run in the Prometheus text format.
//!
//! This crate must never know who asks for the metrics. Counters and histograms grow with the events of the
//! run; gauges are read from the run state when the metrics are rendered. Every label has a bounded set of
//! values: states, agents and task types of the plan, components. Times in metrics are seconds; moments are
//! seconds since 1970-01-01 UTC, by the clock of the run.

mod families;
mod run_metrics;

pub use families::NAMES;
pub use run_metrics::{MetricsError, RunMetrics};
