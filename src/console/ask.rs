//! The questions: what each says before a person presses its button.

use chrono::{DateTime, Utc};

use super::{
    conditions::gate_name,
    msg::Quit,
    overlay::{Choice, Dialog, Field, Then},
    preview::preview,
    registry::Tier,
    widget::{columns, fit, text_width},
};
use crate::{
    definition::{Effect, TaskPriority},
    engine::{Command, Finding, Gate, PauseMode, Refusal, RunState, TaskState},
    plan::{AgentIx, Mode, TaskIx},
    present::{approval, inspect, words},
};

/// Pause or resume what is around a task: its stage first, its agent, the engine.
pub(super) fn pause_around(run: &RunState, ix: TaskIx, now: DateTime<Utc>) -> Dialog {
    let task = run.plan().task(ix);
    let title = format!("pause or resume around {}", task.id);
    gates(run, now, &title, &[Gate::Stage(task.stage), Gate::Agent(task.agent), Gate::Engine])
}

/// Pause or resume an agent.
pub(super) fn pause_agent(run: &RunState, agent: AgentIx, now: DateTime<Utc>) -> Dialog {
    let title = format!("pause or resume {}", gate_name(run, Gate::Agent(agent)));
    gates(run, now, &title, &[Gate::Agent(agent)])
}

/// Pause or resume the engine.
pub(super) fn pause_all(run: &RunState, now: DateTime<Utc>) -> Dialog {
    if run.halted() {
        return lift_halt(run, now);
    }
    gates(run, now, "pause or resume everything", &[Gate::Engine])
}

fn gates(run: &RunState, now: DateTime<Utc>, title: &str, gates: &[Gate]) -> Dialog {
    let halted = |gate: &Gate| *gate == Gate::Engine && run.halted();
    let gates: Vec<_> = gates.iter().copied().filter(|gate| !halted(gate)).collect();
    let first_closes = gates.first().is_some_and(|gate| !run.gates().contains_key(gate));
    // What was asked for stands on the button.
    let mut dialog = Dialog::new(Tier::Brake, "", title)
        .line("a pause lets what runs end; CRITICAL tasks still start");
    for gate in gates {
        dialog = dialog.choice(gate_choice(run, gate, now));
    }
    // Pausing is the safe answer; resuming is not.
    if first_closes { dialog.focus(1) } else { dialog }
}

fn gate_choice(run: &RunState, gate: Gate, now: DateTime<Utc>) -> Choice {
    let name = gate_name(run, gate);
    let Some(closed) = run.gates().get(&gate) else {
        let until = None;
        let command = Command::Pause { gate, mode: PauseMode::Drain, until };
        return Choice::new(
            format!("Pause {name}"),
            "only CRITICAL tasks start there",
            Then::Send(command),
        );
    };
    let command = Command::Resume { gate };
    let age = words::age(closed.since, now);
    let hint =
        format!("paused by {} {age} ago; {}", words::safe(&closed.by), shown(run, now, &command));
    Choice::new(format!("Resume {name}"), hint, Then::Send(command))
}

/// Lift the halt.
pub(super) fn lift_halt(run: &RunState, now: DateTime<Utc>) -> Dialog {
    let command = Command::Resume { gate: Gate::Engine };
    let by = run.gates().get(&Gate::Engine).map(|closed| {
        format!("halted by {} {} ago", words::safe(&closed.by), words::age(closed.since, now))
    });
    Dialog::new(Tier::Grave, "lift the halt", "LIFT THE HALT")
        .line(by.unwrap_or_default())
        .line(shown(run, now, &command))
        .choice(Choice::new("Lift", "everything may start again", Then::Send(command)))
}

/// End the run.
pub(super) fn end_run() -> Dialog {
    Dialog::new(Tier::Grave, "end the run", "END THE RUN")
        .line("what waits is called off, what runs is asked to stop; the day is over")
        .choice(Choice::new("End the run", "cannot be taken back", Then::Send(Command::CancelRun)))
}

/// Skip a task, with or without freeing what waits for it.
pub(super) fn skip(run: &RunState, task: TaskIx, now: DateTime<Utc>) -> Result<Dialog, Refusal> {
    let id = &run.plan().task(task).id;
    let (frees, blocks) =
        (Command::Skip { task, satisfies: true }, Command::Skip { task, satisfies: false });
    let (with, without) = (preview(run, now, &frees)?, preview(run, now, &blocks)?);
    let dialog = Dialog::new(tier_of(run), format!("skip {id}"), format!("skip {id}"))
        .line("it will not run today; may what waits for it go on?");
    Ok(dialog
        .choice(Choice::new("Skip, others go on", with.join("; "), Then::Send(frees)))
        .choice(Choice::new("Skip, others too", without.join("; "), Then::Send(blocks))))
}

