//! The parts of a result's `data` that the program itself reads, by type: everything else in it is
//! between agents.

use serde::Deserialize;
use serde_json::Value;

use super::{event_types::AlertSeverity, outcome::TaskResult};

/// An alert that an agent raises with its result, one of the list `data.alerts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AgentAlert {
    /// The severity; `warning` if none is given.
    pub severity: AlertSeverity,
    /// The code for scripts.
    pub code: String,
    /// The symbol concerned.
    pub symbol: Option<String>,
    /// Tells apart alerts with one code and symbol; without it the text does.
    pub key: Option<String>,
    /// The text for display.
    pub text: String,
}

impl Default for AgentAlert {
    fn default() -> Self {
        let (code, text) = (String::new(), String::new());
        Self { severity: AlertSeverity::Warning, code, symbol: None, key: None, text }
    }
}

impl TaskResult {
    /// Returns the data of the result.
    #[must_use]
    pub fn data(&self) -> Option<&Value> {
        self.output.get("data")
    }

    /// Returns the hash of the trade plan that the result is about.
    #[must_use]
    pub fn plan_hash(&self) -> Option<&str> {
        self.data()?.get("plan_hash")?.as_str()
    }

    /// Returns the text of a report.
    #[must_use]
    pub fn report_text(&self) -> Option<&str> {
        self.data()?.get("markdown")?.as_str()
    }

    /// Returns the alerts. One that is not of the expected form is a warning with its JSON as text,
    /// because an alert must not be lost.
    #[must_use]
    pub fn alerts(&self) -> Vec<AgentAlert> {
        let alerts = self.data().and_then(|data| data.get("alerts")).and_then(Value::as_array);
        let read = |alert: &Value| {
            AgentAlert::deserialize(alert)
                .unwrap_or_else(|_| AgentAlert { text: alert.to_string(), ..AgentAlert::default() })
        };
        alerts.into_iter().flatten().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    #[test]
    fn an_alert_of_an_unknown_form_is_shown_as_it_is() {
        let alerts = json!([
            { "severity": "critical", "code": "c", "text": "t" },
            { "code": "c", "symbol": null, "text": "t" },
            { "severity": "loud", "text": "t" },
        ]);
        let mut result = TaskResult::without_data("");
        result.output = Arc::new(json!({ "data": { "alerts": alerts, "plan_hash": "ab" } }));
        let read: Vec<_> = result.alerts().into_iter().map(|a| (a.severity, a.text)).collect();
        let odd = json!({ "severity": "loud", "text": "t" }).to_string();
        assert_eq!(
            read,
            [
                (AlertSeverity::Critical, "t".to_owned()),
                (AlertSeverity::Warning, "t".to_owned()),
                (AlertSeverity::Warning, odd),
            ]
        );
        assert_eq!((result.plan_hash(), result.report_text()), (Some("ab"), None));
    }
}
