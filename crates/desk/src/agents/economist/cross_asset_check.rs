//! The task `cross_asset_check`: moves of index, oil and volatility, in the last session or since a
//! clock time.

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_input},
        task_output::{AsOf, TaskOutput},
    },
    market::{Bar, cross_asset},
    stats,
};
use engine::{Failure, math};
use planning::calendar::exchange_moment;

/// Default start of the reaction to an FOMC statement, exchange time.
const BEFORE_STATEMENT: &str = "13:55";
/// Number of sessions with which a move is compared.
const WINDOW: usize = 60;
/// Standard deviations beyond which a move raises an alert.
const ALERT: f64 = 2.5;

pub(in crate::agents) fn cross_asset_check(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    if let Some(since) = job.param::<String>("since")? {
        return moves_since(job, &since);
    }
    job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let found = cross_asset(&job.market_view(), &benchmark);
    let words: Vec<String> = found
        .moves
        .iter()
        .filter_map(|m| Some(format!("{} {:+.1} %", m.asset, m.ret? * 100.0)))
        .collect();
    let data = serde_json::to_value(&found).unwrap_or_default();
    let mut done = TaskOutput::new(words.join(", "), data).with_degraded(found.moves.len() < 2);
    done.add_data_warnings(&found.warnings);
    for m in &found.moves {
        let words = (format!("{}.ret", m.asset), format!("{} return of its last day", m.asset));
        done.add_fact(words, m.ret, ("fraction", AsOf::Date(m.date)));
    }
    Ok(done)
}

pub(in crate::agents) fn fomc_reaction(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    moves_since(job, &job.param_or("since", BEFORE_STATEMENT.to_owned())?)
}

/// Reports moves on today's feed since a clock time, against the usual size for that duration.
fn moves_since(job: &TaskContext<'_>, since: &str) -> Result<TaskOutput, Failure> {
    job.last_completed_session()?;
    let time = NaiveTime::parse_from_str(since, "%H:%M").map_err(|error| {
        bad_input(format!("{}: task_data.since: `{since}`: {error}", job.request.task_id))
    })?;
    let from = exchange_moment(job.date(), time);
    if from > job.now() {
        let task = &job.request.task_id;
        return Err(bad_input(format!("{task}: task_data.since: {since} lies ahead of the clock")));
    }
    let (benchmark, _) = job.benchmark();
    let assets = [benchmark.as_str(), "VIX"];
    let moves: Vec<Value> = assets.iter().map(|asset| asset_move(job, asset, from)).collect();
    let words: Vec<String> = moves
        .iter()
        .filter_map(|m| {
            let ret = m.get("ret")?.as_f64()?;
            Some(format!("{} {:+.2} %", m.get("asset")?.as_str()?, ret * 100.0))
        })
        .collect();
    let alert =
        moves.iter().any(|m| m.get("z").and_then(Value::as_f64).is_some_and(|z| z.abs() >= ALERT));
    let data = json!({ "moves": moves, "since": from, "until": job.now(), "alert": alert });
    let summary = format!("since {since}: {}", words.join(", "));
    let mut done = TaskOutput::new(summary, data).with_degraded(words.len() < assets.len());
    done.add_warning("no_feed", None, "two-year yield and dollar are not on the feed");
    for m in &moves {
        let asset = m.get("asset").and_then(Value::as_str).unwrap_or_default();
        let words = (format!("{asset}.ret_since"), format!("{asset} return since {since}"));
        done.add_fact(
            words,
            m.get("ret").and_then(Value::as_f64),
            ("fraction", AsOf::Moment(job.now())),
        );
    }
    Ok(done)
}

fn asset_move(job: &TaskContext<'_>, asset: &str, from: DateTime<Utc>) -> Value {
    let (then, now) = (job.price(asset, from), job.price(asset, job.now()));
    let ret = then.zip(now).and_then(|(then, now)| math::checked_div(now - then, then));
    let view = job.market_view();
    let closes: Vec<f64> = view.bars(asset).iter().map(Bar::return_price).collect();
    let recent = stats::last_n(&closes, WINDOW + 1).and_then(stats::simple_returns);
    let span = job.session_elapsed(job.now()) - job.session_elapsed(from);
    let usual = recent.and_then(|r| stats::std_dev(&r)).map(|daily| daily * span.sqrt());
    let z = ret.zip(usual).and_then(|(ret, usual)| math::checked_div(ret, usual));
    json!({ "asset": asset, "from": then, "to": now, "ret": ret, "z": z })
}
