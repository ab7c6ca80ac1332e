//! Secrets that a log line must not show, whoever wrote them.

use std::borrow::Cow;

use config::{Config, NotifierTarget, Secret};

/// Shorter values are no secrets, and would black out ordinary words.
const LENGTH_MIN: usize = 6;
/// Ends of the names of variables that hold secrets.
const NAMES: [&str; 6] = ["_TOKEN", "_SECRET", "_KEY", "_PASSWORD", "_CREDENTIALS", "_WEBHOOK_URL"];

/// The secrets of a process.
#[derive(Debug, Clone, Default)]
pub(super) struct Redaction(Vec<Secret>);

impl Redaction {
    /// The secrets of the notifiers, and of variables whose names say so.
    pub(super) fn new(config: &Config, vars: &[(String, String)]) -> Self {
        let of_target = |target: &NotifierTarget| match target.clone() {
            NotifierTarget::Webhook { url, secret } => vec![Some(url), secret],
            NotifierTarget::Slack { url } => vec![Some(url)],
            NotifierTarget::PagerDuty { key, .. } => vec![Some(key)],
            NotifierTarget::Command(_) => Vec::new(),
        };
        let targets = config.monitoring.notifiers.iter().map(|it| &it.target);
        let named = vars.iter().filter(|(name, _)| NAMES.iter().any(|end| name.ends_with(end)));
        let secrets = targets.flat_map(of_target).flatten();
        let secrets = secrets.chain(named.map(|(_, value)| Secret::new(value.clone())));
        let mut found: Vec<_> = secrets.filter(|it| it.expose().len() >= LENGTH_MIN).collect();
        // The longest first: one may hold another.
        found.sort_by_key(|it| std::cmp::Reverse(it.expose().len()));
        found.dedup();
        Self(found)
    }

    /// Returns a text without the secrets.
    pub(super) fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.0.iter().fold(Cow::Borrowed(text), |text, secret| {
            if text.contains(secret.expose()) {
                Cow::Owned(text.replace(secret.expose(), Secret::MASK))
            } else {
                text
            }
        })
    }
}
