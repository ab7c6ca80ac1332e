//! Declarations of notifiers: the file `notifiers.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{
    notification::{Notification, NotificationStatus, Severity},
    quiet_hours::QuietHours,
};

/// The address at which `PagerDuty` takes events.
const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";
/// The notifier that the setting `alert_webhook_url` stands for.
const OF_SETTING: &str = "alert_webhook_url";

/// What kind of receiver a notifier has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifierKind {
    /// A POST with JSON of this program's own form.
    Webhook,
    /// A POST with a `text`, as Slack and programs compatible with it take it.
    Slack,
    /// Events API v2.
    Pagerduty,
    /// A program that gets the JSON on its standard input.
    Command,
}

/// Least severity that is sent.
pub type MinSeverity = Severity;

/// Where a text that may be secret comes from: never from a log, and never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretSource(String);

impl SecretSource {
    /// Takes custody of a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad("[redacted]")
    }
}

/// A notifier, ready to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifierDeclaration {
    pub name: String,
    pub kind: NotifierKind,
    /// Where it posts to; empty for a command.
    pub url: SecretSource,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The key that messages are signed with, if they are.
    pub signing_key: Option<SecretSource>,
    /// The integration key of `PagerDuty`.
    pub routing_key: Option<SecretSource>,
    pub severity: MinSeverity,
    /// Kinds of events that are sent; empty: all.
    pub kinds: BTreeSet<String>,
    pub quiet_hours: Option<QuietHours>,
    /// Most messages in an hour; what is beyond waits.
    pub per_hour: u32,
    /// Whether it is told that an alert was acknowledged or is over.
    pub resolved: bool,
}

impl NotifierDeclaration {
    /// Returns whether the rules of the notifier let a notification pass.
    #[must_use]
    pub fn wants(&self, notification: &Notification) -> bool {
        let closing = matches!(
            notification.status,
            NotificationStatus::Acknowledged | NotificationStatus::Resolved
        );
        notification.status == NotificationStatus::Test
            || (notification.severity >= self.severity
                && (self.kinds.is_empty() || self.kinds.contains(&notification.kind))
                && (self.resolved || !closing))
    }
}

