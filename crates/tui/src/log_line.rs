//! The program's own log, as lines for a pane. These lines tell of the program, not of the run.

use planning::plan::TaskIx;

/// The log of an attempt, made safe; its newest lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptLogText {
    pub task: TaskIx,
    pub attempt: u32,
    /// The lines, each with its time.
    pub lines: Vec<String>,
}

/// The process of an own agent, made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAgentText {
    /// The agents of the workflow whose tasks it does.
    pub agents: Vec<String>,
    /// Labels and values.
    pub facts: Vec<(&'static str, String)>,
}

/// The level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLineLevel {
    /// Something does not work.
    Error,
    /// Something is odd.
    Warn,
    /// Good to know.
    Info,
    /// For developers.
    Debug,
}

impl LogLineLevel {
    /// The word on screen, five columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN ",
            Self::Info => "INFO ",
            Self::Debug => "DEBUG",
        }
    }
}

/// One line of the log, made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Time of day on the wall, exchange time, `10:42:03.001`.
    pub time: String,
    pub level: LogLineLevel,
    /// The part of the program that wrote the line.
    pub target: String,
    pub text: String,
}
