//! `bellwether config`: every setting, its value, and where the value came from.

use std::io::Write;

use clap::Args;

use super::{CliError, DayFlags, Exit, LookFlags};
use crate::config::{Config, markdown, table};

/// Words of `bellwether config`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether config                          what holds here, and who said so
  bellwether config --json | jq '.[0]'       the same for a program
  MAX_RETRIES=5 bellwether config --speed 10 what would hold with these
  bellwether config --markdown               docs/configuration.md")]
pub struct ConfigArgs {
    /// How to print.
    #[command(flatten)]
    pub form: Form,
    /// Settings as for a day.
    #[command(flatten)]
    pub day: DayFlags,
    /// Settings as for the console.
    #[command(flatten)]
    pub look: LookFlags,
}

/// The form of the answer; text when neither is asked.
#[derive(Debug, Clone, Args)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "clap reads two exclusive flags as two bools")]
pub struct Form {
    /// One JSON array with an object per setting
    #[arg(long)]
    pub json: bool,
    /// The reference of all settings; looks at no value
    #[arg(long)]
    pub markdown: bool,
}

/// Prints the configuration.
///
/// # Errors
///
/// [`CliError`] when `out` cannot be written.
pub fn run(form: &Form, config: &Config, out: &mut dyn Write) -> Result<Exit, CliError> {
    if form.markdown {
        write!(out, "{}", markdown())?;
    } else if form.json {
        writeln!(out, "{}", crate::config::json(config))?;
    } else {
        write!(out, "{}", table(config))?;
    }
    out.flush()?;
    Ok(Exit::Good)
}
