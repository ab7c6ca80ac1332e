//! Questions about the desk at a moment: book, orders, results, and what the broker says.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{
    fact::TradePlanRejection,
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{BrokerError, OrderView},
    instruments::{Instruments, SessionHours},
    limits::{LimitMultipliers, RiskLimits, TradingState},
    order::Fill,
    performance::{DayBooks, DayPnl, PnlError},
    portfolio::Portfolio,
    reconcile::{self, AccountStatement, BreakScale, Reconciliation},
    symbol::Symbol,
    trade_plan::{Approval, TradePlan},
    valuation::{Valuation, ValuationError, ValuationReference},
};

/// The desk at a moment, for showing.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskView {
    /// The moment.
    pub at: DateTime<Utc>,
    /// Trading state.
    pub state: TradingState,
    /// The book.
    pub book: Portfolio,
    /// Its value, or why it has none.
    pub valuation: Result<Valuation, ValuationError>,
    /// Orders answered so far, in order of submission.
    pub orders: Vec<OrderView>,
    /// Fills so far, in order of time.
    pub fills: Vec<Fill>,
    /// Orders suppressed as duplicates.
    pub suppressed: u32,
}

impl Desk {
    /// The whole desk at `at`.
    #[must_use]
    pub fn view(&self, at: DateTime<Utc>) -> DeskView {
        let mut state = self.lock();
        let valuation = state.value(at);
        DeskView {
            at,
            state: state.memory.session.state,
            book: state.memory.book.clone(),
            valuation,
            orders: state.orders(at),
            fills: state.fills(at),
            suppressed: state.memory.suppressed,
        }
    }

    /// Our own book with all fills up to `at`.
    #[must_use]
    pub fn book(&self, at: DateTime<Utc>) -> Portfolio {
        let mut state = self.lock();
        state.sync(at);
        state.memory.book.clone()
    }

    /// The book's value at `at`: previous closes before the open, official closes from the close on. A
    /// held name without a price is valued at its previous close and listed as stale.
    ///
    /// # Errors
    ///
    /// [`ValuationError`] when a held name has neither a price nor a previous close.
    pub fn valuation(&self, at: DateTime<Utc>) -> Result<Valuation, ValuationError> {
        self.lock().value(at)
    }

    /// Prices in USD of every name that has one at `at`.
    #[must_use]
    pub fn prices(&self, at: DateTime<Utc>) -> BTreeMap<Symbol, Decimal> {
        self.lock().prices(at)
    }

    /// Orders answered up to `at`, in order of submission.
    #[must_use]
    pub fn orders(&self, at: DateTime<Utc>) -> Vec<OrderView> {
        self.lock().orders(at)
    }

    /// Fills up to `at`, in order of time.
    #[must_use]
    pub fn fills(&self, at: DateTime<Utc>) -> Vec<Fill> {
        self.lock().fills(at)
    }

    /// The book the day opened with.
    #[must_use]
    pub fn opening(&self) -> Portfolio {
        self.lock().memory.opening.clone()
    }

    /// Closes, equity and high-water mark the desk measures against.
    #[must_use]
    pub fn valuation_reference(&self) -> ValuationReference {
        self.lock().memory.reference.clone()
    }

    /// The limits and their hash.
    #[must_use]
    pub fn limits(&self) -> (RiskLimits, String) {
        let state = self.lock();
        (state.memory.limits.clone(), state.memory.limits_hash.clone())
    }

    /// Factors of the volatility regime in force.
    #[must_use]
    pub fn regime(&self) -> LimitMultipliers {
        self.lock().memory.regime
    }

    /// Today's session.
    #[must_use]
    pub fn session_hours(&self) -> SessionHours {
        self.lock().hours
    }

    /// What may be traded.
    #[must_use]
    pub fn instruments(&self) -> Instruments {
        self.lock().universe.clone()
    }

