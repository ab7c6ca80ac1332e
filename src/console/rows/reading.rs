//! What the two streams hold, asked alike: which lines are shown, and what each of them is about.

use std::{borrow::Cow, sync::Arc};

use super::stream::{Stream, with_neighbours};
use crate::{
    console::{
        log::{Level, LogLine},
        model::{Model, Pane},
    },
    engine::{Corr, Recorded, Severity},
    present::{
        events,
        filter::{Filter, Level as Loud, Record},
    },
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

    /// The number of the newest line, shown or not.
    pub(super) fn newest(self, model: &Model) -> Option<u64> {
        match self {
            Self::Events => model.stored().newest(),
            Self::Log => model.logged.checked_sub(1).filter(|_| !model.log.is_empty()),
        }
    }

    /// The lines shown now.
    pub(in crate::console) fn read(self, model: &Model) -> Reading<'_> {
        let stream = self.stream(model);
        let around = stream.context > 0 && !stream.filter.is_empty();
        let listed = match self {
            Self::Events if around => Some(events_around(model, stream)),
            Self::Events => None,
            Self::Log => Some(log_lines(model, stream)),
        };
        let first = if listed.is_some() { 0 } else { model.stored().row(stream.from) };
        Reading { model, which: self, first, listed }
    }
}

/// The lines of a stream that are shown, by row, oldest first.
pub(in crate::console) struct Reading<'a> {
    model: &'a Model,
    which: Which,
    /// Rows of the store that were cleared away.
    first: usize,
    /// Numbers, and whether each passes the filter itself, where the store does not list them.
    listed: Option<Vec<(u64, bool)>>,
}

impl Reading<'_> {
    /// How many rows there are.
    pub(in crate::console) fn len(&self) -> usize {
        let stored = || self.model.stored().len().saturating_sub(self.first);
        self.listed.as_ref().map_or_else(stored, Vec::len)
    }

    /// How many of them pass the filter themselves.
    pub(in crate::console) fn hits(&self) -> usize {
        let listed = self.listed.as_ref();
        listed.map_or_else(|| self.len(), |rows| rows.iter().filter(|(_, hit)| *hit).count())
    }

    /// The number of the line in a row.
    pub(in crate::console) fn number(&self, row: usize) -> Option<u64> {
        match &self.listed {
            Some(rows) => rows.get(row).map(|(number, _)| *number),
            None => self.model.stored().seq(row.saturating_add(self.first)),
        }
    }

    /// Whether the line in a row passes the filter itself, or is a neighbour of one that does.
    pub(in crate::console) fn hit(&self, row: usize) -> bool {
        self.listed.as_ref().and_then(|rows| rows.get(row)).is_none_or(|(_, hit)| *hit)
    }

    /// The first row whose number is not below `number`.
    fn row_of(&self, number: u64) -> usize {
        match &self.listed {
            Some(rows) => rows.partition_point(|(other, _)| *other < number),
            None => self.model.stored().row(number).saturating_sub(self.first),
        }
    }

    /// The row of the cursor: the last one where the stream follows.
    pub(in crate::console) fn cursor(&self) -> Option<usize> {
        let last = self.len().checked_sub(1)?;
        let at = self.which.stream(self.model).at;
        Some(at.map_or(last, |at| self.row_of(at).min(last)))
    }

    /// The number of the line under the cursor.
    pub(in crate::console) fn at(&self) -> Option<u64> {
        self.number(self.cursor()?)
    }

    /// The event in a row.
    pub(in crate::console) fn event(&self, row: usize) -> Option<&Arc<Recorded>> {
        self.model.stored().find(self.number(row)?)
    }

    /// The line of the log in a row.
    pub(in crate::console) fn log(&self, row: usize) -> Option<&LogLine> {
        let first = first_of_log(self.model);
        let place = usize::try_from(self.number(row)?.checked_sub(first)?).ok()?;
        self.model.log.get(place)
    }

    /// What the line in a row says.
    pub(in crate::console) fn text(&self, row: usize) -> Cow<'_, str> {
        match self.which {
            Which::Events => {
                let found = self.event(row).zip(self.model.run.as_ref());
                let line = found.map(|(recorded, run)| events::line(recorded, run.plan()));
                Cow::Owned(line.map(|line| line.what).unwrap_or_default())
            }
            Which::Log => Cow::Borrowed(self.log(row).map_or("", |line| line.text.as_str())),
        }
    }

    /// Whether the line in a row passes a filter.
    pub(super) fn passes(&self, filter: &Filter, row: usize) -> bool {
        match self.which {
            Which::Events => {
                let found = self.model.run.as_ref().zip(self.event(row));
                found.is_some_and(|(run, event)| filter.recorded(run, event, self.model.now))
            }
            Which::Log => self.log(row).is_some_and(|line| log_passes(filter, line, self.model)),
        }
    }

    /// Whether the line in a row tells of something wrong.
    pub(super) fn wrong(&self, row: usize) -> bool {
        match self.which {
            Which::Events => {
                let found = self.model.run.as_ref().zip(self.event(row));
                found.is_some_and(|(run, recorded)| {
                    events::severity(&recorded.event, run.plan()) > Severity::Info
                })
            }
            Which::Log => self.log(row).is_some_and(|line| line.level <= Level::Warn),
        }
    }

    /// Whether the lines in two rows belong to the same thing.
    pub(super) fn alike(&self, one: usize, other: usize) -> bool {
        match self.which {
            Which::Events => {
                let corr = |row: usize| self.event(row).map(|recorded| recorded.corr);
                corr(one) == corr(other) && corr(one) != Some(Corr::RUN)
            }
            Which::Log => {
                let target = |row: usize| self.log(row).map(|line| &line.target);
                target(one) == target(other)
            }
        }
    }

    /// The next row after the cursor (or the one before) that `wanted` wants, by its number.
    pub(super) fn seek(&self, forward: bool, wanted: impl Fn(usize) -> bool) -> Option<u64> {
        let at = self.cursor()?;
        // A line that is not shown any more stands before the row the cursor is drawn in.
        let gone = self.which.stream(self.model).at.is_some_and(|own| self.number(at) != Some(own));
        let row = if forward {
            (at + usize::from(!gone)..self.len()).find(|&row| wanted(row))
        } else {
            (0..at).rev().find(|&row| wanted(row))
        };
        row.and_then(|row| self.number(row))
    }
}

