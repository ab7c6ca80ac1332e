//! One moment of one run, held: what every screen draws while somebody looks back.

use chrono::{DateTime, Utc};

use super::{Key, Record};
use crate::{
    console::{model::Model, store::Events},
    engine::RunState,
    present::{events, filter::Filter, histogram::Histogram, pulse::Pulse},
};

/// Of which run the moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of the live one: it goes on underneath.
    Live,
    /// Of one that is over, or was only played.
    Kept(Key),
}

/// A moment of a run.
#[derive(Debug)]
pub(crate) struct Still {
    of: Of,
    run: RunState,
    /// The moment, UTC.
    at: DateTime<Utc>,
    /// The newest events before it.
    events: Events,
    /// What happened by the minute until then.
    pulse: Pulse,
    /// How many events came when, until then.
    histogram: Histogram,
    /// Since when the moment has been moving on by itself, on the wall.
    playing: Option<DateTime<Utc>>,
}

impl Still {
    /// The state after event `seq`, at a moment not before it.
    pub(crate) fn at(of: Of, record: &Record, seq: u64, at: DateTime<Utc>) -> Self {
        let run = record.state(seq);
        let at = at.max(run.at());
        let (pulse, histogram) = (Pulse::default(), Histogram::default());
        let events = Events::of(Model::EVENTS_MAX);
        let mut still = Self { of, run, at, events, pulse, histogram, playing: None };
        still.tell(record, Model::EVENTS_MAX);
        still
    }

    /// Moves on to the state after event `seq`, not before where it is, and to a moment.
    pub(crate) fn on(&mut self, record: &Record, seq: u64, at: DateTime<Utc>) {
        let new = seq.saturating_sub(self.run.last_seq());
        record.forward(&mut self.run, seq);
        let new = usize::try_from(new).unwrap_or(usize::MAX).min(Model::EVENTS_MAX);
        self.at = at.max(self.run.at());
        self.tell(record, new);
    }

    /// Takes in the last so many events before the moment.
    fn tell(&mut self, record: &Record, new: usize) {
        for event in record.until(self.run.last_seq(), new) {
            self.pulse.add(event);
            let severity = events::severity(&event.event, self.run.plan());
            self.histogram.add(event.at, severity);
            self.events.push(event, &self.run, self.at);
        }
    }

    /// Of which run.
    pub(crate) const fn of(&self) -> Of {
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
    pub(in crate::console) const fn events(&self) -> &Events {
        &self.events
    }

    /// What happened by the minute until the moment.
    pub(in crate::console) const fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// How many events came when, until the moment.
    pub(in crate::console) const fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// Lets only these events through.
    pub(in crate::console) fn set_filter(&mut self, filter: &Filter) {
        self.events.set_filter(filter.clone());
        self.events.more(&self.run, self.at, usize::MAX);
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
