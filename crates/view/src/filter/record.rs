//! Fields of a line that a filter can test: a task, an event, or any other row.

use chrono::{DateTime, Utc};

use super::{level::LineSeverity, term::NameField};
use crate::{
    badges::{self, Badge},
    event_line::{EventGlyph, EventLine},
    event_text,
};
use engine::{AgentHealth, RecordedEvent, ReportedState, RunState, TaskState};
use planning::{plan::TaskIx, workflow::TaskPriority};

/// The state a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Of a task; of a run as a whole the state with its status's word.
    Task(TaskState),
    /// Of an agent.
    Agent(AgentHealth),
    /// Of an order.
    Order(ReportedState),
    /// An alert nobody has acknowledged.
    New,
    /// An alert somebody has acknowledged.
    Acked,
}

impl StateFilter {
    /// The word in a filter: that on screen in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task(state) => match state {
                TaskState::Pending => "pending",
                TaskState::Queued => "queued",
                TaskState::Running => "running",
                TaskState::Retrying => "retrying",
                TaskState::Held => "held",
                TaskState::Cancelling => "cancelling",
                TaskState::InDoubt => "in_doubt",
                TaskState::Completed => "completed",
                TaskState::Failed => "failed",
                TaskState::Timeout => "timeout",
                TaskState::Cancelled => "cancelled",
                TaskState::Skipped => "skipped",
                TaskState::UpstreamFailed => "upstream_failed",
                TaskState::Missed => "missed",
            },
            Self::Agent(health) => match health {
                AgentHealth::Healthy => "healthy",
                AgentHealth::Degraded => "degraded",
                AgentHealth::Unresponsive => "unresponsive",
                AgentHealth::Paused => "paused",
                AgentHealth::BreakerOpen => "breaker_open",
                AgentHealth::BreakerHalfOpen => "breaker_half_open",
            },
            Self::Order(state) => match state {
                ReportedState::Logged => "logged",
                ReportedState::Sent => "sent",
                ReportedState::Acked => "order_acked",
                ReportedState::Partial => "partial",
                ReportedState::Filled => "filled",
                ReportedState::Cancelled => "cancelled",
                ReportedState::Rejected => "rejected",
                ReportedState::Expired => "expired",
                ReportedState::Unknown => "unknown",
            },
            Self::New => "new",
            Self::Acked => "acked",
        }
    }
}

/// A row of any list as a filter sees it; `None` for what it does not have, which never holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilterRecord<'a> {
    /// The texts searched by words and expressions.
    pub texts: &'a [&'a str],
    pub state: Option<StateFilter>,
    /// The agent it is about.
    pub agent: Option<&'a str>,
    /// The stage it is about.
    pub stage: Option<&'a str>,
    /// The task it is about.
    pub task: Option<&'a str>,
    /// Of which kind it is.
    pub kind: Option<&'a str>,
    /// The correlation id.
    pub corr: Option<&'a str>,
    /// The severity.
    pub level: Option<LineSeverity>,
    /// The time of the event, or the start of the current state.
    pub at: Option<DateTime<Utc>>,
}

/// What the terms of a filter are asked of. Names and texts are shown, not handed out, so that
/// asking costs no copy.
pub(super) trait Filterable {
    fn text(&self, found: &mut dyn FnMut(&str) -> bool) -> bool;
    fn name(&self, name: NameField, found: &mut dyn FnMut(&str) -> bool) -> bool;
    fn state(&self) -> Option<StateFilter>;
    fn at(&self) -> Option<DateTime<Utc>>;
    fn level(&self) -> Option<LineSeverity>;

    fn task(&self) -> Option<(&RunState, TaskIx)> {
        None
    }

    fn badge(&self, badge: Badge, now: DateTime<Utc>) -> bool {
        self.task().is_some_and(|(run, ix)| badges::has_badge(run, ix, now, badge))
    }

    fn priority(&self) -> Option<TaskPriority> {
        self.task().map(|(run, ix)| run.task(ix).priority)
    }

    fn tries(&self) -> Option<u32> {
        self.task().map(|(run, ix)| run.task(ix).attempts_used())
    }
}

impl Filterable for FilterRecord<'_> {
    fn text(&self, found: &mut dyn FnMut(&str) -> bool) -> bool {
        self.texts.iter().any(|text| found(text))
    }

    fn name(&self, name: NameField, found: &mut dyn FnMut(&str) -> bool) -> bool {
        let name = match name {
            NameField::Agent => self.agent,
            NameField::Stage => self.stage,
            NameField::Task => self.task,
            NameField::Kind => self.kind,
            NameField::Corr => self.corr,
            NameField::Type => None,
        };
        name.is_some_and(found)
    }

    fn state(&self) -> Option<StateFilter> {
        self.state
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.at
    }

    fn level(&self) -> Option<LineSeverity> {
        self.level
    }
}

