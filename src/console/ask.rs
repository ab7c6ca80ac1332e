//! The questions that need no plan: pausing, which is a brake, and leaving.

use chrono::{DateTime, Utc};

use super::{
    conditions::gate_name,
    model::Station,
    msg::Quit,
    overlay::{Choice, Dialog, Then},
};
use crate::{
    engine::{Command, Gate, PauseMode, RunState, TaskState},
    plan::{AgentIx, TaskIx},
    present::words,
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
    gates(run, now, "pause or resume everything", &[Gate::Engine])
}

fn gates(run: &RunState, now: DateTime<Utc>, title: &str, gates: &[Gate]) -> Dialog {
    let halted = |gate: &Gate| *gate == Gate::Engine && run.halted();
    let gates: Vec<_> = gates.iter().copied().filter(|gate| !halted(gate)).collect();
    let first_closes = gates.first().is_some_and(|gate| !run.gates().contains_key(gate));
    // What was asked for stands on the button.
    let mut dialog =
        Dialog::new("", title).line("a pause lets what runs end; CRITICAL tasks still start");
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
            Then::Brake(command),
        );
    };
    let command = Command::Resume { gate };
    let age = words::age(closed.since, now);
    let hint = format!("paused by {} {age} ago; asks first", words::safe(&closed.by));
    Choice::new(format!("Resume {name}"), hint, Then::Propose(command))
}

/// How to leave.
pub(super) fn leave(run: Option<&RunState>, station: Station) -> Dialog {
    if station == Station::Away {
        let dialog = Dialog::new("leave", "leave the console").line("the day goes on without it");
        let hint = "its engine lives elsewhere; nothing is lost";
        // Leaving harms nothing: it is the safe answer here.
        return dialog.choice(Choice::new("Leave now", hint, Then::Quit(Quit::Now))).focus(1);
    }
    let running = run
        .filter(|run| !run.ended())
        .map_or(0, |run| run.count(TaskState::Running) + run.count(TaskState::Cancelling));
    let tasks = words::plural(running.into(), "task");
    let dialog = Dialog::new("leave", "leave the console");
    let dialog = match run {
        Some(run) if !run.ended() => {
            let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
            let drain = Choice::new(
                "Pause, then leave",
                format!("starts nothing new, leaves when {tasks} ended"),
                Then::Drain(pause),
            );
            dialog.line("the run stops with the console: its engine lives in it").choice(drain)
        }
        _over => dialog.line("nothing runs"),
    };
    let hint =
        if running == 0 { "nothing is lost".into() } else { format!("abandons {tasks} at work") };
    dialog.choice(Choice::new("Leave now", hint, Then::Quit(Quit::Now)))
}
