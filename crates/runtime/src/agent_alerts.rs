//! Deduplication of the alerts that agents raise: an alert repeated in every round is forwarded
//! once, and again after its severity rises or it was absent for half an hour.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use engine::{AgentAlert, AttemptOutcome, EngineInput};

/// Absence after which an alert counts as new.
const FORGOTTEN: TimeDelta = TimeDelta::minutes(30);

/// The alerts of a run, with the time at which each was last seen.
#[derive(Debug, Default)]
pub(super) struct AlertDeduplicator {
    seen: BTreeMap<String, DateTime<Utc>>,
}

impl AlertDeduplicator {
    /// Returns the alerts in `data.alerts` of an outcome that have not been forwarded yet.
    ///
    /// Two alerts are the same if `code`, `symbol` and `key` are equal; without a `key`, the `text`
    /// is compared.
    pub(super) fn new_alerts(
        &mut self,
        at: DateTime<Utc>,
        answer: &AttemptOutcome,
    ) -> Vec<EngineInput> {
        let AttemptOutcome::Completed(outcome) = answer else { return Vec::new() };
        outcome.alerts().into_iter().filter_map(|alert| self.alert_if_new(at, alert)).collect()
    }

    fn alert_if_new(&mut self, at: DateTime<Utc>, alert: AgentAlert) -> Option<EngineInput> {
        let AgentAlert { severity, code, symbol, key, text } = alert;
        let key = key.as_deref().filter(|key| !key.is_empty()).unwrap_or(&text);
        let identity = [&code, symbol.as_deref().unwrap_or_default(), key].join("\u{1f}");
        let before = self.seen.insert(identity, at);
        if before.is_some_and(|before| at - before < FORGOTTEN) {
            return None;
        }
        Some(EngineInput::Alert { severity, code, text })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use engine::{ResultQuality, TaskResult};

    fn saying(alerts: &Value) -> AttemptOutcome {
        let output = Arc::new(json!({ "data": { "alerts": alerts } }));
        AttemptOutcome::Completed(TaskResult {
            quality: ResultQuality::Ok,
            summary: String::new(),
            output,
        })
    }

    fn alert_minute(memory: &mut AlertDeduplicator, minute: i64, alerts: &Value) -> usize {
        memory.new_alerts(DateTime::UNIX_EPOCH + TimeDelta::minutes(minute), &saying(alerts)).len()
    }

    #[test]
    fn forwards_repeated_alert_once_until_it_worsens_or_returns() {
        let mut memory = AlertDeduplicator::default();
        let seen = |level: &str, text: &str| json!([{ "code": "move", "symbol": "KO", "key": level, "text": text }]);
        let news: Vec<_> =
            (0..40).map(|m| alert_minute(&mut memory, m, &seen("1", &format!("{m}")))).collect();
        assert_eq!(news.iter().sum::<usize>(), 1, "one thing, seen for forty minutes");
        assert_eq!(alert_minute(&mut memory, 41, &seen("2", "worse")), 1);
        assert_eq!(alert_minute(&mut memory, 42, &seen("1", "better")), 0);
        assert_eq!(alert_minute(&mut memory, 72, &seen("1", "back")), 1);
    }

    #[test]
    fn names_codes_and_unkeyed_words_are_told_apart() {
        let mut memory = AlertDeduplicator::default();
        let alerts = json!([
            { "code": "move", "symbol": "KO", "key": "1" },
            { "code": "move", "symbol": "PG", "key": "1" },
            { "code": "halt", "symbol": "KO", "key": "1" },
            { "code": "note", "text": "a" },
            { "code": "note", "text": "b" },
        ]);
        assert_eq!(alert_minute(&mut memory, 0, &alerts), 5);
        assert_eq!(alert_minute(&mut memory, 1, &alerts), 0);
    }
}
