//! One thing that somebody outside of the terminal should know.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How grave a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    Critical,
}

impl Severity {
    /// Returns the word in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationStatus {
    /// It was raised.
    Firing,
    /// It was raised again while nobody had acknowledged it.
    Repeated,
    /// An operator has seen it.
    Acknowledged,
    /// Its cause is gone.
    Resolved,
    /// Nothing happened: a person tries the notifier.
    Test,
}

impl NotificationStatus {
    /// Returns the word in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Repeated => "repeated",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Test => "test",
        }
    }
}

/// A notification. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The alert: equal in all notifications about it.
    pub alert: String,
    pub status: NotificationStatus,
    pub severity: Severity,
    /// The kind of the event that raised it: `task_failed`.
    pub kind: String,
    /// In one line.
    pub title: String,
    /// In the words of whoever raised it; may be empty.
    pub text: String,
    /// When the alert was raised.
    pub since: DateTime<Utc>,
    /// When this was decided.
    pub at: DateTime<Utc>,
    /// How often the alert was raised again.
    pub repeats: u32,
    pub run: String,
    /// The mode of the run: `SIM`, `PAPER` or `LIVE`.
    pub mode: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The command that helps: `bellwether retry market_analysis REASON`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The page of the documentation about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
}

impl Notification {
    /// Returns the idempotency key: equal for every attempt to deliver this notification, and for no
    /// other one.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { alert, status, repeats, since, .. } = self;
        let text = format!("{alert}\n{}\n{repeats}\n{since}", status.as_str());
        hex(&Sha256::digest(text.as_bytes())[..16])
    }
}

/// Returns the bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A failed task of a run.
    pub(crate) fn sample(number: u32, severity: Severity) -> Notification {
        Notification {
            alert: format!("2018-12-19-standard-1/{number}"),
            status: NotificationStatus::Firing,
            severity,
            kind: "task_failed".into(),
            title: format!("market_analysis failed, {number}"),
            text: "503 service unavailable".into(),
            since: DateTime::UNIX_EPOCH,
            at: DateTime::UNIX_EPOCH,
            repeats: 0,
            run: "2018-12-19-standard-1".into(),
            mode: "SIM".into(),
            task: Some("market_analysis".into()),
            agent: None,
            help: Some("bellwether retry market_analysis REASON".into()),
            runbook: None,
        }
    }

    #[test]
    fn key_differs_by_alert_status_and_repeat_alone() {
        let one = sample(1, Severity::Critical);
        let later = Notification { at: DateTime::<Utc>::MAX_UTC, ..one.clone() };
        assert_eq!(one.key(), later.key(), "it is tried again under the same key");
        let repeated = Notification { repeats: 1, ..one.clone() };
        let gone = Notification { status: NotificationStatus::Resolved, ..one.clone() };
        assert_eq!(
            [&repeated, &gone, &sample(2, Severity::Critical)]
                .map(|other| other.key() == one.key()),
            [false; 3]
        );
    }
}
