//! What the two streams hold, asked alike: which lines are shown, and what each of them is about.

use super::stream::{Entry, Stream, entries, seek, with_neighbours};
use crate::{
    console::{
        log::{Level, LogLine},
        model::{Model, Pane},
    },
    engine::{Corr, Severity},
    present::filter::{Filter, Level as Loud, Record},
};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Which {
    /// The run's events.
    Events,
    /// The program's log.
    Log,
}

impl Which {
    /// The stream of a pane, if it is one.
    pub(in crate::console) const fn of(pane: Pane) -> Option<Self> {
        match pane {
            Pane::Events => Some(Self::Events),
            Pane::Log => Some(Self::Log),
            Pane::Tasks
            | Pane::Agents
            | Pane::Graph
            | Pane::Alerts
            | Pane::Runs
            | Pane::Plan
            | Pane::Audit => None,
        }
    }

    /// Its view.
    pub(in crate::console) const fn stream(self, model: &Model) -> &Stream {
        match self {
            Self::Events => &model.event_stream,
            Self::Log => &model.log_stream,
        }
    }

    /// Its view, to change.
    pub(in crate::console) const fn stream_mut(self, model: &mut Model) -> &mut Stream {
        match self {
            Self::Events => &mut model.event_stream,
            Self::Log => &mut model.log_stream,
        }
    }

    /// How many lines are kept.
    pub(in crate::console) fn kept(self, model: &Model) -> usize {
        match self {
            Self::Events => model.events.len(),
            Self::Log => model.log.len(),
        }
    }

    /// The number of the line at a place.
    pub(in crate::console) fn number(self, model: &Model, place: usize) -> Option<u64> {
        match self {
            Self::Events => model.events.get(place).map(|line| line.seq),
            Self::Log => {
                let first = model.logged - u64::try_from(model.log.len()).unwrap_or(0);
                let place = u64::try_from(place).ok()?;
                (first + place < model.logged).then_some(first + place)
            }
        }
    }

    /// Whether the line at a place passes a filter.
    pub(in crate::console) fn passes(self, model: &Model, filter: &Filter, place: usize) -> bool {
        match self {
            Self::Events => {
                let found = model.run.as_ref().zip(model.events.get(place));
                found.is_some_and(|(run, line)| filter.event(run, line, model.now))
            }
            Self::Log => model.log.get(place).is_some_and(|line| log_passes(filter, line, model)),
        }
    }

    /// Whether the line at a place tells of something wrong.
    pub(super) fn wrong(self, model: &Model, place: usize) -> bool {
        match self {
            Self::Events => {
                model.events.get(place).is_some_and(|line| line.severity > Severity::Info)
            }
            Self::Log => model.log.get(place).is_some_and(|line| line.level <= Level::Warn),
        }
    }

    /// Whether the lines at two places belong to the same thing.
    pub(super) fn alike(self, model: &Model, one: usize, other: usize) -> bool {
        match self {
            Self::Events => {
                let corr = |place: usize| model.events.get(place).map(|line| line.corr);
                corr(one) == corr(other) && corr(one) != Some(Corr::RUN)
            }
            Self::Log => {
                let target = |place: usize| model.log.get(place).map(|line| &line.target);
                target(one) == target(other)
            }
        }
    }

    /// The places shown, each with whether it passes the filter itself.
    pub(in crate::console) fn places(self, model: &Model) -> Vec<(usize, bool)> {
        let (stream, count) = (self.stream(model), self.kept(model));
        let shown = |place: &usize| self.number(model, *place).is_some_and(|n| n >= stream.from);
        let first = (0..count).find(shown).unwrap_or(count);
        if stream.filter.is_empty() {
            return (first..count).map(|place| (place, true)).collect();
        }
        let passes = |place: &usize| self.passes(model, &stream.filter, *place);
        let hits: Vec<_> = (first..count).filter(passes).collect();
        if stream.context == 0 {
            return hits.into_iter().map(|place| (place, true)).collect();
        }
        let shown = with_neighbours(&hits, stream.context, count);
        shown.into_iter().filter(|(place, _)| *place >= first).collect()
    }

    /// The numbers of the lines shown.
    pub(in crate::console) fn numbers(self, model: &Model) -> Vec<u64> {
        let places = self.places(model).into_iter();
        places.filter_map(|(place, _)| self.number(model, place)).collect()
    }

    /// What is shown, marks included, the oldest first.
    pub(in crate::console) fn entries(self, model: &Model) -> Vec<Entry> {
        let numbered = |(place, hit): (usize, bool)| Some((place, self.number(model, place)?, hit));
        let lines = self.places(model).into_iter().filter_map(numbered).collect();
        entries(lines, &self.stream(model).flags)
    }

    /// The place of the line under the cursor; of the newest one shown where the stream follows.
    pub(in crate::console) fn cursor(self, model: &Model) -> Option<usize> {
        let places = self.places(model);
        let at = self.stream(model).at;
        let number = |place: usize| self.number(model, place).unwrap_or(0);
        let row = at.map_or(usize::MAX, |at| places.partition_point(|&(p, _)| number(p) < at));
        places.get(row.min(places.len().checked_sub(1)?)).map(|(place, _)| *place)
    }

    /// The next line shown (or the one before) that `wanted` wants, by its place.
    pub(super) fn seek(
        self,
        model: &Model,
        forward: bool,
        wanted: impl Fn(usize) -> bool,
    ) -> Option<u64> {
        let places = self.places(model);
        let number = |&(place, _): &(usize, bool)| self.number(model, place).unwrap_or(0);
        let numbers: Vec<_> = places.iter().map(number).collect();
        let at = self.stream(model).at;
        seek(&numbers, at, forward, |row| places.get(row).is_some_and(|&(p, _)| wanted(p)))
    }
}

/// The level of a log line on the scale of the filters.
pub(in crate::console) const fn loud(level: Level) -> Loud {
    match level {
        Level::Error => Loud::Error,
        Level::Warn => Loud::Warning,
        Level::Info => Loud::Info,
        Level::Debug => Loud::Debug,
    }
}

fn log_passes(filter: &Filter, line: &LogLine, model: &Model) -> bool {
    let texts = [line.level.word(), line.target.as_str(), line.text.as_str()];
    let record = Record {
        texts: &texts,
        kind: Some(&line.target),
        level: Some(loud(line.level)),
        ..Record::default()
    };
    filter.record(&record, model.wall)
}
