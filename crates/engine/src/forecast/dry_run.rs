//! A plan and a moment to begin at, made into a `DryDay`.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    agent_usage,
    critical_chain::{critical_chain_to, last_attempt_end, last_of, longest_chain, start_cause},
    not_run::tasks_not_run,
    report::{DryRunReport, DryRunStage, DryRunTask},
    simulate::{Simulation, continue_from, simulate},
    slack::latest_ends,
    warnings,
};
use crate::{RecordedEvent, RunState, TaskState};
use planning::plan::{DayPlan, StageIx, TaskIx};

/// Plays a day from `start_at` on a virtual clock, with the engine that runs real days.
///
/// Every attempt takes exactly its task's `estimate` and succeeds with an empty result; people
/// answer like agents, yes. What hangs on the content of a result is therefore taken not to hold.
/// Equal plans and moments give equal days.
#[must_use]
pub fn dry_run(plan: Arc<DayPlan>, start_at: DateTime<Utc>) -> DryRunReport {
    dry_run_with_events(plan, start_at).day
}

/// A dry run and every event of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRunWithEvents {
    /// What came of it.
    pub day: DryRunReport,
    /// What the engine said, from `workflow_started` on.
    pub events: Vec<Arc<RecordedEvent>>,
}

/// As [`dry_run`], with the events of the run: it can be looked at like a day that was.
#[must_use]
pub fn dry_run_with_events(plan: Arc<DayPlan>, start_at: DateTime<Utc>) -> DryRunWithEvents {
    let mut played = simulate(&plan, start_at);
    let events = std::mem::take(&mut played.events);
    DryRunWithEvents { day: build_report(plan, &played), events }
}

/// Plays the rest of a run from its state at `at`, as [`dry_run`] plays a day: what has ended stays as
/// it ended, and what runs now takes its estimate.
#[must_use]
pub fn dry_run_from(state: &RunState, at: DateTime<Utc>) -> DryRunReport {
    build_report(Arc::clone(state.plan()), &continue_from(state, at))
}

/// What is to be known of a day that was played.
fn build_report(plan: Arc<DayPlan>, played: &Simulation) -> DryRunReport {
    let start_at = played.starts_at;
    let ends_at = played.runs.iter().flatten().map(|run| run.to).fold(start_at, DateTime::max);
    let mut stages: Vec<_> =
        (0..plan.stages.len()).map(|at| stage(played, StageIx::new(at))).collect();
    let mut tasks = tasks(played);
    let links = stages.iter().flat_map(|stage| &stage.critical_chain);
    let critical: BTreeSet<_> = links.map(|link| &link.task).collect();
    for task in &mut tasks {
        task.critical = critical.contains(&task.task);
    }
    for stage in &mut stages {
        let own = tasks.iter().filter(|task| task.stage == stage.stage);
        let least = own.filter_map(|task| Some((task.slack_ms?, task)));
        stage.tightest = least.min_by_key(|(ms, _)| *ms).map(|(_, task)| task.task.clone());
    }
    let absent = tasks_not_run(played);
    let agents = agent_usage::agents(played, ends_at);
    let warnings = warnings::warnings(&plan, &tasks, &absent, &agents);
    DryRunReport {
        date: plan.date,
        day: plan.day.clone(),
        overlays: plan.overlays.clone(),
        starts_at: start_at,
        ends_at,
        peak: agent_usage::peak_of_all(played),
        tasks,
        absent,
        stages,
        agents,
        warnings,
        plan,
    }
}

fn tasks(played: &Simulation) -> Vec<DryRunTask> {
    let (state, latest) = (played.state(), latest_ends(played));
    let plan = state.plan();
    let task = |(ix, latest_end): (TaskIx, Option<DateTime<Utc>>)| {
        let (planned, runs) = (plan.task(ix), &played.runs[ix.at()]);
        let end = last_attempt_end(played, ix);
        let slack = latest_end.zip(end).map(|(latest, end)| (latest - end).num_milliseconds());
        let condition = planned.when.as_ref().map(|(_, condition)| condition.to_string());
        DryRunTask {
            ix,
            task: planned.id.clone(),
            stage: plan.stage(planned.stage).id.clone(),
            agent: plan.agent(planned.agent).id.clone(),
            state: state.task(ix).state,
            start: runs.first().map(|run| run.from),
            end,
            rounds: runs.len(),
            every: planned.every,
            runs: runs.clone(),
            opens_at: planned.opens_at,
            closes_at: planned.closes_at,
            deadline: planned.deadline,
            latest_end,
            slack_ms: slack,
            driver: start_cause(played, ix),
            critical: false,
            assumed: condition.filter(|_| !runs.is_empty()),
        }
    };
    latest.into_iter().enumerate().map(|(at, end)| task((TaskIx::new(at), end))).collect()
}

fn stage(played: &Simulation, ix: StageIx) -> DryRunStage {
    let state = played.state();
    let plan = state.plan();
    let own = || plan.tasks_of(ix);
    let work = own().filter(|ix| plan.task(*ix).every.is_none());
    let done = own().filter(|ix| state.task(*ix).state == TaskState::Completed).count();
    let last = last_of(played, ix);
    let (longest_chain, longest_ms) = longest_chain(played, ix);
    DryRunStage {
        stage: plan.stage(ix).id.clone(),
        status: state.stage(ix).status,
        opens_at: plan.stage(ix).opens_at,
        closes_at: plan.stage(ix).closes_at,
        ends_at: own().filter_map(|ix| last_attempt_end(played, ix)).max(),
        work_ends_at: work.filter_map(|ix| last_attempt_end(played, ix)).max(),
        done: (done, own().count()),
        critical_chain: last.map(|last| critical_chain_to(played, last)).unwrap_or_default(),
        longest_chain,
        longest_ms,
        tightest: None,
    }
}
