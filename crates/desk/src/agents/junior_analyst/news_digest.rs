//! The task `news_digest`: reports that there is no news feed, instead of inventing news.

use serde_json::json;

use crate::agents::{job::TaskContext, task_output::TaskOutput};
use engine::Failure;

pub(in crate::agents) fn news_digest(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let max_items: usize = job.param_or("max_items", 20)?;
    let data = json!({
        "items": [],
        "counts": { "read": 0, "kept": 0 },
        "dup_removed": 0,
        "max_items": max_items,
    });
    let mut done = TaskOutput::new("no news feed: nothing to digest", data).with_degraded(true);
    done.add_warning(
        "no_feed",
        None,
        "no news feed is bundled; an agent of your own can take this task",
    );
    Ok(done)
}
