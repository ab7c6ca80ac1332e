//! A desk with one plan of four trades, in a market that stands still at $50.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{collections::BTreeMap, sync::Arc};

use bellwether::desk::trading::{
    broker::SimBrokerRules,
    desk::{Desk, DeskBacking, DeskConfig, IntentOutcome, SendOptions},
    instruments::{Instrument, PriceSource, SessionHours, TradingMode},
    limits::RiskLimits,
    order::{OrderSource, OrderType, RunKey, TimeInForce, TradeIntent},
    portfolio::Portfolio,
    reconcile::ReconcileVerdict,
    symbol::{Side, Symbol},
    trade_plan::{Approval, ApprovedBy, TradePlan, TradePlanDraft},
    twap::TwapSchedule,
    valuation::ValuationReference,
};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;

pub(crate) const NAMES: [&str; 4] = ["AAA", "BBB", "CCC", "DDD"];

pub(crate) fn name(text: &str) -> Symbol {
    Symbol::parse(text).unwrap()
}

pub(crate) fn hours() -> SessionHours {
    let at = |h, m| Utc.with_ymd_and_hms(2026, 11, 23, h, m, 0).unwrap();
    SessionHours {
        date: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        open: at(14, 30),
        close: at(21, 0),
    }
}

pub(crate) fn minute(minutes: i64) -> DateTime<Utc> {
    hours().open + TimeDelta::minutes(minutes)
}

pub(crate) fn second(seconds: i64) -> DateTime<Utc> {
    minute(10) + TimeDelta::seconds(seconds)
}

/// Every name at $50, all day.
#[derive(Debug)]
pub(crate) struct Flat;

impl PriceSource for Flat {
    fn price(&self, _symbol: &Symbol, _at: DateTime<Utc>) -> Option<Decimal> {
        Some(Decimal::from(50))
    }

    fn close(&self, _symbol: &Symbol, _date: NaiveDate) -> Option<Decimal> {
        Some(Decimal::from(50))
    }
}

pub(crate) fn setup(run: u16) -> DeskConfig {
    let price = Decimal::from(50);
    let facts = |name: Symbol| {
        let known = Instrument {
            sector: Some(name.to_string()),
            adv20: Some(1e6),
            sigma_1d: Some(0.02),
            atr_frac: Some(0.02),
            ..Instrument::default()
        };
        (name, known)
    };
    DeskConfig {
        run: RunKey { mode: TradingMode::Sim, date: hours().date, run },
        account: "demo".into(),
        hours: hours(),
        opening: Portfolio::opening(
            Decimal::from(800_000),
            &NAMES.map(|n| (name(n), (1_000, price))).into_iter().collect(),
        ),
        reference: ValuationReference {
            previous_close: NAMES.map(|n| (name(n), price)).into_iter().collect(),
            equity_previous: Some(Decimal::from(1_000_000)),
            high_water: Some(Decimal::from(1_000_000)),
        },
        universe: NAMES.map(name).into_iter().map(facts).collect(),
        limits: RiskLimits::default(),
        terms: SimBrokerRules::default(),
    }
}

pub(crate) fn open(backing: DeskBacking) -> Desk {
    Desk::open(setup(1), Arc::new(Flat), backing).unwrap()
}

/// One intent for each name: entries and an exit, at once and over time.
pub(crate) fn plan() -> TradePlan {
    let kinds = [OrderType::Twap, OrderType::Market, OrderType::Twap, OrderType::Limit];
    let orders =
        (1_u32..).zip(NAMES.iter().zip(kinds)).map(|(intent_id, (symbol, kind))| TradeIntent {
            intent_id,
            symbol: name(symbol),
            side: if intent_id == 2 { Side::Sell } else { Side::Buy },
            qty: 100 + i64::from(intent_id),
            kind,
            limit_px: (kind == OrderType::Limit).then(|| Decimal::new(5_020, 2)),
            tif: TimeInForce::Day,
            ref_px: Decimal::from(50),
            ref_ts: minute(5),
            reason: "test".into(),
            parent_target_w: 0.05,
            risk_reducing: false,
        });
    let draft = TradePlanDraft {
        plan_id: "generate_trades".into(),
        session_date: hours().date,
        mode: TradingMode::Sim,
        created_at: minute(5),
        limits_hash: RiskLimits::default().hash().unwrap(),
        orders: orders.collect(),
    };
    TradePlan::finalize(draft).unwrap()
}

pub(crate) fn release(at: DateTime<Utc>) -> SendOptions {
    let schedule = TwapSchedule {
        start: at,
        end: at + TimeDelta::minutes(30),
        interval: TimeDelta::minutes(5),
    };
    let (overrides, source) = (Vec::new(), OrderSource::Plan);
    SendOptions { plan_hash: plan().hash().into(), schedule, overrides, source }
}

pub(crate) fn approval() -> Approval {
    Approval::of_whole_plan(&plan(), "ana", ApprovedBy::FourEyes, minute(10))
}

/// Everything from proposing to sending, as far as it goes; twice changes nothing.
pub(crate) fn trade(desk: &Desk, at: DateTime<Utc>) -> Vec<IntentOutcome> {
    let asked = desk.submit_plan(plan()).and_then(|()| desk.record_approval(approval()));
    asked.and_then(|()| desk.send_orders(&release(at), at)).unwrap_or_default()
}

/// Asks for what is in doubt until it is settled, as somebody does who waits a minute.
pub(crate) fn settle(desk: &Desk, from: i64) {
    for seconds in [1, 3, 10, 30, 60, 90, 120] {
        desk.query_open_orders(second(from + seconds));
    }
}

/// What the day came to: shares by name and cash.
pub(crate) fn end(desk: &Desk) -> (BTreeMap<Symbol, i64>, Decimal) {
    let at = hours().close;
    let theirs = desk.broker_statement(at).unwrap();
    assert_eq!(
        desk.reconcile(&theirs, at).verdict,
        ReconcileVerdict::Clean,
        "{:?}",
        desk.reconcile(&theirs, at)
    );
    let book = desk.book(at);
    (book.shares(), book.cash)
}
