//! The task `fomc_brief`: recent FOMC statements, their effect on the market, and the move implied
//! by options.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, format_percent},
        task_output::{AsOf, TaskOutput},
    },
    stats,
};
use engine::{Failure, math};
use planning::calendar::{self, SpecialEvent};

/// Number of earlier statement days used.
const STATEMENTS: usize = 8;
/// Number of sessions searched for them: there are about eight statements a year.
const SESSIONS: usize = 400;

pub(in crate::agents) fn fomc_brief(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let expected = job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let implied = job.market_view().vix().last().map(|bar| (bar.date, bar.close));
    let implied_move = implied.map(|(_, vix)| vix / 100.0 / stats::SESSIONS_PER_YEAR.sqrt());
    let prior: Vec<(NaiveDate, Option<f64>)> =
        statements(expected).into_iter().map(|day| (day, ret(job, &benchmark, day))).collect();
    let sizes: Vec<f64> = prior.iter().filter_map(|(_, ret)| ret.map(f64::abs)).collect();
    let usual = stats::mean(&sizes);
    let blackouts: Vec<Value> = job
        .request
        .plan
        .blackouts
        .iter()
        .map(|b| json!({ "forbids": b.orders(), "from": b.from, "to": b.to, "origin": b.origin }))
        .collect();
    let today = calendar::special_events(job.date()).unwrap_or_default();
    let hours = today.iter().filter(|s| s.is_scheduled()).find_map(|special| match special {
        SpecialEvent::Fomc { statement, press_conference, projections, note, .. } => Some(json!({
            "statement_et": statement, "presser_et": press_conference,
            "projections": projections, "note": note,
        })),
        SpecialEvent::Expiration { .. } | SpecialEvent::Earnings { .. } => None,
    });
    let data = json!({
        "today": hours,
        "prior": prior.iter().map(|(day, ret)| json!({ "date": day, "ret": ret })).collect::<Vec<_>>(),
        "mean_abs_ret": usual,
        "market_implied_move": implied_move,
        "blackouts": blackouts,
    });
    let size = |x: Option<f64>| x.map_or("unknown".into(), format_percent);
    let summary = format!(
        "options expect {}, last {} statements moved {}",
        size(implied_move),
        sizes.len(),
        size(usual)
    );
    let mut done =
        TaskOutput::new(summary, data).with_degraded(implied_move.is_none() || hours.is_none());
    if hours.is_none() {
        done.add_warning("no_statement", None, "the calendar knows of no statement on this day");
    }
    let day = AsOf::Date(implied.map_or(expected, |(day, _)| day));
    let (id, label) = ("implied_move".into(), "move of a session that the VIX implies".into());
    done.add_fact((id, label), implied_move, ("fraction", day));
    let (id, label) = ("mean_abs_ret".into(), "mean size of the move on statement days".into());
    done.add_fact((id, label), usual, ("fraction", AsOf::Date(expected)));
    Ok(done)
}

/// Returns the most recent statement days up to `last`, newest first.
fn statements(last: NaiveDate) -> Vec<NaiveDate> {
    let before = |day: &NaiveDate| calendar::previous_session(*day).ok().map(|day| day.date);
    let stated = |day: &NaiveDate| {
        let specials = calendar::special_events(*day).unwrap_or_default();
        specials.iter().any(|special| matches!(special, SpecialEvent::Fomc { .. }))
    };
    std::iter::successors(Some(last), before)
        .take(SESSIONS)
        .filter(stated)
        .take(STATEMENTS)
        .collect()
}

fn ret(job: &TaskContext<'_>, symbol: &str, day: NaiveDate) -> Option<f64> {
    let bars = job.market_view().bars(symbol);
    let at = bars.binary_search_by_key(&day, |bar| bar.date).ok()?;
    let (now, then) = (bars.get(at)?, bars.get(at.checked_sub(1)?)?);
    Some(math::checked_div(now.return_price(), then.return_price())? - 1.0)
}
