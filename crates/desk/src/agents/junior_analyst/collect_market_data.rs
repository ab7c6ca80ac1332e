//! The task `collect_market_data`: checks that the available bars are sufficient for the day.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, format_percent, not_found},
        task_output::{AsOf, TaskOutput},
    },
    market::{self, DataProblem, DataVerdict, QualityReport, QualityRequest},
};
use engine::Failure;
use planning::calendar;

/// Most problems listed individually; beyond that only their number is given.
const LISTED: usize = 50;

pub(in crate::agents) fn collect_market_data(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let expected = job.last_completed_session()?;
    let (symbols, held) = (job.tradable_symbols()?, job.held_symbols());
    let lookback: usize = job.param_or("lookback", 260)?;
    let (benchmark, stands_for) = job.benchmark();
    let sessions = sessions(expected, lookback)?;
    let request = QualityRequest {
        symbols: &symbols,
        benchmark: &benchmark,
        held: &held,
        lookback,
        sessions: &sessions,
    };
    let found = market::check_quality(&job.market_view(), &request);
    if found.verdict == DataVerdict::Fail {
        return Err(bad_data(found.reasons.join("; ")));
    }
    Ok(collection_output(job, &found, (&benchmark, stands_for), expected))
}

/// Returns at least the last `lookback` sessions up to `last`.
fn sessions(last: NaiveDate, lookback: usize) -> Result<Vec<NaiveDate>, Failure> {
    let days = u64::try_from(lookback).unwrap_or(u64::MAX).saturating_mul(2).saturating_add(30);
    let first = NaiveDate::from_ymd_opt(calendar::FIRST_YEAR, 1, 1).unwrap_or(last);
    let from = last.checked_sub_days(Days::new(days)).unwrap_or(first).max(first);
    let days = calendar::sessions(from, last).map_err(|error| not_found(error.to_string()))?;
    Ok(days.map(|day| day.date).collect())
}

fn collection_output(
    job: &TaskContext<'_>,
    found: &QualityReport,
    (benchmark, stands_for): (&str, Option<String>),
    expected: NaiveDate,
) -> TaskOutput {
    let usable = found.symbols.iter().filter(|s| s.lag_sessions == 0 && s.last_session.is_some());
    let (usable, all) = (usable.count(), found.symbols.len());
    let coverage = found.coverage.unwrap_or(0.0);
    let problems = problems(job, found);
    let sessions = found.rows.checked_div(all).unwrap_or(0);
    let summary = format!(
        "{usable}/{all} symbols, {sessions} sessions, coverage {}",
        format_percent(coverage)
    );
    let data = json!({
        "rows": found.rows,
        "coverage_pct": coverage * 100.0,
        "benchmark": benchmark,
        "expected_session": expected,
        "symbols": found.symbols,
        "reasons": found.reasons,
        "problems_total": problems.len(),
    });
    let mut done =
        TaskOutput::new(summary, data).with_degraded(found.verdict == DataVerdict::Degraded);
    if let Some(asked) = stands_for {
        let msg = format!("{benchmark} replaces {asked}, which is not in the data");
        done.add_warning("substitute", Some(&asked), msg);
    }
    for problem in problems.iter().take(LISTED) {
        let kind = serde_json::to_value(&problem.reason).unwrap_or_default();
        let kind = kind.get("kind").and_then(Value::as_str).unwrap_or("data_problem");
        done.add_warning(kind, problem.symbol.as_deref(), problem.to_string());
    }
    if problems.len() > LISTED {
        let msg = format!("{} more problems of rows are not listed", problems.len() - LISTED);
        done.add_warning("more_problems", None, msg);
    }
    done.add_metric("rows", found.rows);
    done.add_metric("coverage", coverage);
    let (id, label) = ("coverage".into(), "share of expected bars that are there".into());
    done.add_fact((id, label), found.coverage, ("fraction", AsOf::Date(expected)));
    let (id, label) = ("rows".into(), "bars in the lookback".into());
    done.add_fact((id, label), Some(found.rows), ("bars", AsOf::Date(expected)));
    done
}

/// Returns the data problems of the names used, on days known so far, and those of whole files.
fn problems(job: &TaskContext<'_>, found: &QualityReport) -> Vec<DataProblem> {
    let view = job.market_view();
    let concerns = |problem: &DataProblem| {
        let own = |symbol: &String| found.symbols.iter().any(|s| s.symbol == *symbol);
        problem.symbol.as_ref().is_none_or(own)
    };
    let rows = view.known_problems().filter(concerns);
    rows.chain(found.problems.iter().cloned()).collect()
}
