//! What a command may name: a task, an agent, a stage, by its id.

use crate::model::Model;
use diag::{nearest, quote};
use engine::RunState;
use planning::plan::{AgentIx, StageIx, TaskIx};

/// A thing of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedTarget {
    /// A task.
    Task(TaskIx),
    /// An agent.
    Agent(AgentIx),
    /// A stage.
    Stage(StageIx),
}

impl NamedTarget {
    /// The words that say which kind is meant where a name is of two kinds.
    const KINDS: [&'static str; 3] = ["task", "agent", "stage"];

    /// Its kind and its name.
    #[must_use]
    pub(crate) fn name(self, run: &RunState) -> (&'static str, &str) {
        let plan = run.plan();
        match self {
            Self::Task(ix) => ("task", plan.task(ix).id.as_str()),
            Self::Agent(ix) => ("agent", plan.agent(ix).id.as_str()),
            Self::Stage(ix) => ("stage", plan.stage(ix).id.as_str()),
        }
    }

    /// A task that stands for it: itself, or the first of the stage.
    #[must_use]
    pub(crate) fn task(self, run: &RunState) -> Option<TaskIx> {
        match self {
            Self::Task(ix) => Some(ix),
            Self::Stage(ix) => run.plan().tasks_of(ix).next(),
            Self::Agent(_) => None,
        }
    }
}

/// Everything `text` may name: `risk_recheck`, `stage intraday`.
///
/// # Errors
///
/// That there is no such thing, with the nearest name.
pub(super) fn find_targets(model: &Model, text: &str) -> Result<Vec<NamedTarget>, String> {
    let Some(run) = &model.run else { return Err("there is no run yet".into()) };
    let (kind, name) = split_kind(text);
    let plan = run.plan();
    let all = [
        plan.find_task(name).map(NamedTarget::Task),
        plan.find_stage(name).map(NamedTarget::Stage),
        plan.find_agent(name).map(NamedTarget::Agent),
    ];
    let wanted = |target: &NamedTarget| kind.is_none_or(|kind| target.name(run).0 == kind);
    let found: Vec<_> = all.into_iter().flatten().filter(wanted).collect();
    if found.is_empty() {
        let near = nearest(name, all_targets(run).map(|target| target.name(run).1));
        let near = near.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        let kind = kind.unwrap_or("task, agent or stage");
        return Err(format!("there is no {kind} {}{near}", quote(name)));
    }
    Ok(found)
}

/// The kind a text begins with, if it names one, and the rest.
pub(super) fn split_kind(text: &str) -> (Option<&'static str>, &str) {
    let kinds = NamedTarget::KINDS.iter().find_map(|kind| {
        let rest = text.strip_prefix(kind)?.strip_prefix(' ')?;
        Some((Some(*kind), rest.trim_start()))
    });
    kinds.unwrap_or((None, text))
}

/// Every task, then every stage, then every agent.
pub(super) fn all_targets(run: &RunState) -> impl Iterator<Item = NamedTarget> + '_ {
    let tasks = run.tasks().map(|(ix, _)| NamedTarget::Task(ix));
    let stages = run.stages().map(|(ix, _)| NamedTarget::Stage(ix));
    tasks.chain(stages).chain(run.agents().map(|(ix, _)| NamedTarget::Agent(ix)))
}
