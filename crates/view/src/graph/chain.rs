//! The chain of a stage's tasks that decides when its work ends, from what happened and estimates.

use chrono::{DateTime, TimeDelta, Utc};

use engine::{RunState, StageStatus, TaskState};
use planning::plan::TaskIx;

/// The tasks, first to last, each of which waits for the one before, that end last of a stage's
/// own; loops apart. `tasks` are those of one stage. Ends are what happened, or the earliest that
/// windows, what is waited for and usual lengths allow at `at`.
pub(super) fn critical_path(run: &RunState, tasks: &[TaskIx], at: DateTime<Utc>) -> Vec<TaskIx> {
    let plan = run.plan();
    let mut ends = EndEstimates { run, at, known: vec![None; plan.tasks.len()] };
    let counts = |ix: &TaskIx| plan.task(*ix).every.is_none();
    let last = tasks.iter().copied().filter(counts).max_by_key(|&ix| (ends.end(ix), ix));
    let (mut chain, mut next) = (Vec::new(), last);
    while let Some(ix) = next {
        chain.push(ix);
        let needs = plan.task(ix).dependencies.iter().map(|dependency| dependency.on);
        let inside = needs.filter(|on| tasks.contains(on) && !chain.contains(on));
        let before = inside.max_by_key(|&on| (ends.end(on), on));
        next = before.filter(|&on| ends.end(on) > plan.task(ix).opens_at);
    }
    chain.reverse();
    chain
}

/// The chain that decides when the open stage's work ends, and how much later that may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalPath {
    /// The tasks that have not ended, first to last; never empty.
    pub tasks: Vec<TaskIx>,
    /// From its likely end to the deadline of its last task; negative when it is too late.
    pub slack: TimeDelta,
}

/// Tasks of a stage up to which its chain is looked for with every frame.
const STAGE_MOST: usize = 500;

/// The chain of the first open stage that still has work to do, if it is small enough to search.
#[must_use]
pub fn critical_path_of_run(run: &RunState, at: DateTime<Utc>) -> Option<CriticalPath> {
    let mut open = run.stages().filter(|(_, stage)| stage.status == StageStatus::Open);
    open.find_map(|(ix, _)| {
        let tasks: Vec<_> = run.plan().tasks_of(ix).take(STAGE_MOST + 1).collect();
        let chain = (tasks.len() <= STAGE_MOST).then(|| critical_path(run, &tasks, at))?;
        let mut ends = EndEstimates { run, at, known: vec![None; run.plan().tasks.len()] };
        // Some of a stage's work is planned for after its window: its own deadline counts.
        let last = *chain.last()?;
        let slack = run.plan().task(last).deadline - ends.end(last);
        let left = chain.into_iter().filter(|&ix| !run.task(ix).state.is_terminal());
        let tasks: Vec<_> = left.collect();
        (!tasks.is_empty()).then_some(CriticalPath { tasks, slack })
    })
}

struct EndEstimates<'a> {
    run: &'a RunState,
    at: DateTime<Utc>,
    known: Vec<Option<DateTime<Utc>>>,
}

impl EndEstimates<'_> {
    /// The end of a task, and of what it waits for on the way: without recursion, since a chain
    /// may be as long as the day.
    fn end(&mut self, ix: TaskIx) -> DateTime<Utc> {
        let mut open = vec![ix];
        while let Some(&ix) = open.last() {
            if self.known.get(ix.at()).copied().flatten().is_some() {
                open.pop();
                continue;
            }
            let needs = self.run.plan().task(ix).dependencies.iter().map(|d| d.on);
            let waits = self.waits(ix);
            let unknown =
                |on: &TaskIx| waits && self.known[on.at()].is_none() && !open.contains(on);
            let missing: Vec<_> = needs.filter(unknown).collect();
            if missing.is_empty() {
                self.known[ix.at()] = Some(self.end_of(ix));
                open.pop();
            } else {
                open.extend(missing);
            }
        }
        self.known[ix.at()].unwrap_or(self.at)
    }

    fn waits(&self, ix: TaskIx) -> bool {
        let task = self.run.task(ix);
        !task.state.is_terminal() && !task.state.is_active() && task.state != TaskState::InDoubt
    }

    fn end_of(&self, ix: TaskIx) -> DateTime<Utc> {
        let (planned, task) = (self.run.plan().task(ix), self.run.task(ix));
        if task.state.is_terminal() || task.state == TaskState::InDoubt {
            return task.ended_at.unwrap_or(task.since);
        }
        if task.state.is_active() {
            let from = task.started_at.unwrap_or(task.since);
            return (from + planned.estimate.to_delta()).max(self.at);
        }
        let needs = planned.dependencies.iter().filter_map(|d| self.known[d.on.at()]);
        let ready = needs.max().unwrap_or(self.at).max(self.run.not_before(ix)).max(self.at);
        ready + planned.estimate.to_delta()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::time::Span;
    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    #[test]
    fn the_open_stages_chain_has_the_slack_its_deadline_leaves_it() {
        let mut last = with_dependencies(task("close_out", 2), &[0]);
        last.opens_at = exchange_time("14:45");
        let mut plan = sample::sample_plan(vec![task("risk", 2), last]);
        plan.limits.workflow_timeout = Span::MAX;
        let mut day = SampleRun::start(plan, "10:30");
        let found = critical_path_of_run(day.run(), exchange_time("10:31")).unwrap();
        // Each usually takes a minute, and the deadline is 15:00.
        assert_eq!((found.tasks, found.slack.num_minutes()), (vec![TaskIx(1)], 14));
        day.advance_to("14:59:30");
        let late = critical_path_of_run(day.run(), exchange_time("14:59:30")).unwrap();
        assert!(late.slack < TimeDelta::zero(), "{late:?}");
    }

    #[test]
    fn a_day_without_an_open_stage_has_no_chain() {
        let day = SampleRun::start(sample::sample_plan(vec![task("later", 3)]), "15:30");
        assert_eq!(critical_path_of_run(day.run(), exchange_time("15:30")), None);
    }
}
