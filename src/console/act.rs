//! From an action to an order: what is aimed at, whether to ask first, and sending it.
//!
//! Every act on the run passes through [`act`], and what stands between the key and the order is
//! decided here from the key table's tier, raised where the target can send orders.

use super::{
    action::{Act, Action, OnTask, Verb},
    ask,
    layout::Density,
    model::Model,
    msg::Effect,
    overlay::{Choice, Dialog, Force, Overlay, Subject, Then},
    preview::preview,
    registry::{Tier, tier, word},
    sights::AlertKey,
};
use crate::{
    definition,
    engine::{
        Actor, Command, Gate, Order, PauseMode, Refusal, RetryScope, RunState, Severity, TaskState,
    },
    plan::{Mode, TaskIx},
    present::words,
    time::Span,
};

/// How long the first key of the halt waits for the second, on the wall. The wall comes with the
/// ticks, once a second, so less would sometimes be nothing.
const HALT_WITHIN: Span = Span::secs(2);

/// Does what an act asks of the run, or asks about it first.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(run) = &model.run else {
        model.say(Severity::Warning, "there is no run yet");
        return Vec::new();
    };
    if run.plan().mode == Mode::Replay {
        model.say(Severity::Warning, "this is a replay: nothing can be done in it");
        return Vec::new();
    }
    let dialog = match act {
        Act::Halt => return halt(model),
        Act::Task(on) => return on_task(model, on),
        Act::Acknowledge => return acknowledge(model),
        Act::PauseAll => Some(ask::pause_all(run, model.now)),
        Act::EndRun => Some(ask::end_run()),
        Act::PauseAgent => {
            model.selected_agent().map(|agent| ask::pause_agent(run, agent, model.now))
        }
    };
    if let Some(dialog) = dialog {
        open(model, Overlay::Dialog(dialog));
    }
    Vec::new()
}

fn on_task(model: &mut Model, on: OnTask) -> Vec<Effect> {
    let aimed = match (&model.run, on) {
        (Some(run), OnTask::Approve) => asking(run, model.selected()).or(model.selected()),
        (_, _) => model.selected(),
    };
    let (Some(run), Some(ix)) = (&model.run, aimed) else {
        model.say(Severity::Info, "no task is selected: j selects the first");
        return Vec::new();
    };
    let now = model.now;
    let stage = run.plan().task(ix).stage;
    let overlay = match on {
        OnTask::Do(verb) => return plain(model, verb, ix),
        OnTask::Skip if run.task(ix).state == TaskState::Skipped => {
            return plain(model, Verb::Unskip, ix);
        }
        OnTask::Pause => Ok(Overlay::Dialog(ask::pause_around(run, ix, now))),
        OnTask::Skip => ask::skip(run, ix, now).map(Overlay::Dialog),
        OnTask::Approve => ask::approve(run, ix, now, model.size).map(Overlay::Dialog),
        OnTask::Resolve => ask::resolve(run, ix, now).map(Overlay::Dialog),
        OnTask::Priority => ask::priority(run, ix, now).map(Overlay::Dialog),
        OnTask::Force => Ok(Overlay::Force(Force::new(run, Subject::Task(ix), now))),
        OnTask::ForceStage => Ok(Overlay::Force(Force::new(run, Subject::Stage(stage), now))),
    };
    match overlay {
        Ok(overlay) => open(model, overlay),
        Err(refusal) => refused(model, &refusal),
    }
    Vec::new()
}

/// The task whose question is meant: the selected one if it asks, else the only one that does. The
/// question names it, and its first button does nothing, so that nobody answers another unseen.
fn asking(run: &RunState, selected: Option<TaskIx>) -> Option<TaskIx> {
    let asks = |ix: &TaskIx| run.human(*ix) && run.task(*ix).state == TaskState::Running;
    let mut all = run.tasks().map(|(ix, _)| ix).filter(asks);
    selected.filter(asks).or_else(|| all.next().filter(|_| all.next().is_none()))
}

/// Says that the selected alert was seen.
fn acknowledge(model: &mut Model) -> Vec<Effect> {
    match model.sights.alert {
        Some(AlertKey::Alert(alert)) => {
            let command = Command::Acknowledge { alert };
            vec![send(model, command, None, format!("acknowledge alert {alert}"))]
        }
        Some(AlertKey::Approval(_)) => {
            model.say(Severity::Info, "an approval is answered, not acknowledged: open it");
            Vec::new()
        }
        None => {
            model.say(Severity::Info, "no alert is selected: j selects the first");
            Vec::new()
        }
    }
}

