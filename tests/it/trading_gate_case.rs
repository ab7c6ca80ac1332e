//! One sound order and everything the gate looks at, for tests that spoil one part of it.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::trading::{
    gate::{Context, History, ParentUse, Quote, Session, Violation, Working, check},
    limits::{Limits, Multipliers, TradingState},
    market_facts::{Hours, Instrument, Mode, Universe},
    order::{ClOrdId, Intent, Order, OrderType, RunKey, Source, Tif},
    plan::{Approval, ApprovedBy, Draft, Plan},
    portfolio::Portfolio,
    symbol::{Side, Symbol},
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
    pub(crate) intent: Intent,
    pub(crate) source: Source,
    pub(crate) order_mode: Mode,
    pub(crate) parent: Option<ParentUse>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) session: Session,
    pub(crate) limits: Limits,
    pub(crate) regime: Multipliers,
    pub(crate) approval: Option<ApprovedBy>,
    pub(crate) expired: bool,
    pub(crate) universe: Universe,
    pub(crate) book: Portfolio,
    pub(crate) working: Vec<Working>,
    pub(crate) quotes: BTreeMap<Symbol, Quote>,
    pub(crate) halted: Option<BTreeSet<Symbol>>,
    pub(crate) day_return: Option<f64>,
    pub(crate) drawdown: Option<f64>,
    pub(crate) history: History,
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
        intent: Intent {
            intent_id: 1,
            symbol: name("AAA"),
            side: Side::Buy,
            qty: 100,
            kind: OrderType::Market,
            limit_px: None,
            tif: Tif::Day,
            ref_px: usd("100"),
            ref_ts: at(14, 55),
            reason: "test".into(),
            parent_target_w: 0.06,
            risk_reducing: false,
        },
        source: Source::Plan,
        order_mode: Mode::Sim,
        parent: None,
        now: at(15, 0),
        session: Session {
            state: TradingState::Active,
            mode: Mode::Sim,
            broker_mode: Mode::Sim,
            account: "demo".into(),
            hours: Some(Hours { date: date(), open: at(14, 30), close: at(21, 0) }),
        },
        limits: Limits::default(),
        regime: Multipliers::ONE,
        approval: Some(ApprovedBy::FourEyes),
        expired: false,
        universe: BTreeMap::from([(name("AAA"), known("tech")), (name("BBB"), known("banks"))]),
        book: Portfolio::opening(usd("900000"), &held),
        working: Vec::new(),
        quotes: BTreeMap::from([(name("AAA"), quote("100")), (name("BBB"), quote("50"))]),
        halted: Some(BTreeSet::new()),
        day_return: Some(0.001),
        drawdown: Some(0.01),
        history: History::default(),
    }
}

impl Case {
    pub(crate) fn ask<T>(&self, answer: impl Fn(&Order, &Context<'_>) -> T) -> T {
        let draft = Draft {
            plan_id: "p".into(),
            session_date: date(),
            mode: Mode::Sim,
            created_at: self.now,
            limits_hash: String::new(),
            orders: vec![self.intent.clone()],
        };
        let plan = Plan::freeze(draft).expect("a sound draft");
        let run = RunKey { mode: Mode::Sim, date: date(), run: 1 };
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
        let approval = self.approval.map(|by| Approval::whole(&plan, "ana", by, given));
        let context = Context {
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
        self.ask(|order, context| check(order, context).iter().map(Violation::label).collect())
    }

    pub(crate) fn sell(mut self, qty: i64) -> Self {
        (self.intent.side, self.intent.qty) = (Side::Sell, qty);
        self
    }
}
