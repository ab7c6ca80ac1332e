//! One alert as it is sent: what happened, since when, and what helps.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use engine::AlertSeverity;

/// What an alert is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlertStatus {
    Firing,
    /// An operator has seen it.
    Acknowledged,
    /// The cause is gone.
    Resolved,
}

impl AlertStatus {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }
}

/// An alert, without the moment at which it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlertMessage {
    /// The same for every message about one alert.
    pub(crate) key: String,
    pub(crate) status: AlertStatus,
    pub(crate) severity: AlertSeverity,
    /// One of [`config::notifiers::ALERT_KINDS`].
    pub(crate) kind: String,
    pub(crate) text: String,
    /// Time of the run.
    pub(crate) since: DateTime<Utc>,
    pub(crate) run: String,
    pub(crate) mode: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<String>,
    /// What an acknowledgement names: `AL-17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alert: Option<String>,
    /// How often it was raised.
    #[serde(default)]
    pub(crate) count: u32,
    /// The command that helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
    /// The key of the console that does the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) console_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) runbook: Option<String>,
}

impl AlertMessage {
    /// One line: severity or `RESOLVED`, what happened, and what helps.
    pub(crate) fn line(&self) -> String {
        let head = match self.status {
            AlertStatus::Firing => view::format::severity_label(self.severity).to_owned(),
            AlertStatus::Acknowledged | AlertStatus::Resolved => {
                self.status.as_str().to_uppercase()
            }
        };
        let help = match (&self.command, self.status) {
            (Some(command), AlertStatus::Firing) => format!("; fix: {command}"),
            (Some(_) | None, _) => String::new(),
        };
        format!("{head} {}{help}", self.text)
    }
}

/// The first 32 hexadecimal digits of the SHA-256 of some texts.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut text = hex(&hash.finalize());
    text.truncate(32);
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A String takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A critical alert that fires, for tests.
#[cfg(test)]
pub(super) fn sample_message(key: &str) -> AlertMessage {
    AlertMessage {
        key: key.into(),
        status: AlertStatus::Firing,
        severity: AlertSeverity::Critical,
        kind: "task_failed".into(),
        text: "collect_data failed".into(),
        since: DateTime::UNIX_EPOCH,
        run: "r".into(),
        mode: "SIM".into(),
        task: None,
        agent: None,
        stage: None,
        alert: None,
        count: 1,
        command: None,
        console_key: None,
        runbook: None,
    }
}
