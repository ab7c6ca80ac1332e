//! The runs of this console: the live one, those that are over, and the day as it was rehearsed.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use super::{FrozenView, RunRecording, RunRef};
use engine::{RecordedEvent, RunState};
use view::filter::Filter;

/// The id of a stored run; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StoredRunId(u32);

/// The kind of a stored run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredRunKind {
    /// A run that was live and has ended.
    Ended,
    /// The day played beforehand.
    DryRun,
}

/// A run that is over, or was only played.
#[derive(Debug)]
pub(crate) struct StoredRun {
    pub(crate) key: StoredRunId,
    pub(crate) kind: StoredRunKind,
    pub(crate) record: RunRecording,
    pub(crate) end: RunState,
}

/// The runs of this console, and the moment that is looked at.
#[derive(Debug, Default)]
pub(crate) struct RunHistory {
    live: Option<RunRecording>,
    /// Oldest first.
    kept: Vec<StoredRun>,
    still: Option<FrozenView>,
    keys: u32,
    /// The selected run of the list; `None` is the live one.
    pub(crate) cursor: Option<StoredRunId>,
    /// Lines of the log known at moments of the live run, oldest first.
    logged: VecDeque<(DateTime<Utc>, u64)>,
}

impl RunHistory {
    /// Runs kept beside the live one; the oldest go first.
    pub(crate) const RUNS_MAX: usize = 8;
    /// Moments at which the length of the log is remembered.
    const LOGGED_MAX: usize = 1_000;

    /// A new live run begins; the one before is kept.
    pub(crate) fn start_live(&mut self, run: &RunState, opening: Option<&Arc<RecordedEvent>>) {
        let record = RunRecording::start(run.clone(), opening.cloned());
        if let Some(before) = self.live.replace(record) {
            self.store(StoredRunKind::Ended, before);
        }
        self.still = None;
        self.cursor = None;
    }

    /// Events of the live run were missed: what is kept of it begins anew.
    pub(crate) fn restart_live(&mut self, run: &RunState) {
        self.live = Some(RunRecording::start(run.clone(), None));
        // A moment that is looked at can no longer be left by a step.
        self.still = self.still.take().filter(|still| still.run_ref() != RunRef::Live);
    }

    /// The live run is known from its first event on.
    pub(crate) fn replace_live(&mut self, record: RunRecording) {
        self.live = Some(record);
    }

    /// Takes the next event of the live run, and the state after it.
    pub(crate) fn push(&mut self, event: &Arc<RecordedEvent>, after: &RunState) {
        if let Some(live) = &mut self.live {
            live.push(event, after);
        }
    }

    /// Keeps a run. Of rehearsals only the newest.
    pub(crate) fn store(&mut self, kind: StoredRunKind, record: RunRecording) -> StoredRunId {
        self.keys += 1;
        let key = StoredRunId(self.keys);
        let shown = self.still.as_ref().map(FrozenView::run_ref);
        if kind == StoredRunKind::DryRun {
            self.kept.retain(|old| old.kind != kind || shown == Some(RunRef::Stored(old.key)));
        }
        let end = record.state_at(record.last_seq());
        self.kept.push(StoredRun { key, kind, record, end });
        if self.kept.len() > Self::RUNS_MAX {
            let oldest = self.kept.iter().position(|old| shown != Some(RunRef::Stored(old.key)));
            oldest.map(|at| self.kept.remove(at));
        }
        key
    }

    /// The live run's record.
    pub(crate) const fn live_recording(&self) -> Option<&RunRecording> {
        self.live.as_ref()
    }

    /// The other runs, newest first.
    pub(crate) fn stored_runs(&self) -> impl Iterator<Item = &StoredRun> {
        self.kept.iter().rev()
    }

    /// One of the other runs.
    pub(crate) fn stored_run(&self, key: StoredRunId) -> Option<&StoredRun> {
        self.kept.iter().find(|kept| kept.key == key)
    }

    /// A run by what it is.
    pub(crate) fn recording_of(&self, of: RunRef) -> Option<&RunRecording> {
        match of {
            RunRef::Live => self.live.as_ref(),
            RunRef::Stored(key) => self.stored_run(key).map(|kept| &kept.record),
        }
    }

    /// The newest rehearsal.
    pub(crate) fn newest_dry_run(&self) -> Option<StoredRunId> {
        self.stored_runs().find(|kept| kept.kind == StoredRunKind::DryRun).map(|kept| kept.key)
    }

    /// The moment that is looked at, if it is not the live one.
    pub(crate) const fn frozen_view(&self) -> Option<&FrozenView> {
        self.still.as_ref()
    }

    /// Lets only these events of the held moment through.
    pub(crate) fn set_filter(&mut self, filter: &Filter) {
        if let Some(still) = &mut self.still {
            still.set_filter(filter);
        }
    }

    /// Looks at a moment, or at the live run again.
    pub(crate) fn set_frozen_view(&mut self, still: Option<FrozenView>) {
        self.still = still;
    }

    /// Moves the moment that is looked at on.
    pub(crate) fn advance_frozen_view(&mut self, seq: u64, at: DateTime<Utc>) {
        let Some(still) = &mut self.still else { return };
        let record = match still.run_ref() {
            RunRef::Live => self.live.as_ref(),
            RunRef::Stored(key) => self.kept.iter().find(|k| k.key == key).map(|k| &k.record),
        };
        if let Some(record) = record {
            still.advance_to(record, seq, at);
        }
    }

    /// Lets the moment move on by itself from a moment on the wall on, or stand.
    pub(crate) const fn set_playback(&mut self, since: Option<DateTime<Utc>>) {
        if let Some(still) = &mut self.still {
            still.play(since);
        }
    }

    /// The log has so many lines at a moment of the live run.
    pub(crate) fn record_log_length(&mut self, at: DateTime<Utc>, lines: u64) {
        self.logged.push_back((at, lines));
        if self.logged.len() > Self::LOGGED_MAX {
            self.logged.pop_front();
        }
    }

    /// Returns how many lines of the log there were at the moment looked at; `None` for the live
    /// run. A run that is over has no log: the lines are the program's, of now.
    pub(crate) fn log_lines(&self) -> Option<u64> {
        let still = self.still.as_ref()?;
        if still.run_ref() != RunRef::Live {
            return Some(0);
        }
        let before = self.logged.partition_point(|(at, _)| *at <= still.moment());
        let last = before.checked_sub(1).and_then(|at| self.logged.get(at));
        Some(last.map_or(0, |(_, lines)| *lines))
    }
}
