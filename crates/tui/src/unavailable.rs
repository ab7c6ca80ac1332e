//! Why an action is not to be had now, in the words of whoever would refuse it.
//!
//! Cheap: the engine is asked with the state as it is, and no copy of a run is made. For rows that
//! somebody looks at, and for a target that somebody named.

use super::{
    action::{Action, CommandAction, Navigation, TaskAction, TaskVerb, TradingAction},
    commands, force_conditions,
    keymap::{Binding, KeyScope},
    list_actions::ListAction,
    model::{Model, Pane},
    popup::ItemChoice,
};
use engine::{Command, Resolution, RunState, TaskState, refusal_of, unmet_conditions};
use planning::{
    plan::{RunMode, TaskIx},
    workflow::TaskPriority,
};
use view::format;

/// Tasks of a plan up to which a whole stage is asked about.
const TASKS_MAX: usize = 5_000;

/// Returns why the action of a row would do nothing now; `None` when it would do something.
pub(super) fn why_not(model: &Model, row: &Binding) -> Option<String> {
    if matches!(row.action, Action::List(ListAction::Sort(_) | ListAction::Export(_))) {
        return None;
    }
    match row.action {
        Action::Command(act) => of_act(model, act),
        Action::Popup(_)
        | Action::Move(_)
        | Action::Go(Navigation::Open | Navigation::Follow)
        | Action::List(_) => elsewhere(model, row),
        Action::Go(Navigation::Faster | Navigation::Slower) => {
            model.real_clock().then(|| REAL_CLOCK.to_owned())
        }
        Action::Go(Navigation::Diff | Navigation::Origins | Navigation::PreviewCommands) => {
            let bare = matches!(model.focused_pane(), Pane::Alerts | Pane::Audit);
            (bare && model.selected_task().is_none()).then(|| "no task is selected".to_owned())
        }
        Action::Time(_) | Action::Go(_) | Action::Global(_) => None,
    }
}

/// The refusal of clock actions on a real clock.
pub(super) const REAL_CLOCK: &str = "only a virtual clock goes faster or slower";

impl Model {
    /// Returns whether the run's clock is the wall's, or there is no run.
    pub(super) fn real_clock(&self) -> bool {
        let mode = self.run.as_ref().map(|run| run.plan().mode);
        !matches!(mode, Some(RunMode::Sim | RunMode::Dry | RunMode::Replay))
    }
}

/// A row holds where its scope is known: that of the place the reader is in.
fn elsewhere(model: &Model, row: &Binding) -> Option<String> {
    let anywhere = matches!(row.scope, KeyScope::Global | KeyScope::Screen);
    let there = anywhere || model.base_scope().ancestors().contains(&row.scope);
    (!there).then(|| format!("it holds {}", row.scope.title()))
}

fn of_act(model: &Model, act: CommandAction) -> Option<String> {
    if let Some(why) = commands::unavailable_reason(model, act) {
        return Some(why);
    }
    let run = model.run.as_ref()?;
    if run.has_ended() {
        return Some("the run has ended".into());
    }
    match act {
        CommandAction::Acknowledge
            if crate::screens::alerts::model::filtered_lines(model).is_empty() =>
        {
            Some("no alerts and no approvals".into())
        }
        CommandAction::PauseAgent if model.agent.is_none() => Some("no agent is selected".into()),
        CommandAction::Trading(rung) if rung != TradingAction::ReEnable => None,
        CommandAction::Halt | CommandAction::PauseAll | CommandAction::PauseAgent => None,
        CommandAction::Recover | CommandAction::RecoverPaused if !run.is_recovering() => {
            Some("the run is not recovering".into())
        }
        CommandAction::Flatten if run.exit_task().is_none() => {
            Some("this run has no task that closes positions".into())
        }
        CommandAction::Flatten
        | CommandAction::CancelRun
        | CommandAction::Recover
        | CommandAction::RecoverPaused
        | CommandAction::Acknowledge
        | CommandAction::Trading(_) => commands::not_armed_reason(model),
        CommandAction::Task(on) => {
            let selected = model.selected_task();
            let asks = commands::task_awaiting_approval(run, selected)
                .filter(|_| on == TaskAction::Approve);
            match asks.or(selected) {
                Some(ix) if brakes(on) => on_task(model, on, ix),
                Some(ix) => commands::not_armed_reason(model).or_else(|| on_task(model, on, ix)),
                None => Some("no task is selected".into()),
            }
        }
    }
}

/// Returns whether an act on a task is taken from anybody.
const fn brakes(on: TaskAction) -> bool {
    matches!(on, TaskAction::Pause | TaskAction::Do(TaskVerb::Hold))
}

/// Returns why an act on this task would be refused.
pub(super) fn on_task(model: &Model, on: TaskAction, ix: TaskIx) -> Option<String> {
    let run = model.run.as_ref()?;
    let command = wanted(model, run, on, ix)?;
    let refusal = refusal_of(run, model.now, &command)?;
    Some(format::sanitize(&refusal.to_string()).into_owned())
}

/// The mildest order that the act could end in.
fn wanted(model: &Model, run: &RunState, on: TaskAction, task: TaskIx) -> Option<Command> {
    let state = run.task(task).state;
    Some(match on {
        TaskAction::Do(verb) => commands::command_of(commands::effective_verb(verb, state), task),
        TaskAction::Pause => return None,
        TaskAction::Skip if state == TaskState::Skipped => Command::Unskip { task },
        TaskAction::Skip => Command::Skip { task, satisfies: false },
        TaskAction::Approve => Command::approve_all(task),
        TaskAction::Resolve => Command::Resolve { task, finding: Resolution::GaveUp },
        TaskAction::Priority => {
            let present = run.task(task).priority;
            let priority = TaskPriority::ALL.into_iter().find(|other| *other != present)?;
            Command::SetPriority { task, priority }
        }
        TaskAction::Force => {
            let waivers =
                unmet_conditions(run, model.now, task).into_iter().filter_map(|u| u.waiver);
            Command::Force { task, waivers: waivers.collect() }
        }
        TaskAction::ForceStage if run.plan().tasks.len() > TASKS_MAX => return None,
        TaskAction::ForceStage => {
            let stage = run.plan().task(task).stage;
            let conditions = force_conditions::of_stage(run, stage, model.now);
            let waivers = conditions.into_iter().filter_map(|item| match item.pick {
                ItemChoice::Waive(waiver) => Some(waiver),
                ItemChoice::Never
                | ItemChoice::OneOf(_)
                | ItemChoice::Evidence(_)
                | ItemChoice::Order { .. } => None,
            });
            Command::ForceStage { stage, waivers: waivers.collect() }
        }
    })
}
