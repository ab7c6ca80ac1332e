//! Everything known of one task, for the inspector.

use chrono::{DateTime, Utc};

use super::{badges::Badge, why::Why};
use crate::{
    engine::{RunState, TaskState},
    id::TaskId,
    plan::TaskIx,
};

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its number; with the generation from the second on: `2`, `g2.1`.
    pub number: String,
    /// When it started, exchange time.
    pub started: String,
    /// How long it took, or takes.
    pub took: String,
    /// What became of it; RUNNING while it lives.
    pub state: TaskState,
    /// What was said.
    pub said: String,
}

/// One task this one waits for, or that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its place.
    pub ix: TaskIx,
    /// Its name.
    pub id: TaskId,
    /// Its state.
    pub state: TaskState,
    /// What is to be said of the link: `soft`, `waived`, `stale 71m > 60m`, `when needed`; or empty.
    pub note: String,
}

/// Everything known of one task. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its place.
    pub ix: TaskIx,
    /// Its name.
    pub id: TaskId,
    /// Its state.
    pub state: TaskState,
    /// `risk_recheck · attempt 3/3 · TIMEOUT since 10:42:03 (00:04)`.
    pub title: String,
    /// Badges.
    pub badges: Vec<Badge>,
    /// Why it does not run, or why it ended.
    pub why: Vec<Why>,
    /// Labels and values: stage, agent, type, priority, effect, window, deadline, timeout, …
    pub facts: Vec<(&'static str, String)>,
    /// Attempts, oldest first, the living one last.
    pub attempts: Vec<AttemptRow>,
    /// What it waits for.
    pub needs: Vec<Link>,
    /// What waits for it.
    pub feeds: Vec<Link>,
    /// Conditions that were waived, and taint, in words.
    pub waived: Vec<String>,
    /// Its parameters, as lines of JSON.
    pub parameters: Vec<String>,
    /// What it gave last: summary and output as lines of JSON.
    pub output: Vec<String>,
    /// Which rule put each value there.
    pub origins: Vec<String>,
}

/// Inspects a task at `at`.
#[must_use]
pub fn inspect(_run: &RunState, _ix: TaskIx, _at: DateTime<Utc>) -> Inspection {
    todo!()
}
