//! `bellwether` without a subcommand: the console, engine embedded.

use std::{
    io::{self, IsTerminal as _, Write},
    path::Path,
};

use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

use super::{
    CliContext, CliError, Exit,
    attach::{AttachTarget, configured_authority, exit_of_attached},
    keys::load_keymap,
};
use crate::host::{
    ConsoleEnvironment, ConsoleExit, EngineConnection, ExitCause, LateStartPrompt, LogCapture,
    TrailFollower, capture_log, run_console, saved_filters,
};
use crate::host::{
    day::{DefaultPace, error_chain, tokio_runtime},
    serve::ServeMode,
    signals::{SignalStreams, SignalWatch},
    start::{MissedWorkAnswer, StartDialog, StartRequest, StartedRun, start},
};
use config::{Config, GlyphSetting, OnHangup};
use engine::{RunState, TaskState, control::Authority, forecast::catch_up::LateStart};
use runtime::{
    Attendance, ClockPace, DriveError, RecoveryMode, RunClock, RunHandle, Scenario, Subscription,
    attach::{ClientConnection, Disconnect, Reconnector, SOCKET},
};
use store::Store;
use tui::{
    ColorDepth, ConsoleKind, ConsoleSettings, Theme, choose_depth, keymap::Keymap,
    terminal::detect_capabilities,
};
use view::{
    day::run_header,
    format::{GlyphSet, count_noun, format_time},
    time_style::LocalOffset,
};

/// The file of the saved filters, in the state directory.
const FILTERS: &str = "filters.json";

/// Opens the console on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, without a terminal, or for a
/// day that cannot be driven.
pub fn run(
    context: &CliContext<'_>,
    station: ConsoleKind,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let options = context.run_options(DefaultPace::Interactive)?;
    let config = options.config.clone();
    let screen = TerminalSetup::for_process(context, &config)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let scenario = options.scenario.clone();
    let settings = screen.console_settings(&config, (&options.clock, scenario.as_deref()), station);
    let request = StartRequest {
        options,
        overlays: Vec::new(),
        recovery: RecoveryMode::Ask,
        attendance: Attendance::Attended,
        service: ServeMode::best_effort(),
        sinks: Vec::new(),
    };
    let can_ask = station == ConsoleKind::Local && settings.authority == Authority::Armed;
    let mut dialog = ConsoleDialog { err, can_ask, asked: None };
    let Some(started) = start(request, &mut dialog)? else { return Ok(Exit::Success) };
    let late = dialog.asked;
    let StartedRun { mut controller, driver, handle, store, served, clock, .. } = started;
    let _kill = started.kill;
    // The clock of a simulated run stands still while its operator is asked.
    let clock = match (&late, clock.pace()) {
        (Some(prompt), ClockPace::Times(_) | ClockPace::Max) => {
            RunClock::starting(prompt.late.at, ClockPace::Max)
        }
        (Some(_) | None, _) => clock,
    };
    let trail = Some(TrailFollower::new(started.previous_head, started.trail_head));
    let environment = screen.environment(context, &config, handle.subscribe_from_start());
    let environment = ConsoleEnvironment { late, trail, ..environment };
    let mut driving = runtime.spawn(driver.run());
    // A signal that comes while a console loses its terminal must still end the run.
    let signals = SignalStreams::register()?;
    let console = run_console(handle.clone(), clock, Some(&mut driving), settings, environment);
    let ConsoleExit { leaving, run, .. } = runtime.block_on(console).map_err(internal)?;
    let goes_on = config.day.on_hangup == OnHangup::Headless
        && matches!(leaving, ExitCause::ConnectionLost(_))
        && !driving.is_finished();
    if goes_on {
        let state = headless(&runtime, (handle, signals), driving, &config.places.state)?;
        runtime.block_on(served.close());
        return closed(Some(&state), &store);
    }
    runtime.block_on(controller.shutdown_system("the console was left"));
    runtime.block_on(served.close());
    let exit = closed(run.as_ref(), &store);
    tell_run(run.as_ref(), "continue it with: bellwether --recover ask");
    match leaving {
        ExitCause::ConnectionLost(Some(error)) => {
            let message = format!("the terminal cannot be used: {error}");
            Err(CliError::new(Exit::Internal, message))
        }
        ExitCause::ConnectionLost(None) | ExitCause::Quit(_) => exit,
    }
}

