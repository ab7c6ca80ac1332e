//! `bellwether` without a subcommand: the console, engine embedded.

use super::{
    CliError, Context, Exit,
    day::{Asked, Unless, chain, system, tokio_runtime},
};
use crate::{
    acting::Authority,
    config::{Access, Config, Glyphs, Theme as Colours},
    console::{self, Palette, Settings, Theme, registry::Keymap},
    controller::{DayRequest, capture_log, run_console},
    engine::RunState,
    present::words::GlyphSet,
    runtime::{Attendance, Clock, Pace, Scenario},
};

/// Opens the console on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, or for a day that cannot be
/// driven.
pub fn run(context: &Context<'_>) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Watched)?;
    capture_log();
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let settings = settings(&config, &clock, scenario.as_deref());
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
    }
}
