//! Common access to both streams: the lines shown, and the subject of each.

use std::{borrow::Cow, sync::Arc};

use super::stream::{StreamPosition, with_neighbours};
use crate::{
    log_line::{LogLine, LogLineLevel},
    model::{Model, Pane},
};
use engine::{AlertSeverity, CorrelationId, RecordedEvent};
use view::{
    event_line,
    filter::{Filter, FilterRecord, LineSeverity as Loud},
};

/// The event stream or the log stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    /// The run's events.
    Events,
    /// The program's log.
    Log,
}

impl StreamKind {
    /// The stream of a pane, if it is one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    pub(crate) const fn of_pane(pane: Pane) -> Option<Self> {
        match pane {
            Pane::Events => Some(Self::Events),
            Pane::Log => Some(Self::Log),
            _list => None,
        }
    }

    /// Its view.
    pub(crate) const fn position(self, model: &Model) -> &StreamPosition {
        match self {
            Self::Events => &model.event_stream,
            Self::Log => &model.log_stream,
        }
    }

    /// Its view, to change.
    pub(crate) const fn stream_mut(self, model: &mut Model) -> &mut StreamPosition {
        match self {
            Self::Events => &mut model.event_stream,
            Self::Log => &mut model.log_stream,
        }
    }

    /// The number of the newest line, shown or not.
    pub(super) fn newest_line(self, model: &Model) -> Option<u64> {
        match self {
            Self::Events => model.displayed_events().newest_seq(),
            Self::Log => model.logged.checked_sub(1).filter(|_| !model.log.is_empty()),
        }
    }

    /// The lines shown now.
    pub(crate) fn reader(self, model: &Model) -> StreamReader<'_> {
        let stream = self.position(model);
        let around = stream.context > 0 && !stream.filter.is_empty();
        let listed = match self {
            Self::Events if around => Some(events_around(model, stream)),
            Self::Events => None,
            Self::Log => Some(log_lines(model, stream)),
        };
        let first = if listed.is_some() { 0 } else { model.displayed_events().row_of(stream.from) };
        StreamReader { model, which: self, first, listed }
    }
}

/// The lines of a stream that are shown, by row, oldest first.
pub(crate) struct StreamReader<'a> {
    model: &'a Model,
    which: StreamKind,
    /// Rows of the store that were cleared away.
    first: usize,
    /// Numbers, and whether each passes the filter itself, where the store does not list them.
    listed: Option<Vec<(u64, bool)>>,
}

