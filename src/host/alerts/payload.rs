//! The bodies of deliveries: generic JSON, Slack, PagerDuty.

use serde_json::{Value, json};

use super::{
    lane::{Batch, WaitingMessage},
    message::AlertStatus,
};
use engine::AlertSeverity;

/// Longest text of a message for Slack.
const SLACK_MAX: usize = 3_000;

/// The generic body: a version, the id of the delivery and its alerts.
pub(super) fn generic(batch: &Batch) -> Value {
    let alerts: Vec<_> = batch.messages.iter().map(alert).collect();
    json!({"version": 1, "source": "bellwether", "delivery": batch.id, "alerts": alerts})
}

fn alert(waiting: &WaitingMessage) -> Value {
    let mut value = json!(waiting.message);
    if let Value::Object(fields) = &mut value {
        fields.insert("id".into(), json!(waiting.id));
        fields.insert("repeat".into(), json!(waiting.repeat));
        fields.insert("queued_at".into(), json!(waiting.queued_at));
    }
    value
}

/// A message of an incoming webhook of Slack.
pub(super) fn slack(batch: &Batch) -> Value {
    let lines = batch.messages.iter().map(|waiting| {
        let message = &waiting.message;
        let mark = match (message.status, message.severity) {
            (AlertStatus::Resolved, _) => ":white_check_mark:",
            (AlertStatus::Acknowledged, _) => ":eyes:",
            (AlertStatus::Firing, AlertSeverity::Critical) => ":rotating_light:",
            (AlertStatus::Firing, AlertSeverity::Warning | AlertSeverity::Info) => ":warning:",
        };
        let book = message.runbook.iter().map(|page| format!(" ({page})")).collect::<String>();
        // The three characters that Slack reads as markup.
        let text = message.line().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("{mark} {text}{book} · run {} {}", message.run, message.mode)
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    json!({"text": text.chars().take(SLACK_MAX).collect::<String>()})
}

/// An event of PagerDuty's Events API v2. A batch for it has one message.
pub(super) fn pagerduty(batch: &Batch, key: &str) -> Value {
    let Some(message) = batch.messages.first().map(|waiting| &waiting.message) else {
        return Value::Null;
    };
    let action = match message.status {
        AlertStatus::Firing => "trigger",
        AlertStatus::Acknowledged => "acknowledge",
        AlertStatus::Resolved => "resolve",
    };
    json!({
        "routing_key": key,
        "event_action": action,
        "dedup_key": message.key,
        "payload": {
            "summary": message.line().chars().take(1_024).collect::<String>(),
            "severity": message.severity,
            "source": format!("bellwether {}", message.run),
            "timestamp": message.since,
            "component": message.task.as_ref().or(message.agent.as_ref()),
            "class": message.kind,
            "custom_details": message,
        },
    })
}
