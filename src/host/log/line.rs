//! One line of the log: for people, or JSON with the fields of the Elastic Common Schema.

use std::{collections::BTreeMap, fmt::Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use tracing::Level;

use config::LogFormat;
use view::format::sanitize;

/// The version of the schema whose fields are used.
const ECS_VERSION: &str = "8.11.0";
/// Fields of a message that are fields of the schema; all others become labels.
const ECS_FIELDS: [(&str, &str); 6] = [
    ("action", "event.action"),
    ("created", "event.created"),
    ("kind", "event.kind"),
    ("sequence", "event.sequence"),
    ("severity", "event.severity"),
    ("error", "error.message"),
];

/// A message with its fields.
#[derive(Debug)]
pub(super) struct LogRecord<'a> {
    pub(super) at: DateTime<Utc>,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) message: String,
    pub(super) fields: BTreeMap<&'static str, Value>,
    pub(super) run: Option<&'a str>,
    /// Lines lost before this one.
    pub(super) dropped: usize,
}

impl LogRecord<'_> {
    /// Returns the line without its line feed.
    pub(super) fn line(&self, format: LogFormat) -> String {
        match format {
            LogFormat::Text => self.text(),
            LogFormat::Json => self.ecs(),
        }
    }

    fn text(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let (level, target) = (self.level.as_str(), self.target);
        let mut line = format!("{at} {level:5} {target}: {}", self.message);
        for (name, value) in &self.fields {
            // A String takes everything.
            let _ = match value.as_str() {
                Some(text) => write!(line, " {name}={text}"),
                None => write!(line, " {name}={value}"),
            };
        }
        if self.dropped > 0 {
            let _ = write!(line, " dropped_lines={}", self.dropped);
        }
        sanitize(&line).into_owned()
    }

    fn ecs(&self) -> String {
        let mut line = Map::new();
        line.insert("ecs.version".into(), json!(ECS_VERSION));
        line.insert("service.name".into(), json!("bellwether"));
        line.insert("service.version".into(), json!(env!("CARGO_PKG_VERSION")));
        line.insert("process.pid".into(), json!(std::process::id()));
        line.insert("log.logger".into(), json!(self.target));
        line.insert("event.dataset".into(), json!("bellwether.log"));
        let mut labels = Map::new();
        for (name, value) in &self.fields {
            let field = ECS_FIELDS.iter().find(|(known, _)| known == name);
            if let Some((_, field)) = field {
                line.insert((*field).into(), value.clone());
                continue;
            }
            // Labels are keywords: the schema has no objects or numbers among them.
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            labels.insert((*name).into(), json!(text));
        }
        if let Some(run) = self.run {
            labels.entry("run").or_insert_with(|| json!(run));
        }
        if self.dropped > 0 {
            labels.insert("dropped_lines".into(), json!(self.dropped.to_string()));
        }
        if !labels.is_empty() {
            line.insert("labels".into(), Value::Object(labels));
        }
        // The schema wants these three first, for people who read the lines.
        let at = json!(self.at.to_rfc3339_opts(SecondsFormat::Millis, true));
        let (level, message) = (json!(self.level.as_str().to_lowercase()), json!(self.message));
        let rest = Value::Object(line).to_string();
        let rest = rest.trim_start_matches('{');
        format!(r#"{{"@timestamp":{at},"log.level":{level},"message":{message},{rest}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> LogRecord<'static> {
        let fields =
            [("action", json!("task_failed")), ("sequence", json!(7)), ("task", json!("a"))];
        LogRecord {
            at: DateTime::UNIX_EPOCH,
            level: Level::WARN,
            target: "bellwether::event",
            message: "a \u{1b}[2J failed".into(),
            fields: fields.into_iter().collect(),
            run: Some("2018-12-19-standard-1"),
            dropped: 3,
        }
    }

    #[test]
    fn json_lines_have_the_required_fields_of_ecs() {
        let line = record().line(LogFormat::Json);
        let first = r#"{"@timestamp":"1970-01-01T00:00:00.000Z","log.level":"warn","message":"a "#;
        assert!(line.starts_with(first), "{line}");
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["@timestamp"], "1970-01-01T00:00:00.000Z");
        assert_eq!((&line["log.level"], &line["ecs.version"]), (&json!("warn"), &json!("8.11.0")));
        assert_eq!(line["message"], "a \u{1b}[2J failed");
        assert_eq!(
            (&line["event.action"], &line["event.sequence"]),
            (&json!("task_failed"), &json!(7))
        );
        let labels = json!({"task": "a", "run": "2018-12-19-standard-1", "dropped_lines": "3"});
        assert_eq!(line["labels"], labels);
    }

    #[test]
    fn text_lines_cannot_control_the_terminal() {
        let line = record().line(LogFormat::Text);
        assert!(!line.contains('\u{1b}'), "{line:?}");
        assert!(line.starts_with("1970-01-01T00:00:00.000Z WARN  bellwether::event: a "), "{line}");
        assert!(line.ends_with("action=task_failed sequence=7 task=a dropped_lines=3"), "{line}");
    }
}
