//! Short words that tell something about a task beside its state; they drive no logic.

use chrono::{DateTime, Utc};

use engine::{AttemptRecord, LateStartOutcome, RunState, TaskState};
use planning::{plan::TaskIx, time::Span};

/// One such word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Badge {
    /// Runs for more than twice its usual time.
    Slow,
    /// Runs, and has used more than four fifths of the time it may take.
    Stalled,
    /// Its deadline has passed before it ended.
    BehindSchedule,
    /// Needed more than one attempt, or a round of it failed last.
    Flaky,
    /// A person waived a condition of it.
    Forced,
    /// A waiver or a person's word stands behind its inputs.
    Tainted,
    /// Missed by a late start, and caught up.
    CatchUp,
}

impl Badge {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Slow,
        Self::Stalled,
        Self::BehindSchedule,
        Self::Flaky,
        Self::Forced,
        Self::Tainted,
        Self::CatchUp,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slow => "SLOW",
            Self::Stalled => "STALLED",
            Self::BehindSchedule => "LATE",
            Self::Flaky => "FLAKY",
            Self::Forced => "FORCED",
            Self::Tainted => "TAINTED",
            Self::CatchUp => "CATCH_UP",
        }
    }

    /// One letter, where a word has no room. `!` for FORCED stays for the whole run.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Slow => 's',
            Self::Stalled => 'S',
            Self::BehindSchedule => 'L',
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
    Badge::ALL.into_iter().filter(|&badge| has_badge(run, task, at, badge)).collect()
}

/// Returns whether a task has a badge at `at`.
#[must_use]
pub fn has_badge(run: &RunState, ix: TaskIx, at: DateTime<Utc>, badge: Badge) -> bool {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let at_work = task.state == TaskState::Running && !run.is_human_task(ix);
    let elapsed = task.started_at.filter(|_| at_work).map(|from| Span::between(&from, &at));
    match badge {
        Badge::Slow => elapsed.is_some_and(|e| e > planned.estimate.scaled(2.0)),
        Badge::Stalled => elapsed.is_some_and(|e| e > planned.timeout.scaled(0.8)),
        Badge::BehindSchedule => {
            let counts = !matches!(task.state, TaskState::Skipped | TaskState::Cancelled);
            let end = task.ended_at.filter(|_| task.state.is_terminal()).unwrap_or(at);
            counts && end > planned.deadline
        }
        Badge::Flaky => {
            let now = |a: &AttemptRecord| a.generation == task.generation;
            let failed = |a: &AttemptRecord| a.ended_as == TaskState::Retrying;
            task.bad_rounds > 0 || task.history.iter().any(|a| now(a) && failed(a))
        }
        Badge::Forced => run.has_waiver(ix),
        Badge::CatchUp => run.late_start_outcome(ix) == Some(LateStartOutcome::CaughtUp),
        Badge::Tainted => task.tainted,
    }
}