    /// The plan with `hash`, and its approval if it has one.
    #[must_use]
    pub fn trade_plan(&self, hash: &str) -> Option<(TradePlan, Option<Approval>)> {
        let state = self.lock();
        let plan = state.memory.plans.get(hash)?.clone();
        Some((plan, state.memory.approvals.get(hash).cloned()))
    }

    /// Every plan proposed today, oldest first, each with its approval if it has one.
    #[must_use]
    pub fn trade_plans(&self) -> Vec<(TradePlan, Option<Approval>)> {
        let state = self.lock();
        let approval = |hash: &str| state.memory.approvals.get(hash).cloned();
        state.memory.plans.iter().map(|(hash, plan)| (plan.clone(), approval(hash))).collect()
    }

    /// Profit since the previous close, checked against cash and positions to the cent.
    ///
    /// # Errors
    ///
    /// [`PnlError`] when a price is missing or the books disagree.
    pub fn day_pnl(
        &self,
        at: DateTime<Utc>,
        dividends: &BTreeMap<Symbol, Decimal>,
    ) -> Result<DayPnl, PnlError> {
        let mut state = self.lock();
        state.sync(at);
        let (fills, close) = (state.booked_fills(at), state.prices(at));
        DayBooks {
            opening: &state.memory.opening,
            closing: &state.memory.book,
            fills: &fills,
            previous_close: &state.memory.reference.previous_close,
            close: &close,
            dividends,
        }
        .pnl()
    }

    /// What the broker says of the account at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError`] when it cannot be asked: then nothing is known, least of all that all is flat.
    pub fn broker_statement(&self, at: DateTime<Utc>) -> Result<AccountStatement, BrokerError> {
        self.lock().broker.statement(at)
    }

    /// The no a plan was given, if it was.
    #[must_use]
    pub fn rejection(&self, plan_hash: &str) -> Option<TradePlanRejection> {
        self.lock().memory.rejections.get(plan_hash).cloned()
    }

    /// Compares our book with `theirs` at `at`; books nothing.
    #[must_use]
    pub fn reconcile(&self, theirs: &AccountStatement, at: DateTime<Utc>) -> Reconciliation {
        let mut state = self.lock();
        state.sync(at);
        let prices = state.prices(at);
        let equity = state.value(at).map_or(state.memory.book.cash, |valued| valued.equity);
        reconcile::reconcile_statements(
            &state.statement(at),
            theirs,
            &BreakScale { equity, prices: &prices },
        )
    }
}

impl DeskState {
    /// Fills booked up to `at`, in order of time.
    fn booked_fills(&self, at: DateTime<Utc>) -> Vec<Fill> {
        let booked = self.memory.fills.values().filter(|fill| fill.at <= at);
        let mut fills: Vec<Fill> = booked.cloned().collect();
        fills.sort_by(|a, b| (a.at, &a.exec_id).cmp(&(b.at, &b.exec_id)));
        fills
    }

    /// Fills up to `at` of the orders the broker has answered, and those booked, in order of time.
    pub(super) fn fills(&self, at: DateTime<Utc>) -> Vec<Fill> {
        let memory = &self.memory;
        let answered = |fill: &Fill| {
            let line = memory.ledger.get(&fill.order);
            line.is_some_and(|line| line.broker_ack().is_some())
        };
        let new = |fill: &Fill| !memory.fills.contains_key(&fill.exec_id) && answered(fill);
        let theirs = self.broker.fills(at).into_iter().flatten().filter(new);
        let mut fills: Vec<Fill> = self.booked_fills(at).into_iter().chain(theirs).collect();
        fills.sort_by(|a, b| (a.at, &a.exec_id).cmp(&(b.at, &b.exec_id)));
        fills
    }

    /// What we say of the account.
    fn statement(&self, at: DateTime<Utc>) -> AccountStatement {
        AccountStatement {
            cash: self.memory.book.cash,
            positions: self.memory.book.shares(),
            working: self.working_orders(at),
            fills: self.booked_fills(at),
            ..AccountStatement::default()
        }
    }
}