/// Answer an approval, in a window of so many columns and rows.
pub(super) fn approve(
    run: &RunState,
    task: TaskIx,
    now: DateTime<Utc>,
    (width, height): (u16, u16),
) -> Result<Dialog, Refusal> {
    let (yes, no) = (Command::Approve { task }, Command::Reject { task });
    preview(run, now, &yes)?;
    let id = &run.plan().task(task).id;
    let mut dialog = Dialog::new(tier_of(run), format!("answer {id}"), format!("approve {id}?"));
    let room = usize::from(height).saturating_sub(DIALOG_FRAME + approval::CARD_FRAME).max(4);
    for dependency in &run.plan().task(task).dependencies {
        let outcome = run.task(dependency.on).outcome.as_ref();
        let card = outcome.and_then(|outcome| approval::card(&outcome.output, room));
        let told = || inspect::inspect(run, dependency.on, now).output.into_iter().take(OUTPUT_MAX);
        for line in card.unwrap_or_else(|| told().collect()) {
            // Rows of a table, cut rather than broken.
            dialog = dialog.line(fit(&line, columns(&line).min(text_width(width)), "…"));
        }
    }
    let follows = follows(run, task);
    dialog.field = Some(match dialog.tier {
        Tier::Grave => Field::new("reason", 3),
        Tier::Look | Tier::Brake | Tier::Light | Tier::Careful => {
            Field::new("reason (optional)", 0)
        }
    });
    Ok(dialog
        .choice(Choice::new("Reject", format!("blocks {follows}"), Then::Send(no)))
        .choice(Choice::new("Approve", format!("lets go on: {follows}"), Then::Send(yes))))
}

/// Rows of a dialog that are not its text: the border, blanks, the field and three buttons.
const DIALOG_FRAME: usize = 8;

/// What waits for a task, by name; of what may send orders it is said.
fn follows(run: &RunState, task: TaskIx) -> String {
    let one = |&(ix, _): &(TaskIx, _)| {
        let next = run.plan().task(ix);
        let orders = next.effect == Effect::Effectful;
        format!("{}{}", next.id, if orders { " (sends orders)" } else { "" })
    };
    let names: Vec<_> = run.dependents(task).iter().take(FOLLOWS_MAX).map(one).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

/// Tasks named as following.
const FOLLOWS_MAX: usize = 3;

/// Lines of a dependency's output that a dialog shows; the rest is on its own screen.
const OUTPUT_MAX: usize = 8;

/// Say what became of an effect in doubt.
pub(super) fn resolve(run: &RunState, task: TaskIx, now: DateTime<Utc>) -> Result<Dialog, Refusal> {
    let id = &run.plan().task(task).id;
    let absent = Command::Resolve { task, finding: Finding::DidNotHappen };
    let again = preview(run, now, &absent)?;
    let given_up = Command::Resolve { task, finding: Finding::Abandoned };
    let mut dialog = Dialog::new(Tier::Grave, format!("resolve {id}"), format!("resolve {id}"))
        .line("whether its last attempt had an effect is not known: look it up before you answer");
    dialog.field = Some(Field::new("evidence or reason", 3));
    Ok(dialog
        .choice(Choice::new(
            "It happened",
            "counts as done; name the reference",
            Then::Happened(task),
        ))
        .choice(Choice::new("It did not", again.join("; "), Then::Send(absent)))
        .choice(Choice::new("Give up", "failed, and never tried again", Then::Send(given_up))))
}

/// Give a task another priority.
pub(super) fn priority(
    run: &RunState,
    task: TaskIx,
    now: DateTime<Utc>,
) -> Result<Dialog, Refusal> {
    let id = &run.plan().task(task).id;
    let present = run.task(task).priority;
    let mut dialog =
        Dialog::new(Tier::Careful, format!("priority of {id}"), format!("priority of {id}"))
            .line(format!("now {present}; a CRITICAL task starts even while the engine is paused"));
    for priority in TaskPriority::ALL.into_iter().filter(|&other| other != present) {
        let command = Command::SetPriority { task, priority };
        let hint = preview(run, now, &command)?.join("; ");
        dialog = dialog.choice(Choice::new(priority.word(), hint, Then::Send(command)));
    }
    Ok(dialog)
}

/// How to leave.
pub(super) fn leave(run: Option<&RunState>) -> Dialog {
    let running = run
        .filter(|run| !run.ended())
        .map_or(0, |run| run.count(TaskState::Running) + run.count(TaskState::Cancelling));
    let tasks = words::plural(running.into(), "task");
    let dialog = Dialog::new(Tier::Careful, "leave", "leave the console");
    let dialog = match run {
        Some(run) if !run.ended() => {
            let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
            let drain = Choice::new(
                "Pause, then leave",
                format!("starts nothing new, leaves when {tasks} ended"),
                Then::Drain(pause),
            );
            dialog
                .line("the run stops with the console; its journal is kept and can be resumed")
                .choice(drain)
        }
        _over => dialog.line("nothing runs"),
    };
    let hint =
        if running == 0 { "nothing is lost".into() } else { format!("abandons {tasks} at work") };
    dialog.choice(Choice::new("Leave now", hint, Then::Quit(Quit::Now)))
}

/// Acts that are careful elsewhere are grave with real money.
fn tier_of(run: &RunState) -> Tier {
    if run.plan().mode == Mode::Live { Tier::Grave } else { Tier::Careful }
}

fn shown(run: &RunState, now: DateTime<Utc>, command: &Command) -> String {
    preview(run, now, command).map_or_else(|refusal| refusal.to_string(), |lines| lines.join("; "))
}

/// A word with its first letter large.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
