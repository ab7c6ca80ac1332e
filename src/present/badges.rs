//! Short words that tell something about a task beside its state; they drive no logic.

use chrono::{DateTime, Utc};

use crate::{
    engine::{Attempt, Lateness, RunState, TaskState},
    plan::TaskIx,
    time::Span,
};

/// One such word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Badge {
    /// Runs for more than twice its usual time.
    Slow,
    /// Runs, and has used more than four fifths of the time it may take.
    Stalled,
    /// Its deadline has passed before it ended.
    Late,
    /// Needed more than one attempt, or a round of it failed last.
    Flaky,
    /// A person waived a condition of it.
    Forced,
    /// A waiver or a person's word stands behind its inputs.
    Tainted,
    /// Missed by a late start, and made up for.
    CatchUp,
}

impl Badge {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Slow,
        Self::Stalled,
        Self::Late,
        Self::Flaky,
        Self::Forced,
        Self::Tainted,
        Self::CatchUp,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Slow => "SLOW",
            Self::Stalled => "STALLED",
            Self::Late => "LATE",
            Self::Flaky => "FLAKY",
            Self::Forced => "FORCED",
            Self::Tainted => "TAINTED",
            Self::CatchUp => "CATCH_UP",
        }
    }

    /// One letter, where a word has no room. `!` for FORCED stays for the whole run.
    #[must_use]
    pub const fn mark(self) -> char {
        match self {
            Self::Slow => 's',
            Self::Stalled => 'S',
            Self::Late => 'L',
            Self::Flaky => 'f',
            Self::Forced => '!',
            Self::Tainted => 't',
            Self::CatchUp => 'c',
        }
    }
}

/// The badges of a task at `at`, in the order of [`Badge::ALL`].
#[must_use]
pub fn badges(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Badge> {
    Badge::ALL.into_iter().filter(|&badge| has(run, task, at, badge)).collect()
}

/// Whether a task has a badge at `at`.
#[must_use]
pub fn has(run: &RunState, ix: TaskIx, at: DateTime<Utc>, badge: Badge) -> bool {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let at_work = task.state == TaskState::Running && !run.human(ix);
    let elapsed = task.started_at.filter(|_| at_work).map(|from| Span::between(&from, &at));
    match badge {
        Badge::Slow => elapsed.is_some_and(|e| e > planned.estimate.times(2.0)),
        Badge::Stalled => elapsed.is_some_and(|e| e > planned.timeout.times(0.8)),
        Badge::Late => {
            let counts = !matches!(task.state, TaskState::Skipped | TaskState::Cancelled);
            let end = task.ended_at.filter(|_| task.state.ended()).unwrap_or(at);
            counts && end > planned.deadline
        }
        Badge::Flaky => {
            let now = |a: &Attempt| a.generation == task.generation;
            let failed = |a: &Attempt| a.ended_as == TaskState::Retrying;
            task.bad_rounds > 0 || task.history.iter().any(|a| now(a) && failed(a))
        }
        Badge::Forced => run.forced(ix),
        Badge::CatchUp => run.lateness(ix) == Some(Lateness::CaughtUp),
        Badge::Tainted => task.tainted,
    }
}
