//! From an action to an order: what is aimed at, whether to ask first, and sending it.
//!
//! Every act on the run passes through [`act`], and what stands between the key and the order is
//! decided here from the key table's tier, raised where the target can send orders.

use super::{
    action::Action,
    ask,
    keymap::{self, Tier},
    model::Model,
    msg::Effect,
    overlay::{Choice, Dialog, Force, Overlay, Subject, Then},
    preview::preview,
};
use crate::{
    definition,
    engine::{Actor, Command, Gate, Order, PauseMode, RetryScope, RunState, Severity},
    plan::{Mode, TaskIx},
    time::Span,
};

/// How long the first key of the halt waits for the second, on the wall. The wall comes with the
/// ticks, once a second, so less would sometimes be nothing.
const HALT_WITHIN: Span = Span::secs(2);

/// Does what an action asks of the run, or asks about it first.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(run) = &model.run else {
        model.say(Severity::Warning, "there is no run yet");
        return Vec::new();
    };
    if run.plan().mode == Mode::Replay {
        model.say(Severity::Warning, "this is a replay: nothing can be done in it");
        return Vec::new();
    }
    let overlay = match action {
        Action::Halt => return halt(model),
        Action::PauseAll => Some(ask::pause_all(run, model.now)),
        Action::CancelRun => Some(ask::cancel_run()),
        Action::PauseAgent => model.agent.map(|agent| ask::pause_agent(run, agent, model.now)),
        _on_a_task => return on_task(model, action),
    };
    model.overlays.extend(overlay.map(Overlay::Dialog));
    Vec::new()
}

fn on_task(model: &mut Model, action: Action) -> Vec<Effect> {
    let (Some(run), Some(ix)) = (&model.run, model.selected()) else {
        model.say(Severity::Info, "no task is selected");
        return Vec::new();
    };
    let now = model.now;
    let stage = run.plan().task(ix).stage;
    let overlay = match action {
        Action::Pause => Ok(Overlay::Dialog(ask::pause_around(run, ix, now))),
        Action::Skip => ask::skip(run, ix, now).map(Overlay::Dialog),
        Action::Approve => ask::approve(run, ix, now).map(Overlay::Dialog),
        Action::Resolve => ask::resolve(run, ix, now).map(Overlay::Dialog),
        Action::Priority => ask::priority(run, ix, now).map(Overlay::Dialog),
        Action::Force => Ok(Overlay::Force(Force::new(run, Subject::Task(ix), now))),
        Action::ForceStage => Ok(Overlay::Force(Force::new(run, Subject::Stage(stage), now))),
        _plain => return plain(model, action, ix),
    };
    match overlay {
        Ok(overlay) => model.overlays.push(overlay),
        Err(refusal) => model.say(Severity::Warning, refusal.to_string()),
    }
    Vec::new()
}

/// The verbs that need nothing but their target.
fn plain(model: &mut Model, action: Action, ix: TaskIx) -> Vec<Effect> {
    let (Some(run), Some((command, consequence))) = (&model.run, command(action, ix)) else {
        return Vec::new();
    };
    let id = run.plan().task(ix).id.clone();
    let asked = format!("{} {id}", keymap::word(action));
    let tier = guard(run, action, ix);
    if tier <= Tier::Light {
        return vec![send(model, command, None, asked)];
    }
    // A verb that does not apply is refused before anybody is asked anything.
    let lines = match preview(run, model.now, &command) {
        Ok(lines) => lines,
        Err(refusal) => {
            model.say(Severity::Warning, refusal.to_string());
            return Vec::new();
        }
    };
    let now = run.task(ix).state;
    let mut dialog = Dialog::new(tier, &asked, format!("{asked}  (now {now})")).line(consequence);
    for line in lines {
        dialog = dialog.line(line);
    }
    let label = ask::capital(keymap::word(action));
    let dialog = dialog.choice(Choice::new(label, consequence, Then::Send(command)));
    model.overlays.push(Overlay::Dialog(dialog));
    Vec::new()
}

/// The command of a plain verb, and what it means.
fn command(action: Action, task: TaskIx) -> Option<(Command, &'static str)> {
    Some(match action {
        Action::Retry => (
            Command::Retry { task, scope: RetryScope::Task },
            "a new attempt; what it blocked frees itself",
        ),
        Action::RetryBlocked => (
            Command::Retry { task, scope: RetryScope::WithBlocked },
            "a new attempt, and one of everything downstream that ended badly",
        ),
        Action::Hold => (Command::Hold { task }, "it waits until a person releases it"),
        Action::Release => (Command::Release { task }, "it waits like any other again"),
        Action::RunNow => (Command::RunNow { task }, "its window is waived, all else still holds"),
        Action::Cancel => (Command::Cancel { task }, "what needs it cannot run"),
        Action::Unskip => (Command::Unskip { task }, "it waits like any other again"),
        Action::Rerun => (Command::Rerun { task }, "a new generation; the old result is kept"),
        Action::SetOk => {
            (Command::SetOk { task }, "counts as done on your word; taints what follows")
        }
        Action::SetFailed => {
            (Command::SetFailed { task }, "its result is wrong; taints what used it")
        }
        _not_plain => return None,
    })
}

/// What stands between the key and the order, for this target: work that can send orders, and
/// anything in LIVE that changes what runs, is one step graver.
fn guard(run: &RunState, action: Action, ix: TaskIx) -> Tier {
    let tier = keymap::tier(action);
    let orders = run.plan().task(ix).effect == definition::Effect::Effectful;
    let live = run.plan().mode == Mode::Live;
    let graver = match action {
        Action::Hold | Action::Release => false,
        _changes => orders || (live && tier == Tier::Careful),
    };
    match tier {
        Tier::Light if graver => Tier::Careful,
        Tier::Careful if graver => Tier::Grave,
        Tier::Look | Tier::Brake | Tier::Light | Tier::Careful | Tier::Grave => tier,
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
    // Nothing that was being asked before may be answered by accident now.
    model.overlays.clear();
    if run.halted() {
        let dialog = ask::lift_halt(run, model.now);
        model.overlays.push(Overlay::Dialog(dialog));
        return Vec::new();
    }
    let command = Command::Pause { gate: Gate::Engine, mode: PauseMode::Halt, until: None };
    vec![send(model, command, None, "HALT".into())]
}

/// Gives an order and remembers that it is not yet answered.
pub(super) fn send(
    model: &mut Model,
    command: Command,
    reason: Option<String>,
    asked: String,
) -> Effect {
    let id = model.next_order;
    model.next_order += 1;
    model.say(Severity::Info, format!("asked: {asked}"));
    model.asked.insert(id, asked);
    let by = Actor::Operator(model.settings.operator.clone());
    Effect::Send(Order { id, by, reason, command })
}