/// Says on stdout how the run stands, once the console has given the terminal back.
fn tell_run(run: Option<&RunState>, next: &str) {
    let Some(run) = run else { return };
    let name = &run.plan().run;
    let at = format_time(run.last_event_at());
    let text = if run.has_ended() {
        format!("run {name}: {}", run_header(run, run.last_event_at()).status)
    } else {
        let running =
            run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling);
        let tasks = count_noun(running.into(), "task");
        format!(
            "left run {name} at {at} {}, {tasks} running; {next}",
            planning::calendar::clock_name()
        )
    };
    // Where stdout is closed, nobody reads it.
    let _ = writeln!(io::stdout(), "{text}");
}

/// How a console ends. A day that was left before its end did not fail; the journal knows it.
fn closed(run: Option<&RunState>, store: &Store) -> Result<Exit, CliError> {
    if let Some(run) = run.filter(|run| run.has_ended()) {
        return Ok(super::run::exit_of_run(run));
    }
    // One that was only looked at while it waited to be taken up waits on.
    if run.is_none_or(|run| !run.is_recovering()) {
        store.mark_left_unfinished()?;
    }
    Ok(Exit::Success)
}

/// Lets a day whose console has lost its terminal go on, until it ends or a signal ends it.
fn headless(
    runtime: &Runtime,
    (handle, signals): (RunHandle, SignalStreams),
    driving: JoinHandle<Result<RunState, DriveError>>,
    state: &Path,
) -> Result<RunState, CliError> {
    tracing::warn!("the terminal is gone; the run continues without a screen");
    // Where nothing is left to write on, nobody reads it.
    let _ = writeln!(
        io::stderr(),
        "bellwether: the terminal is gone; the run continues, at {}: `bellwether attach` opens the \
         console on it, SIGTERM ends it",
        state.join(SOCKET).display()
    );
    SignalWatch::listen_to(signals, handle, OnHangup::Headless);
    match runtime.block_on(driving) {
        Ok(Ok(state)) => Ok(state),
        Ok(Err(error)) => Err(CliError::new(Exit::Internal, error_chain(&error))),
        Err(crash) => Err(CliError::new(Exit::Internal, format!("the engine crashed: {crash}"))),
    }
}

/// Opens the console on a day that another process drives.
pub(super) fn open_attached(at: AttachTarget, context: &CliContext<'_>) -> Result<Exit, CliError> {
    let config = context.config()?;
    let screen = TerminalSetup::for_process(context, &config)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let ClientConnection { handle, welcome, ended } = runtime.block_on(at.attach(&config))?;
    let clock = RunClock::from_heartbeat(welcome.beat);
    let settings = screen.console_settings(&config, (&clock, None), ConsoleKind::Attached);
    let greeting = config.clone();
    let again = Reconnector::new(welcome.run.clone(), move || {
        at.as_configured(&greeting).map_err(|error| error.message)
    });
    let line = Some(EngineConnection::new(again, ended));
    let surroundings = screen.environment(context, &config, handle.subscribe());
    let surroundings = ConsoleEnvironment { line, ..surroundings };
    let console = run_console(handle, clock, None, settings, surroundings);
    let ConsoleExit { leaving, run, lost } = runtime.block_on(console).map_err(internal)?;
    tell_run(run.as_ref(), "it continues; return with: bellwether attach");
    match leaving {
        ExitCause::ConnectionLost(_) => Ok(Exit::Success),
        ExitCause::Quit(_) => exit_of_attached(run.as_ref(), || lost.map(Disconnect::Lost)),
    }
}

