//! What an action is aimed at, and what may be chosen about it: ids and commands, from what is
//! marked or selected.

use chrono::{DateTime, Utc};

use super::{
    flow::{brake, denied, propose},
    state::Acts,
    trading,
};
use crate::{
    acting::Authority,
    console::{
        action::{Act, Action, OnTask, Verb},
        ask, choose, conditions,
        model::{Model, Station},
        msg::Effect,
        overlay::{self, ActDialog, Field, Overlay, Target},
        registry::word,
        screen,
        sights::AlertKey,
        travel,
    },
    engine::{Command, Gate, PauseMode, RetryScope, RunState, Severity, TaskState},
    plan::{Mode, TaskIx},
    present::{alerts::number, part},
    time::Span,
};

/// How long the first key of the halt waits for the second, on the wall. The wall comes with the
/// ticks, once a second, so less would sometimes be nothing.
const HALT_WITHIN: Span = Span::secs(2);

/// Does what an act asks of the run, or asks about it first.
pub(in crate::console) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    if let Some(why) = barred(model, act) {
        model.say(Severity::Warning, why);
        return Vec::new();
    }
    let Some(run) = &model.run else { return Vec::new() };
    let dialog = match act {
        Act::Halt => return halt(model),
        Act::Task(on) => return on_task(model, on),
        Act::EndRun => return fixed(model, "end the run".into(), vec![Command::CancelRun]),
        Act::Trading(rung) => return trading::act(model, rung),
        Act::Recover => return recover(model, false),
        Act::RecoverPaused => return recover(model, true),
        Act::PauseAll if run.halted() => return lift_halt(model),
        Act::PauseAll => ask::pause_all(run, model.now),
        Act::Acknowledge => return acknowledge(model),
        Act::PauseAgent => match model.selected_agent() {
            Some(agent) => ask::pause_agent(run, agent, model.now),
            None => return Vec::new(),
        },
    };
    model.acts.opened = Some(model.wall);
    model.overlays.push(Overlay::Dialog(dialog));
    Vec::new()
}

/// Why nothing of this kind can be done now, whatever it is aimed at.
pub(in crate::console) fn barred(model: &Model, act: Act) -> Option<String> {
    if let Some(why) = travel::refuses(model, act) {
        return Some(why);
    }
    let Some(run) = &model.run else { return Some("there is no run yet".into()) };
    if run.plan().mode == Mode::Replay {
        return Some("this is a replay: nothing can be done in it".into());
    }
    if model.settings.station == Station::Wall {
        return Some("this is a wall: nothing can be done at it".into());
    }
    let locked = model.acts.standing.is_some_and(|it| it.authority == Authority::Locked);
    if locked { denied(model) } else { None }
}

/// Lets a run that is taken up go on.
fn recover(model: &mut Model, paused: bool) -> Vec<Effect> {
    let title = if paused { "go on paused" } else { "go on" };
    fixed(model, title.into(), vec![Command::Recover { paused }])
}

/// Says that the selected alert was seen.
fn acknowledge(model: &mut Model) -> Vec<Effect> {
    let Some(key) = model.sights.alert else {
        model.say(Severity::Info, "no alert is selected: j selects the first");
        return Vec::new();
    };
    match key {
        AlertKey::Alert(alert) => {
            let title = format!("acknowledge {}", number(alert));
            fixed(model, title, vec![Command::Acknowledge { alert }])
        }
        AlertKey::Approval(_) => {
            model.say(Severity::Info, "an approval is answered, not acknowledged: open it");
            Vec::new()
        }
    }
}

