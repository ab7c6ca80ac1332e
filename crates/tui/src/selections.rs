//! Selections on the graph, the alerts, the audit and the day's time axis.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{action::AxisAction, model::Pane};
use engine::RunState;
use planning::plan::TaskIx;
use view::{day::Timeline, filter::Filter};

/// One line of the alerts: ids, never rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AlertKey {
    /// An alert, by the number of the event that raised it.
    Alert(u64),
    /// A pending approval of a task.
    Approval(TaskIx),
}

/// The visible part of the day's time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct AxisWindow {
    /// The zoom level; 0 shows the whole day.
    level: usize,
    /// The number of steps of a quarter of what is shown it was moved away from now.
    steps: i32,
}

/// The lengths of the zoomed axis, in minutes.
const LEVELS: [i64; 5] = [360, 180, 60, 30, 10];
/// Steps in what is shown.
const QUARTERS: i32 = 4;

impl AxisWindow {
    /// After a move; `false` when there was nothing to move.
    pub(super) fn apply(&mut self, axis: AxisAction) -> bool {
        let before = *self;
        match axis {
            AxisAction::In => *self = Self { level: (self.level + 1).min(LEVELS.len()), steps: 0 },
            AxisAction::Out => *self = Self { level: self.level.saturating_sub(1), steps: 0 },
            AxisAction::Earlier if self.level > 0 => self.steps -= 1,
            AxisAction::Later if self.level > 0 => self.steps += 1,
            AxisAction::Earlier | AxisAction::Later => {}
        }
        *self != before
    }

    /// The axis of a day in so many columns at a moment. Never leaves the day altogether.
    pub(super) fn axis(self, run: &RunState, now: DateTime<Utc>, width: u16) -> Timeline {
        let day = Timeline::of_day(run, width);
        let Some(minutes) = self.level.checked_sub(1).and_then(|at| LEVELS.get(at)) else {
            return day;
        };
        let (from, to, _) = day.bounds();
        let span = TimeDelta::minutes(*minutes);
        let step = span / QUARTERS;
        let wanted = now - span / 2 + step.checked_mul(self.steps).unwrap_or_default();
        let start = wanted.min(to - step).max(from - span + step);
        Timeline::between(start, start + span, width)
    }

    /// Returns what is shown, in words: `zoom 3h`; nothing of the whole day.
    pub(super) fn label(self) -> String {
        match self.level.checked_sub(1).and_then(|at| LEVELS.get(at)) {
            None => String::new(),
            Some(minutes) if minutes % 60 == 0 => format!("zoom {}h", minutes / 60),
            Some(minutes) => format!("zoom {minutes}m"),
        }
    }
}

/// The selection of each of these screens; `None` until the cursor moves.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Selections {
    /// The selected task of the graph.
    pub(super) graph: Option<TaskIx>,
    /// The selected line of the alerts.
    pub(super) alert: Option<AlertKey>,
    /// The selected entry of the audit trail, by its number.
    pub(super) audit: Option<u64>,
    /// The selected row of lists whose rows have names.
    names: BTreeMap<Pane, String>,
    /// The filters of lists that keep none themselves.
    filters: BTreeMap<Pane, Filter>,
    unfiltered: Filter,
    /// What of the day the time axis shows.
    pub(super) window: AxisWindow,
}

impl Selections {
    /// The filter on a list.
    pub(super) fn filter(&self, pane: Pane) -> &Filter {
        self.filters.get(&pane).unwrap_or(&self.unfiltered)
    }

    /// Sets the filter on a list.
    pub(super) fn set_filter(&mut self, pane: Pane, filter: Filter) {
        self.filters.insert(pane, filter);
    }

    /// The name of the selected row of a list.
    pub(super) fn name(&self, pane: Pane) -> Option<&str> {
        self.names.get(&pane).map(String::as_str)
    }

    /// Selects a row of a list by its name.
    pub(super) fn select(&mut self, pane: Pane, name: String) {
        self.names.insert(pane, name);
    }

    /// The task whose question is selected among the alerts.
    pub(super) const fn task_awaiting_approval(&self) -> Option<TaskIx> {
        match self.alert {
            Some(AlertKey::Approval(ix)) => Some(ix),
            Some(AlertKey::Alert(_)) | None => None,
        }
    }
}