/// A task of a run.
pub(super) struct TaskSubject<'a> {
    pub(super) run: &'a RunState,
    pub(super) ix: TaskIx,
}

impl Filterable for TaskSubject<'_> {
    fn text(&self, found: &mut dyn FnMut(&str) -> bool) -> bool {
        let (plan, task) = (self.run.plan(), self.run.task(self.ix));
        let planned = plan.task(self.ix);
        found(planned.id.as_str())
            || found(plan.stage(planned.stage).id.as_str())
            || found(plan.agent(planned.agent).id.as_str())
            || found(planned.task_type.as_str())
            || found(task.state.as_str())
            || task.outcome.as_ref().is_some_and(|outcome| found(&outcome.summary))
            || task.history.back().is_some_and(|attempt| found(&attempt.said))
    }

    fn name(&self, name: NameField, found: &mut dyn FnMut(&str) -> bool) -> bool {
        let plan = self.run.plan();
        let planned = plan.task(self.ix);
        match name {
            NameField::Agent => found(plan.agent(planned.agent).id.as_str()),
            NameField::Stage => found(plan.stage(planned.stage).id.as_str()),
            NameField::Task => found(planned.id.as_str()),
            NameField::Type => found(planned.task_type.as_str()),
            NameField::Kind | NameField::Corr => false,
        }
    }

    fn state(&self) -> Option<StateFilter> {
        Some(StateFilter::Task(self.run.task(self.ix).state))
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        Some(self.run.task(self.ix).since)
    }

    fn level(&self) -> Option<LineSeverity> {
        None
    }

    fn task(&self) -> Option<(&RunState, TaskIx)> {
        Some((self.run, self.ix))
    }
}

/// A line of the event stream of a run.
pub(super) struct EventLineSubject<'a> {
    pub(super) run: &'a RunState,
    pub(super) line: &'a EventLine,
}

impl Filterable for EventLineSubject<'_> {
    fn text(&self, found: &mut dyn FnMut(&str) -> bool) -> bool {
        found(&self.line.what)
            || found(self.line.kind)
            || self.name(NameField::Agent, found)
            || self.name(NameField::Stage, found)
    }

    fn name(&self, name: NameField, found: &mut dyn FnMut(&str) -> bool) -> bool {
        let (plan, line) = (self.run.plan(), self.line);
        match name {
            NameField::Agent => line.agent.is_some_and(|ix| found(plan.agent(ix).id.as_str())),
            NameField::Stage => line.stage.is_some_and(|ix| found(plan.stage(ix).id.as_str())),
            NameField::Task => line.task.is_some_and(|ix| found(plan.task(ix).id.as_str())),
            NameField::Type => line.task.is_some_and(|ix| found(plan.task(ix).task_type.as_str())),
            NameField::Kind => found(line.kind),
            NameField::Corr => found(&line.corr.to_string()),
        }
    }

    /// Returns what a task is now says nothing of what it was when this happened.
    fn state(&self) -> Option<StateFilter> {
        if let EventGlyph::State(state) = self.line.mark {
            Some(StateFilter::Task(state))
        } else {
            None
        }
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        Some(self.line.at)
    }

    fn level(&self) -> Option<LineSeverity> {
        Some(self.line.severity.into())
    }
}

/// An event whose line has no texts yet.
pub(super) struct RecordedSubject<'a> {
    pub(super) event: EventLineSubject<'a>,
    pub(super) recorded: &'a RecordedEvent,
}

impl Filterable for RecordedSubject<'_> {
    fn text(&self, found: &mut dyn FnMut(&str) -> bool) -> bool {
        // The sentence last: it must be written first.
        found(self.event.line.kind)
            || self.name(NameField::Agent, found)
            || self.name(NameField::Stage, found)
            || found(&event_text::event_text(self.recorded, self.event.run.plan()))
    }

    fn name(&self, name: NameField, found: &mut dyn FnMut(&str) -> bool) -> bool {
        self.event.name(name, found)
    }

    fn state(&self) -> Option<StateFilter> {
        self.event.state()
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.event.at()
    }

    fn level(&self) -> Option<LineSeverity> {
        self.event.level()
    }
}
