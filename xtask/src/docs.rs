//! The command `cargo xtask docs`: writes every documentation file that the program generates.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use bellwether::cli::{CliError, Exit, command_line_files};
use clap::Args;
use tui::keymap::{Keymap, markdown_page};

use crate::run_tour::built_in_tour;

/// The arguments of `cargo xtask docs`.
#[derive(Debug, Clone, Args)]
pub struct DocsArgs {
    /// Folder to write to: the root of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// Writes keys, settings, pictures, recording, man page and completions.
///
/// # Errors
///
/// [`CliError`] if the tour fails or a file cannot be written.
pub fn write_docs(args: &DocsArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    let tour = built_in_tour()?;
    let mut files: Vec<(PathBuf, String)> = vec![
        ("assets/keys.md".into(), markdown_page(&Keymap::default())),
        ("assets/tour.cast".into(), tour.cast),
        ("docs/configuration.md".into(), config::render_markdown()),
    ];
    let pictures = tour.pictures.into_iter();
    files.extend(pictures.map(|(name, svg)| (format!("assets/screens/{name}.svg").into(), svg)));
    let packaged = command_line_files()?.into_iter();
    files.extend(packaged.map(|(name, text)| (Path::new("packaging").join(name), text)));
    for (name, text) in &files {
        let path = args.root.join(name);
        write(&path, text).map_err(|error| {
            let text = format!("cannot write `{}`: {error}; is --root right?", path.display());
            CliError::new(Exit::Internal, text)
        })?;
    }
    writeln!(out, "{} files written", files.len())?;
    Ok(Exit::Success)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
