//! The list `notifiers:` of the configuration file: who hears of alerts, and how.

use chrono::NaiveTime;

use super::{Secret, SettingOrigin, SettingProblem};
use diag::{MappingEntry, NodeContent, SourceText, YamlDocument, YamlNode};
use engine::AlertSeverity;
use planning::time::Span;

/// The key of the list.
pub const KEY: &str = "notifiers";
/// The name of the notifier that `ALERT_WEBHOOK_URL` makes.
pub const WEBHOOK: &str = "webhook";
/// Most notifiers of a configuration.
const NOTIFIERS_MAX: usize = 16;
/// The kinds of alert that a rule can name.
pub const ALERT_KINDS: [&str; 15] = [
    "approval",
    "breaker_opened",
    "component_health",
    "gate_closed",
    "journal_unavailable",
    "market_event",
    "run_failed",
    "stage_failed",
    "stage_missed",
    "system_alert",
    "task_failed",
    "task_in_doubt",
    "task_rejected",
    "task_timed_out",
    "trading_changed",
];
const KEYS: [&str; 15] = [
    "name",
    "kind",
    "url",
    "url_env",
    "secret_env",
    "key_env",
    "command",
    "severity",
    "kinds",
    "quiet",
    "repeat",
    "batch",
    "rate",
    "timeout",
    "resolved",
];

/// How a notifier is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotifierTarget {
    /// JSON by POST; signed with the secret, if there is one.
    Webhook { url: Secret, secret: Option<Secret> },
    /// An incoming webhook of Slack, or of anything that takes its messages.
    Slack { url: Secret },
    /// Events API v2 of PagerDuty.
    PagerDuty { url: Secret, key: Secret },
    /// A program that reads JSON from its standard input.
    Command(Vec<String>),
}

impl NotifierTarget {
    /// The word in the configuration.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Slack { .. } => "slack",
            Self::PagerDuty { .. } => "pagerduty",
            Self::Command(_) => "command",
        }
    }
}

/// Local hours in which only critical alerts are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The first quiet moment.
    pub from: NaiveTime,
    /// The first moment after; before `from` where the hours span midnight.
    pub until: NaiveTime,
}

impl QuietHours {
    /// Returns whether a time of day is quiet.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

/// One who hears of alerts, with the rules of what is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifier {
    /// Unique in the configuration.
    pub name: String,
    pub target: NotifierTarget,
    /// Environment variables that are named and not set.
    pub missing: Vec<String>,
    /// Least severity that is sent.
    pub severity: AlertSeverity,
    /// Kinds that are sent; all when empty.
    pub kinds: Vec<String>,
    pub quiet: Option<QuietHours>,
    /// After how long an unacknowledged critical alert is sent again; zero: never.
    pub repeat: Span,
    /// How long a message waits for others to be sent with it.
    pub batch: Span,
    /// Most deliveries in a minute.
    pub rate: u32,
    /// Longest a delivery may take.
    pub timeout: Span,
    /// Whether recoveries are sent.
    pub resolved: bool,
}

impl Notifier {
    /// A notifier with the default rules.
    #[must_use]
    pub fn new(name: impl Into<String>, target: NotifierTarget) -> Self {
        Self {
            name: name.into(),
            target,
            missing: Vec::new(),
            severity: AlertSeverity::Warning,
            kinds: Vec::new(),
            quiet: None,
            repeat: Span::mins(30),
            batch: Span::secs(2),
            rate: 20,
            timeout: Span::secs(10),
            resolved: true,
        }
    }

    /// Returns whether the rules let an alert through.
    #[must_use]
    pub fn takes(&self, severity: AlertSeverity, kind: &str) -> bool {
        severity >= self.severity
            && (self.kinds.is_empty() || self.kinds.iter().any(|known| known == kind))
    }
}