impl StreamReader<'_> {
    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> usize {
        let stored = || self.model.displayed_events().len().saturating_sub(self.first);
        self.listed.as_ref().map_or_else(stored, Vec::len)
    }

    /// Returns how many of them pass the filter themselves.
    pub(crate) fn match_count(&self) -> usize {
        let listed = self.listed.as_ref();
        listed.map_or_else(|| self.len(), |rows| rows.iter().filter(|(_, hit)| *hit).count())
    }

    /// The number of the line in a row.
    pub(crate) fn line_number(&self, row: usize) -> Option<u64> {
        match &self.listed {
            Some(rows) => rows.get(row).map(|(number, _)| *number),
            None => self.model.displayed_events().seq_at(row.saturating_add(self.first)),
        }
    }

    /// Returns whether the line in a row passes the filter itself, or is a neighbour of one that
    /// does.
    pub(crate) fn is_match(&self, row: usize) -> bool {
        self.listed.as_ref().and_then(|rows| rows.get(row)).is_none_or(|(_, hit)| *hit)
    }

    /// The first row whose number is not below `number`.
    fn row_of(&self, number: u64) -> usize {
        match &self.listed {
            Some(rows) => rows.partition_point(|(other, _)| *other < number),
            None => self.model.displayed_events().row_of(number).saturating_sub(self.first),
        }
    }

    /// The row of the cursor: the last one where the stream follows.
    pub(crate) fn cursor_row(&self) -> Option<usize> {
        let last = self.len().checked_sub(1)?;
        let at = self.which.position(self.model).at;
        Some(at.map_or(last, |at| self.row_of(at).min(last)))
    }

    /// The number of the line under the cursor.
    pub(crate) fn cursor_line(&self) -> Option<u64> {
        self.line_number(self.cursor_row()?)
    }

    /// The event in a row.
    pub(crate) fn event(&self, row: usize) -> Option<&Arc<RecordedEvent>> {
        self.model.displayed_events().find(self.line_number(row)?)
    }

    /// The line of the log in a row.
    pub(crate) fn log_line(&self, row: usize) -> Option<&LogLine> {
        let first = first_of_log(self.model);
        let place = usize::try_from(self.line_number(row)?.checked_sub(first)?).ok()?;
        self.model.log.get(place)
    }

    /// Returns what the line in a row says.
    pub(crate) fn text(&self, row: usize) -> Cow<'_, str> {
        match self.which {
            StreamKind::Events => {
                let found = self.event(row).zip(self.model.run.as_ref());
                let line =
                    found.map(|(recorded, run)| event_line::event_line(recorded, run.plan()));
                Cow::Owned(line.map(|line| line.what).unwrap_or_default())
            }
            StreamKind::Log => {
                Cow::Borrowed(self.log_line(row).map_or("", |line| line.text.as_str()))
            }
        }
    }

    /// Returns whether the line in a row passes a filter.
    pub(super) fn passes(&self, filter: &Filter, row: usize) -> bool {
        match self.which {
            StreamKind::Events => {
                let found = self.model.run.as_ref().zip(self.event(row));
                found.is_some_and(|(run, event)| filter.matches_event(run, event, self.model.now))
            }
            StreamKind::Log => {
                self.log_line(row).is_some_and(|line| log_passes(filter, line, self.model))
            }
        }
    }

    /// Returns whether the line in a row tells of something wrong.
    pub(super) fn is_problem(&self, row: usize) -> bool {
        match self.which {
            StreamKind::Events => {
                let found = self.model.run.as_ref().zip(self.event(row));
                found.is_some_and(|(run, recorded)| {
                    event_line::severity(&recorded.event, run.plan()) > AlertSeverity::Info
                })
            }
            StreamKind::Log => {
                self.log_line(row).is_some_and(|line| line.level <= LogLineLevel::Warn)
            }
        }
    }

    /// Returns whether the lines in two rows belong to the same thing.
    pub(super) fn same_subject(&self, one: usize, other: usize) -> bool {
        match self.which {
            StreamKind::Events => {
                let corr = |row: usize| self.event(row).map(|recorded| recorded.corr);
                corr(one) == corr(other) && corr(one) != Some(CorrelationId::RUN)
            }
            StreamKind::Log => {
                let target = |row: usize| self.log_line(row).map(|line| &line.target);
                target(one) == target(other)
            }
        }
    }

    /// The next row after the cursor (or the one before) that `wanted` wants, by its number.
    pub(super) fn find_line(&self, forward: bool, wanted: impl Fn(usize) -> bool) -> Option<u64> {
        let at = self.cursor_row()?;
        // A line that is not shown any more stands before the row the cursor is drawn in.
        let gone =
            self.which.position(self.model).at.is_some_and(|own| self.line_number(at) != Some(own));
        let row = if forward {
            (at + usize::from(!gone)..self.len()).find(|&row| wanted(row))
        } else {
            (0..at).rev().find(|&row| wanted(row))
        };
        row.and_then(|row| self.line_number(row))
    }
}

/// Events that pass the filter with their neighbours.
fn events_around(model: &Model, stream: &StreamPosition) -> Vec<(u64, bool)> {
    let all: Vec<u64> = model.displayed_events().all().map(|recorded| recorded.seq).collect();
    let hits =
        (0..model.displayed_events().len()).filter_map(|row| model.displayed_events().seq_at(row));
    let hits: Vec<_> = hits.filter_map(|seq| all.binary_search(&seq).ok()).collect();
    let shown = with_neighbours(&hits, stream.context, all.len()).into_iter();
    let numbered = shown.filter_map(|(place, hit)| Some((*all.get(place)?, hit)));
    numbered.filter(|(number, _)| *number >= stream.from).collect()
}

/// Lines of the log that pass the filter, with their neighbours.
fn log_lines(model: &Model, stream: &StreamPosition) -> Vec<(u64, bool)> {
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
const fn log_severity(level: LogLineLevel) -> Loud {
    match level {
        LogLineLevel::Error => Loud::Error,
        LogLineLevel::Warn => Loud::Warning,
        LogLineLevel::Info => Loud::Info,
        LogLineLevel::Debug => Loud::Debug,
    }
}

fn log_passes(filter: &Filter, line: &LogLine, model: &Model) -> bool {
    let texts = [line.level.as_str(), line.target.as_str(), line.text.as_str()];
    let record = FilterRecord {
        texts: &texts,
        kind: Some(&line.target),
        level: Some(log_severity(line.level)),
        ..FilterRecord::default()
    };
    filter.is_empty() || filter.matches_record(&record, model.wall)
}
