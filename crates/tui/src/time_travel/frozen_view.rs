//! One moment of one run, held: what every screen draws while somebody looks back.

use chrono::{DateTime, Utc};

use super::{RunRecording, StoredRunId};
use crate::{event_window::EventWindow, model::Model};
use engine::RunState;
use view::{event_line, filter::Filter, histogram::Histogram, pulse::ActivityCounts};

/// Of which run the moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunRef {
    /// Of the live one: it goes on underneath.
    Live,
    /// Of one that is over, or was only played.
    Stored(StoredRunId),
}

/// A moment of a run.
#[derive(Debug)]
pub(crate) struct FrozenView {
    of: RunRef,
    run: RunState,
    at: DateTime<Utc>,
    /// The newest events before it.
    events: EventWindow,
    /// Counts of events per minute until then.
    pulse: ActivityCounts,
    /// The number of events came when, until then.
    histogram: Histogram,
    /// Since when the moment has been moving on by itself, on the wall.
    playing: Option<DateTime<Utc>>,
}

impl FrozenView {
    /// The state after event `seq`, at a moment not before it.
    pub(crate) fn new(of: RunRef, record: &RunRecording, seq: u64, at: DateTime<Utc>) -> Self {
        let run = record.state_at(seq);
        let at = at.max(run.last_event_at());
        let (pulse, histogram) = (ActivityCounts::default(), Histogram::default());
        let events = EventWindow::with_capacity(Model::EVENTS_MAX);
        let mut still = Self { of, run, at, events, pulse, histogram, playing: None };
        still.add_events(record, Model::EVENTS_MAX);
        still
    }

    /// Moves on to the state after event `seq`, not before where it is, and to a moment.
    pub(crate) fn advance_to(&mut self, record: &RunRecording, seq: u64, at: DateTime<Utc>) {
        let new = seq.saturating_sub(self.run.last_seq());
        record.apply_up_to(&mut self.run, seq);
        let new = usize::try_from(new).unwrap_or(usize::MAX).min(Model::EVENTS_MAX);
        self.at = at.max(self.run.last_event_at());
        self.add_events(record, new);
    }

    /// Takes in the last so many events before the moment.
    fn add_events(&mut self, record: &RunRecording, new: usize) {
        for event in record.events_until(self.run.last_seq(), new) {
            self.pulse.count_event(event);
            let severity = event_line::severity(&event.event, self.run.plan());
            self.histogram.add(event.at, severity);
            self.events.push(event, &self.run, self.at);
        }
    }

    /// Of which run.
    pub(crate) const fn run_ref(&self) -> RunRef {
        self.of
    }

    /// The run as it was.
    pub(crate) const fn run(&self) -> &RunState {
        &self.run
    }

    /// The moment, UTC.
    pub(crate) const fn moment(&self) -> DateTime<Utc> {
        self.at
    }

    /// The newest events before the moment.
    pub(crate) const fn events(&self) -> &EventWindow {
        &self.events
    }

    /// Returns what happened by the minute until the moment.
    pub(crate) const fn pulse(&self) -> &ActivityCounts {
        &self.pulse
    }

    /// Returns how many events came when, until the moment.
    pub(crate) const fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// Lets only these events through.
    pub(crate) fn set_filter(&mut self, filter: &Filter) {
        self.events.set_filter(filter.clone());
        self.events.filter_more(&self.run, self.at, usize::MAX);
    }

    /// Since when it has been moving on by itself, on the wall.
    pub(crate) const fn playing(&self) -> Option<DateTime<Utc>> {
        self.playing
    }

    /// Lets it move on by itself from a moment on the wall on, or stand.
    pub(crate) const fn play(&mut self, since: Option<DateTime<Utc>>) {
        self.playing = since;
    }
}
