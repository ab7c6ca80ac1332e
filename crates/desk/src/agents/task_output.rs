//! Builder of `result.v1`: data, warnings, metrics, facts and provenance in a uniform format.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::job::TaskContext;
use crate::{market, trading::trade_plan::hash_of};
use engine::{AttemptOutcome, Failure, ResultQuality, TaskResult, port::AttemptReply};
use planning::time::Span;

/// The value of `provenance.code_version`.
const CODE_VERSION: &str = concat!("bellwether ", env!("CARGO_PKG_VERSION"));

/// A remark for the reader of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ResultRemark {
    code: String,
    msg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
}

/// A number that texts may cite: a text must not contain any number that is not among the facts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ResultFact {
    id: String,
    label: String,
    value: Value,
    unit: &'static str,
    as_of: String,
}

/// The day or moment for which a fact holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum AsOf {
    Date(NaiveDate),
    Moment(DateTime<Utc>),
}

/// The output of a task before it is wrapped.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TaskOutput {
    quality: ResultQuality,
    summary: String,
    data: Value,
    warnings: Vec<ResultRemark>,
    metrics: BTreeMap<&'static str, Value>,
    facts: Vec<ResultFact>,
    took: Option<Span>,
    doubt: Option<Failure>,
    failure: Option<Failure>,
}

impl TaskOutput {
    /// Creates a result of quality OK, with its one-line summary.
    pub(super) fn new(summary: impl Into<String>, data: Value) -> Self {
        Self {
            quality: ResultQuality::Ok,
            summary: summary.into(),
            data,
            warnings: Vec::new(),
            metrics: BTreeMap::new(),
            facts: Vec::new(),
            took: None,
            doubt: None,
            failure: None,
        }
    }

    /// Sets the quality to degraded if `degraded`.
    pub(super) fn with_degraded(mut self, degraded: bool) -> Self {
        if degraded && self.quality == ResultQuality::Ok {
            self.quality = ResultQuality::Degraded;
        }
        self
    }

    /// Sets the quality to abstained if `abstained`.
    pub(super) fn with_abstained(mut self, abstained: bool) -> Self {
        if abstained {
            self.quality = ResultQuality::Abstained;
        }
        self
    }

    /// Sets the duration on a virtual clock.
    pub(super) fn with_duration(mut self, took: Option<Span>) -> Self {
        self.took = took;
        self
    }

    /// Returns the duration, if one is set.
    pub(super) const fn took(&self) -> Option<Span> {
        self.took
    }

    /// Marks the outcome as unknown, for the given reason; the reply then has no result.
    pub(super) fn with_in_doubt(mut self, doubt: Option<Failure>) -> Self {
        self.doubt = doubt;
        self
    }

    /// Makes the attempt a failed one that took as long as the output says; it then has no result.
    pub(super) fn with_failure(mut self, failure: Option<Failure>) -> Self {
        self.failure = failure;
        self
    }

    pub(super) fn add_warning(&mut self, code: &str, symbol: Option<&str>, msg: impl Into<String>) {
        let symbol = symbol.map(str::to_owned);
        self.warnings.push(ResultRemark { code: code.to_owned(), msg: msg.into(), symbol });
    }

    /// Adds fields to the data.
    pub(super) fn add_fields(&mut self, more: &Value) {
        if let (Some(data), Some(more)) = (self.data.as_object_mut(), more.as_object()) {
            data.extend(more.clone());
        }
    }

    /// Adds warnings of the market module.
    pub(super) fn add_data_warnings<'a>(
        &mut self,
        all: impl IntoIterator<Item = &'a market::DataWarning>,
    ) {
        for warning in all {
            let code = serde_json::to_value(warning.code).ok();
            let code = code.as_ref().and_then(Value::as_str).unwrap_or("remark").to_owned();
            self.add_warning(&code, warning.symbol.as_deref(), warning.msg.clone());
        }
    }

    pub(super) fn add_metric(&mut self, name: &'static str, value: impl Serialize) {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.metrics.insert(name, value);
    }

    /// Adds a fact if its value is known.
    pub(super) fn add_fact<V: Serialize>(
        &mut self,
        (id, label): (String, String),
        value: Option<V>,
        (unit, at): (&'static str, AsOf),
    ) {
        let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) else { return };
        if value.is_null() {
            return;
        }
        let as_of = match at {
            AsOf::Date(day) => day.to_string(),
            AsOf::Moment(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        };
        self.facts.push(ResultFact { id, label, value, unit, as_of });
    }

    fn status(&self) -> &'static str {
        match self.quality {
            ResultQuality::Ok => "ok",
            ResultQuality::Degraded => "degraded",
            ResultQuality::Abstained => "abstained",
        }
    }

    /// Returns only the data, for a task that computes its own input.
    pub(super) fn into_data(self) -> Value {
        self.data
    }

    /// Converts to the result expected by the driver.
    pub(super) fn into_result(self, job: &TaskContext<'_>) -> TaskResult {
        let status = self.status();
        let output = json!({
            "status": status,
            "data": self.data,
            "warnings": self.warnings,
            "metrics": self.metrics,
            "facts": self.facts,
            "provenance": provenance(job),
        });
        TaskResult { quality: self.quality, summary: self.summary, output: Arc::new(output) }
    }

    /// Converts to the reply expected by the driver.
    pub(super) fn into_reply(self, job: &TaskContext<'_>) -> AttemptReply {
        let took = self.took;
        if let Some(failure) = self.failure {
            return AttemptReply { answer: AttemptOutcome::Failed(failure), took };
        }
        if let Some(doubt) = self.doubt {
            return AttemptReply { answer: AttemptOutcome::InDoubt(doubt), took };
        }
        AttemptReply { answer: AttemptOutcome::Completed(self.into_result(job)), took }
    }
}

fn provenance(job: &TaskContext<'_>) -> Value {
    let as_of = job.last_day().map(|day| day.to_string());
    let inputs: Vec<Value> = job
        .data()
        .source_files()
        .iter()
        .map(|input| {
            json!({
                "name": input.name,
                "sha256": input.sha256,
                "rows": input.rows,
                "first": input.first,
                "last": input.last,
                "as_of": as_of,
            })
        })
        .collect();
    let (_, limits) = job.desk().limits();
    let config = json!({ "task_data": *job.request.params, "limits": limits });
    json!({
        "inputs": inputs,
        "code_version": CODE_VERSION,
        "config_hash": hash_of(&config).unwrap_or_default(),
    })
}