/// Events that pass the filter with their neighbours.
fn events_around(model: &Model, stream: &Stream) -> Vec<(u64, bool)> {
    let all: Vec<u64> = model.stored().all().map(|recorded| recorded.seq).collect();
    let hits = (0..model.stored().len()).filter_map(|row| model.stored().seq(row));
    let hits: Vec<_> = hits.filter_map(|seq| all.binary_search(&seq).ok()).collect();
    let shown = with_neighbours(&hits, stream.context, all.len()).into_iter();
    let numbered = shown.filter_map(|(place, hit)| Some((*all.get(place)?, hit)));
    numbered.filter(|(number, _)| *number >= stream.from).collect()
}

/// Lines of the log that pass the filter, with their neighbours.
fn log_lines(model: &Model, stream: &Stream) -> Vec<(u64, bool)> {
    let passes =
        |(place, line): (usize, &LogLine)| log_passes(&stream.filter, line, model).then_some(place);
    let hits: Vec<_> = model.log.iter().enumerate().filter_map(passes).collect();
    let first = first_of_log(model);
    let shown = with_neighbours(&hits, stream.context, model.log.len()).into_iter();
    let number = |place: usize| first + u64::try_from(place).unwrap_or(0);
    let numbered = shown.map(|(place, hit)| (number(place), hit));
    // Who looks back sees no line that came later.
    let until = model.travel.log_lines().unwrap_or(model.logged);
    numbered.filter(|(number, _)| (stream.from..until).contains(number)).collect()
}

/// The number of the oldest line of the log that is kept.
fn first_of_log(model: &Model) -> u64 {
    model.logged - u64::try_from(model.log.len()).unwrap_or(0)
}

/// The level of a log line on the scale of the filters.
const fn loud(level: Level) -> Loud {
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
    filter.is_empty() || filter.record(&record, model.wall)
}
