//! Secrets that a log line must not show, whoever wrote them.

use std::borrow::Cow;

use config::Secret;
use notify::{NotifierDeclaration, Notifiers};

/// Shorter values are no secrets, and would black out ordinary words.
const LENGTH_MIN: usize = 6;
/// Ends of the names of variables that hold secrets.
const NAMES: [&str; 6] = ["_TOKEN", "_SECRET", "_KEY", "_PASSWORD", "_CREDENTIALS", "_WEBHOOK_URL"];

/// The secrets of a process.
#[derive(Debug, Clone, Default)]
pub(super) struct Redaction(Vec<Secret>);

impl Redaction {
    /// The secrets of the notifiers, and of variables whose names say so.
    pub(super) fn new(notifiers: &Notifiers, vars: &[(String, String)]) -> Self {
        let of_notifier = |it: &NotifierDeclaration| {
            let keys = [it.signing_key.clone(), it.routing_key.clone(), Some(it.url.clone())];
            keys.into_iter().flatten().map(|secret| Secret::new(secret.expose().to_owned()))
        };
        let named = vars.iter().filter(|(name, _)| NAMES.iter().any(|end| name.ends_with(end)));
        let named = named.map(|(_, value)| Secret::new(value.clone()));
        let secrets = notifiers.0.iter().flat_map(of_notifier).chain(named);
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
