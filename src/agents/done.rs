//! Builds `result.v1`: data, warnings, metrics, facts and where they come from, in one shape for all.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::job::Job;
use crate::{
    engine::{Answer, Failure, Outcome, Quality},
    journal::Reply,
    market,
    time::Span,
    trading::plan::hash_of,
};

/// What stands in `provenance.code_version`.
const CODE_VERSION: &str = concat!("bellwether ", env!("CARGO_PKG_VERSION"));

/// A remark for the reader of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Remark {
    code: String,
    msg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
}

/// A number somebody may cite: a text may contain no number that is not one of these.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Fact {
    id: String,
    label: String,
    value: Value,
    unit: &'static str,
    as_of: String,
}

/// The day or moment a fact holds for.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    Day(NaiveDate),
    Moment(DateTime<Utc>),
}

/// What a task gave, before it is wrapped.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Done {
    quality: Quality,
    summary: String,
    data: Value,
    warnings: Vec<Remark>,
    metrics: BTreeMap<&'static str, Value>,
    facts: Vec<Fact>,
    took: Option<Span>,
    doubt: Option<Failure>,
}

impl Done {
    /// A result in order, with its line for the board.
    pub(super) fn new(summary: impl Into<String>, data: Value) -> Self {
        Self {
            quality: Quality::Ok,
            summary: summary.into(),
            data,
            warnings: Vec::new(),
            metrics: BTreeMap::new(),
            facts: Vec::new(),
            took: None,
            doubt: None,
        }
    }

    /// Marks the result as degraded, if so.
    pub(super) fn degraded(mut self, degraded: bool) -> Self {
        if degraded && self.quality == Quality::Ok {
            self.quality = Quality::Degraded;
        }
        self
    }

    /// Marks the result as no judgement.
    pub(super) fn abstained(mut self, abstained: bool) -> Self {
        if abstained {
            self.quality = Quality::Abstained;
        }
        self
    }

    /// How long it took on a virtual clock.
    pub(super) fn taking(mut self, took: Option<Span>) -> Self {
        self.took = took;
        self
    }

    /// How long it took, if it says so.
    pub(super) const fn took(&self) -> Option<Span> {
        self.took
    }

    /// Says that whether it is done is not known, and why; the result is then none.
    pub(super) fn in_doubt(mut self, doubt: Option<Failure>) -> Self {
        self.doubt = doubt;
        self
    }

    pub(super) fn warn(&mut self, code: &str, symbol: Option<&str>, msg: impl Into<String>) {
        let symbol = symbol.map(str::to_owned);
        self.warnings.push(Remark { code: code.to_owned(), msg: msg.into(), symbol });
    }

    /// Adds fields to the data.
    pub(super) fn extend(&mut self, more: &Value) {
        if let (Some(data), Some(more)) = (self.data.as_object_mut(), more.as_object()) {
            data.extend(more.clone());
        }
    }

    /// The remarks of the market module, in their own words.
    pub(super) fn remarks<'a>(&mut self, all: impl IntoIterator<Item = &'a market::Warning>) {
        for warning in all {
            let code = serde_json::to_value(warning.code).ok();
            let code = code.as_ref().and_then(Value::as_str).unwrap_or("remark").to_owned();
            self.warn(&code, warning.symbol.as_deref(), warning.msg.clone());
        }
    }

    pub(super) fn metric(&mut self, name: &'static str, value: impl Serialize) {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.metrics.insert(name, value);
    }

    /// Adds a fact, unless its value is not known.
    pub(super) fn fact<V: Serialize>(
        &mut self,
        (id, label): (String, String),
        value: Option<V>,
        (unit, at): (&'static str, At),
    ) {
        let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) else { return };
        if value.is_null() {
            return;
        }
        let as_of = match at {
            At::Day(day) => day.to_string(),
            At::Moment(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        };
        self.facts.push(Fact { id, label, value, unit, as_of });
    }

    fn status(&self) -> &'static str {
        match self.quality {
            Quality::Ok => "ok",
            Quality::Degraded => "degraded",
            Quality::Abstained => "abstained",
        }
    }

    /// The data alone, for a task that makes its own input.
    pub(super) fn into_data(self) -> Value {
        self.data
    }

    /// The result as the driver takes it.
    pub(super) fn outcome(self, job: &Job<'_>) -> Outcome {
        let status = self.status();
        let output = json!({
            "status": status,
            "data": self.data,
            "warnings": self.warnings,
            "metrics": self.metrics,
            "facts": self.facts,
            "provenance": provenance(job),
        });
        Outcome { quality: self.quality, summary: self.summary, output: Arc::new(output) }
    }

    /// The reply to the driver.
    pub(super) fn reply(self, job: &Job<'_>) -> Reply {
        let took = self.took;
        if let Some(doubt) = self.doubt {
            return Reply { answer: Answer::Unknown(doubt), took };
        }
        Reply { answer: Answer::Done(self.outcome(job)), took }
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        Answer::Failed(failure).into()
    }
}

fn provenance(job: &Job<'_>) -> Value {
    let as_of = job.last_day().map(|day| day.to_string());
    let inputs: Vec<Value> = job
        .data()
        .inputs()
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
