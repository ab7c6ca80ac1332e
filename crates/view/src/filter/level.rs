//! Severity of a line, on one scale for events, alerts and log lines.

use engine::AlertSeverity;

/// How loud a line is, quietest first. Events and alerts are `Level::Info`, `Level::Warning`
/// or `Level::Critical`; log lines have the other three too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineSeverity {
    /// For who writes the program.
    Trace,
    /// For who looks for a fault.
    Debug,
    /// Good to know.
    Info,
    /// A warning.
    Warning,
    /// An error of the program.
    Error,
    /// A critical alert.
    Critical,
}

impl LineSeverity {
    /// All six, quietest first.
    pub const ALL: [Self; 6] =
        [Self::Trace, Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// The word in a filter and in a sentence: `warning`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }

    /// The level of a word, or of its beginning from three letters on: `warn`, `crit`, `err`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| {
            level.as_str() == word || (word.len() >= 3 && level.as_str().starts_with(word))
        })
    }
}

impl From<AlertSeverity> for LineSeverity {
    fn from(severity: AlertSeverity) -> Self {
        match severity {
            AlertSeverity::Info => Self::Info,
            AlertSeverity::Warning => Self::Warning,
            AlertSeverity::Critical => Self::Critical,
        }
    }
}
