//! What a command may name: a task, an agent, a stage, by its id.

use crate::{
    console::model::Model,
    engine::RunState,
    plan::{AgentIx, StageIx, TaskIx},
    yaml::{nearest, shown},
};

/// A thing of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Target {
    /// A task.
    Task(TaskIx),
    /// An agent.
    Agent(AgentIx),
    /// A stage.
    Stage(StageIx),
}

impl Target {
    /// The words that say which kind is meant where a name is of two kinds.
    const KINDS: [&'static str; 3] = ["task", "agent", "stage"];

    /// Its kind and its name.
    #[must_use]
    pub(in crate::console) fn name(self, run: &RunState) -> (&'static str, &str) {
        let plan = run.plan();
        match self {
            Self::Task(ix) => ("task", plan.task(ix).id.as_str()),
            Self::Agent(ix) => ("agent", plan.agent(ix).id.as_str()),
            Self::Stage(ix) => ("stage", plan.stage(ix).id.as_str()),
        }
    }

    /// A task that stands for it: itself, or the first of the stage.
    #[must_use]
    pub(in crate::console) fn task(self, run: &RunState) -> Option<TaskIx> {
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
pub(super) fn named(model: &Model, text: &str) -> Result<Vec<Target>, String> {
    let Some(run) = &model.run else { return Err("there is no run yet".into()) };
    let (kind, name) = split(text);
    let plan = run.plan();
    let all = [
        plan.find_task(name).map(Target::Task),
        plan.find_stage(name).map(Target::Stage),
        plan.find_agent(name).map(Target::Agent),
    ];
    let wanted = |target: &Target| kind.is_none_or(|kind| target.name(run).0 == kind);
    let found: Vec<_> = all.into_iter().flatten().filter(wanted).collect();
    if found.is_empty() {
        let near = nearest(name, every(run).map(|target| target.name(run).1));
        let near = near.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        let kind = kind.unwrap_or("task, agent or stage");
        return Err(format!("there is no {kind} {}{near}", shown(name)));
    }
    Ok(found)
}

/// The kind a text begins with, if it names one, and the rest.
pub(super) fn split(text: &str) -> (Option<&'static str>, &str) {
    let kinds = Target::KINDS.iter().find_map(|kind| {
        let rest = text.strip_prefix(kind)?.strip_prefix(' ')?;
        Some((Some(*kind), rest.trim_start()))
    });
    kinds.unwrap_or((None, text))
}

/// Every task, then every stage, then every agent.
pub(super) fn every(run: &RunState) -> impl Iterator<Item = Target> + '_ {
    let tasks = run.tasks().map(|(ix, _)| Target::Task(ix));
    let stages = run.stages().map(|(ix, _)| Target::Stage(ix));
    tasks.chain(stages).chain(run.agents().map(|(ix, _)| Target::Agent(ix)))
}
