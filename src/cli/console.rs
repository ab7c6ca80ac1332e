//! `bellwether` without a subcommand: the console, engine embedded.

use std::io::IsTerminal as _;

use super::{
    CliError, Context, Exit,
    day::{Asked, Unless, chain, system, tokio_runtime},
};
use crate::{
    config::{Config, Glyphs, Theme as Colours},
    console::{self, Palette, Settings, Station, Theme, registry::Keymap},
    controller::{DayRequest, capture_log, run_console},
    engine::RunState,
    present::words::GlyphSet,
    runtime::{Attendance, Clock, Pace, Scenario},
};

/// Opens the console on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, without a terminal, or for a
/// day that cannot be driven.
pub fn run(context: &Context<'_>, station: Station) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Watched)?;
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let message = "the console needs a terminal; `bellwether run` shows the day without one";
        return Err(CliError::new(Exit::Usage, message));
    }
    capture_log();
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let settings = Settings { station, ..settings(&config, &clock, scenario.as_deref()) };
    let date = config.day.date;
    let mut controller = system(config)?;
    let day = controller.begin_day(DayRequest {
        date,
        mode,
        clock: clock.clone(),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Attended,
        sinks: Vec::new(),
    })?;
    let driving = runtime.spawn(day.driver.run());
    let left = runtime
        .block_on(run_console(day.handle, clock, driving, settings))
        .map_err(|error| CliError::new(Exit::Internal, chain(&error)))?;
    runtime.block_on(controller.shutdown_system("the console was left"));
    // A day that was left before its end did not fail.
    Ok(left.run.filter(RunState::ended).map_or(Exit::Good, |run| super::run::ended(&run)))
}

fn settings(config: &Config, clock: &Clock, scenario: Option<&Scenario>) -> Settings {
    let palette = match config.look.theme {
        Colours::Color => Palette::Sixteen,
        Colours::Mono => Palette::Mono,
    };
    let glyphs = match config.look.glyphs {
        Glyphs::Unicode => GlyphSet::Utf8,
        Glyphs::Ascii => GlyphSet::Ascii,
    };
    Settings {
        theme: Theme { palette, glyphs },
        keymap: Keymap::default(),
        operator: config.day.operator.clone(),
        scenario: scenario.map(|scenario| console::Scenario {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
        }),
        speed: match clock.pace() {
            Pace::Real => 1.0,
            Pace::Times(factor) => factor,
            Pace::Max => f64::INFINITY,
        },
        station: Station::Desk,
        first_order: 1,
    }
}
