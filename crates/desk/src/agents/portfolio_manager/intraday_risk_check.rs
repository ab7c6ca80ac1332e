//! `intraday_risk_check`: loss, exposure and regime of this moment; it can only tighten trading.

use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, count_noun, format_percent},
        returns,
        task_output::{AsOf, TaskOutput},
        tighten,
    },
    market::{IntradayShocks, Regime, RegimeReport, regime_on},
    trading::{
        limit_usage::limit_usage, limits::TradingState, symbol::Symbol, valuation::Valuation,
    },
};
use engine::{Failure, math};

/// Losses of the day that raise a warning, set `REDUCE_ONLY` and set HALTED.
const LOSSES: [(f64, Option<TradingState>); 3] =
    [(0.01, None), (0.02, Some(TradingState::ReduceOnly)), (0.03, Some(TradingState::Halted))];
/// Drawdown from the high-water mark that sets KILLED.
const DRAWDOWN: f64 = 0.10;

pub(in crate::agents) fn intraday_risk_check(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let book = job.valuation()?;
    let report = intraday_regime(job)?;
    tighten::regime(job, report.multipliers.into());
    let (limits, _) = job.desk().limits();
    let uses = limit_usage(&book, &job.instruments(), &limits, &job.desk().regime());
    let tail = returns::var95(job, &book)?;
    let (wanted, reasons) = required_trading_state(&book);
    let before = job.desk().trading_state();
    let state = before.max(wanted);
    if state > before {
        let why = reasons.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("; ");
        job.desk()
            .tighten(state, ("portfolio_manager", &why), job.now())
            .map_err(|error| bad_data(error.to_string()))?;
    }
    let breaches: Vec<&str> =
        uses.iter().filter(|one| one.is_breached()).map(|one| one.limit.as_str()).collect();
    let severity = if wanted > TradingState::Active { "critical" } else { "warning" };
    let mut alerts: Vec<Value> = reasons
        .iter()
        .map(|(key, text)| json!({ "severity": severity, "code": "risk_breaker", "key": key, "text": text }))
        .collect();
    if state > before {
        let text = format!("the desk went from {before} to {state}");
        alerts.push(json!({ "severity": "critical", "code": "trading_state", "text": text }));
    }
    alerts.extend(stale_alert(&book));
    let data = json!({
        "pnl_day_pct": book.pnl_1d_frac, "pnl_day_usd": book.pnl_1d, "drawdown": book.drawdown,
        "pnl_vs_limits": uses.iter().filter(|u| u.limit == "daily loss" || u.limit == "drawdown").collect::<Vec<_>>(),
        "gross": book.gross, "net": book.net, "equity": book.equity,
        "var95": tail.map(|tail| tail.var), "breaches": breaches,
        "regime_live": report.regime, "overrides": report.overrides,
        "state": state, "suggested_state": wanted, "alerts": alerts,
    });
    let day = book.pnl_1d_frac.map_or("unknown".into(), |day| format!("{:+.2} %", day * 100.0));
    let stale = match book.stale.len() {
        0 => String::new(),
        n => format!(", {} stale", count_noun(n, "price")),
    };
    let summary = format!(
        "day {day}, gross {}, {state}, {} over limit{stale}",
        format_percent(book.gross),
        breaches.len()
    );
    let degraded = !reasons.is_empty() || !book.stale.is_empty();
    let mut done = TaskOutput::new(summary, data).with_degraded(degraded);
    warn_of_stale_prices(&mut done, &book);
    for limit in breaches {
        done.add_warning("limit", None, format!("{limit} is exceeded"));
    }
    let at = AsOf::Moment(job.now());
    let (id, label) = ("pnl_day_pct".into(), "profit of the day".into());
    done.add_fact((id, label), book.pnl_1d_frac, ("fraction", at));
    let (id, label) = ("var95".into(), "loss of a session not exceeded in 95 of 100".into());
    done.add_fact((id, label), tail.map(|tail| tail.var), ("fraction", at));
    Ok(done)
}

/// An alert for held names without a price, with their part of the book.
fn stale_alert(book: &Valuation) -> Option<Value> {
    let names: Vec<&str> = book.stale.iter().map(Symbol::as_str).collect();
    let share: f64 = book.stale.iter().map(|name| book.weight(name).abs()).sum();
    let text = format!(
        "no price of {}: {} of {} valued at the previous close, {} of equity",
        names.join(", "),
        names.len(),
        count_noun(book.positions.len(), "holding"),
        format_percent(share),
    );
    (!names.is_empty()).then(|| {
        json!({
            "severity": "warning", "code": "stale_price", "key": names.join(","), "text": text,
        })
    })
}

/// Adds a warning for each held name that has no price and is valued at its previous close.
pub(super) fn warn_of_stale_prices(done: &mut TaskOutput, book: &Valuation) {
    for held in book.positions.iter().filter(|held| book.stale.contains(&held.symbol)) {
        let text = format!("no price: valued at the previous close, ${}", held.px);
        done.add_warning("stale_price", Some(held.symbol.as_str()), text);
    }
    if !book.stale.is_empty() {
        done.add_fields(&json!({ "stale": book.stale }));
    }
}

/// The volatility regime of this moment, where the day is known.
pub(in crate::agents) fn live_regime(job: &TaskContext<'_>) -> Option<Regime> {
    intraday_regime(job).ok().map(|report| report.regime)
}

/// Returns the regime from the closes, updated with today's VIX and market.
pub(super) fn intraday_regime(job: &TaskContext<'_>) -> Result<RegimeReport, Failure> {
    let expected = job.last_completed_session()?;
    let (benchmark, _) = job.benchmark();
    let last = job.market_view().last_bar(&benchmark).map(|bar| bar.close);
    let now = job.price(&benchmark, job.now());
    let shocks = IntradayShocks {
        vix_now: job.price("VIX", job.now()),
        benchmark_ret: now.zip(last).and_then(|(now, last)| math::checked_div(now - last, last)),
        circuit_breaker: false,
    };
    Ok(regime_on(&job.market_view(), &benchmark, Some(expected), shocks))
}

/// Returns the strictest trading state required by the day's loss and the drawdown, with a name and
/// a text for each cause.
fn required_trading_state(book: &Valuation) -> (TradingState, Vec<(String, String)>) {
    let mut wanted = TradingState::Active;
    let mut reasons = Vec::new();
    let loss = book.pnl_1d_frac.map_or(0.0, |day| -day);
    if let Some((limit, state)) = LOSSES.iter().rev().find(|(limit, _)| loss >= *limit) {
        wanted = wanted.max(state.unwrap_or_default());
        let text =
            format!("loss of the day {} reached {}", format_percent(loss), format_percent(*limit));
        reasons.push((format!("loss {limit}"), text));
    }
    if let Some(fall) = book.drawdown.filter(|fall| *fall >= DRAWDOWN) {
        wanted = TradingState::Killed;
        let text =
            format!("drawdown {} reached {}", format_percent(fall), format_percent(DRAWDOWN));
        reasons.push(("drawdown".into(), text));
    }
    (wanted, reasons)
}
