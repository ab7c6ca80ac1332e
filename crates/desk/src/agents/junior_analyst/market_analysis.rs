//! The task `market_analysis`: features of every name, breadth and the benchmark, as of the last
//! close.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun},
        task_output::{AsOf, TaskOutput},
    },
    market::{self, Features},
};
use engine::Failure;

/// The features included in a basic analysis.
const BASIC: [&str; 13] = [
    "symbol", "as_of", "bars", "close", "ret_1d", "ret_5d", "mom_20", "sma20", "sma50", "trend",
    "rsi14", "rv20", "warnings",
];

/// The part of `collect_market_data` that it reads.
#[derive(Debug, Deserialize)]
struct CollectionInput {
    symbols: Vec<QualityInput>,
}

#[derive(Debug, Deserialize)]
struct QualityInput {
    symbol: String,
    status: String,
}

pub(in crate::agents) fn market_analysis(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let detailed = match job.param_or("analysis_depth", "detailed".to_owned())?.as_str() {
        "detailed" => true,
        "basic" => false,
        other => {
            let task = &job.request.task_id;
            let msg = format!(
                "{task}: task_data.analysis_depth: `{other}` is neither basic nor detailed"
            );
            return Err(bad_input(msg));
        }
    };
    let collection: Option<CollectionInput> = job.optional_upstream(&["collect_market_data"])?;
    let (benchmark, _) = job.benchmark();
    let expected = job.last_completed_session()?;
    let mut names: BTreeSet<String> = job.tradable_symbols()?.into_iter().collect();
    if job.param::<Vec<String>>("symbols")?.is_none() {
        names.extend(job.held_symbols());
        names.remove(&benchmark);
    }
    let checked = || collection.iter().flat_map(|collection| &collection.symbols);
    let missing = |name: &String| checked().any(|s| s.symbol == *name && s.status == "missing");
    let (absent, present): (Vec<String>, Vec<String>) = names.into_iter().partition(missing);
    let found: Vec<Features> = present.iter().filter_map(|name| job.features(name)).collect();
    if found.is_empty() {
        return Err(bad_data("no name has the two bars a feature needs"));
    }
    let index = job.features(&benchmark);
    let breadth = market::breadth(&found);
    let silent: Vec<&String> = present
        .iter()
        .filter(|name| !found.iter().any(|f| f.symbol == **name))
        .chain(&absent)
        .collect();
    let data = json!({
        "symbols": found.iter().map(|f| features_json(f, detailed)).collect::<Vec<_>>(),
        "breadth": breadth,
        "benchmark": index.as_ref().map(|f| features_json(f, detailed)),
        "as_of_session": expected,
        "abstained": silent,
    });
    let above = breadth.pct_above_200.map_or("unknown".into(), |s| format!("{:.0} %", s * 100.0));
    let mut summary =
        format!("{}, {above} above their 200-day mean", count_noun(found.len(), "name"));
    if !silent.is_empty() {
        let names = silent.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        summary = format!("{summary}; too little data: {names}");
    }
    let mut done =
        TaskOutput::new(summary, data).with_degraded(!silent.is_empty() || index.is_none());
    for name in &silent {
        done.add_warning("abstained", Some(name), "fewer than 2 bars: nothing can be said");
    }
    for features in found.iter().chain(&index) {
        done.add_data_warnings(&features.warnings);
        facts(&mut done, features);
    }
    done.add_metric("names", found.len());
    Ok(done)
}

fn features_json(features: &Features, detailed: bool) -> Value {
    let mut value = serde_json::to_value(features).unwrap_or_default();
    if !detailed && let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| BASIC.contains(&name.as_str()));
    }
    value
}

fn facts(done: &mut TaskOutput, found: &Features) {
    let name = &found.symbol;
    let mut fact = |id: &str, label: &str, value: Option<f64>, unit: &'static str| {
        let words = (format!("{name}.{id}"), format!("{name} {label}"));
        done.add_fact(words, value, (unit, AsOf::Date(found.as_of)));
    };
    fact("close", "close", Some(found.close), "USD");
    fact("ret_1d", "return of the last session", found.ret_1d, "fraction");
    fact("mom_20", "return over 20 sessions", found.mom_20, "fraction");
    fact("mom_12_1", "momentum from 12 months to 1 month ago", found.mom_12_1, "fraction");
    fact("rsi14", "RSI over 14 sessions", found.rsi14, "index");
    fact("rv20", "realised volatility over 20 sessions", found.rv20, "fraction a year");
    fact("beta120", "beta over 120 sessions", found.beta120, "ratio");
}
