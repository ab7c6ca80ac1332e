//! What an action is aimed at, and what may be chosen about it: ids and commands, from what is
//! marked or selected.

use chrono::{DateTime, Utc};

use super::{
    flatten,
    pending::PendingCommands,
    propose_commit::{not_armed_reason, propose, send_brake},
    trading,
};
use crate::{
    action::{Action, CommandAction, TaskAction, TaskVerb, TradingAction},
    command_choices,
    fix_hint::key_label,
    force_conditions,
    keymap::action_title,
    model::{ConsoleKind, Model},
    msg::Effect,
    pause_dialogs,
    popup::{self, CommandDialog, DialogTarget, Popup, TextField},
    screens,
    selections::AlertKey,
    time_travel,
};
use engine::{
    AlertSeverity, Command, RetryScope, RunState, TaskState, TradingState,
    control::{Authority, CommandVerb},
};
use planning::{
    plan::{RunMode, TaskIx},
    time::Span,
};
use view::{alerts::alert_label, partial_approval};

/// How long the first key of the halt waits for the second, on the wall. The wall comes with the
/// ticks, once a second, so less would sometimes be nothing.
const HALT_WITHIN: Span = Span::secs(2);

/// Does what an act asks of the run, or asks about it first.
pub(crate) fn begin_command(model: &mut Model, act: CommandAction) -> Vec<Effect> {
    if let Some(why) = unavailable_reason(model, act) {
        model.set_status(AlertSeverity::Warning, why);
        return Vec::new();
    }
    let Some(run) = &model.run else { return Vec::new() };
    let dialog = match act {
        CommandAction::Halt => return halt(model),
        CommandAction::Task(on) => return on_task(model, on),
        CommandAction::CancelRun => {
            return propose_fixed(
                model,
                CommandVerb::CancelRun.title().into(),
                vec![Command::CancelRun],
            );
        }
        CommandAction::Flatten => return flatten::ask(model),
        CommandAction::Trading(rung) => return trading::trading_action(model, rung),
        CommandAction::Recover => return recover(model, false),
        CommandAction::RecoverPaused => return recover(model, true),
        CommandAction::PauseAll => pause_dialogs::pause_all(run, model.now),
        CommandAction::Acknowledge => return acknowledge(model),
        CommandAction::PauseAgent => match model.selected_agent() {
            Some(agent) => pause_dialogs::pause_agent(run, agent, model.now),
            None => return Vec::new(),
        },
    };
    model.acts.opened = Some(model.wall);
    model.overlays.push(Popup::Dialog(dialog));
    Vec::new()
}

/// Why nothing of this kind can be done now, whatever it is aimed at.
pub(crate) fn unavailable_reason(model: &Model, act: CommandAction) -> Option<String> {
    if let Some(why) = time_travel::refusal_while_frozen(model, act) {
        return Some(why);
    }
    let Some(run) = &model.run else { return Some("there is no run yet".into()) };
    if run.plan().mode == RunMode::Replay {
        return Some("this is a replay: nothing can be done in it".into());
    }
    if model.settings.station == ConsoleKind::Kiosk {
        return Some("this is a wall: nothing can be done at it".into());
    }
    let locked = model.acts.standing.is_some_and(|it| it.authority == Authority::ReadOnly);
    if locked { not_armed_reason(model) } else { None }
}

/// Lets a run that is taken up go on.
fn recover(model: &mut Model, paused: bool) -> Vec<Effect> {
    let verb = if paused { CommandVerb::RecoverPaused } else { CommandVerb::Recover };
    propose_fixed(model, verb.as_str().into(), vec![Command::Recover { paused }])
}

/// Says that the selected alert was seen.
fn acknowledge(model: &mut Model) -> Vec<Effect> {
    screens::alerts::model::select_first(model);
    let Some(key) = model.sights.alert else {
        model.set_status(AlertSeverity::Info, "no alerts and no approvals");
        return Vec::new();
    };
    match key {
        AlertKey::Alert(alert) => {
            let title = format!("acknowledge {}", alert_label(alert));
            propose_fixed(model, title, vec![Command::Acknowledge { alert }])
        }
        AlertKey::Approval(_) => on_task(model, TaskAction::Approve),
    }
}