/// Reads the list of a configuration file; secrets come from `vars`. Problems of the file as a file are
/// reported by [`super::file::read_config_file`] alone.
#[must_use]
pub fn read_notifiers(
    name: &str,
    text: &str,
    vars: &[(String, String)],
) -> (Vec<Notifier>, Vec<SettingProblem>) {
    let Ok((root, sink)) = diag::parse(name, text).map(YamlDocument::into_parts) else {
        return (Vec::new(), Vec::new());
    };
    let NodeContent::Map(entries) = &root.content else { return (Vec::new(), Vec::new()) };
    let mut reader = ListReader { source: sink.source(), vars, problems: Vec::new() };
    let list = entries.iter().find(|entry| entry.key == KEY).map(|entry| &entry.value);
    let mut found: Vec<Notifier> = Vec::new();
    match list.map(|node| (node, &node.content)) {
        None | Some((_, NodeContent::Null)) => {}
        Some((_, NodeContent::List(items))) => {
            for item in items {
                let Some(notifier) = reader.notifier(item) else { continue };
                if found.iter().any(|known| known.name == notifier.name) {
                    let named = diag::quote(&notifier.name);
                    reader.wrong(item, &format!("a second notifier is named {named}"));
                }
                found.push(notifier);
            }
            if items.len() > NOTIFIERS_MAX {
                reader.wrong(&root, &format!("more than {NOTIFIERS_MAX} notifiers"));
            }
        }
        Some((node, _)) => reader.wrong(node, &format!("expected a list, not {}", node.kind())),
    }
    (found, reader.problems)
}

/// The entries of one notifier.
type Entries<'a> = &'a [MappingEntry];

struct ListReader<'a> {
    source: &'a SourceText,
    vars: &'a [(String, String)],
    problems: Vec<SettingProblem>,
}

