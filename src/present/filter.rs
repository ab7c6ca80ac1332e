//! The filter language of every list and stream: `state:failed agent:port* age>5m !quote`.

use chrono::{DateTime, Utc};

use super::events::EventLine;
use crate::{engine::RunState, plan::TaskIx};

/// A parsed filter; all its terms must hold. The empty filter lets everything through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: String,
}

/// What is wrong with a filter, and what is known instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{term}`: {fault}")]
pub struct FilterError {
    /// The term that was not understood.
    pub term: String,
    /// Why, and what would be.
    pub fault: String,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// [`FilterError`] for the first term that makes no sense.
    pub fn parse(_text: &str) -> Result<Self, FilterError> {
        todo!()
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        todo!()
    }

    /// Whether a task passes at `at`.
    #[must_use]
    pub fn task(&self, _run: &RunState, _ix: TaskIx, _at: DateTime<Utc>) -> bool {
        todo!()
    }

    /// Whether a line of the event stream passes at `at`.
    #[must_use]
    pub fn event(&self, _run: &RunState, _line: &EventLine, _at: DateTime<Utc>) -> bool {
        todo!()
    }
}
