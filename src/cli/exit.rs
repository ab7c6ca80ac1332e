//! What the program answers to the shell, and what it says when it cannot do what was asked.

use std::{fmt, io, process::ExitCode};

use config::ConfigError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// As it should.
    Success,
    /// The day failed, or the check found something.
    Failed,
    /// The command line, the configuration or a file it names makes no sense.
    Usage,
    /// Understood, and refused.
    Refused,
    /// A fault of the program or of the machine.
    Internal,
}

impl Exit {
    /// The number the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Internal => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command did not get as far as an answer: what, where, and what to do.
#[derive(Debug)]
pub struct CliError {
    /// How the program ends because of it.
    pub exit: Exit,
    /// What is printed to stderr, without a leading word.
    pub message: String,
}

impl CliError {
    /// An end of a kind, in words.
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.message)
    }
}

impl std::error::Error for CliError {}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let (text, count) = (error.to_string(), error.problems.len());
        let plural = if count == 1 { "" } else { "s" };
        let lines = text.replace('\n', "\n  ");
        let head = format!("the configuration has {count} problem{plural}");
        let advice = "`bellwether config --markdown` says what each setting accepts";
        Self::new(Exit::Usage, format!("{head}\n  {lines}\n{advice}"))
    }
}

impl From<io::Error> for CliError {
    /// A reader that went away (`bellwether config | head`) is a good end: it had enough.
    fn from(error: io::Error) -> Self {
        let gone = error.kind() == io::ErrorKind::BrokenPipe;
        let exit = if gone { Exit::Success } else { Exit::Internal };
        Self::new(exit, if gone { String::new() } else { format!("cannot write: {error}") })
    }
}