impl ListReader<'_> {
    fn wrong(&mut self, node: &YamlNode, message: &str) {
        let (line, column) = self.source.line_column(node.span.start);
        let origin = SettingOrigin::File { name: self.source.name().to_string(), line, column };
        self.problems.push(SettingProblem { origin, message: format!("`{KEY}`: {message}") });
    }

    fn notifier(&mut self, item: &YamlNode) -> Option<Notifier> {
        let NodeContent::Map(entries) = &item.content else {
            self.wrong(item, &format!("expected a mapping with `kind`, not {}", item.kind()));
            return None;
        };
        for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
            let near = diag::nearest(&entry.key, KEYS);
            let hint = near.map_or_else(
                || format!("keys: {}", KEYS.join(", ")),
                |near| format!("is `{near}` meant?"),
            );
            self.wrong(&entry.value, &format!("no key {}; {hint}", diag::quote(&entry.key)));
        }
        let mut missing = Vec::new();
        let target = self.target(item, entries, &mut missing)?;
        let name = self.text(entries, "name").unwrap_or_else(|| target.as_str().into());
        if name.is_empty() || name.len() > 64 || name.contains(diag::is_unsafe_char) {
            self.wrong(item, "a name has 1 to 64 printable characters");
        }
        let mut notifier = Notifier { missing, ..Notifier::new(name, target) };
        self.rules(entries, &mut notifier);
        Some(notifier)
    }

    fn target(
        &mut self,
        item: &YamlNode,
        entries: Entries<'_>,
        missing: &mut Vec<String>,
    ) -> Option<NotifierTarget> {
        let kind = self.text(entries, "kind").unwrap_or_default();
        Some(match kind.as_str() {
            "webhook" => NotifierTarget::Webhook {
                url: self.url(item, entries, None, missing)?,
                secret: self.secret(entries, "secret_env", missing),
            },
            "slack" => NotifierTarget::Slack { url: self.url(item, entries, None, missing)? },
            "pagerduty" => {
                let url = self.url(item, entries, Some(PAGERDUTY), missing)?;
                let Some(key) = self.secret(entries, "key_env", missing) else {
                    self.wrong(item, "pagerduty needs `key_env`, the variable of its routing key");
                    return None;
                };
                NotifierTarget::PagerDuty { url, key }
            }
            "command" => NotifierTarget::Command(self.command(item, entries)?),
            other => {
                let given = diag::quote(other);
                let kinds = "webhook, slack, pagerduty, command";
                self.wrong(item, &format!("no kind {given}; kinds: {kinds}"));
                return None;
            }
        })
    }

    fn url(
        &mut self,
        item: &YamlNode,
        entries: Entries<'_>,
        default: Option<&str>,
        missing: &mut Vec<String>,
    ) -> Option<Secret> {
        let given = self.text(entries, "url").or_else(|| default.map(str::to_owned));
        let Some(url) = self.secret(entries, "url_env", missing).or(given.map(Secret::new)) else {
            self.wrong(item, "neither `url_env` nor `url` is given");
            return None;
        };
        let text = url.expose();
        let web = text.starts_with("https://") || text.starts_with("http://");
        if !text.is_empty() && (!web || text.contains(char::is_whitespace)) {
            self.wrong(item, "an address begins with `https://` or `http://`");
            return None;
        }
        Some(url)
    }

    /// The value of the variable that `key` names; empty, and noted as missing, where it is not set.
    fn secret(
        &mut self,
        entries: Entries<'_>,
        key: &str,
        missing: &mut Vec<String>,
    ) -> Option<Secret> {
        let name = self.text(entries, key)?;
        let found = self.vars.iter().rfind(|(known, value)| *known == name && !value.is_empty());
        if found.is_none() {
            missing.push(name);
        }
        Some(Secret::new(found.map_or_else(String::new, |(_, value)| value.trim().to_owned())))
    }

    fn command(&mut self, item: &YamlNode, entries: Entries<'_>) -> Option<Vec<String>> {
        let words = self.words(entries, "command");
        if words.is_empty() {
            self.wrong(item, "`command` is a list: the program and its arguments");
            return None;
        }
        Some(words)
    }

    fn rules(&mut self, entries: Entries<'_>, into: &mut Notifier) {
        for entry in entries {
            let text = scalar(&entry.value).unwrap_or_default();
            let span = |least: Span, most: Span| {
                text.parse::<Span>().ok().filter(|span| (least..=most).contains(span))
            };
            let day = Span::mins(24 * 60);
            let problem = match entry.key.as_str() {
                "severity" => set(&mut into.severity, severity(&text), "info, warning or critical"),
                "quiet" => set(&mut into.quiet, quiet(&text).map(Some), "hours as 20:00-07:00"),
                "repeat" => set(&mut into.repeat, span(Span::ZERO, day), "0 to 24h, as `30m`"),
                "batch" => set(&mut into.batch, span(Span::ZERO, Span::mins(60)), "0 to 1h"),
                "timeout" => {
                    set(&mut into.timeout, span(Span::millis(100), Span::mins(1)), "100ms to 1m")
                }
                "rate" => {
                    let rate = text.parse().ok().filter(|rate| (1..=600).contains(rate));
                    set(&mut into.rate, rate, "1 to 600 deliveries a minute")
                }
                "resolved" => set(&mut into.resolved, text.parse().ok(), "true or false"),
                "kinds" => {
                    into.kinds = self.words(entries, "kinds");
                    let wrong = |kind: &String| !ALERT_KINDS.contains(&kind.as_str());
                    let wrong = into.kinds.iter().find(|kind| wrong(kind)).cloned();
                    wrong.map(|kind| format!("{}, not {kind}", ALERT_KINDS.join(", ")))
                }
                _name_or_target => None,
            };
            if let Some(expected) = problem {
                self.wrong(&entry.value, &format!("`{}`: expected {expected}", entry.key));
            }
        }
    }

    fn text(&mut self, entries: Entries<'_>, key: &str) -> Option<String> {
        let entry = entries.iter().find(|entry| entry.key == key)?;
        let text = scalar(&entry.value);
        if text.is_none() {
            self.wrong(&entry.value, &format!("`{key}` is one value, not {}", entry.value.kind()));
        }
        text
    }

    fn words(&mut self, entries: Entries<'_>, key: &str) -> Vec<String> {
        let Some(entry) = entries.iter().find(|entry| entry.key == key) else { return Vec::new() };
        let NodeContent::List(items) = &entry.value.content else {
            self.wrong(&entry.value, &format!("`{key}` is a list, not {}", entry.value.kind()));
            return Vec::new();
        };
        items.iter().filter_map(scalar).collect()
    }
}

const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";

/// Sets a field; returns what was expected where the value is not accepted.
fn set<T>(field: &mut T, value: Option<T>, expected: &str) -> Option<String> {
    match value {
        Some(value) => {
            *field = value;
            None
        }
        None => Some(expected.into()),
    }
}

fn scalar(node: &YamlNode) -> Option<String> {
    match &node.content {
        NodeContent::Bool(flag) => Some(flag.to_string()),
        NodeContent::Number(number) => Some(number.to_string()),
        NodeContent::Text(text) => Some(text.clone()),
        NodeContent::Null | NodeContent::List(_) | NodeContent::Map(_) => None,
    }
}

fn severity(text: &str) -> Option<AlertSeverity> {
    match text {
        "info" => Some(AlertSeverity::Info),
        "warning" => Some(AlertSeverity::Warning),
        "critical" => Some(AlertSeverity::Critical),
        _other => None,
    }
}

fn quiet(text: &str) -> Option<QuietHours> {
    let (from, until) = text.split_once(['-', '–'])?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    Some(QuietHours { from: time(from)?, until: time(until)? })
}
