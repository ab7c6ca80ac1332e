//! `bellwether config`: every setting, its value, and where the value came from.

use std::io::Write;

use clap::Args;

use super::{CliContext, CliError, Exit};
use config::{render_markdown, render_table, to_json};

/// Words of `bellwether config`: the form of the answer; text when none is asked.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether config                            what holds here, and who said so
  bellwether config --json | jq '.[0]'         the same for a program
  MAX_RETRIES=5 bellwether config --speed 10   what would hold with these
  bellwether config --markdown                 what each setting is and accepts")]
#[expect(clippy::struct_excessive_bools, reason = "clap reads a flag without a value as a bool")]
pub struct ConfigArgs {
    /// One JSON array with an object per setting
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// The reference of all settings; looks at no value
    #[arg(long)]
    pub markdown: bool,
}

/// Prints the configuration.
///
/// # Errors
///
/// [`CliError`] when `out` cannot be written, or for a configuration that makes no sense.
pub fn run(
    args: &ConfigArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    if args.markdown {
        write!(out, "{}", render_markdown())?;
    } else if args.json {
        writeln!(out, "{:#}", to_json(&context.config()?))?;
    } else {
        write!(out, "{}", render_table(&context.config()?))?;
    }
    out.flush()?;
    Ok(Exit::Success)
}
