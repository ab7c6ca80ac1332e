//! Differences between two runs of one or of two day plans or dates.

use std::collections::BTreeMap;

use super::rows::DiffRow;
use crate::format;
use engine::{RunState, RunStatus, TaskRun, TaskState};
use planning::{id::TaskId, plan::TaskIx};

/// The differences between two runs. Times of day are exchange time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDiff {
    /// Name, kind of day, status and counts of both, whether they differ or not.
    pub totals: Vec<DiffRow>,
    /// The tasks of both that differ, in the order of the right plan.
    pub tasks: Vec<TaskDiff>,
    /// The number of tasks of both do not differ.
    pub same: u64,
    /// Tasks of the left alone, in order of name.
    pub only_left: Vec<TaskId>,
    /// Tasks of the right alone, in the order of its plan.
    pub only_right: Vec<TaskId>,
}

/// A task that differs between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDiff {
    pub id: TaskId,
    /// Its place on the left.
    pub left: TaskIx,
    /// Its place on the right.
    pub right: TaskIx,
    /// Its state on either side.
    pub states: (TaskState, TaskState),
    /// The differing fields: state, start, end, duration, attempts.
    pub rows: Vec<DiffRow>,
}

/// Compares two runs, the earlier on the left; tasks are the same when they have the same name.
#[must_use]
pub fn diff_runs(left: &RunState, right: &RunState) -> RunDiff {
    let mut of_left: BTreeMap<&TaskId, TaskIx> =
        left.tasks().map(|(ix, _)| (&left.plan().task(ix).id, ix)).collect();
    let (mut tasks, mut same, mut only_right) = (Vec::new(), 0, Vec::new());
    for (ix, _) in right.tasks() {
        let id = &right.plan().task(ix).id;
        let Some(before) = of_left.remove(id) else {
            only_right.push(id.clone());
            continue;
        };
        let (a, b) = (left.task(before), right.task(ix));
        let rows: Vec<_> = task(a, b).into_iter().filter(DiffRow::differs).collect();
        if rows.is_empty() {
            same += 1;
        } else {
            let states = (a.state, b.state);
            tasks.push(TaskDiff { id: id.clone(), left: before, right: ix, states, rows });
        }
    }
    let only_left = of_left.into_keys().cloned().collect();
    RunDiff { totals: totals(left, right), tasks, same, only_left, only_right }
}

fn task(left: &TaskRun, right: &TaskRun) -> Vec<DiffRow> {
    let time = |at: Option<_>| at.map_or_else(|| "-".into(), format::format_time);
    let took = |task: &TaskRun| match (task.started_at, task.ended_at) {
        (Some(from), Some(to)) => format::format_age(from, to),
        (Some(_) | None, Some(_) | None) => "-".into(),
    };
    let row = |label, of: &dyn Fn(&TaskRun) -> String| DiffRow::new(label, of(left), of(right));
    vec![
        row("state", &|task| task.state.as_str().to_owned()),
        row("started", &|task| time(task.started_at)),
        row("ended", &|task| time(task.ended_at)),
        row("took", &took),
        row("attempts", &|task| task.attempt.to_string()),
    ]
}

fn totals(left: &RunState, right: &RunState) -> Vec<DiffRow> {
    let row = |label, of: &dyn Fn(&RunState) -> String| DiffRow::new(label, of(left), of(right));
    let count = |state: TaskState| move |run: &RunState| run.count_in_state(state).to_string();
    let attempts = |run: &RunState| {
        run.tasks().map(|(_, task)| u64::from(task.attempt)).sum::<u64>().to_string()
    };
    let mut rows = vec![
        row("run", &|run| format::sanitize(&run.plan().run).into_owned()),
        row("day", &|run| format!("{} {}", run.plan().date, format::sanitize(&run.plan().day))),
        row("status", &|run| status(run).to_owned()),
        row("tasks", &|run| run.plan().tasks.len().to_string()),
        row("attempts", &attempts),
    ];
    // States that no task of either is in tell nothing.
    let used = |state: &TaskState| left.count_in_state(*state) + right.count_in_state(*state) > 0;
    let counts = TaskState::ALL.into_iter().filter(used);
    rows.extend(counts.map(|state| row(format::state_text(state), &count(state))));
    rows
}

const fn status(run: &RunState) -> &'static str {
    match run.status() {
        RunStatus::Running => "RUNNING",
        RunStatus::Completed(_) => "COMPLETED",
        RunStatus::Failed(_) => "FAILED",
        RunStatus::Cancelled => "CANCELLED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, SampleRun, task};

    #[test]
    fn only_what_differs_between_two_runs_is_told() {
        let plan = |names: &[&str]| {
            let mut plan = sample::sample_plan(names.iter().map(|name| task(name, 2)).collect());
            plan.limits.max_concurrent_tasks = 9;
            plan.agents[0].slots = 9;
            plan
        };
        let mut before = SampleRun::start(plan(&["same", "differs", "gone"]), "10:30");
        let mut after = SampleRun::start(plan(&["differs", "new", "same"]), "10:30");
        before.end_attempt("10:31", 0, sample::completed("ok"));
        after.end_attempt("10:31", 2, sample::completed("ok"));
        before.end_attempt("10:32", 1, sample::completed("ok"));
        let broken = sample::failed(engine::FailureKind::BadInput, "no");
        after.end_attempt("10:35", 0, broken);
        let diff = diff_runs(before.run(), after.run());
        let rows =
            |rows: &[DiffRow]| rows.iter().map(DiffRow::to_line).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(rows(&diff.totals), @"
        run: 2024-01-16-standard-1
        day: 2024-01-16 regular session
        status: RUNNING
        tasks: 3
        attempts: 3
        running: 0, before 1
        retrying: 1, before 0
        completed: 1, before 2
        failed: 1, before 0
        ");
        assert_eq!(diff.tasks.len(), 1);
        insta::assert_snapshot!(rows(&diff.tasks[0].rows), @"
        state: FAILED, before COMPLETED
        ended: 10:35:00, before 10:32:00
        took: 5m00s, before 2m00s
        ");
        assert_eq!((diff.same, diff.tasks[0].left, diff.tasks[0].right), (1, TaskIx(1), TaskIx(0)));
        let only = [&diff.only_left, &diff.only_right].map(|ids| ids[0].to_string());
        assert_eq!(only, ["gone", "new"]);
        let none = diff_runs(after.run(), after.run());
        assert!(none.tasks.is_empty() && none.only_left.is_empty() && none.same == 3);
        assert!(none.totals.iter().all(|row| !row.differs()));
    }
}
