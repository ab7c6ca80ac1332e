//! The runs of this console: the live one, those that are over, and the day as it was rehearsed.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Of, Record, Still};
use crate::{
    engine::{Recorded, RunState},
    present::filter::Filter,
};

/// Which of the kept runs; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u32);

/// What kind of run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was live once.
    Past,
    /// The day played beforehand.
    Rehearsed,
}

/// A run that is over, or was only played.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Which.
    pub(crate) key: Key,
    /// What kind.
    pub(crate) kind: Kind,
    /// Its events.
    pub(crate) record: Record,
    /// Its last state.
    pub(crate) end: RunState,
}

/// The runs of this console, and the moment that is looked at.
#[derive(Debug, Default)]
pub(crate) struct Travel {
    live: Option<Record>,
    /// Oldest first.
    kept: Vec<Kept>,
    still: Option<Still>,
    keys: u32,
    /// The selected run of the list; `None` is the live one.
    pub(crate) cursor: Option<Key>,
    /// Lines of the log known at moments of the live run, oldest first.
    logged: VecDeque<(DateTime<Utc>, u64)>,
}

impl Travel {
    /// Runs kept beside the live one; the oldest go first.
    pub(crate) const RUNS_MAX: usize = 8;
    /// Moments at which the length of the log is remembered.
    const LOGGED_MAX: usize = 1_000;

    /// A new live run begins; the one before is kept.
    pub(crate) fn begin(&mut self, run: &RunState, opening: Option<&Arc<Recorded>>) {
        let record = Record::begin(run.clone(), opening.cloned());
        if let Some(before) = self.live.replace(record) {
            self.keep(Kind::Past, before);
        }
        self.still = None;
        self.cursor = None;
    }

    /// Events of the live run were missed: what is kept of it begins anew.
    pub(crate) fn resume(&mut self, run: &RunState) {
        self.live = Some(Record::begin(run.clone(), None));
        // A moment that is looked at can no longer be left by a step.
        self.still = self.still.take().filter(|still| still.of() != Of::Live);
    }

    /// Takes the next event of the live run, and the state after it.
    pub(crate) fn push(&mut self, event: &Arc<Recorded>, after: &RunState) {
        if let Some(live) = &mut self.live {
            live.push(event, after);
        }
    }

    /// Keeps a run. Of rehearsals only the newest.
    pub(crate) fn keep(&mut self, kind: Kind, record: Record) -> Key {
        self.keys += 1;
        let key = Key(self.keys);
        let shown = self.still.as_ref().map(Still::of);
        if kind == Kind::Rehearsed {
            self.kept.retain(|old| old.kind != kind || shown == Some(Of::Kept(old.key)));
        }
        let end = record.state(record.last());
        self.kept.push(Kept { key, kind, record, end });
        if self.kept.len() > Self::RUNS_MAX {
            let oldest = self.kept.iter().position(|old| shown != Some(Of::Kept(old.key)));
            oldest.map(|at| self.kept.remove(at));
        }
        key
    }

    /// The live run's record.
    pub(crate) const fn live(&self) -> Option<&Record> {
        self.live.as_ref()
    }

    /// The other runs, newest first.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.kept.iter().rev()
    }

    /// One of the other runs.
    pub(crate) fn one(&self, key: Key) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.key == key)
    }

    /// A run by what it is.
    pub(crate) fn record(&self, of: Of) -> Option<&Record> {
        match of {
            Of::Live => self.live.as_ref(),
            Of::Kept(key) => self.one(key).map(|kept| &kept.record),
        }
    }

    /// The newest rehearsal.
    pub(crate) fn rehearsed(&self) -> Option<Key> {
        self.kept().find(|kept| kept.kind == Kind::Rehearsed).map(|kept| kept.key)
    }

    /// The moment that is looked at, if it is not the live one.
    pub(crate) const fn still(&self) -> Option<&Still> {
        self.still.as_ref()
    }

    /// Lets only these events of the held moment through.
    pub(in crate::console) fn set_filter(&mut self, filter: &Filter) {
        if let Some(still) = &mut self.still {
            still.set_filter(filter);
        }
    }

    /// Looks at a moment, or at the live run again.
    pub(crate) fn look(&mut self, still: Option<Still>) {
        self.still = still;
    }

    /// Moves the moment that is looked at on.
    pub(crate) fn on(&mut self, seq: u64, at: DateTime<Utc>) {
        let Some(still) = &mut self.still else { return };
        let record = match still.of() {
            Of::Live => self.live.as_ref(),
            Of::Kept(key) => self.kept.iter().find(|k| k.key == key).map(|k| &k.record),
        };
        if let Some(record) = record {
            still.on(record, seq, at);
        }
    }

    /// Lets the moment move on by itself from a moment on the wall on, or stand.
    pub(crate) const fn play(&mut self, since: Option<DateTime<Utc>>) {
        if let Some(still) = &mut self.still {
            still.play(since);
        }
    }

    /// The log has so many lines at a moment of the live run.
    pub(crate) fn logged(&mut self, at: DateTime<Utc>, lines: u64) {
        self.logged.push_back((at, lines));
        if self.logged.len() > Self::LOGGED_MAX {
            self.logged.pop_front();
        }
    }

    /// How many lines of the log there were at the moment looked at; `None` for the live run. A
    /// run that is over has no log: the lines are the program's, of now.
    pub(crate) fn log_lines(&self) -> Option<u64> {
        let still = self.still.as_ref()?;
        if still.of() != Of::Live {
            return Some(0);
        }
        let before = self.logged.partition_point(|(at, _)| *at <= still.moment());
        let last = before.checked_sub(1).and_then(|at| self.logged.get(at));
        Some(last.map_or(0, |(_, lines)| *lines))
    }
}
