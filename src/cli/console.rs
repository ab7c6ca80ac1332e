//! `bellwether` without a subcommand: the console, engine embedded.

use std::io::IsTerminal as _;

use super::{
    CliError, Context, Exit,
    day::{Asked, Kept, Unless, chain, journal, system, tokio_runtime},
    keys::keymap,
};
use crate::{
    acting::Authority,
    config::{Access, Config, Glyphs},
    console::{self, Palette, Settings, Station, Theme, registry::Keymap, terminal::talk, wanted},
    controller::{DayRequest, Followed, Surroundings, capture_log, run_console, saved_filters},
    engine::RunState,
    present::{clock::Zone, words::GlyphSet},
    runtime::{Attendance, Clock, Pace, Scenario},
};

/// The file of the saved filters, in the state directory.
const FILTERS: &str = "filters.json";

/// Opens the console on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, without a terminal, or for a
/// day that cannot be driven.
pub fn run(context: &Context<'_>, station: Station) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Watched)?;
    let keymap = keymap(context, &config, None)?;
    let terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    let Some(palette) = wanted(config.look.depth, context.vars, terminal) else {
        let message = "the console needs a terminal; `bellwether run` shows the day without one";
        return Err(CliError::new(Exit::Usage, message));
    };
    let logged = capture_log(config.monitoring.log_level);
    let (look, state) = (config.look, config.places.state.clone());
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let settings =
        Settings { keymap, station, ..settings(&config, palette, &clock, scenario.as_deref()) };
    let date = config.day.date;
    let mut controller = system(config)?;
    let Kept { sinks, seal, previous, remarks } = journal(controller.config())?;
    for remark in remarks {
        tracing::warn!("{remark}");
    }
    let day = controller.begin_day(DayRequest {
        date,
        mode,
        clock: clock.clone(),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Attended,
        sinks,
    })?;
    let surroundings = Surroundings {
        look,
        talk: talk(context.vars),
        exports: state.join("exports"),
        filters: state.join(FILTERS),
        watcher: day.handle.follow(),
        logged,
        trail: Some(Followed { previous, seal }),
    };
    let driving = runtime.spawn(day.driver.run());
    let left = runtime
        .block_on(run_console(day.handle, clock, driving, settings, surroundings))
        .map_err(|error| CliError::new(Exit::Internal, chain(&error)))?;
    runtime.block_on(controller.shutdown_system("the console was left"));
    // A day that was left before its end did not fail.
    Ok(left.run.filter(RunState::ended).map_or(Exit::Good, |run| super::run::ended(&run)))
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
        authority: match config.day.access {
            Access::Act => Authority::Armed,
            Access::Look => Authority::Locked,
        },
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
        station: Station::Desk,
    }
}
