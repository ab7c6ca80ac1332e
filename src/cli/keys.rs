//! `bellwether keys`: every key of the console as it is set here, and the check of a keys file.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit};
use crate::host::input_file::read_input_file;
use config::Config;
use diag as file;
use diag::{Diagnostic, RenderStyle, list_of, quote};
use tui::keymap::{self, BindingSource, KeyProfile, Keymap, keys_file_yaml, markdown_page};

/// Looked for beside the configuration file when `keys_file` names no other.
const NAME: &str = "keys.yaml";

/// Words of `bellwether keys`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether keys                        every key as it is set here, and who says so
  bellwether keys --profile emacs        those of a profile: default, vim, no-ctrl, emacs
  bellwether keys --print > keys.yaml    a keys file with every action, to take lines from
  bellwether keys --check keys.yaml      every problem of a keys file at once

Ends with 0, or with 2 when a keys file has problems: ids and keys there are none of, one key for
two actions in one place, a halt left without a key. docs/keys.md says how keys are written.")]
#[expect(clippy::struct_excessive_bools, reason = "clap reads a flag without a value as a bool")]
pub struct KeysArgs {
    /// As a keys file that `keys_file` takes
    #[arg(long, group = "form")]
    pub print: bool,
    /// As one JSON object; with --check, an array of the problems
    #[arg(long, group = "form")]
    pub json: bool,
    /// As the page of Markdown in the documents
    #[arg(long, group = "form")]
    pub markdown: bool,
    /// Check this file instead of showing anything
    #[arg(long, value_name = "FILE", conflicts_with_all = ["print", "markdown"])]
    pub check: Option<PathBuf>,
    /// Of this profile, in place of the keys file's own
    #[arg(long, value_name = "PROFILE", value_parser = profile)]
    pub profile: Option<KeyProfile>,
}

fn profile(word: &str) -> Result<KeyProfile, String> {
    let found = KeyProfile::ALL.into_iter().find(|profile| profile.as_str() == word);
    let all = || list_of(KeyProfile::ALL.map(KeyProfile::as_str));
    found.ok_or_else(|| format!("{} is no profile: expected {}", quote(word), all()))
}

/// Prints the keys, or checks a file with keys.
///
/// # Errors
///
/// [`CliError`] for a file that cannot be read, for a keys file with problems, or when `out` cannot
/// be written.
pub fn run(
    args: &KeysArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    if let Some(path) = &args.check {
        return check(path, args, out);
    }
    let keymap = load_keymap(context, &context.config()?, args.profile)?;
    if args.print {
        write!(out, "{}", keys_file_yaml(&keymap))?;
    } else if args.json {
        writeln!(out, "{:#}", keymap::to_json(&keymap))?;
    } else if args.markdown {
        write!(out, "{}", markdown_page(&keymap))?;
    } else {
        write!(out, "{}", keymap::text_page(&keymap))?;
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn check(path: &Path, args: &KeysArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    let found =
        read_keys_file(path, args.profile).map_err(|error| unreadable_file(path, &error))?;
    let problems = found.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    if args.json {
        let problems: Vec<_> = problems.iter().map(Diagnostic::to_json).collect();
        writeln!(out, "{:#}", json!(problems))?;
    } else if let Ok(keymap) = &found {
        let own = keymap
            .bindings()
            .filter(|(_, b)| matches!(b.source, BindingSource::File { .. }))
            .count();
        let profile = keymap.profile().as_str();
        writeln!(out, "{}: sound, profile {profile}, {own} actions set", path.display())?;
    } else {
        write!(out, "{}", file::render(problems, RenderStyle::Plain))?;
    }
    out.flush()?;
    Ok(if found.is_ok() { Exit::Success } else { Exit::Usage })
}

/// The keys that hold: of the file that is named, else of the one beside the configuration file,
/// else of the table. A profile that is given stands in place of the file's own.
///
/// # Errors
///
/// [`CliError`] for a file that cannot be read, or with every problem it has.
pub(super) fn load_keymap(
    context: &CliContext<'_>,
    config: &Config,
    profile: Option<KeyProfile>,
) -> Result<Keymap, CliError> {
    let named = config.places.keys.clone();
    let may_be_absent = named.is_none();
    let path = named.unwrap_or_else(|| context.config_sibling(NAME));
    match read_keys_file(&path, profile) {
        Ok(Ok(keymap)) => Ok(keymap),
        Ok(Err(problems)) => {
            let (text, count) = (file::render(&problems, RenderStyle::Plain), problems.len());
            let plural = if count == 1 { "" } else { "s" };
            let head = format!("the keys file has {count} problem{plural}");
            Err(CliError::new(Exit::Usage, format!("{head}\n{}", text.trim_end())))
        }
        Err(error) if may_be_absent && error.kind() == io::ErrorKind::NotFound => {
            Ok(Keymap::from_profile(profile.unwrap_or_default()))
        }
        Err(error) => Err(unreadable_file(&path, &error)),
    }
}

fn read_keys_file(
    path: &Path,
    profile: Option<KeyProfile>,
) -> io::Result<Result<Keymap, Vec<Diagnostic>>> {
    let name = path.to_string_lossy();
    let bytes = read_input_file(path)?;
    let text = file::text_of(&name, &bytes);
    Ok(text.and_then(|text| keymap::read_keys_file(&name, &text, profile)))
}

fn unreadable_file(path: &Path, error: &io::Error) -> CliError {
    CliError::new(Exit::Usage, format!("cannot read the keys `{}`: {error}", path.display()))
}
