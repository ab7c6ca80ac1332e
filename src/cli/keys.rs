//! `bellwether keys`: every key of the console, from the table the console obeys.

use std::io::Write;

use clap::Args;

use super::{CliError, Exit};
use crate::console::registry::{Keymap, page};

/// Words of `bellwether keys`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether keys            every key, where it holds and what it does")]
pub struct KeysArgs {}

/// Prints the keys.
///
/// # Errors
///
/// [`CliError`] when `out` cannot be written.
pub fn run(out: &mut dyn Write) -> Result<Exit, CliError> {
    write!(out, "{}", page(&Keymap::default()))?;
    out.flush()?;
    Ok(Exit::Good)
}
