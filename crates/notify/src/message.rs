//! Messages as receivers take them.

use serde_json::{Value, json};

use crate::{
    declaration::NotifierKind,
    notification::{Notification, NotificationStatus},
};

/// The version of the JSON that webhooks and commands get.
const VERSION: u32 = 1;
/// Longest text of one notification in a message for people, in characters.
const TEXT_MAX: usize = 600;

/// Most notifications of one message. A pager gets each in a message of its own.
pub(crate) const fn batch_max(kind: NotifierKind) -> usize {
    match kind {
        NotifierKind::Webhook | NotifierKind::Slack | NotifierKind::Command => 20,
        NotifierKind::Pagerduty => 1,
    }
}

/// Returns the body of a message about some notifications.
pub(crate) fn body(kind: NotifierKind, routing_key: &str, told: &[Notification]) -> Value {
    match kind {
        NotifierKind::Webhook | NotifierKind::Command => {
            json!({ "version": VERSION, "source": "bellwether", "notifications": told })
        }
        NotifierKind::Slack => {
            let lines: Vec<String> = told.iter().map(describe).collect();
            json!({ "text": escape(&lines.join("\n")) })
        }
        NotifierKind::Pagerduty => told.first().map_or(Value::Null, |one| {
            let action = match one.status {
                NotificationStatus::Firing
                | NotificationStatus::Repeated
                | NotificationStatus::Test => "trigger",
                NotificationStatus::Acknowledged => "acknowledge",
                NotificationStatus::Resolved => "resolve",
            };
            json!({
                "routing_key": routing_key, "event_action": action, "dedup_key": one.alert,
                "payload": {
                    "summary": truncate(&one.title, 1_000), "source": one.run,
                    "severity": one.severity.as_str(), "timestamp": one.since,
                    "component": one.task, "class": one.kind, "custom_details": one,
                },
            })
        }),
    }
}

/// Returns a notification in words: `CRITICAL firing: market_analysis failed: 503 … · bellwether retry …`.
fn describe(one: &Notification) -> String {
    let grave = one.severity.as_str().to_uppercase();
    // Most titles end with the text already.
    let said = one.text.is_empty() || one.title.contains(one.text.as_str());
    let text = if said { String::new() } else { format!(": {}", truncate(&one.text, TEXT_MAX)) };
    let again =
        if one.repeats > 0 { format!(" ({} times more)", one.repeats) } else { String::new() };
    let since = one.since.format("%Y-%m-%d %H:%M:%S UTC");
    let help = one.help.as_ref().map(|help| format!(" · {help}")).unwrap_or_default();
    let status = one.status.as_str();
    let (title, mode, run) = (&one.title, &one.mode, &one.run);
    format!("{mode} {grave} {status}: {title}{text}{again} · since {since} · run {run}{help}")
}

fn truncate(text: &str, most: usize) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = clean.clone().take(most).collect();
    if clean.count() > most {
        short.push('…');
    }
    short
}

/// Escapes the three characters that Slack gives a meaning.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::{Severity, tests::sample};

    #[test]
    fn people_read_what_helps_and_cannot_be_lured_by_markup() {
        let mut one = sample(1, Severity::Critical);
        one.text = "<!channel> & <https://evil.example|click>\u{1b}[2J".into();
        let body = body(NotifierKind::Slack, "", &[one]);
        let text = body["text"].as_str().expect("a text");
        assert!(text.starts_with(
            "SIM CRITICAL firing: market_analysis failed, 1: &lt;!channel&gt; &amp; "
        ));
        assert!(
            text.contains("bellwether retry market_analysis REASON") && !text.contains('\u{1b}')
        );
    }

    #[test]
    fn a_pager_is_told_to_trigger_and_to_resolve_the_same_incident() {
        let firing = sample(7, Severity::Critical);
        let over = Notification { status: NotificationStatus::Resolved, ..firing.clone() };
        let [first, last] = [firing, over].map(|one| body(NotifierKind::Pagerduty, "R0", &[one]));
        assert_eq!(
            (first["event_action"].as_str(), last["event_action"].as_str()),
            (Some("trigger"), Some("resolve"))
        );
        assert_eq!(first["dedup_key"], last["dedup_key"]);
        assert_eq!(
            (&first["routing_key"], &first["payload"]["severity"]),
            (&json!("R0"), &json!("critical"))
        );
    }
}
