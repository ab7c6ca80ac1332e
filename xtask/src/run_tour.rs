//! The command `cargo xtask tour`: plays a script of keys over a simulated day and writes its
//! pictures and recording.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use tokio::runtime::Builder;

use crate::tour::{Script, TourError, TourOutput, play_script};
use bellwether::cli::{CliError, Exit};

/// The tour of the operator's guide.
const BUILTIN: &str = include_str!("../../docs/tour.keys");
/// Its name in messages.
const BUILTIN_NAME: &str = "docs/tour.keys";

/// Help text after the options of `cargo xtask tour`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  cargo xtask tour                                  check the tour of docs/operator-guide.md
  cargo xtask tour --pictures assets/screens        also write its pictures, as SVG
  cargo xtask tour --cast tour.cast                 also record it for `asciinema play tour.cast`
  cargo xtask tour --pictures assets/screens --check    report outdated files
  cargo xtask tour mine.keys --pictures .           play another script

A script is a text file, one step per line; blank lines and lines that begin with # are ignored:
  day 2018-12-19 scenario demo         start a day in SIM; `scenario` is optional
  operator ana                         operator of the day (only below `day`, like the next)
  guards live                          guards as in LIVE (`mode`: those of the day's mode)
  size 120x40                          columns and rows; the first size is that of the recording
  at 09:33:00                          advance the day to this time, exchange time
  keys a<tab>                          keys, half a second apart; <enter> <esc> <s-tab> <c-d> <f1> <lt>
  type as agreed with the desk         a text, typed quickly
  wait 1.5                             wall time passes, in seconds; the day stands still
  say \"agreed with the desk\"           a caption below the recording
  picture approval \"orders to approve\"    write DIR/approval.svg with this title
  expect \"text\"                        a text that must be on the screen (`absent`: must not be)

The day is run by the real engine and agents, on a clock set by the script: equal scripts give equal
output. Exits with 0 if every expectation is met, with 1 if one is not (or, with --check, if a file is
outdated), with 2 for an invalid script, after listing every invalid line.")]
pub struct TourArgs {
    /// Script to play (default: the tour of the operator's guide)
    pub script: Option<PathBuf>,
    /// Folder for the pictures, as SVG
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// File for the recording, in asciinema's format
    #[arg(long, value_name = "FILE")]
    pub cast: Option<PathBuf>,
    /// Write nothing; list the files that differ from what would be written
    #[arg(long)]
    pub check: bool,
}

/// Plays the tour and writes the requested files.
///
/// # Errors
///
/// [`CliError`] for an invalid script, a day that cannot be run, or a file that cannot be read or
/// written.
pub fn run_tour(
    args: &TourArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let shown = play(&script(args.script.as_deref())?)?;
    for missing in &shown.missing {
        writeln!(err, "xtask: {missing}")?;
    }
    if !shown.missing.is_empty() {
        let (bad, all) = (shown.missing.len(), shown.looked);
        return Err(CliError::new(Exit::Failed, format!("{bad} of {all} expectations failed")));
    }
    let files = files(args, &shown);
    let mut stale = 0;
    for (path, text) in &files {
        if args.check {
            if fs::read_to_string(path).ok().as_deref() != Some(text.as_str()) {
                writeln!(err, "xtask: {} is stale", path.display())?;
                stale += 1;
            }
        } else {
            write(path, text)?;
        }
    }
    let (looked, count) = (shown.looked, files.len());
    let done = if args.check { "checked" } else { "written" };
    writeln!(out, "{looked} expectations hold; {count} files {done}, {stale} stale")?;
    out.flush()?;
    Ok(if stale == 0 { Exit::Success } else { Exit::Failed })
}

fn script(path: Option<&Path>) -> Result<Script, CliError> {
    let (name, text) = match path {
        None => (BUILTIN_NAME.to_owned(), BUILTIN.to_owned()),
        Some(path) => {
            let name = path.display().to_string();
            let wrong =
                |error| CliError::new(Exit::Usage, format!("cannot read `{name}`: {error}"));
            (name.clone(), fs::read_to_string(path).map_err(wrong)?)
        }
    };
    Script::parse(&name, &text).map_err(|error| {
        let count = error.problems.len();
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("the script has {count} problem{plural}\n{error}");
        CliError::new(Exit::Usage, message)
    })
}

/// Plays the tour of the operator's guide.
///
/// # Errors
///
/// [`CliError`] if the day cannot be run.
pub(crate) fn built_in_tour() -> Result<TourOutput, CliError> {
    play(&script(None)?)
}

fn play(script: &Script) -> Result<TourOutput, CliError> {
    // A single thread gives concurrent events a fixed order.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(play_script(script)).map_err(|error| match error {
        TourError::Config(error) => error.into(),
        TourError::Day(error) => error.into(),
        TourError::Left(_) => CliError::new(Exit::Usage, error.to_string()),
        TourError::Drive(_) | TourError::Cast(_) => {
            CliError::new(Exit::Internal, error.to_string())
        }
    })
}

/// Returns every requested file with its contents.
fn files(args: &TourArgs, shown: &TourOutput) -> Vec<(PathBuf, String)> {
    let pictures = args.pictures.iter().flat_map(|folder| {
        shown.pictures.iter().map(|(name, svg)| (folder.join(format!("{name}.svg")), svg.clone()))
    });
    let cast = args.cast.iter().map(|path| (path.clone(), shown.cast.clone()));
    pictures.chain(cast).collect()
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let wrong = |error: io::Error| {
        CliError::new(Exit::Internal, format!("cannot write `{}`: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(wrong)?;
    }
    fs::write(path, text).map_err(wrong)
}
