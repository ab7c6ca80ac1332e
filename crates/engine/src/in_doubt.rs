//! An effect that may have happened: when the outside was asked about it, and when it is next.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{event::Event, outcome::ProbeResult, run_state::RunState, task_state::TaskState};
use planning::plan::TaskIx;

/// What the outside answered, without the result itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeFinding {
    /// It happened.
    #[serde(rename = "found")]
    Happened,
    /// It happened and goes on.
    #[serde(rename = "working")]
    InProgress,
    /// A part of it happened at most, and the rest never left.
    Unfinished,
    /// Nothing of it exists outside.
    #[serde(rename = "absent")]
    DidNotHappen,
    /// The outside does not know, or could not be asked.
    Unknown,
}

/// What is known of an effect in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InDoubtEffect {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often the outside was asked.
    pub probes: u32,
    /// Whether an answer is awaited.
    pub asking: bool,
    /// When it is asked next by the machine; `None`: only a person can say more.
    pub next_at: Option<DateTime<Utc>>,
    /// What it answered last, when, and in which words.
    pub last: Option<(DateTime<Utc>, ProbeFinding, String)>,
}

impl InDoubtEffect {
    /// Seconds after the doubt began at which the machine asks first.
    pub const SCHEDULE: [i64; 4] = [1, 3, 10, 30];
    /// Seconds between two askings at most, once these moments are over.
    pub const APART_MAX: i64 = 300;
    /// Seconds after an attempt was last at work before its absence outside proves anything.
    pub const SETTLE: i64 = 30;

    /// A doubt since then. `lost`: its program ended, so that nobody is at work on it who could still
    /// change the answer, and it is asked about at once.
    pub(super) fn new(since: DateTime<Utc>, lost: bool) -> Self {
        let after = if lost { 0 } else { Self::SCHEDULE[0] };
        let next_at = Some(since + TimeDelta::seconds(after));
        Self { since, probes: 0, asking: false, next_at, last: None }
    }

    /// When the machine asks again after an answer at `at` that settled nothing: by the schedule, then as
    /// long after as the doubt has lasted, five minutes at most. What the outside says after `until`
    /// matters no longer.
    fn next(&self, at: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let left = Self::SCHEDULE.into_iter().map(|after| self.since + TimeDelta::seconds(after));
        let next = left.into_iter().find(|moment| *moment > at).unwrap_or_else(|| {
            let [least, most] = [Self::SCHEDULE[3], Self::APART_MAX].map(TimeDelta::seconds);
            at + (at - self.since).clamp(least, most)
        });
        (next <= until).then_some(next)
    }
}

impl RunState {
    /// The effects in doubt, by task.
    #[must_use]
    pub const fn in_doubt(&self) -> &std::collections::BTreeMap<TaskIx, InDoubtEffect> {
        &self.doubts
    }

    /// The idempotency key of a task's intent: one per generation and, for a loop, per round; never
    /// per attempt.
    #[must_use]
    pub fn intent_key(&self, task: TaskIx) -> String {
        let (plan, run) = (self.plan(), self.task(task));
        let id = &plan.task(task).id;
        let intent = format!("{}/{id}/{}/{}", plan.run, run.generation, run.rounds);
        let digest = Sha256::digest(intent.as_bytes());
        digest.iter().take(12).fold(String::new(), |mut hex, byte| {
            use std::fmt::Write as _;
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The event that asks the outside about a task in doubt, unless an answer is awaited.
    pub(super) fn probe_event(&self, task: TaskIx) -> Option<Event> {
        let doubt = self.doubts.get(&task).filter(|doubt| !doubt.asking)?;
        Some(Event::TaskProbeStarted { task, probe: doubt.probes + 1 })
    }

    /// When absence outside proves that a task in doubt did nothing.
    pub(super) fn settled_at(&self, task: TaskIx) -> DateTime<Utc> {
        let run = self.task(task);
        // What was sent last may have been sent at the end of a long attempt.
        let last = run.started_at.unwrap_or(run.since).max(run.since);
        last + TimeDelta::seconds(InDoubtEffect::SETTLE)
    }

    /// The event of an answer that settles nothing.
    pub(super) fn inconclusive_probe_event(
        &self,
        at: DateTime<Utc>,
        task: TaskIx,
        (probed, evidence): (ProbeFinding, String),
    ) -> Option<Event> {
        let doubt = self.doubts.get(&task)?;
        // Once the last window of the day is over, the day ends with what is known.
        let until = self.plan().tasks.iter().map(|task| task.closes_at).max().unwrap_or(at);
        let next = doubt.next(at, until);
        let next_at = match probed {
            ProbeFinding::DidNotHappen => {
                let settled = self.settled_at(task);
                if settled > at {
                    Some(next.map_or(settled, |next| next.min(settled)))
                } else {
                    next
                }
            }
            ProbeFinding::Happened
            | ProbeFinding::InProgress
            | ProbeFinding::Unfinished
            | ProbeFinding::Unknown => next,
        };
        Some(Event::TaskProbeCompleted { task, probe: doubt.probes, probed, evidence, next_at })
    }

    /// Folds in what is asked and answered about an effect in doubt.
    pub(super) fn apply_probe(&mut self, event: &Event, at: DateTime<Utc>) {
        let Some(doubt) = event.task().and_then(|task| self.doubts.get_mut(&task)) else { return };
        if let Event::TaskProbeStarted { probe, .. } = event {
            (doubt.probes, doubt.asking, doubt.next_at) = (*probe, true, None);
        } else if let Event::TaskProbeCompleted { probed, evidence, next_at, .. } = event {
            (doubt.asking, doubt.next_at) = (false, *next_at);
            doubt.last = Some((at, *probed, evidence.clone()));
        }
    }

    /// Whether an answer to that probe of a task is awaited.
    pub(super) fn awaits_probe(&self, task: TaskIx, probe: u32) -> bool {
        let asked = self.doubts.get(&task);
        asked.is_some_and(|doubt| doubt.asking && doubt.probes == probe)
            && self.task(task).state == TaskState::InDoubt
    }
}

impl ProbeResult {
    /// What it says, without the result itself.
    #[must_use]
    pub fn summary(&self) -> (ProbeFinding, &str) {
        match self {
            Self::Happened { evidence, .. } => (ProbeFinding::Happened, evidence),
            Self::InProgress { evidence, .. } => (ProbeFinding::InProgress, evidence),
            Self::Unfinished { evidence } => (ProbeFinding::Unfinished, evidence),
            Self::DidNotHappen { evidence } => (ProbeFinding::DidNotHappen, evidence),
            Self::Unknown { why } => (ProbeFinding::Unknown, why),
        }
    }
}
