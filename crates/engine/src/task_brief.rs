//! What most steps need to know of a planned task, in one cache line instead of the plan's five.

use chrono::{DateTime, Utc};

use planning::{
    plan::{AgentIx, PlannedTask, StageIx},
    time::Span,
    workflow::EffectClass,
};

/// Copied from the plan when a run begins; the plan stays the truth for everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts of a plan that exclude nothing")]
pub(super) struct TaskBrief {
    pub(super) timeout: Span,
    pub(super) opens_at: DateTime<Utc>,
    pub(super) closes_at: DateTime<Utc>,
    pub(super) stage: StageIx,
    pub(super) agent: AgentIx,
    pub(super) effect: EffectClass,
    /// Whether it has neither a condition, nor rounds, nor a limit to its wait for a slot: the plan
    /// need not be read for them.
    pub(super) plain: bool,
    /// Whether the clock of work counts it: neither an approval nor a monitor.
    pub(super) is_work: bool,
    /// Whether it runs only when an operator asks for it.
    pub(super) on_demand: bool,
}

impl TaskBrief {
    pub(super) fn from_task(task: &PlannedTask) -> Self {
        Self {
            timeout: task.timeout,
            opens_at: task.opens_at,
            closes_at: task.closes_at,
            stage: task.stage,
            agent: task.agent,
            effect: task.effect,
            plain: task.when.is_none() && task.every.is_none() && task.queue_timeout.is_none(),
            on_demand: task.on_demand,
            is_work: task.effect != EffectClass::Human && task.every.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brief_is_no_longer_than_a_cache_line() {
        assert!(size_of::<TaskBrief>() <= 48, "{}", size_of::<TaskBrief>());
    }
}
