//! Analytics and reporting: what happened, why, what it cost, and the proof.

mod daily_report;
mod maintenance;
mod performance_analysis;
mod report_markdown;
mod task_types;
mod tca;

pub(super) use self::task_types::ROWS;