fn on_task(model: &mut Model, on: TaskAction) -> Vec<Effect> {
    let aimed = model.command_targets();
    let asks =
        model.run.as_ref().and_then(|run| task_awaiting_approval(run, aimed.first().copied()));
    let selected = aimed.first().copied();
    let first = if on == TaskAction::Approve { asks.or(selected) } else { selected };
    let (Some(run), Some(ix)) = (&model.run, first) else {
        model.set_status(AlertSeverity::Info, "no task is selected: j selects the first");
        return Vec::new();
    };
    if on == TaskAction::Pause {
        let dialog = pause_dialogs::pause_dialog(run, ix, model.now);
        model.acts.opened = Some(model.wall);
        model.overlays.push(Popup::Dialog(dialog));
        return Vec::new();
    }
    if let TaskAction::Do(verb) = on {
        return plain(model, verb, &aimed);
    }
    if let Some(why) = not_armed_reason(model) {
        model.set_status(AlertSeverity::Warning, why);
        return Vec::new();
    }
    let Some(run) = &model.run else { return Vec::new() };
    let (id, state) = (run.plan().task(ix).id.clone(), run.task(ix).state);
    let stage = run.plan().task(ix).stage;
    let blank = |title: String, target| CommandDialog::new(0, title, target, model.wall);
    let dialog = match on {
        TaskAction::Skip if state == TaskState::Skipped => {
            return plain(model, TaskVerb::Unskip, &aimed);
        }
        TaskAction::Skip => CommandDialog {
            items: command_choices::skip_choices(&aimed),
            ..blank(format!("skip {id}"), DialogTarget::OneOf)
        },
        TaskAction::Priority => CommandDialog {
            items: command_choices::priority(run, &aimed),
            ..blank(format!("priority of {id}"), DialogTarget::OneOf)
        },
        TaskAction::Resolve => CommandDialog {
            items: command_choices::by_hand(run, ix),
            card: screens::task::model::in_doubt_lines(model, run, ix),
            ..blank(format!("set the state of {id} by hand"), DialogTarget::OneOf)
        },
        TaskAction::Approve => {
            let asked = partial_approval::orders_for_approval(run, ix);
            let of = asked.as_ref().map(|asked| asked.of.clone());
            CommandDialog {
                card: command_choices::approval_lines(run, (ix, asked.as_ref()), model.now),
                items: asked.as_ref().map(popup::order_items).unwrap_or_default(),
                ..blank(format!("approve {id}"), DialogTarget::Approval { task: ix, of })
            }
        }
        TaskAction::Force => CommandDialog {
            items: force_conditions::of_task(run, ix, model.now),
            ..blank(format!("force {id}"), DialogTarget::ForceTask(ix))
        },
        TaskAction::ForceStage => CommandDialog {
            items: force_conditions::of_stage(run, stage, model.now),
            ..blank(
                format!("force stage {}", run.plan().stage(stage).id),
                DialogTarget::ForceStage(stage),
            )
        },
        TaskAction::Pause | TaskAction::Do(_) => return Vec::new(),
    };
    propose(model, dialog)
}

/// The task whose question is meant: the selected one if it asks, else the only one that does. The
/// question names it, and its first button does nothing, so that nobody answers another unseen.
pub(crate) fn task_awaiting_approval(run: &RunState, selected: Option<TaskIx>) -> Option<TaskIx> {
    let asks = |ix: &TaskIx| run.is_human_task(*ix) && run.task(*ix).state == TaskState::Running;
    let mut all = run.tasks().map(|(ix, _)| ix).filter(asks);
    selected.filter(asks).or_else(|| all.next().filter(|_| all.next().is_none()))
}

/// The verbs that need nothing but their targets.
fn plain(model: &mut Model, verb: TaskVerb, aimed: &[TaskIx]) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let state = |ix: TaskIx| run.task(ix).state;
    let commands: Vec<_> =
        aimed.iter().map(|&ix| command_of(effective_verb(verb, state(ix)), ix)).collect();
    if commands.is_empty() {
        model.set_status(AlertSeverity::Info, "no task is selected: j selects the first");
        return Vec::new();
    }
    let name = match aimed {
        [one] => run.plan().task(*one).id.to_string(),
        many => format!("{} tasks", many.len()),
    };
    let word = action_title(Action::Command(CommandAction::Task(TaskAction::Do(verb))));
    let title = format!("{word} {name}");
    // To hold back is a brake: it needs neither a plan nor arming. Of many, each is one by itself,
    // where they cannot be one act.
    let holds = commands.iter().all(|command| matches!(command, Command::Hold { .. }));
    if holds && (commands.len() == 1 || not_armed_reason(model).is_some()) {
        let mut each = |command| send_brake(model, command, None, title.clone());
        return commands.into_iter().map(&mut each).collect();
    }
    propose_fixed(model, title, commands)
}

