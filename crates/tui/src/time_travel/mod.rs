//! Looking back: a run as it was at any of its moments, while the live one goes on underneath.

mod dry_run;
mod frozen_view;
mod navigate;
mod recording;
mod runs;

pub use dry_run::DryRunRecording;
pub(super) use frozen_view::{FrozenView, RunRef};
pub(super) use navigate::{
    advance_playback, go_to_time, open, refusal_while_frozen, return_to_live, time_action,
};
pub use recording::RunRecording;
pub(super) use runs::{RunHistory, StoredRunId, StoredRunKind};
