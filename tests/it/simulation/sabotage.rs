//! Ways to break the world, so that the laws are seen to notice.

use std::sync::Arc;

use bellwether::engine::{Event, RecordedEvent};
use chrono::TimeDelta;

/// What is broken in a day; mostly nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Sabotage {
    /// Nothing.
    #[default]
    None,
    /// The journal says that it has every step, and loses each of this number.
    Loses(u64),
    /// The journal swaps the first and the last event of a step.
    Swaps,
    /// The journal writes down another moment than it was told.
    Alters,
    /// The journal is always one step behind what it says.
    Behind(Vec<Arc<RecordedEvent>>),
    /// After a crash the last step on disk is gone, though it was told to all.
    Forgets,
    /// What is keyed happens again under the same key.
    Repeats,
    /// An agent says that it did nothing after it has.
    Lies,
    /// An agent is given another key for each attempt at one intent.
    Rekeys,
    /// Nobody ends a day that nobody attends.
    Leaves,
}

impl Sabotage {
    /// What the journal is really given of a step.
    pub(crate) fn given(&mut self, events: &[Arc<RecordedEvent>]) -> Vec<Vec<Arc<RecordedEvent>>> {
        let mut step = events.to_vec();
        match self {
            Self::None
            | Self::Forgets
            | Self::Repeats
            | Self::Rekeys
            | Self::Lies
            | Self::Leaves => vec![step],
            Self::Loses(left) => {
                *left = left.wrapping_sub(1);
                if *left == 0 { Vec::new() } else { vec![step] }
            }
            Self::Swaps => {
                let last = step.len() - 1;
                step.swap(0, last);
                vec![step]
            }
            Self::Alters => {
                let later = |recorded: &Arc<RecordedEvent>| {
                    let mut recorded = RecordedEvent::clone(recorded);
                    if matches!(recorded.event, Event::TaskQueued { .. }) {
                        recorded.at += TimeDelta::milliseconds(1);
                    }
                    Arc::new(recorded)
                };
                vec![step.iter().map(later).collect()]
            }
            Self::Behind(before) => {
                let given = std::mem::replace(before, step);
                if given.is_empty() { Vec::new() } else { vec![given] }
            }
        }
    }
}
