//! The task `macro_assessment`: economic indicators as released by now, and the risk budget they
//! imply.

use serde_json::Value;

use crate::{
    agents::{
        job::TaskContext,
        task_output::{AsOf, TaskOutput},
    },
    market::macro_assessment,
};
use engine::Failure;

pub(in crate::agents) fn assess_macro(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.last_completed_session()?;
    let view = job.market_view();
    let found = macro_assessment(&view);
    let stance = found.stance.and_then(|s| serde_json::to_value(s).ok());
    let stance = stance.as_ref().and_then(Value::as_str).unwrap_or("unknown").to_owned();
    let summary = format!(
        "{stance}, risk budget × {:.2}, {} of 3 flags, {} not known",
        found.risk_budget_scale,
        found.flags.len(),
        found.unknown_flags.len()
    );
    let data = serde_json::to_value(&found).unwrap_or_default();
    let blind = found.stance.is_none() || !found.unknown_flags.is_empty();
    let mut done = TaskOutput::new(summary, data).with_degraded(blind);
    done.add_data_warnings(&found.warnings);
    let mut fact = |id: &str, label: &str, value: Option<f64>, unit: &'static str| {
        done.add_fact((id.into(), label.into()), value, (unit, AsOf::Date(view.date())));
    };
    fact("curve", "ten-year less two-year yield", found.curve_pp, "percentage points");
    fact("cpi_yoy", "consumer prices over a year before", found.cpi_yoy_pct, "percent");
    fact("real_policy", "policy rate less inflation", found.real_policy_pp, "percentage points");
    fact(
        "unemployment_yoy",
        "unemployment over a year before",
        found.unemployment_yoy_pp,
        "percentage points",
    );
    fact("sahm", "Sahm indicator", found.sahm_pp, "percentage points");
    fact("credit_z", "credit spread against ten years", found.credit_z, "standard deviations");
    fact("wti", "oil", found.wti_usd, "USD a barrel");
    fact("risk_budget_scale", "factor on the risk budget", Some(found.risk_budget_scale), "factor");
    Ok(done)
}
