//! `bellwether init` and `bellwether workflows export`: files to start from.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};

use super::{CliError, Exit};
use planning::plan;

/// The files of a new desk.
const FILES: &[(&str, &str)] = &[
    ("bellwether.yaml", include_str!("../../assets/init/bellwether.yaml")),
    ("agents.yaml", include_str!("../../assets/init/agents.yaml")),
    ("workflows/my_day.yaml", include_str!("../../assets/init/workflows/my_day.yaml")),
    ("agents/news_desk.py", include_str!("../../assets/init/agents/news_desk.py")),
    ("README.md", include_str!("../../assets/init/README.md")),
];

/// Arguments of `bellwether init`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether init my-desk && cd my-desk && bellwether run

Files that exist are never overwritten: then nothing is written, and the exit code is 2.")]
pub struct InitArgs {
    /// Folder of the new desk; it is created
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

/// Arguments of `bellwether workflows`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether workflows export workflows")]
pub struct WorkflowsArgs {
    #[command(subcommand)]
    command: WorkflowsCommand,
}

/// Subcommands of `bellwether workflows`.
#[derive(Debug, Clone, Subcommand)]
enum WorkflowsCommand {
    /// Write the built-in workflow files, the trading day and its overlays
    #[command(after_help = "\
Examples:
  bellwether workflows export workflows && bellwether run --workflow workflows

Files that exist are never overwritten: then nothing is written, and the exit code is 2.")]
    Export {
        /// Folder for the files; it is created
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// Writes the files of a new desk.
///
/// # Errors
///
/// [`CliError`] if one of the files exists or cannot be written.
pub fn init(args: &InitArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    write_new(&args.folder, FILES)?;
    writeln!(out, "wrote {} files to {}", FILES.len(), args.folder.display())?;
    let enter = if args.folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", args.folder.display())
    };
    writeln!(out, "next: {enter}bellwether run")?;
    Ok(Exit::Success)
}

/// Writes the built-in workflow files.
///
/// # Errors
///
/// [`CliError`] if one of the files exists or cannot be written.
pub fn workflows(args: &WorkflowsArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    let WorkflowsCommand::Export { folder } = &args.command;
    let name = |file: &'static str| file.rsplit('/').next().unwrap_or(file);
    let files: Vec<_> =
        plan::builtin_files().into_iter().map(|(file, text)| (name(file), text)).collect();
    write_new(folder, &files)?;
    writeln!(out, "wrote {} files to {}", files.len(), folder.display())?;
    writeln!(out, "next: bellwether check {}", folder.display())?;
    Ok(Exit::Success)
}

/// Writes files that do not exist yet; none if one of them does.
fn write_new(folder: &Path, files: &[(&str, &str)]) -> Result<(), CliError> {
    let existing = files.iter().map(|(name, _)| folder.join(name)).find(|path| path.exists());
    if let Some(path) = existing {
        let message =
            format!("{} exists; nothing was written: choose another folder", path.display());
        return Err(CliError::new(Exit::Usage, message));
    }
    for (name, text) in files {
        let path = folder.join(name);
        write_file(&path, text).map_err(|error| {
            CliError::new(Exit::Internal, format!("cannot write {}: {error}", path.display()))
        })?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Somebody else may have written it since: it is theirs.
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}
