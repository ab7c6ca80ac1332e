//! Short words that tell something about a task beside its state; they drive no logic.

use chrono::{DateTime, Utc};

use crate::{engine::RunState, plan::TaskIx};

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
}

impl Badge {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Slow, Self::Stalled, Self::Late, Self::Flaky, Self::Forced, Self::Tainted];

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
        }
    }
}

/// The badges of a task at `at`, in the order of [`Badge::ALL`].
#[must_use]
pub fn badges(_run: &RunState, _task: TaskIx, _at: DateTime<Utc>) -> Vec<Badge> {
    todo!()
}
