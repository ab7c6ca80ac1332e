//! Where a value came from, and which origin wins.

use std::fmt;

use diag::safe_name;

/// Where a value came from. Sorts weakest first: the greatest origin of a setting wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingOrigin {
    /// Nobody gave it.
    Default,
    /// Nobody gave it, and this variable of the surroundings suggests it: `HOME`, `TERM`.
    Derived(String),
    /// A configuration file.
    File {
        /// As it was named.
        name: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// This environment variable.
    Env(String),
    /// This flag of the command line, as it is written: `--speed`.
    Flag(String),
}

impl SettingOrigin {
    /// Where the next line of defence is: higher wins.
    pub(super) const fn precedence(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::Derived(_) => 1,
            Self::File { .. } => 2,
            Self::Env(_) => 3,
            Self::Flag(_) => 4,
        }
    }
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Default => "default".into(),
            Self::Derived(name) => format!("from {name}"),
            Self::File { name, line, column } => format!("{name}:{line}:{column}"),
            Self::Env(name) => format!("environment {name}"),
            Self::Flag(name) => format!("flag {name}"),
        };
        // Whoever sets the environment names the variables.
        f.pad(&safe_name(&text))
    }
}

/// One value as it was given, not yet understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSetting {
    /// The key of the setting, as in [`super::Setting::key`]; in a file it may be misspelt.
    pub key: String,
    /// The value, as text.
    pub text: String,
    /// Where.
    pub origin: SettingOrigin,
}
