//! Trade execution: is everything ready, do the books agree, send, watch, finish.

use chrono::{DateTime, Utc};

use super::{builtin::Row, job::Job};
use crate::engine::Answer;

/// What it does.
pub(super) const ROWS: &[Row] = &[];

pub(super) fn stop(_job: &Job<'_>, _at: DateTime<Utc>) -> Answer {
    Answer::Stopped
}