fn internal(error: impl std::error::Error) -> CliError {
    CliError::new(Exit::Internal, error_chain(&error))
}

/// A terminal that can be drawn on, and how.
pub(super) struct TerminalSetup {
    keymap: Keymap,
    palette: ColorDepth,
    logged: LogCapture,
}

impl TerminalSetup {
    /// The terminal of this process. The program's log goes to the console from here on.
    pub(super) fn for_process(context: &CliContext<'_>, config: &Config) -> Result<Self, CliError> {
        let keymap = load_keymap(context, config, None)?;
        let terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
        let Some(palette) = choose_depth(config.look.depth, context.vars, terminal) else {
            let message =
                "the console needs a terminal; `bellwether run` shows the day without one";
            return Err(CliError::new(Exit::Usage, message));
        };
        Ok(Self { keymap, palette, logged: capture_log(config.monitoring.log_level) })
    }

    pub(super) fn console_settings(
        &self,
        config: &Config,
        (clock, scenario): (&RunClock, Option<&Scenario>),
        station: ConsoleKind,
    ) -> ConsoleSettings {
        let keymap = self.keymap.clone();
        ConsoleSettings { keymap, station, ..settings(config, self.palette, clock, scenario) }
    }

    pub(super) fn environment(
        self,
        context: &CliContext<'_>,
        config: &Config,
        watcher: Subscription,
    ) -> ConsoleEnvironment {
        let state = &config.places.state;
        ConsoleEnvironment {
            look: config.look,
            talk: detect_capabilities(context.vars),
            exports: state.join("exports"),
            filters: state.join(FILTERS),
            journal: state.clone(),
            watcher,
            logged: self.logged,
            late: None,
            line: None,
            trail: None,
        }
    }
}

/// Tells a start in the program's log, and leaves the question about missed work to the screen.
struct ConsoleDialog<'a> {
    err: &'a mut dyn Write,
    can_ask: bool,
    asked: Option<LateStartPrompt>,
}

impl StartDialog for ConsoleDialog<'_> {
    fn note(&mut self, remark: &str) -> io::Result<()> {
        tracing::warn!("{remark}");
        Ok(())
    }

    fn announce(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.err, "bellwether: {line}")
    }

    fn can_ask(&self) -> bool {
        self.can_ask
    }

    fn ask_missed_work(&mut self, late: LateStart) -> Result<MissedWorkAnswer, CliError> {
        let (answer, choice) = oneshot::channel();
        self.asked = Some(LateStartPrompt { late, answer });
        Ok(MissedWorkAnswer::Pending(choice))
    }

    fn can_ask_later(&self) -> bool {
        true
    }
}

/// The operator's zone, as far from UTC as it is on this day.
fn zone(config: &Config, clock: &RunClock) -> Option<LocalOffset> {
    let (offset, name) = config.look.zone?.offset_at(clock.clone().now());
    Some(LocalOffset { offset, name })
}

fn settings(
    config: &Config,
    palette: ColorDepth,
    clock: &RunClock,
    scenario: Option<&Scenario>,
) -> ConsoleSettings {
    let glyphs = match config.look.glyphs {
        GlyphSetting::Unicode => GlyphSet::Utf8,
        GlyphSetting::Ascii => GlyphSet::Ascii,
    };
    ConsoleSettings {
        keymap: Keymap::default(),
        theme: Theme { scheme: config.look.scheme, palette, glyphs },
        operator: config.day.operator.clone(),
        authority: configured_authority(config),
        scenario: scenario.map(|scenario| tui::ScenarioLabel {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
        }),
        speed: match clock.pace() {
            ClockPace::Real => 1.0,
            ClockPace::Times(factor) => factor,
            ClockPace::Max => f64::INFINITY,
        },
        zone: zone(config, clock),
        filters: saved_filters(&config.places.state.join(FILTERS)),
        drill: super::drill::last_drill(config),
        station: ConsoleKind::Local,
    }
}