fn on_task(model: &mut Model, on: OnTask) -> Vec<Effect> {
    let aimed = model.targets();
    let asks = model.run.as_ref().and_then(|run| asking(run, aimed.first().copied()));
    let selected = aimed.first().copied();
    let first = if on == OnTask::Approve { asks.or(selected) } else { selected };
    let (Some(run), Some(ix)) = (&model.run, first) else {
        model.say(Severity::Info, "no task is selected: j selects the first");
        return Vec::new();
    };
    if on == OnTask::Pause {
        let dialog = ask::pause_around(run, ix, model.now);
        model.acts.opened = Some(model.wall);
        model.overlays.push(Overlay::Dialog(dialog));
        return Vec::new();
    }
    if let OnTask::Do(verb) = on {
        return plain(model, verb, &aimed);
    }
    if let Some(why) = denied(model) {
        model.say(Severity::Warning, why);
        return Vec::new();
    }
    let Some(run) = &model.run else { return Vec::new() };
    let (id, state) = (run.plan().task(ix).id.clone(), run.task(ix).state);
    let stage = run.plan().task(ix).stage;
    let blank = |title: String, target| ActDialog::new(0, title, target, model.wall);
    let dialog = match on {
        OnTask::Skip if state == TaskState::Skipped => return plain(model, Verb::Unskip, &aimed),
        OnTask::Skip => {
            ActDialog { items: choose::skip(&aimed), ..blank(format!("skip {id}"), Target::OneOf) }
        }
        OnTask::Priority => ActDialog {
            items: choose::priority(run, &aimed),
            ..blank(format!("priority of {id}"), Target::OneOf)
        },
        OnTask::Resolve => ActDialog {
            items: choose::by_hand(run, ix),
            card: screen::task::doubt_card(model, run, ix),
            ..blank(format!("set the state of {id} by hand"), Target::OneOf)
        },
        OnTask::Approve => {
            let asked = part::asked(run, ix);
            let of = asked.as_ref().map(|asked| asked.of.clone());
            ActDialog {
                card: choose::card(run, (ix, asked.as_ref()), model.now, model.size),
                items: asked.as_ref().map(overlay::ticked).unwrap_or_default(),
                ..blank(format!("approve {id}"), Target::Answer { task: ix, of })
            }
        }
        OnTask::Force => ActDialog {
            items: conditions::of_task(run, ix, model.now),
            ..blank(format!("force {id}"), Target::ForceTask(ix))
        },
        OnTask::ForceStage => ActDialog {
            items: conditions::of_stage(run, stage, model.now),
            ..blank(
                format!("force stage {}", run.plan().stage(stage).id),
                Target::ForceStage(stage),
            )
        },
        OnTask::Pause | OnTask::Do(_) => return Vec::new(),
    };
    propose(model, dialog)
}

/// The task whose question is meant: the selected one if it asks, else the only one that does. The
/// question names it, and its first button does nothing, so that nobody answers another unseen.
pub(in crate::console) fn asking(run: &RunState, selected: Option<TaskIx>) -> Option<TaskIx> {
    let asks = |ix: &TaskIx| run.human(*ix) && run.task(*ix).state == TaskState::Running;
    let mut all = run.tasks().map(|(ix, _)| ix).filter(asks);
    selected.filter(asks).or_else(|| all.next().filter(|_| all.next().is_none()))
}

/// The verbs that need nothing but their targets.
fn plain(model: &mut Model, verb: Verb, aimed: &[TaskIx]) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let state = |ix: TaskIx| run.task(ix).state;
    let commands: Vec<_> = aimed.iter().map(|&ix| command(meant(verb, state(ix)), ix)).collect();
    if commands.is_empty() {
        model.say(Severity::Info, "no task is selected: j selects the first");
        return Vec::new();
    }
    let name = match aimed {
        [one] => run.plan().task(*one).id.to_string(),
        many => format!("{} tasks", many.len()),
    };
    let word = word(Action::Act(Act::Task(OnTask::Do(verb))));
    let title = format!("{word} {name}");
    // To hold back is a brake: it needs neither a plan nor arming. Of many, each is one by itself,
    // where they cannot be one act.
    let holds = commands.iter().all(|command| matches!(command, Command::Hold { .. }));
    if holds && (commands.len() == 1 || denied(model).is_some()) {
        let mut each = |command| brake(model, command, None, title.clone());
        return commands.into_iter().map(&mut each).collect();
    }
    fixed(model, title, commands)
}