/// The notifiers of a desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notifiers(pub Vec<NotifierDeclaration>);

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifierFile {
    notifiers: BTreeMap<String, NotifierEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifierEntry {
    kind: NotifierKind,
    url: Option<String>,
    url_env: Option<String>,
    #[serde(default)]
    command: Vec<String>,
    signing_key_env: Option<String>,
    routing_key_env: Option<String>,
    severity: Option<Severity>,
    #[serde(default)]
    kinds: BTreeSet<String>,
    quiet_hours: Option<QuietHours>,
    per_hour: Option<u32>,
    resolved: Option<bool>,
}

impl Notifiers {
    /// Most messages in an hour where the file names no other number.
    pub const PER_HOUR: u32 = 60;

    /// Parses the file `notifiers.yaml`, called `name` in messages. `variable` reads an environment
    /// variable, `known_kind` tells whether there is a kind of event of that name.
    ///
    /// # Errors
    ///
    /// The first problem of the file, with line and column where it has one.
    pub fn parse(
        (name, text): (&str, &str),
        variable: &dyn Fn(&str) -> Option<String>,
        known_kind: &dyn Fn(&str) -> bool,
    ) -> Result<Self, String> {
        let file: NotifierFile = diag::deserialize(name, text)
            .map_err(|problems| diag::render(&problems, diag::RenderStyle::Plain))?;
        let mut all = Vec::new();
        for (id, entry) in file.notifiers {
            let wrong = |why: String| format!("{name}: notifier {}: {why}", diag::quote(&id));
            if let Some(kind) = entry.kinds.iter().find(|kind| !known_kind(kind)) {
                return Err(wrong(format!("there is no kind of event {}", diag::quote(kind))));
            }
            all.push(entry.resolve(id.clone(), variable).map_err(wrong)?);
        }
        Ok(Self(all))
    }

    /// Adds the notifier of the setting `alert_webhook_url`. An address of Slack gets Slack's form.
    pub fn add_webhook(&mut self, url: &str) {
        let slack = url.starts_with("https://hooks.slack.com/");
        self.0.push(NotifierDeclaration {
            name: OF_SETTING.into(),
            kind: if slack { NotifierKind::Slack } else { NotifierKind::Webhook },
            url: SecretSource::new(url.to_owned()),
            command: Vec::new(),
            signing_key: None,
            routing_key: None,
            severity: Severity::Warning,
            kinds: BTreeSet::new(),
            quiet_hours: None,
            per_hour: Self::PER_HOUR,
            resolved: true,
        });
    }
}

impl NotifierEntry {
    fn resolve(
        self,
        name: String,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<NotifierDeclaration, String> {
        let read = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => variable(name)
                .filter(|value| !value.is_empty())
                .map(|value| Some(SecretSource::new(value)))
                .ok_or_else(|| format!("the environment variable {name} is not set")),
        };
        let fine = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || name.len() > 40 || !name.chars().all(fine) || name == OF_SETTING {
            return Err("name it with letters, digits, `-` and `_`".into());
        }
        let url = match (self.url, read(&self.url_env)?) {
            (Some(_), Some(_)) => return Err("it has `url` and `url_env`; one is enough".into()),
            (Some(url), None) => Some(SecretSource::new(url)),
            (None, from_env) => from_env,
        };
        let routing_key = read(&self.routing_key_env)?;
        let posts = self.kind != NotifierKind::Command;
        match (posts, self.command.is_empty(), self.kind) {
            (true, false, _) => return Err("only `kind: command` has a `command`".into()),
            (false, true, _) => return Err("`kind: command` needs a `command`".into()),
            (true, true, NotifierKind::Pagerduty) if routing_key.is_none() => {
                return Err("`kind: pagerduty` needs `routing_key_env`".into());
            }
            (true, true, NotifierKind::Webhook | NotifierKind::Slack) if url.is_none() => {
                return Err("it needs `url`, or `url_env`".into());
            }
            (_, _, _) => {}
        }
        let url = url.unwrap_or_else(|| {
            SecretSource::new(if posts { PAGERDUTY.into() } else { String::new() })
        });
        let web = ["https://", "http://"].iter().any(|scheme| url.expose().starts_with(scheme));
        if posts && !web {
            return Err("its address begins with neither https:// nor http://".into());
        }
        Ok(NotifierDeclaration {
            name,
            kind: self.kind,
            url,
            command: self.command,
            signing_key: read(&self.signing_key_env)?,
            routing_key,
            severity: self.severity.unwrap_or(Severity::Warning),
            kinds: self.kinds,
            quiet_hours: self.quiet_hours,
            per_hour: self.per_hour.unwrap_or(Notifiers::PER_HOUR).max(1),
            resolved: self.resolved.unwrap_or(true),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::tests::sample;

    fn parse(text: &str) -> Result<Notifiers, String> {
        let variable = |name: &str| (name == "KEY").then(|| "s3cret".to_owned());
        Notifiers::parse(("notifiers.yaml", text), &variable, &|kind| kind == "task_failed")
    }

    #[test]
    fn a_file_with_every_kind_is_read_and_shows_no_secret() {
        let text = "notifiers:
  chat: {kind: slack, url_env: KEY}
";
        let error = parse(text).unwrap_err();
        assert!(error.contains("neither https:// nor http://") && !error.contains("s3cret"));
        let text = "notifiers:
  desk: {kind: webhook, url: 'https://ops.example/alerts', signing_key_env: KEY, severity: info}
  pager: {kind: pagerduty, routing_key_env: KEY, severity: critical, quiet_hours: 22:00-06:00}
  print: {kind: command, command: [logger, -t, desk], kinds: [task_failed], resolved: false}
";
        let found = parse(text).expect("a sound file");
        let shown = format!("{found:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("ops.example"), "{shown}");
        let names: Vec<_> = found.0.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["desk", "pager", "print"]);
        let failed = sample(1, Severity::Warning);
        assert_eq!(
            found.0.iter().map(|one| one.wants(&failed)).collect::<Vec<_>>(),
            [true, false, true]
        );
        let over = Notification { status: NotificationStatus::Resolved, ..failed };
        assert!(!found.0[2].wants(&over) && found.0[0].wants(&over));
    }

    #[test]
    fn each_wrong_file_is_refused_with_what_is_wrong() {
        for (text, told) in [
            ("notifiers: {a: {kind: fax}}", "fax"),
            ("notifiers: {a: {kind: slack}}", "it needs `url`"),
            ("notifiers: {a: {kind: slack, url: 'ftp://x'}}", "neither https://"),
            ("notifiers: {a: {kind: slack, url_env: NONE}}", "variable NONE is not set"),
            ("notifiers: {a: {kind: slack, url: 'https://x', url_env: KEY}}", "one is enough"),
            ("notifiers: {a: {kind: pagerduty}}", "routing_key_env"),
            ("notifiers: {a: {kind: command}}", "needs a `command`"),
            (
                "notifiers: {a: {kind: slack, url: 'https://x', command: [y]}}",
                "only `kind: command`",
            ),
            ("notifiers: {a: {kind: slack, url: 'https://x', kinds: [nope]}}", "no kind of event"),
            ("notifiers: {a: {kind: slack, url: 'https://x', quiet_hours: night}}", "22:00-06:00"),
            ("notifiers: {a: {kind: slack, urll: 'https://x'}}", "urll"),
            ("notifiers: {'a/b': {kind: slack, url: 'https://x'}}", "letters, digits"),
            ("[]", "notifiers.yaml"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
