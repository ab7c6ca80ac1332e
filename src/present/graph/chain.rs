//! The chain of a stage's tasks that decides when its work ends, from what happened and estimates.

use chrono::{DateTime, Utc};

use crate::{
    engine::{RunState, TaskState},
    plan::TaskIx,
};

/// The tasks, first to last, each of which waits for the one before, that end last of a stage's
/// own; loops apart. `tasks` are those of one stage. Ends are what happened, or the earliest that
/// windows, what is waited for and usual lengths allow at `at`.
pub(super) fn critical(run: &RunState, tasks: &[TaskIx], at: DateTime<Utc>) -> Vec<TaskIx> {
    let plan = run.plan();
    let mut ends = Ends { run, at, known: vec![None; plan.tasks.len()] };
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

struct Ends<'a> {
    run: &'a RunState,
    at: DateTime<Utc>,
    known: Vec<Option<DateTime<Utc>>>,
}

impl Ends<'_> {
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
                self.known[ix.at()] = Some(self.own(ix));
                open.pop();
            } else {
                open.extend(missing);
            }
        }
        self.known[ix.at()].unwrap_or(self.at)
    }

    fn waits(&self, ix: TaskIx) -> bool {
        let task = self.run.task(ix);
        !task.state.ended() && !task.state.active() && task.state != TaskState::InDoubt
    }

    fn own(&self, ix: TaskIx) -> DateTime<Utc> {
        let (planned, task) = (self.run.plan().task(ix), self.run.task(ix));
        if task.state.ended() || task.state == TaskState::InDoubt {
            return task.ended_at.unwrap_or(task.since);
        }
        if task.state.active() {
            let from = task.started_at.unwrap_or(task.since);
            return (from + planned.estimate.delta()).max(self.at);
        }
        let needs = planned.dependencies.iter().filter_map(|d| self.known[d.on.at()]);
        let ready = needs.max().unwrap_or(self.at).max(self.run.not_before(ix)).max(self.at);
        ready + planned.estimate.delta()
    }
}
