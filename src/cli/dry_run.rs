//! `bellwether dry-run`: a day played beforehand; nothing but the screen hears of it.

use std::io::Write;

use clap::Args;

use super::{CliContext, CliError, Exit};
use crate::host::day::parse_time_flag;
use crate::host::{ControllerError, DayFactory, DayFactoryError};
use config::{Config, GlyphSetting};
use engine::forecast::{
    catch_up::{LateStart, late_start_of_new_run},
    dry_run,
};
use planning::{calendar, plan::RunMode};
use view::{
    dryrun::{PageStyle, text_rows, to_json},
    format::GlyphSet,
};

/// Words of `bellwether dry-run`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether dry-run                                 the day that would run, from its start
  bellwether dry-run --date 2018-12-24               a half day
  bellwether dry-run --start 10:45                   what a late start costs
  bellwether dry-run --late 10:41                    the four choices of a start at that time
  bellwether dry-run --overlay high_volatility       the day with an overlay besides its own
  bellwether dry-run --json | jq '.warnings'         the same for a program

Every task takes its estimate and succeeds; no agent is called. Ends with 0 when every deadline is
kept and every required task is done, and with 1 when not. With --late it ends with 0.")]
pub struct DryRunArgs {
    /// Lay this overlay besides those the day takes anyway; may be repeated
    #[arg(long, value_name = "NAME")]
    pub overlay: Vec<String>,
    /// Start at this time of day, exchange time: what was missed by then, and what each of the four
    /// choices of `--catch-up` makes of it, side by side
    #[arg(long, value_name = "TIME")]
    pub late: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Columns of the text, 60 to 400
    #[arg(long, value_name = "N", default_value_t = 80, conflicts_with = "json",
        value_parser = clap::value_parser!(u16).range(60..=400))]
    pub width: u16,
}

/// Plays the day and prints what came of it.
///
/// # Errors
///
/// [`CliError`] for files or a day that make no sense, or when `out` cannot be written.
pub fn run(
    args: &DryRunArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let (date, start, sheet) = (config.day.date, config.day.start, sheet(args, &config));
    let days = DayFactory::with_embedded(config, context.embedded)?;
    let (plan, _applied) = days.day_plan(date, RunMode::Dry, 1, &args.overlay)?;
    if let Some(text) = &args.late {
        let at = calendar::exchange_moment(date, parse_time_flag("--late", text)?);
        tell_late(late_start_of_new_run(&plan, at), (!args.json).then_some(sheet), out)?;
        return Ok(Exit::Success);
    }
    let day = dry_run(plan, calendar::exchange_moment(date, start));
    let remarks: Vec<_> = days.remark_on(date).into_iter().collect();
    if args.json {
        writeln!(out, "{:#}", to_json(&day, &remarks))?;
    } else {
        for row in text_rows(&day, &remarks, sheet) {
            writeln!(out, "{row}")?;
        }
    }
    out.flush()?;
    Ok(if day.on_time() { Exit::Success } else { Exit::Failed })
}

fn tell_late(
    late: Option<LateStart>,
    sheet: Option<PageStyle>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    match (late, sheet) {
        (late, None) => writeln!(out, "{:#}", serde_json::json!(late))?,
        (None, Some(_)) => writeln!(out, "nothing is missed by a start at that time")?,
        (Some(late), Some(sheet)) => {
            for row in view::late_start::page_rows(&late, sheet) {
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(out.flush()?)
}

fn sheet(args: &DryRunArgs, config: &Config) -> PageStyle {
    let glyphs = match config.look.glyphs {
        GlyphSetting::Unicode => GlyphSet::Utf8,
        GlyphSetting::Ascii => GlyphSet::Ascii,
    };
    PageStyle { width: args.width.into(), glyphs }
}

impl From<DayFactoryError> for CliError {
    fn from(error: DayFactoryError) -> Self {
        ControllerError::from(error).into()
    }
}
