//! One sound order and everything the gate looks at, for tests that spoil one part of it.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::desk::trading::{
    instruments::{Instrument, Instruments, SessionHours, TradingMode},
    limits::{LimitMultipliers, RiskLimits, TradingState},
    order::{ClOrdId, Order, OrderSource, OrderType, RunKey, TimeInForce, TradeIntent},
    portfolio::Portfolio,
    pretrade::{
        CheckContext, OrderHistory, ParentUse, Quote, TradingSession, Violation, WorkingOrder,
        check_order,
    },
    symbol::{Side, Symbol},
    trade_plan::{Approval, ApprovedBy, TradePlan, TradePlanDraft},
};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;

pub(crate) fn name(text: &str) -> Symbol {
    Symbol::parse(text).expect("a ticker")
}

pub(crate) fn usd(text: &str) -> Decimal {
    text.parse().expect("an amount")
}

pub(crate) fn id(text: &str) -> ClOrdId {
    ClOrdId::parse(text).expect("an id")
}

pub(crate) fn at(h: u32, m: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, h, m, 0).single().expect("a moment")
}

pub(crate) fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

/// Everything a context borrows; tests spoil one part and ask again.
pub(crate) struct Case {
    pub(crate) intent: TradeIntent,
    pub(crate) source: OrderSource,
    pub(crate) order_mode: TradingMode,
    pub(crate) parent: Option<ParentUse>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) session: TradingSession,
    pub(crate) limits: RiskLimits,
    pub(crate) regime: LimitMultipliers,
    pub(crate) approval: Option<ApprovedBy>,
    pub(crate) expired: bool,
    pub(crate) universe: Instruments,
    pub(crate) book: Portfolio,
    pub(crate) working: Vec<WorkingOrder>,
    pub(crate) quotes: BTreeMap<Symbol, Quote>,
    pub(crate) halted: Option<BTreeSet<Symbol>>,
    pub(crate) day_return: Option<f64>,
    pub(crate) drawdown: Option<f64>,
    pub(crate) history: OrderHistory,
}

/// Buys 100 AAA at $100 in a book of $1,000,000 that holds 500 AAA and 1,000 BBB at $50.
pub(crate) fn sound() -> Case {
    let known = |sector: &str| Instrument {
        sector: Some(sector.into()),
        adv20: Some(1e6),
        sigma_1d: Some(0.02),
        atr_frac: Some(0.02),
        ..Instrument::default()
    };
    let quote = |px: &str| Quote { px: usd(px), at: at(15, 0), session: date() };
    let held =
        BTreeMap::from([(name("AAA"), (500, usd("100"))), (name("BBB"), (1_000, usd("50")))]);
    Case {
        intent: TradeIntent {
            intent_id: 1,
            symbol: name("AAA"),
            side: Side::Buy,
            qty: 100,
            kind: OrderType::Market,
            limit_px: None,
            tif: TimeInForce::Day,
            ref_px: usd("100"),
            ref_ts: at(14, 55),
            reason: "test".into(),
            parent_target_w: 0.06,
            risk_reducing: false,
        },
        source: OrderSource::Plan,
        order_mode: TradingMode::Sim,
        parent: None,
        now: at(15, 0),
        session: TradingSession {
            state: TradingState::Active,
            mode: TradingMode::Sim,
            broker_mode: TradingMode::Sim,
            account: "demo".into(),
            hours: Some(SessionHours { date: date(), open: at(14, 30), close: at(21, 0) }),
        },
        limits: RiskLimits::default(),
        regime: LimitMultipliers::ONE,
        approval: Some(ApprovedBy::FourEyes),
        expired: false,
        universe: BTreeMap::from([(name("AAA"), known("tech")), (name("BBB"), known("banks"))]),
        book: Portfolio::opening(usd("900000"), &held),
        working: Vec::new(),
        quotes: BTreeMap::from([(name("AAA"), quote("100")), (name("BBB"), quote("50"))]),
        halted: Some(BTreeSet::new()),
        day_return: Some(0.001),
        drawdown: Some(0.01),
        history: OrderHistory::default(),
    }
}

impl Case {
    pub(crate) fn ask<T>(&self, answer: impl Fn(&Order, &CheckContext<'_>) -> T) -> T {
        let draft = TradePlanDraft {
            plan_id: "p".into(),
            session_date: date(),
            mode: TradingMode::Sim,
            created_at: self.now,
            limits_hash: String::new(),
            orders: vec![self.intent.clone()],
        };
        let plan = TradePlan::finalize(draft).expect("a sound draft");
        let run = RunKey { mode: TradingMode::Sim, date: date(), run: 1 };
        let own = ClOrdId::of_intent(&run, plan.hash(), 1).expect("an id");
        let order = Order {
            id: own.clone(),
            parent: self.parent.map(|_| own),
            intent: self.intent.clone(),
            mode: self.order_mode,
            account: "demo".into(),
            plan_hash: plan.hash().into(),
            source: self.source,
        };
        let given = self.now - if self.expired { Approval::LIFETIME } else { TimeDelta::zero() };
        let approval = self.approval.map(|by| Approval::of_whole_plan(&plan, "ana", by, given));
        let context = CheckContext {
            at: self.now,
            send_at: self.now,
            session: &self.session,
            limits: &self.limits,
            regime: self.regime,
            approved: approval.as_ref().map(|approval| (&plan, approval)),
            universe: &self.universe,
            book: &self.book,
            working: &self.working,
            quotes: &self.quotes,
            halted: self.halted.as_ref(),
            day_return: self.day_return,
            drawdown: self.drawdown,
            history: &self.history,
            parent: self.parent,
        };
        answer(&order, &context)
    }

    pub(crate) fn labels(&self) -> Vec<String> {
        self.ask(|order, context| {
            check_order(order, context).iter().map(Violation::label).collect()
        })
    }

    pub(crate) fn sell(mut self, qty: i64) -> Self {
        (self.intent.side, self.intent.qty) = (Side::Sell, qty);
        self
    }
}
