//! The newest events of the run, as they came: made into text only where somebody looks.
//!
//! What passes a filter is remembered by number, so that a new event is asked once. A new filter is
//! tried from the newest event back, some events at a time.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use engine::{RecordedEvent, RunState};
use view::filter::Filter;

/// The events kept, and those of them that are shown.
#[derive(Debug, Default)]
pub(super) struct EventWindow {
    /// Oldest first; numbers grow, with gaps where some were missed.
    ring: VecDeque<Arc<RecordedEvent>>,
    filter: Filter,
    /// Numbers of those that pass, oldest first. Empty while the filter is.
    hits: VecDeque<u64>,
    /// The filter has been tried on all events from this number on; `None`: on all.
    tried: Option<u64>,
    /// Events kept.
    most: usize,
}

impl EventWindow {
    /// Events tried against a filter in one go.
    pub(super) const SLICE: usize = 2_048;

    /// Of at most so many events.
    pub(super) fn with_capacity(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Forgets the events, not the filter.
    pub(super) fn clear(&mut self) {
        self.ring.clear();
        self.hits.clear();
        self.tried = None;
    }

    /// Takes an event in and lets the oldest go. `run` has folded it in.
    pub(super) fn push(
        &mut self,
        recorded: &Arc<RecordedEvent>,
        run: &RunState,
        now: DateTime<Utc>,
    ) {
        if self.ring.len() >= self.most {
            self.ring.pop_front();
            let oldest = self.ring.front().map_or(u64::MAX, |first| first.seq);
            while self.hits.pop_front_if(|hit| *hit < oldest).is_some() {}
        }
        if !self.filter.is_empty() && passes(&self.filter, recorded, run, now) {
            self.hits.push_back(recorded.seq);
        }
        self.ring.push_back(Arc::clone(recorded));
    }

    /// The number of the newest event.
    pub(super) fn newest_seq(&self) -> Option<u64> {
        self.ring.back().map(|last| last.seq)
    }

    /// Events that are shown.
    pub(super) fn len(&self) -> usize {
        if self.filter.is_empty() { self.ring.len() } else { self.hits.len() }
    }

    /// The event of a number, whether it is shown or not.
    pub(super) fn find(&self, seq: u64) -> Option<&Arc<RecordedEvent>> {
        self.ring.get(self.ring_position(seq)).filter(|recorded| recorded.seq == seq)
    }

    /// All events kept, oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<RecordedEvent>> {
        self.ring.iter()
    }

    /// The number of the event in a row.
    pub(super) fn seq_at(&self, row: usize) -> Option<u64> {
        if self.filter.is_empty() {
            return self.ring.get(row).map(|recorded| recorded.seq);
        }
        self.hits.get(row).copied()
    }

    /// The row of the first event shown whose number is not below `seq`.
    pub(super) fn row_of(&self, seq: u64) -> usize {
        if self.filter.is_empty() {
            self.ring_position(seq)
        } else {
            self.hits.partition_point(|&hit| hit < seq)
        }
    }

    /// Lets other events through, from the newest back as `Events::more` comes to them.
    pub(super) fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.restart();
    }

    fn restart(&mut self) {
        self.hits.clear();
        self.tried = (!self.filter.is_empty()).then_some(u64::MAX);
    }

    /// Returns whether the filter has not been tried on all events.
    pub(super) const fn is_filtering(&self) -> bool {
        self.tried.is_some()
    }

    /// Time went on: what passes by its age may be other events now.
    pub(super) fn on_time_passed(&mut self) {
        if self.filter.depends_on_time() && self.tried.is_none() {
            self.restart();
        }
    }

    /// Tries the filter on at most so many older events. Whether more is shown.
    pub(super) fn filter_more(&mut self, run: &RunState, now: DateTime<Utc>, most: usize) -> bool {
        let Some(tried) = self.tried else { return false };
        // Those that came since the filter was set have been asked as they came.
        let to = if tried == u64::MAX { self.hits.front().copied() } else { Some(tried) };
        let to = to.map_or(self.ring.len(), |seq| self.ring_position(seq));
        let from = to.saturating_sub(most);
        let before = self.hits.len();
        for recorded in self.ring.range(from..to).rev() {
            if passes(&self.filter, recorded, run, now) {
                self.hits.push_front(recorded.seq);
            }
        }
        self.tried = self.ring.get(from).map(|first| first.seq).filter(|_| from > 0);
        self.hits.len() != before
    }

    /// The place in the ring of the first event whose number is not below `seq`.
    fn ring_position(&self, seq: u64) -> usize {
        // Numbers follow one another but for what was missed, so the place is mostly known.
        let first = self.ring.front().map_or(0, |first| first.seq);
        let guess = usize::try_from(seq.saturating_sub(first)).unwrap_or(usize::MAX);
        match self.ring.get(guess) {
            Some(recorded) if recorded.seq == seq => guess,
            _missed => self.ring.partition_point(|recorded| recorded.seq < seq),
        }
    }
}

/// Returns whether an event passes. Its sentence is written only if a word is looked for in it.
fn passes(filter: &Filter, recorded: &RecordedEvent, run: &RunState, now: DateTime<Utc>) -> bool {
    filter.matches_event(run, recorded, now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use testkit::sample::{self, exchange_time};

    const FILTERS: [&str; 6] =
        ["", "task", "kind:task_*", "failed", "!agent:economist", "since:10:40"];

    proptest! {
        #[test]
        fn what_is_shown_is_what_passes_of_the_newest_however_it_was_tried(
            most in 3_usize..60,
            steps in proptest::collection::vec(0_usize..12, 1..80),
        ) {
            let day = sample::every_state();
            let (run, now) = (day.run(), exchange_time("10:42:07"));
            let mut feed = day.events.iter().cloned().map(Arc::new);
            let mut events = EventWindow::with_capacity(most);
            let mut pushed = Vec::new();
            for step in steps {
                match step {
                    0..6 => events.set_filter(Filter::parse(FILTERS[step]).unwrap()),
                    6 | 7 => drop(events.filter_more(run, now, step)),
                    _often => {
                        if let Some(recorded) = feed.next() {
                            events.push(&recorded, run, now);
                            pushed.push(recorded);
                        }
                    }
                }
                let seqs: Vec<_> = (0..events.len()).filter_map(|row| events.seq_at(row)).collect();
                prop_assert!(seqs.is_sorted());
                for (row, seq) in seqs.iter().enumerate() {
                    prop_assert_eq!(events.row_of(*seq), row);
                    prop_assert_eq!(events.find(*seq).map(|recorded| recorded.seq), Some(*seq));
                }
            }
            while events.is_filtering() {
                events.filter_more(run, now, 2);
            }
            let newest = pushed.iter().skip(pushed.len().saturating_sub(most));
            let passing = newest.filter(|recorded| {
                let line = view::event_line::event_line(recorded, run.plan());
                events.filter.event(run, &line, now)
            });
            let expected: Vec<_> = passing.map(|recorded| recorded.seq).collect();
            let shown: Vec<_> = (0..events.len()).filter_map(|row| events.seq_at(row)).collect();
            prop_assert_eq!(shown, expected);
        }
    }
}
