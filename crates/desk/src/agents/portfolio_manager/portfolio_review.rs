//! The task `portfolio_review`: positions, their value, and the use of each limit.

use serde_json::{Value, json};

use super::intraday_risk_check::warn_of_stale_prices;
use crate::{
    agents::{
        job::{TaskContext, count_noun, format_percent, format_usd},
        task_output::{AsOf, TaskOutput},
    },
    trading::{limit_usage::limit_usage, money::to_f64, valuation::Holding},
};
use engine::{Failure, math};

/// Distance below its cost, in typical ranges, at which a position is reviewed.
const STOP_RANGES: f64 = 2.0;

pub(in crate::agents) fn portfolio_review(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let book = job.valuation()?;
    let (limits, limits_hash) = job.desk().limits();
    let uses = limit_usage(&book, &job.instruments(), &limits, &job.desk().regime());
    let positions: Vec<Value> = book.positions.iter().map(|held| position(job, held)).collect();
    let breached: Vec<&str> =
        uses.iter().filter(|one| one.is_breached()).map(|one| one.limit.as_str()).collect();
    let data = json!({
        "equity": book.equity, "cash": book.cash, "gross": book.gross, "net": book.net,
        "leverage": book.gross, "positions": positions,
        "concentration": { "hhi": book.hhi, "top5": book.top5 },
        "drawdown_hwm": book.drawdown, "pnl_1d": book.pnl_1d, "pnl_1d_pct": book.pnl_1d_frac,
        "unrealised": book.unrealised,
        "limit_usage": uses.iter().map(|one| json!({
            "limit": one.limit, "used": one.used, "cap": one.cap, "pct": one.share,
        })).collect::<Vec<_>>(),
        "breaches": breached, "limits_hash": limits_hash, "state": job.desk().trading_state(),
    });
    let summary = format!(
        "{}, equity {}, gross {}",
        count_noun(positions.len(), "position"),
        format_usd(book.equity),
        format_percent(book.gross)
    );
    let mut done = TaskOutput::new(summary, data).with_degraded(!breached.is_empty());
    warn_of_stale_prices(&mut done, &book);
    for limit in &breached {
        done.add_warning("limit", None, format!("{limit} is exceeded"));
    }
    let at = AsOf::Moment(job.now());
    done.add_fact(("equity".into(), "equity".into()), Some(to_f64(book.equity)), ("USD", at));
    done.add_fact(("cash".into(), "cash".into()), Some(to_f64(book.cash)), ("USD", at));
    done.add_fact(("gross".into(), "gross exposure".into()), Some(book.gross), ("fraction", at));
    for held in &book.positions {
        let words = (format!("{}.w", held.symbol), format!("{} weight", held.symbol));
        done.add_fact(words, Some(held.w), ("fraction", at));
        let words = (format!("{}.mv", held.symbol), format!("{} market value", held.symbol));
        done.add_fact(words, Some(to_f64(held.mv)), ("USD", at));
    }
    Ok(done)
}

fn position(job: &TaskContext<'_>, held: &Holding) -> Value {
    let range = job.features(held.symbol.as_str()).and_then(|f| f.typical_range());
    let room = to_f64(held.px - held.avg_cost);
    let stop = range.and_then(|range| Some(math::checked_div(room, range.usd)? + STOP_RANGES));
    json!({
        "symbol": held.symbol, "qty": held.qty, "px": held.px, "mv": held.mv, "w": held.w,
        "avg_cost": held.avg_cost, "pnl_unreal": held.pnl_unreal, "pnl_1d": held.pnl_1d,
        "days_held": null, "stop_dist_atr": stop, "sector": job.sector(&held.symbol),
    })
}
