//! The questions that need no plan: pausing, which is a brake, and leaving.

use chrono::{DateTime, Utc};

use super::{
    force_conditions::gate_name,
    model::ConsoleKind,
    msg::QuitMode,
    popup::{ButtonAction, Dialog, DialogButton},
};
use engine::{Command, Gate, PauseMode, RunState, TaskState};
use planning::{
    plan::{AgentIx, TaskIx},
    workflow::{EffectClass, TaskPriority},
};
use view::{format, trading_state};

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
    let first_closes = gates.first().is_some_and(|gate| !run.closed_gates().contains_key(gate));
    // What was asked for stands on the button.
    let mut dialog = Dialog::new("", title)
        .with_line("running tasks finish; CRITICAL tasks still start")
        .with_line(critical_line(run, gates));
    for &gate in gates {
        dialog = dialog.with_button(gate_choice(run, gate, now));
    }
    // Pausing is the safe answer; resuming is not.
    if first_closes { dialog.with_focus(1) } else { dialog }
}

/// Names the CRITICAL tasks behind the gates that have not ended, monitors first.
fn critical_line(run: &RunState, gates: &[Gate]) -> String {
    const NAMED: usize = 3;
    let behind = |ix: TaskIx| {
        let task = run.plan().task(ix);
        gates.iter().any(|gate| match gate {
            Gate::Engine => true,
            Gate::Stage(stage) => task.stage == *stage,
            Gate::Agent(agent) => task.agent == *agent,
        })
    };
    let alive = run.tasks().filter(|(ix, task)| {
        let critical = task.priority == TaskPriority::Critical;
        critical && !task.state.is_terminal() && behind(*ix)
    });
    let (mut names, others): (Vec<_>, Vec<_>) =
        alive.map(|(ix, _)| run.plan().task(ix)).partition(|task| task.every.is_some());
    names.extend(others);
    let named: Vec<_> = names.iter().take(NAMED).map(|task| task.id.as_str()).collect();
    match names.len().saturating_sub(NAMED) {
        0 if named.is_empty() => "CRITICAL: none left".into(),
        0 => format!("CRITICAL: {}", named.join(", ")),
        more => format!("CRITICAL: {} and {more} more", named.join(", ")),
    }
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

/// How to leave: what ends with the console, what goes on, and how to come back.
pub(super) fn leave_dialog(run: Option<&RunState>, station: ConsoleKind) -> Dialog {
    let mut dialog = Dialog::new("leave", "leave the console");
    let alive = run.filter(|run| !run.has_ended());
    for line in alive.into_iter().flat_map(work_lines) {
        dialog = dialog.with_line(line);
    }
    if station == ConsoleKind::Attached {
        let hint = "the run continues in its own process";
        // Leaving harms nothing: it is the safe answer here.
        return dialog
            .with_line("the run continues without this console")
            .with_line("to come back: bellwether attach")
            .with_button(DialogButton::new("Leave now", hint, ButtonAction::Quit(QuitMode::Now)))
            .with_focus(1);
    }
    let Some(run) = alive else {
        return dialog.with_line("no run is in progress").with_button(DialogButton::new(
            "Leave now",
            "the console ends",
            ButtonAction::Quit(QuitMode::Now),
        ));
    };
    let running = running_tasks(run).count();
    let tasks = format::count_noun(u64::try_from(running).unwrap_or(u64::MAX), "running task");
    let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
    let drain = DialogButton::new(
        "Pause, then leave",
        format!("starts nothing new, leaves when {tasks} ended"),
        ButtonAction::QuitWhenDrained(pause),
    );
    let hint = match running {
        0 => "the run stops here".into(),
        _some => format!("stops {tasks} before the end"),
    };
    dialog
        .with_line("the run stops with this console: its engine runs in it")
        .with_line("to come back: bellwether --recover ask")
        .with_button(drain)
        .with_button(DialogButton::new("Leave now", hint, ButtonAction::Quit(QuitMode::Now)))
}

fn running_tasks(run: &RunState) -> impl Iterator<Item = TaskIx> {
    let works = |state| matches!(state, TaskState::Running | TaskState::Cancelling);
    run.tasks().filter(move |(_, task)| works(task.state)).map(|(ix, _)| ix)
}

/// The tasks that run, those that send orders first, and the working orders.
fn work_lines(run: &RunState) -> Vec<String> {
    let sends = |ix: TaskIx| run.plan().task(ix).effect == EffectClass::Effectful;
    let (mut names, others): (Vec<_>, Vec<_>) = running_tasks(run).partition(|&ix| sends(ix));
    names.extend(others);
    let name = |&ix: &TaskIx| {
        let note = if sends(ix) { " (sends orders)" } else { "" };
        format!("{}{note}", run.plan().task(ix).id)
    };
    let names: Vec<_> = names.iter().map(name).collect();
    let mut lines = match names.as_slice() {
        [] => vec!["no task is running".to_owned()],
        some => vec![format!("running: {}", some.join(", "))],
    };
    if run.trading_status().working.is_some_and(|working| working > 0) {
        lines.push(trading_state::orders(run));
    }
    lines
}