/// Proposes commands that leave nothing to choose.
pub(in crate::console) fn fixed(
    model: &mut Model,
    title: String,
    commands: Vec<Command>,
) -> Vec<Effect> {
    if let Some(why) = denied(model) {
        model.say(Severity::Warning, why);
        return Vec::new();
    }
    let dialog = ActDialog::new(0, title, Target::Fixed(commands), model.wall);
    propose(model, dialog)
}

/// What a key means for a task in this state: the same key takes a hold back, and does a finished
/// task again.
pub(in crate::console) const fn meant(verb: Verb, state: TaskState) -> Verb {
    match (verb, state) {
        (Verb::Hold, TaskState::Held) => Verb::Release,
        (Verb::Retry, TaskState::Completed) => Verb::Rerun,
        (verb, _) => verb,
    }
}

/// The command of a plain verb.
pub(in crate::console) const fn command(verb: Verb, task: TaskIx) -> Command {
    match verb {
        Verb::Retry => Command::Retry { task, scope: RetryScope::Task },
        Verb::RetryBlocked => Command::Retry { task, scope: RetryScope::WithBlocked },
        Verb::Hold => Command::Hold { task },
        Verb::Release => Command::Release { task },
        Verb::RunNow => Command::RunNow { task },
        Verb::Cancel => Command::Cancel { task },
        Verb::Unskip => Command::Unskip { task },
        Verb::Rerun => Command::Rerun { task },
        Verb::SetOk => Command::SetOk { task },
        Verb::SetFailed => Command::SetFailed { task },
        Verb::Probe => Command::Probe { task },
    }
}

/// The second key of the halt is no longer waited for, once it would not count.
pub(in crate::console) fn halt_lapses(model: &mut Model) {
    let late = |since: &mut DateTime<Utc>| model.wall - *since > HALT_WITHIN.delta();
    if model.halt_armed.take_if(late).is_some() {
        (model.notice, model.dirty) = (None, true);
    }
}

/// The kill switch: twice within two seconds halts, from anywhere; while halted, asks to lift it.
fn halt(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let armed = model.halt_armed.take();
    let fresh = armed.is_some_and(|since| model.wall - since <= HALT_WITHIN.delta());
    if !fresh {
        model.halt_armed = Some(model.wall);
        let what = if run.halted() { "lift the halt" } else { "HALT: nothing new starts" };
        model.say(Severity::Critical, format!("press the same key again to {what}"));
        return Vec::new();
    }
    // The wish to press it again is fulfilled.
    model.notice = None;
    // Nothing that was being asked before may be answered by accident now, and nothing that was
    // agreed to before goes out behind the halt.
    model.overlays.clear();
    model.acts.promised = None;
    model.acts.opening = None;
    if run.halted() {
        return lift_halt(model);
    }
    let command = Command::Pause { gate: Gate::Engine, mode: PauseMode::Halt, until: None };
    vec![brake(model, command, None, "HALT".into())]
}

fn lift_halt(model: &mut Model) -> Vec<Effect> {
    fixed(model, "lift the halt".into(), vec![Command::Resume { gate: Gate::Engine }])
}

/// Arms the session, with a reason; disarms it when it is armed.
pub(in crate::console) fn arm(model: &mut Model) -> Vec<Effect> {
    let Some(standing) = model.acts.standing else { return Vec::new() };
    match (standing.authority, standing.until) {
        (Authority::Locked, _) => {
            model.say(Severity::Warning, "this session is read-only: it cannot be armed");
        }
        (Authority::Armed, None) => {
            model.say(Severity::Info, "nothing can be harmed in this run: it is always armed");
        }
        (Authority::Armed, Some(_)) => return vec![Effect::Disarm],
        (Authority::Observe, _) => {
            model.acts.opened = Some(model.wall - Acts::DEAF.delta());
            let field = Field::new("arm for 5 minutes, because", 3);
            model.overlays.push(Overlay::Arm(field));
        }
    }
    Vec::new()
}
