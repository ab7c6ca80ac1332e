//! `bellwether` without a subcommand: the console, engine embedded.

use std::{
    io::{self, IsTerminal as _, Write},
    path::Path,
};

use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

use super::{
    CliError, Context, Exit,
    attach::{At, authority, left},
    day::{Asked, Unless, chain, obey, system, tokio_runtime},
    interrupt::Interrupted,
    journalled::kept,
    keys::keymap,
    late::{Somebody, on_missed},
    serving::Service,
};
use crate::{
    acting::Authority,
    config::{Config, Glyphs, OnHangup},
    console::{self, Palette, Settings, Station, Theme, registry::Keymap, terminal::talk, wanted},
    controller::{
        Asking, DayRequest, Followed, Leaving, Left, Line, Logged, Surroundings, capture_log,
        desk_backing, run_console, saved_filters,
    },
    engine::{Actor, LateChoice, RunState},
    forecast::late::Late,
    present::{clock::Zone, words::GlyphSet},
    runtime::{
        Attendance, Clock, DriveError, Driver, Handle, Pace, Recover, Scenario, Watcher,
        attach::{Again, Attached, Ended, SOCKET},
    },
    store::Store,
};

/// The file of the saved filters, in the state directory.
const FILTERS: &str = "filters.json";

/// Opens the console on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, without a terminal, or for a
/// day that cannot be driven.
pub fn run(context: &Context<'_>, station: Station, err: &mut dyn Write) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Watched)?;
    let screen = Screen::of(context, &config)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let settings = screen.settings(&config, (&clock, scenario.as_deref()), station);
    let date = config.day.date;
    let mut controller = system(config)?;
    let kept = kept(controller.config(), mode, Recover::Ask)?;
    let config = controller.config().clone();
    let store = kept.store();
    let trail = Some(Followed::new(kept.previous.clone(), kept.seal.clone()));
    for remark in &kept.remarks {
        tracing::warn!("{remark}");
    }
    obey(&mut controller);
    let clock = kept.taken_up().map_or(clock.clone(), |run| clock.at_least(run.at()));
    let request = DayRequest {
        date,
        mode,
        clock: clock.clone(),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Attended,
        sinks: kept.sinks,
        begins: kept.begins,
    };
    let mut day = controller.begin_day_on(request, |run| desk_backing(&store, run))?;
    let asked = station == Station::Desk && settings.authority == Authority::Armed;
    let somebody = if asked { Somebody::There } else { Somebody::Nobody };
    let late = on_missed(&mut day, &config, somebody, &mut io::sink())?;
    // The clock of a day of its own stands still while it is asked about.
    let clock = match (&late, clock.pace()) {
        (Some(late), Pace::Times(_) | Pace::Max) => Clock::starting(late.at, Pace::Max),
        (Some(_) | None, _) => clock,
    };
    let (late, answered) = late.map(asking).unzip();
    let served = Service::beside().open(&config, &day, err)?;
    let watcher = day.handle.follow();
    let surroundings = screen.surroundings(context, &config, watcher);
    let surroundings = Surroundings { late, trail, ..surroundings };
    let by = Actor::Operator(config.day.operator.clone());
    let mut driving = runtime.spawn(driven(day.driver, answered, by));
    let console =
        run_console(day.handle.clone(), clock, Some(&mut driving), settings, surroundings);
    let Left { leaving, run, .. } = runtime.block_on(console).map_err(internal)?;
    let goes_on = config.day.on_hangup == OnHangup::Headless
        && matches!(leaving, Leaving::Lost(_))
        && !driving.is_finished();
    if goes_on {
        let state = headless(&runtime, day.handle, driving, &config.places.state)?;
        runtime.block_on(served.finish());
        return closed(Some(&state), &store);
    }
    runtime.block_on(controller.shutdown_system("the console was left"));
    runtime.block_on(served.finish());
    let exit = closed(run.as_ref(), &store);
    match leaving {
        Leaving::Lost(Some(error)) => {
            let message = format!("the terminal cannot be used: {error}");
            Err(CliError::new(Exit::Internal, message))
        }
        Leaving::Lost(None) | Leaving::Quit(_) => exit,
    }
}

/// How a console ends. A day that was left before its end did not fail; the journal knows it.
fn closed(run: Option<&RunState>, store: &Store) -> Result<Exit, CliError> {
    if let Some(run) = run.filter(|run| run.ended()) {
        return Ok(super::run::ended(run));
    }
    // One that was only looked at while it waited to be taken up waits on.
    if run.is_none_or(|run| !run.recovering()) {
        store.left()?;
    }
    Ok(Exit::Good)
}