/// Opens a question, unless the window cannot show it: nobody is asked what they cannot read.
fn open(model: &mut Model, overlay: Overlay) {
    let grave = match &overlay {
        Overlay::Dialog(dialog) => dialog.tier == Tier::Grave,
        Overlay::Force(_) => true,
        Overlay::Filter(_) | Overlay::Help(_) => false,
    };
    if grave && Density::of(model.size) < Density::Small {
        let text = "the window is too small to show what this would do: it needs 60x15";
        model.say(Severity::Warning, text);
        return;
    }
    model.overlays.push(overlay);
}

fn refused(model: &mut Model, refusal: &Refusal) {
    let text = format!("refused: {refusal}");
    model.say(Severity::Warning, words::safe(&text));
}

/// The verbs that need nothing but their target.
fn plain(model: &mut Model, verb: Verb, ix: TaskIx) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let verb = meant(verb, run.task(ix).state);
    let (command, consequence) = command(verb, ix);
    let action = Action::Act(Act::Task(OnTask::Do(verb)));
    let word = word(action);
    let asked = format!("{} {}", word, run.plan().task(ix).id);
    let tier = guard(run, verb, ix);
    if tier <= Tier::Light {
        return vec![send(model, command, None, asked)];
    }
    // A verb that does not apply is refused before anybody is asked anything.
    let lines = match preview(run, model.now, &command) {
        Ok(lines) => lines,
        Err(refusal) => {
            refused(model, &refusal);
            return Vec::new();
        }
    };
    let now = run.task(ix).state;
    let title = format!("{asked}  (now {now})");
    let dialog = Dialog::new(tier, asked, title).line(consequence);
    let dialog = lines.into_iter().fold(dialog, Dialog::line);
    let button = Choice::new(ask::capital(word), "as previewed above", Then::Send(command));
    open(model, Overlay::Dialog(dialog.choice(button)));
    Vec::new()
}

/// What a key means for a task in this state: the same key takes a hold back, and does a finished
/// task again.
const fn meant(verb: Verb, state: TaskState) -> Verb {
    match (verb, state) {
        (Verb::Hold, TaskState::Held) => Verb::Release,
        (Verb::Retry, TaskState::Completed) => Verb::Rerun,
        (verb, _) => verb,
    }
}

/// The command of a plain verb, and what it means.
const fn command(verb: Verb, task: TaskIx) -> (Command, &'static str) {
    match verb {
        Verb::Retry => (
            Command::Retry { task, scope: RetryScope::Task },
            "a new attempt; what it blocked frees itself",
        ),
        Verb::RetryBlocked => (
            Command::Retry { task, scope: RetryScope::WithBlocked },
            "a new attempt, and one of everything downstream that ended badly",
        ),
        Verb::Hold => (Command::Hold { task }, "it waits until a person releases it"),
        Verb::Release => (Command::Release { task }, "it waits like any other again"),
        Verb::RunNow => (Command::RunNow { task }, "its window is waived, all else still holds"),
        Verb::Cancel => (Command::Cancel { task }, "what needs it cannot run"),
        Verb::Unskip => (Command::Unskip { task }, "it waits like any other again"),
        Verb::Rerun => (Command::Rerun { task }, "a new generation; the old result is kept"),
        Verb::SetOk => {
            (Command::SetOk { task }, "counts as done on your word; taints what follows")
        }
        Verb::SetFailed => {
            (Command::SetFailed { task }, "its result is wrong; taints what used it")
        }
    }
}

/// What stands between the key and the order, for this target: work that can send orders, and
/// anything in LIVE that changes what runs, is one step graver.
fn guard(run: &RunState, verb: Verb, ix: TaskIx) -> Tier {
    let tier = tier(Action::Act(Act::Task(OnTask::Do(verb))));
    let orders = run.plan().task(ix).effect == definition::Effect::Effectful;
    let live = run.plan().mode == Mode::Live;
    let eases = matches!(verb, Verb::Hold | Verb::Release);
    let graver = !eases && (orders || (live && tier == Tier::Careful));
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
        open(model, Overlay::Dialog(dialog));
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
