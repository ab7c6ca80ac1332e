//! `bellwether dry-run`: a day played beforehand; nothing but the screen hears of it.

use std::io::Write;

use clap::Args;

use super::{CliError, Context, Exit, day::time};
use crate::{
    calendar,
    config::{Config, Glyphs},
    controller::{ControllerError, Days, DaysError},
    forecast::{
        dry_run,
        late::{Late, began_late},
    },
    plan::Mode,
    present::{
        self,
        dryrun::{Sheet, json, rows},
        words::GlyphSet,
    },
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
    /// choices of `--on-missed` makes of it, side by side
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
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let (date, start, sheet) = (config.day.date, config.day.start, sheet(args, &config));
    let days = Days::new(config)?;
    let (plan, _applied) = days.plan(date, Mode::Dry, 1, &args.overlay)?;
    if let Some(text) = &args.late {
        let at = calendar::exchange_moment(date, time("--late", text)?);
        tell_late(began_late(&plan, at), (!args.json).then_some(sheet), out)?;
        return Ok(Exit::Good);
    }
    let day = dry_run(plan, calendar::exchange_moment(date, start));
    let remarks: Vec<_> = days.remark_on(date).into_iter().collect();
    if args.json {
        writeln!(out, "{:#}", json(&day, &remarks))?;
    } else {
        for row in rows(&day, &remarks, sheet) {
            writeln!(out, "{row}")?;
        }
    }
    out.flush()?;
    Ok(if day.on_time() { Exit::Good } else { Exit::Failed })
}

fn tell_late(
    late: Option<Late>,
    sheet: Option<Sheet>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    match (late, sheet) {
        (late, None) => writeln!(out, "{:#}", serde_json::json!(late))?,
        (None, Some(_)) => writeln!(out, "nothing is missed by a start at that time")?,
        (Some(late), Some(sheet)) => {
            for row in present::late::rows(&late, sheet) {
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(out.flush()?)
}

fn sheet(args: &DryRunArgs, config: &Config) -> Sheet {
    let glyphs = match config.look.glyphs {
        Glyphs::Unicode => GlyphSet::Utf8,
        Glyphs::Ascii => GlyphSet::Ascii,
    };
    Sheet { width: args.width.into(), glyphs }
}

impl From<DaysError> for CliError {
    fn from(error: DaysError) -> Self {
        ControllerError::from(error).into()
    }
}