/// Proposes commands that leave nothing to choose.
pub(crate) fn propose_fixed(
    model: &mut Model,
    title: String,
    commands: Vec<Command>,
) -> Vec<Effect> {
    if let Some(why) = not_armed_reason(model) {
        model.set_status(AlertSeverity::Warning, why);
        return Vec::new();
    }
    let dialog = CommandDialog::new(0, title, DialogTarget::Fixed(commands), model.wall);
    propose(model, dialog)
}

/// What a key means for a task in this state: the same key takes a hold back, and does a finished
/// task again.
pub(crate) const fn effective_verb(verb: TaskVerb, state: TaskState) -> TaskVerb {
    match (verb, state) {
        (TaskVerb::Hold, TaskState::Held) => TaskVerb::Release,
        (TaskVerb::Retry, TaskState::Completed) => TaskVerb::Rerun,
        (verb, _) => verb,
    }
}

/// The command of a plain verb.
pub(crate) const fn command_of(verb: TaskVerb, task: TaskIx) -> Command {
    match verb {
        TaskVerb::Retry => Command::Retry { task, scope: RetryScope::Task },
        TaskVerb::RetryDownstream => Command::Retry { task, scope: RetryScope::WithDownstream },
        TaskVerb::Hold => Command::Hold { task },
        TaskVerb::Release => Command::Release { task },
        TaskVerb::RunNow => Command::RunNow { task },
        TaskVerb::Cancel => Command::Cancel { task },
        TaskVerb::Unskip => Command::Unskip { task },
        TaskVerb::Rerun => Command::Rerun { task },
        TaskVerb::SetCompleted => Command::SetCompleted { task },
        TaskVerb::SetFailed => Command::SetFailed { task },
        TaskVerb::Probe => Command::Probe { task },
    }
}

/// The second key of the halt is no longer waited for, once it would not count.
pub(crate) fn halt_lapses(model: &mut Model) {
    let late = |since: &mut DateTime<Utc>| model.wall - *since > HALT_WITHIN.to_delta();
    if model.halt_armed.take_if(late).is_some() {
        (model.notice, model.dirty) = (None, true);
    }
}

/// Halts trading when its key comes twice within two seconds, from anywhere. It never loosens.
fn halt(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let now = run.trading_status().state;
    if now >= TradingState::Halted {
        let key = key_label(model, Action::Command(CommandAction::Trading(TradingAction::Ask)));
        let text = format!("trading is {now} already; {key} re-enables it");
        model.set_status(AlertSeverity::Info, text);
        return Vec::new();
    }
    let armed = model.halt_armed.take();
    let fresh = armed.is_some_and(|since| model.wall - since <= HALT_WITHIN.to_delta());
    if !fresh {
        model.halt_armed = Some(model.wall);
        let text = "press the same key again to halt trading (HALTED)";
        model.set_status(AlertSeverity::Critical, text);
        return Vec::new();
    }
    // The wish to press it again is fulfilled.
    model.notice = None;
    // Nothing that was being asked before may be answered by accident now, and nothing that was
    // agreed to before goes out behind the halt.
    model.overlays.clear();
    model.acts.promised = None;
    model.acts.opening = None;
    let command = Command::TightenTrading { to: TradingState::Halted };
    vec![send_brake(model, command, None, CommandVerb::Halt.title().into())]
}

/// Arms the session, with a reason; disarms it when it is armed.
pub(crate) fn toggle_armed(model: &mut Model) -> Vec<Effect> {
    let Some(standing) = model.acts.standing else { return Vec::new() };
    match (standing.authority, standing.until) {
        (Authority::ReadOnly, _) => {
            model.set_status(
                AlertSeverity::Warning,
                "this session is read-only: it cannot be armed",
            );
        }
        (Authority::Armed, None) => {
            model.set_status(
                AlertSeverity::Info,
                "nothing can be harmed in this run: it is always armed",
            );
        }
        (Authority::Armed, Some(_)) => return vec![Effect::Disarm],
        (Authority::Observe, _) => {
            model.acts.opened = Some(model.wall - PendingCommands::DEAF.to_delta());
            let field = TextField::new("arm for 5 minutes, because", 3);
            model.overlays.push(Popup::Arm(field));
        }
    }
    Vec::new()
}
