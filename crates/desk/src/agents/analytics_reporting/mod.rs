//! The analytics agent: performance, transaction costs, daily report and maintenance.

mod daily_report;
mod maintenance;
mod performance_analysis;
mod report_markdown;
mod task_types;
mod tca;

pub(super) use self::task_types::ROWS;
