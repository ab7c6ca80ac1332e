//! Small sound values for the tests of this area.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;

use super::{
    instruments::{PriceSource, SessionHours, TradingMode},
    order::{ClOrdId, Fill, OrderType, TimeInForce, TradeIntent},
    symbol::{Side, Symbol},
    trade_plan::{TradePlan, TradePlanDraft},
};

/// Monday 23 November 2026.
pub(crate) fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// 09:30 to 16:00 in New York.
pub(crate) fn hours() -> SessionHours {
    let at = |h, m| Utc.with_ymd_and_hms(2026, 11, 23, h, m, 0).unwrap();
    SessionHours { date: date(), open: at(14, 30), close: at(21, 0) }
}

/// A moment so many minutes after the open.
pub(crate) fn minute(minutes: i64) -> DateTime<Utc> {
    hours().open + TimeDelta::minutes(minutes)
}

pub(crate) fn symbol(text: &str) -> Symbol {
    Symbol::parse(text).unwrap()
}

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Intent 1: buy at market.
pub(crate) fn intent(name: &str, qty: i64, ref_px: &str) -> TradeIntent {
    TradeIntent {
        intent_id: 1,
        symbol: symbol(name),
        side: Side::Buy,
        qty,
        kind: OrderType::Market,
        limit_px: None,
        tif: TimeInForce::Day,
        ref_px: dec(ref_px),
        ref_ts: minute(0),
        reason: "test".into(),
        parent_target_w: 0.05,
        risk_reducing: false,
    }
}

pub(crate) fn draft() -> TradePlanDraft {
    TradePlanDraft {
        plan_id: "p1".into(),
        session_date: date(),
        mode: TradingMode::Sim,
        created_at: minute(5),
        limits_hash: "x".into(),
        orders: vec![],
    }
}

/// The intents, numbered from 1.
pub(crate) fn plan(intents: &[TradeIntent]) -> TradePlan {
    let numbered = (1..).zip(intents);
    let orders = numbered.map(|(intent_id, i)| TradeIntent { intent_id, ..i.clone() }).collect();
    TradePlan::finalize(TradePlanDraft { orders, ..draft() }).unwrap()
}

pub(crate) fn fill(name: &str, side: Side, qty: i64, price: &str) -> Fill {
    Fill {
        exec_id: format!("{name}-{qty}"),
        order: ClOrdId::parse("X").unwrap(),
        child: 1,
        symbol: symbol(name),
        side,
        qty,
        price: dec(price),
        fee: Decimal::ZERO,
        at: minute(10),
    }
}

/// Prices that move by `step` USD a minute from `start`, the same for every name but `ZZZ`,
/// which has none.
#[derive(Debug, Clone)]
pub(crate) struct LinearPrices {
    pub(crate) start: Decimal,
    pub(crate) step: Decimal,
}

impl PriceSource for LinearPrices {
    fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal> {
        let minutes = (at - hours().open).num_minutes();
        (symbol.as_str() != "ZZZ").then(|| self.start + self.step * Decimal::from(minutes))
    }

    fn close(&self, symbol: &Symbol, _date: NaiveDate) -> Option<Decimal> {
        self.price(symbol, hours().close)
    }
}

pub(crate) fn line(start: &str, step: &str) -> Arc<LinearPrices> {
    Arc::new(LinearPrices { start: dec(start), step: dec(step) })
}