/// Lets a day whose console has lost its terminal go on, until it ends or a signal ends it.
fn headless(
    runtime: &Runtime,
    handle: Handle,
    driving: JoinHandle<Result<RunState, DriveError>>,
    state: &Path,
) -> Result<RunState, CliError> {
    tracing::warn!("the terminal is gone; the day goes on without a screen");
    // Where nothing is left to write on, nobody reads it.
    let _ = writeln!(
        io::stderr(),
        "bellwether: the terminal is gone; the day goes on, at {}: `bellwether attach` opens the \
         console on it, SIGTERM ends it",
        state.join(SOCKET).display()
    );
    Interrupted::listen(handle, OnHangup::Headless)?;
    match runtime.block_on(driving) {
        Ok(Ok(state)) => Ok(state),
        Ok(Err(error)) => Err(CliError::new(Exit::Internal, chain(&error))),
        Err(crash) => Err(CliError::new(Exit::Internal, format!("the engine crashed: {crash}"))),
    }
}

/// Opens the console on a day that another process drives.
pub(super) fn attached(at: At, context: &Context<'_>) -> Result<Exit, CliError> {
    let config = context.config()?;
    let screen = Screen::of(context, &config)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let Attached { handle, welcome, ended } = runtime.block_on(at.attach(&config))?;
    let clock = Clock::of(welcome.beat);
    let settings = screen.settings(&config, (&clock, None), Station::Away);
    let greeting = config.clone();
    let again = Again::new(welcome.run.clone(), move || {
        at.as_configured(&greeting).map_err(|error| error.message)
    });
    let line = Some(Line::new(again, ended));
    let surroundings = screen.surroundings(context, &config, handle.watch());
    let surroundings = Surroundings { line, ..surroundings };
    let console = run_console(handle, clock, None, settings, surroundings);
    let Left { leaving, run, lost } = runtime.block_on(console).map_err(internal)?;
    match leaving {
        Leaving::Lost(_) => Ok(Exit::Good),
        Leaving::Quit(_) => left(run.as_ref(), || lost.map(Ended::Lost)),
    }
}

fn internal(error: impl std::error::Error) -> CliError {
    CliError::new(Exit::Internal, chain(&error))
}

/// A terminal that can be drawn on, and how.
pub(super) struct Screen {
    keymap: Keymap,
    palette: Palette,
    logged: Logged,
}

impl Screen {
    /// The terminal of this process. The program's log goes to the console from here on.
    pub(super) fn of(context: &Context<'_>, config: &Config) -> Result<Self, CliError> {
        let keymap = keymap(context, config, None)?;
        let terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
        let Some(palette) = wanted(config.look.depth, context.vars, terminal) else {
            let message =
                "the console needs a terminal; `bellwether run` shows the day without one";
            return Err(CliError::new(Exit::Usage, message));
        };
        Ok(Self { keymap, palette, logged: capture_log(config.monitoring.log_level) })
    }

    pub(super) fn settings(
        &self,
        config: &Config,
        (clock, scenario): (&Clock, Option<&Scenario>),
        station: Station,
    ) -> Settings {
        let keymap = self.keymap.clone();
        Settings { keymap, station, ..settings(config, self.palette, clock, scenario) }
    }

    pub(super) fn surroundings(
        self,
        context: &Context<'_>,
        config: &Config,
        watcher: Watcher,
    ) -> Surroundings {
        let state = &config.places.state;
        Surroundings {
            look: config.look,
            talk: talk(context.vars),
            exports: state.join("exports"),
            filters: state.join(FILTERS),
            watcher,
            logged: self.logged,
            late: None,
            line: None,
            trail: None,
        }
    }
}

fn asking(late: Late) -> (Asking, oneshot::Receiver<LateChoice>) {
    let (answer, answered) = oneshot::channel();
    (Asking { late, answer }, answered)
}

/// Drives a day, one that begins late once what becomes of missed work is known.
async fn driven(
    mut driver: Driver,
    answered: Option<oneshot::Receiver<LateChoice>>,
    by: Actor,
) -> Result<RunState, DriveError> {
    if let Some(answered) = answered {
        match answered.await {
            Ok(choice) => {
                if let Err(refusal) = driver.choose(choice, by) {
                    tracing::error!("missed work cannot be settled: {refusal}");
                }
            }
            // The console was left without an answer: the day does not begin.
            Err(_left) => return Ok(driver.into_state()),
        }
    }
    driver.run().await
}

/// The operator's zone, as far from UTC as it is on this day.
fn zone(config: &Config, clock: &Clock) -> Option<Zone> {
    let (offset, name) = config.look.zone?.at(clock.clone().now());
    Some(Zone { offset, name })
}

fn settings(
    config: &Config,
    palette: Palette,
    clock: &Clock,
    scenario: Option<&Scenario>,
) -> Settings {
    let glyphs = match config.look.glyphs {
        Glyphs::Unicode => GlyphSet::Utf8,
        Glyphs::Ascii => GlyphSet::Ascii,
    };
    Settings {
        keymap: Keymap::default(),
        theme: Theme { scheme: config.look.scheme, palette, glyphs },
        operator: config.day.operator.clone(),
        authority: authority(config),
        scenario: scenario.map(|scenario| console::Scenario {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
        }),
        speed: match clock.pace() {
            Pace::Real => 1.0,
            Pace::Times(factor) => factor,
            Pace::Max => f64::INFINITY,
        },
        zone: zone(config, clock),
        filters: saved_filters(&config.places.state.join(FILTERS)),
        drill: super::drill::last(config),
        station: Station::Desk,
    }
}
