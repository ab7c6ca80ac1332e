//! `collect_market_data`: can one work today with the bars there are.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{
    agents::{
        done::{At, Done},
        job::{Job, bad_data, not_found, percent},
    },
    calendar,
    engine::Failure,
    market::{self, Collected, DataProblem, Request, Verdict},
};

/// Problems listed one by one; of more, the number is told.
const LISTED: usize = 50;

pub(in crate::agents) fn collect(job: &Job<'_>) -> Result<Done, Failure> {
    let expected = job.expected()?;
    let (symbols, held) = (job.symbols()?, job.held());
    let lookback: usize = job.param_or("lookback", 260)?;
    let (benchmark, stands_for) = job.benchmark();
    let sessions = sessions(expected, lookback)?;
    let request = Request {
        symbols: &symbols,
        benchmark: &benchmark,
        held: &held,
        lookback,
        sessions: &sessions,
    };
    let found = market::collect(&job.view(), &request);
    if found.verdict == Verdict::Fail {
        return Err(bad_data(found.reasons.join("; ")));
    }
    Ok(tell(job, &found, (&benchmark, stands_for), expected))
}

/// The last sessions up to `last`, with room to spare.
fn sessions(last: NaiveDate, lookback: usize) -> Result<Vec<NaiveDate>, Failure> {
    let days = u64::try_from(lookback).unwrap_or(u64::MAX).saturating_mul(2).saturating_add(30);
    let first = NaiveDate::from_ymd_opt(calendar::FIRST_YEAR, 1, 1).unwrap_or(last);
    let from = last.checked_sub_days(Days::new(days)).unwrap_or(first).max(first);
    let days = calendar::sessions(from, last).map_err(|error| not_found(error.to_string()))?;
    Ok(days.map(|day| day.date).collect())
}

fn tell(
    job: &Job<'_>,
    found: &Collected,
    (benchmark, stands_for): (&str, Option<String>),
    expected: NaiveDate,
) -> Done {
    let usable = found.symbols.iter().filter(|s| s.lag_sessions == 0 && s.last_session.is_some());
    let (usable, all) = (usable.count(), found.symbols.len());
    let coverage = found.coverage.unwrap_or(0.0);
    let problems = problems(job, found);
    let sessions = found.rows.checked_div(all).unwrap_or(0);
    let summary =
        format!("{usable}/{all} symbols, {sessions} sessions, coverage {}", percent(coverage));
    let data = json!({
        "rows": found.rows,
        "coverage_pct": coverage * 100.0,
        "benchmark": benchmark,
        "expected_session": expected,
        "symbols": found.symbols,
        "reasons": found.reasons,
        "problems_total": problems.len(),
    });
    let mut done = Done::new(summary, data).degraded(found.verdict == Verdict::Degraded);
    if let Some(asked) = stands_for {
        let msg = format!("{benchmark} stands in for {asked}, which is not in the data");
        done.warn("substitute", Some(&asked), msg);
    }
    for problem in problems.iter().take(LISTED) {
        let kind = serde_json::to_value(&problem.reason).unwrap_or_default();
        let kind = kind.get("kind").and_then(Value::as_str).unwrap_or("data_problem");
        done.warn(kind, problem.symbol.as_deref(), problem.to_string());
    }
    if problems.len() > LISTED {
        let msg = format!("{} more problems of rows are not listed", problems.len() - LISTED);
        done.warn("more_problems", None, msg);
    }
    done.metric("rows", found.rows);
    done.metric("coverage", coverage);
    let (id, label) = ("coverage".into(), "share of expected bars that are there".into());
    done.fact((id, label), found.coverage, ("fraction", At::Day(expected)));
    let (id, label) = ("rows".into(), "bars in the lookback".into());
    done.fact((id, label), Some(found.rows), ("bars", At::Day(expected)));
    done
}

/// What is wrong with the names looked at, on days that are known, and with whole files.
fn problems(job: &Job<'_>, found: &Collected) -> Vec<DataProblem> {
    let view = job.view();
    let concerns = |problem: &&DataProblem| {
        let known = problem.date.is_none_or(|day| view.knows(day));
        let own = |symbol: &String| found.symbols.iter().any(|s| s.symbol == *symbol);
        known && problem.symbol.as_ref().is_none_or(own)
    };
    let rows = job.data().problems().iter().filter(concerns).cloned();
    rows.chain(found.problems.iter().cloned()).collect()
}
