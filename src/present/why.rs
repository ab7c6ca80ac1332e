//! Why a task is not running, and what would change that; why an ended one ended as it did.

use chrono::{DateTime, Utc};

use crate::{engine::RunState, plan::TaskIx};

/// One reason, the first of a list being the one to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// A stable word: `window_not_open`, `dep_failed`, `agent_busy`, …
    pub code: &'static str,
    /// In words, with names and figures, without the moments below.
    pub text: String,
    /// Since when it holds, if that is known.
    pub since: Option<DateTime<Utc>>,
    /// When it is looked at again by itself; `None`: not before somebody or something acts.
    pub next: Option<DateTime<Utc>>,
    /// The act that helps: `retry`, `resume`, `release`, `run now`, `force`, `approve`, `resolve`, …
    pub verb: Option<&'static str>,
    /// The task the verb is for, when it is another one.
    pub on: Option<TaskIx>,
}

/// Why a task does not run now, most telling reason first. Empty only for RUNNING tasks that no
/// person is asked about. Ended tasks tell why they ended, then why they are not tried again.
#[must_use]
pub fn why(_run: &RunState, _task: TaskIx, _at: DateTime<Utc>) -> Vec<Why> {
    todo!()
}

impl Why {
    /// In one line: `waits for risk_recheck (FAILED) · since 10:31:02 · next 10:45 · retry risk_recheck`.
    #[must_use]
    pub fn line(&self, _run: &RunState) -> String {
        todo!()
    }
}
