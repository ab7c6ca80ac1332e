//! The questions that need no plan: pausing, which is a brake, and leaving.

use chrono::{DateTime, Utc};

use super::{
    force_conditions::gate_name,
    model::ConsoleKind,
    msg::QuitMode,
    popup::{ButtonAction, Dialog, DialogButton},
};
use engine::{Command, Gate, PauseMode, RunState, TaskState};
use planning::plan::{AgentIx, TaskIx};
use view::format;

/// Pause or resume what is around a task: its stage first, its agent, the engine.
pub(super) fn pause_dialog(run: &RunState, ix: TaskIx, now: DateTime<Utc>) -> Dialog {
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
    gates(run, now, "pause or resume the engine", &[Gate::Engine])
}

fn gates(run: &RunState, now: DateTime<Utc>, title: &str, gates: &[Gate]) -> Dialog {
    let halted = |gate: &Gate| *gate == Gate::Engine && run.is_halted();
    let gates: Vec<_> = gates.iter().copied().filter(|gate| !halted(gate)).collect();
    let first_closes = gates.first().is_some_and(|gate| !run.closed_gates().contains_key(gate));
    // What was asked for stands on the button.
    let mut dialog =
        Dialog::new("", title).with_line("running tasks finish; CRITICAL tasks still start");
    for gate in gates {
        dialog = dialog.with_button(gate_choice(run, gate, now));
    }
    // Pausing is the safe answer; resuming is not.
    if first_closes { dialog.with_focus(1) } else { dialog }
}

fn gate_choice(run: &RunState, gate: Gate, now: DateTime<Utc>) -> DialogButton {
    let name = gate_name(run, gate);
    let Some(closed) = run.closed_gates().get(&gate) else {
        let until = None;
        let command = Command::Pause { gate, mode: PauseMode::Drain, until };
        return DialogButton::new(
            format!("Pause {name}"),
            "only CRITICAL tasks start",
            ButtonAction::Brake(command),
        );
    };
    let command = Command::Resume { gate };
    let age = format::format_age(closed.since, now);
    let hint = format!("paused by {} {age} ago; needs confirmation", format::sanitize(&closed.by));
    DialogButton::new(format!("Resume {name}"), hint, ButtonAction::Propose(command))
}

/// Returns how to leave.
pub(super) fn leave_dialog(run: Option<&RunState>, station: ConsoleKind) -> Dialog {
    if station == ConsoleKind::Attached {
        let dialog =
            Dialog::new("leave", "leave the console").with_line("the run continues without it");
        let hint = "the engine runs in another process; the run continues";
        // Leaving harms nothing: it is the safe answer here.
        return dialog
            .with_button(DialogButton::new("Leave now", hint, ButtonAction::Quit(QuitMode::Now)))
            .with_focus(1);
    }
    let running = run.filter(|run| !run.has_ended()).map_or(0, |run| {
        run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling)
    });
    let tasks = format::count_noun(running.into(), "task");
    let dialog = Dialog::new("leave", "leave the console");
    let dialog = match run {
        Some(run) if !run.has_ended() => {
            let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
            let drain = DialogButton::new(
                "Pause, then leave",
                format!("no new task starts; quits when {tasks} ended"),
                ButtonAction::QuitWhenDrained(pause),
            );
            dialog.with_line("the engine runs in this process: the run stops").with_button(drain)
        }
        _over => dialog.with_line("no task is running"),
    };
    let hint = if running == 0 {
        "no task is running".into()
    } else {
        format!("abandons {tasks} running")
    };
    dialog.with_button(DialogButton::new("Leave now", hint, ButtonAction::Quit(QuitMode::Now)))
}
