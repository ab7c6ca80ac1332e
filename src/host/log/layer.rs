//! From a message of the program to a line: fields are gathered, secrets are masked.

use std::{
    collections::BTreeMap,
    fmt,
    io::Write as _,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking};
use tracing_subscriber::{Layer, layer::Context};

use super::{line::LogRecord, redaction::Redaction};
use config::LogFormat;
use runtime::wall_now;

/// The run of this process, once it is known.
pub(super) static RUN: OnceLock<String> = OnceLock::new();

/// Writes each message as a line to a queue that drops lines when nobody takes them.
pub(super) struct LineLayer {
    writer: NonBlocking,
    dropped: ErrorCounter,
    reported: AtomicUsize,
    format: LogFormat,
    redaction: Redaction,
}

impl LineLayer {
    pub(super) fn new(writer: NonBlocking, format: LogFormat, redaction: Redaction) -> Self {
        let (dropped, reported) = (writer.error_counter(), AtomicUsize::new(0));
        Self { writer, dropped, reported, format, redaction }
    }
}

impl<S: Subscriber> Layer<S> for LineLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = FieldVisitor::default();
        event.record(&mut fields);
        let all = self.dropped.dropped_lines();
        let before = self.reported.swap(all, Ordering::AcqRel);
        let record = LogRecord {
            at: wall_now(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            message: self.redaction.apply(&fields.message).into_owned(),
            fields: fields.fields,
            run: RUN.get().map(String::as_str),
            dropped: all.saturating_sub(before),
        };
        let line = record.line(self.format);
        let line = format!("{}\n", self.redaction.apply(&line));
        // The queue takes a line or counts it as dropped.
        let _ = self.writer.clone().write_all(line.as_bytes());
    }
}

#[derive(Default)]
struct FieldVisitor {
    message: String,
    fields: BTreeMap<&'static str, Value>,
}

impl FieldVisitor {
    fn put(&mut self, field: &Field, value: Value) {
        // `log` adds fields about its own messages, which the line has already.
        if !field.name().starts_with("log.") {
            self.fields.insert(field.name(), value);
        }
    }
}

impl Visit for FieldVisitor {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.put(field, json!(text));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            // An empty text says nothing: the event has no such subject.
            if !value.is_empty() {
                self.put(field, json!(value));
            }
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, json!(value));
    }
}
