//! The task `regime_classify`: the volatility regime of the day. It tightens the desk at once and
//! never loosens it.

use serde_json::json;

use crate::{
    agents::{
        job::TaskContext,
        task_output::{AsOf, TaskOutput},
        tighten,
    },
    market::{IntradayShocks, regime_on},
};
use engine::Failure;

pub(in crate::agents) fn regime_classify(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let expected = job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let report =
        regime_on(&job.market_view(), &benchmark, Some(expected), IntradayShocks::default());
    tighten::regime(job, report.multipliers.into());
    let vix = report.vix.map_or("unknown".into(), |vix| format!("{vix:.2}"));
    let word = report.regime.as_str();
    let summary = match report.vix_date.filter(|_| report.blind) {
        Some(last) => format!("{word} as a precaution: the VIX ends {last} at {vix}"),
        None if report.blind => format!("{word} as a precaution: the VIX is unknown"),
        None => format!("{word}: VIX {vix}, streak {}", report.streak),
    };
    let mut data = serde_json::to_value(&report).unwrap_or_default();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("in_force".into(), json!(job.desk().regime()));
        fields.insert("day_multipliers".into(), json!(job.request.plan.multipliers));
    }
    let mut done = TaskOutput::new(summary, data).with_degraded(report.blind);
    done.add_data_warnings(&report.warnings);
    let day = report.vix_date.unwrap_or(expected);
    let mut fact = |id: &str, label: &str, value: Option<f64>, unit: &'static str| {
        done.add_fact((id.into(), label.into()), value, (unit, AsOf::Date(day)));
    };
    fact("vix", "VIX close", report.vix, "points");
    fact("vix_chg_1d", "change of the VIX in a session", report.vix_chg_1d, "fraction");
    fact(
        "vix_pct_rank_252",
        "share of a year's closes at or below",
        report.vix_pct_rank_252,
        "fraction",
    );
    fact(
        "rv20_bench",
        "realised volatility of the benchmark",
        report.rv20_bench,
        "fraction a year",
    );
    fact("vrp", "VIX less realised volatility", report.vrp, "fraction a year");
    done.add_metric("streak", report.streak);
    Ok(done)
}
