//! Why an action is not to be had now, in the words of whoever would refuse it.
//!
//! Cheap: the engine is asked with the state as it is, and no copy of a run is made. For rows that
//! somebody looks at, and for a target that somebody named.

use super::{
    action::{Act, Action, Go, OnTask, Rung, Verb},
    acts, conditions,
    model::{Model, Pane},
    overlay::Tick,
    registry::{Row, Scope},
    rows::Rows,
};
use crate::{
    definition::TaskPriority,
    engine::{Command, Finding, RunState, TaskState, refused, unmet},
    plan::{Mode, TaskIx},
    present::words,
};

/// Tasks of a plan up to which a whole stage is asked about.
const TASKS_MAX: usize = 5_000;

/// Why the action of a row would do nothing now; `None` when it would do something.
pub(super) fn why_not(model: &Model, row: &Row) -> Option<String> {
    if matches!(row.action, Action::Rows(Rows::Sort(_) | Rows::Export(_))) {
        return None;
    }
    match row.action {
        Action::Act(act) => of_act(model, act),
        Action::Answer(_)
        | Action::Move(_)
        | Action::Go(Go::Open | Go::Follow)
        | Action::Rows(_) => elsewhere(model, row),
        Action::Go(Go::Faster | Go::Slower) => model.real_clock().then(|| REAL_CLOCK.to_owned()),
        Action::Go(Go::Diff | Go::Origins | Go::TryOut) => {
            let bare = matches!(model.focus(), Pane::Alerts | Pane::Audit);
            (bare && model.selected().is_none()).then(|| "no task is selected".to_owned())
        }
        Action::Time(_) | Action::Go(_) | Action::Any(_) => None,
    }
}

/// What is said where a clock goes by itself.
pub(super) const REAL_CLOCK: &str = "only a virtual clock goes faster or slower";

impl Model {
    /// Whether the run's clock is the wall's, or there is no run.
    pub(super) fn real_clock(&self) -> bool {
        let mode = self.run.as_ref().map(|run| run.plan().mode);
        !matches!(mode, Some(Mode::Sim | Mode::Dry | Mode::Replay))
    }
}

/// A row holds where its scope is known: that of the place the reader is in.
fn elsewhere(model: &Model, row: &Row) -> Option<String> {
    let anywhere = matches!(row.scope, Scope::Everywhere | Scope::Screen);
    let there = anywhere || model.place().chain().contains(&row.scope);
    (!there).then(|| format!("it holds {}", row.scope.title()))
}

fn of_act(model: &Model, act: Act) -> Option<String> {
    if let Some(why) = acts::barred(model, act) {
        return Some(why);
    }
    let run = model.run.as_ref()?;
    if run.ended() {
        return Some("the day is over".into());
    }
    match act {
        Act::Acknowledge if model.sights.alert.is_none() => Some("no alert is selected".into()),
        Act::PauseAgent if model.agent.is_none() => Some("no agent is selected".into()),
        Act::Trading(rung) if rung != Rung::Rearm => None,
        Act::Halt | Act::PauseAll | Act::PauseAgent => None,
        Act::Recover | Act::RecoverPaused if !run.recovering() => {
            Some("the run is not being taken up".into())
        }
        Act::EndRun | Act::Recover | Act::RecoverPaused | Act::Acknowledge | Act::Trading(_) => {
            acts::denied(model)
        }
        Act::Task(on) => {
            let selected = model.selected();
            let asks = acts::asking(run, selected).filter(|_| on == OnTask::Approve);
            match asks.or(selected) {
                Some(ix) if brakes(on) => on_task(model, on, ix),
                Some(ix) => acts::denied(model).or_else(|| on_task(model, on, ix)),
                None => Some("no task is selected".into()),
            }
        }
    }
}

/// Whether an act on a task is taken from anybody.
const fn brakes(on: OnTask) -> bool {
    matches!(on, OnTask::Pause | OnTask::Do(Verb::Hold))
}

/// Why an act on this task would be refused.
pub(super) fn on_task(model: &Model, on: OnTask, ix: TaskIx) -> Option<String> {
    let run = model.run.as_ref()?;
    let command = wanted(model, run, on, ix)?;
    let refusal = refused(run, model.now, &command)?;
    Some(words::safe(&refusal.to_string()).into_owned())
}

/// The mildest order that the act could end in.
fn wanted(model: &Model, run: &RunState, on: OnTask, task: TaskIx) -> Option<Command> {
    let state = run.task(task).state;
    Some(match on {
        OnTask::Do(verb) => acts::command(acts::meant(verb, state), task),
        OnTask::Pause => return None,
        OnTask::Skip if state == TaskState::Skipped => Command::Unskip { task },
        OnTask::Skip => Command::Skip { task, satisfies: false },
        OnTask::Approve => Command::approve(task),
        OnTask::Resolve => Command::Resolve { task, finding: Finding::Abandoned },
        OnTask::Priority => {
            let present = run.task(task).priority;
            let priority = TaskPriority::ALL.into_iter().find(|other| *other != present)?;
            Command::SetPriority { task, priority }
        }
        OnTask::Force => {
            let waivers = unmet(run, model.now, task).into_iter().filter_map(|u| u.waiver);
            Command::Force { task, waivers: waivers.collect() }
        }
        OnTask::ForceStage if run.plan().tasks.len() > TASKS_MAX => return None,
        OnTask::ForceStage => {
            let stage = run.plan().task(task).stage;
            let conditions = conditions::of_stage(run, stage, model.now);
            let waivers = conditions.into_iter().filter_map(|item| match item.pick {
                Tick::Waive(waiver) => Some(waiver),
                Tick::Never | Tick::OneOf(_) | Tick::Happened(_) | Tick::Order { .. } => None,
            });
            Command::ForceStage { stage, waivers: waivers.collect() }
        }
    })
}
