//! `bellwether completions` and `bellwether man`: completions of a shell and the manual page.

use std::io::{self, Write};

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::{CliError, Exit, args::Cli};

const NAME: &str = "bellwether";

/// Arguments of `bellwether completions`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether completions bash > /usr/share/bash-completion/completions/bellwether
  bellwether completions zsh > ~/.zfunc/_bellwether")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the completions of a shell.
///
/// # Errors
///
/// [`CliError`] when `out` cannot be written.
pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    out.write_all(&completions(args.shell))?;
    out.flush()?;
    Ok(Exit::Success)
}

/// Prints the manual page, as roff.
///
/// # Errors
///
/// [`CliError`] when `out` cannot be written.
pub fn man(out: &mut dyn Write) -> Result<Exit, CliError> {
    Man::new(Cli::command()).render(out)?;
    out.flush()?;
    Ok(Exit::Success)
}

/// Returns the completions and the manual page as packages carry them: paths below `packaging/` and
/// contents.
///
/// # Errors
///
/// An error when a page is not UTF-8.
pub fn command_line_files() -> io::Result<Vec<(String, String)>> {
    let text = |bytes| String::from_utf8(bytes).map_err(io::Error::other);
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    let shells = [
        (Shell::Bash, "bellwether.bash"),
        (Shell::Zsh, "_bellwether"),
        (Shell::Fish, "bellwether.fish"),
    ];
    let mut files = vec![("man/bellwether.1".to_owned(), text(page)?)];
    for (shell, name) in shells {
        files.push((format!("completions/{name}"), text(completions(shell))?));
    }
    Ok(files)
}

fn completions(shell: Shell) -> Vec<u8> {
    let mut bytes = Vec::new();
    generate(shell, &mut Cli::command(), NAME, &mut bytes);
    bytes
}
