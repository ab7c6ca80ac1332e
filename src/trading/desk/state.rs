//! What the desk remembers, and the lock around it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::{control::StateChange, switch::KillSwitch};
use crate::trading::{
    broker::{Account, SimBroker, Terms},
    gate::{Context, History, ParentUse, Quote, Session, Working},
    limits::{Limits, LimitsError, Multipliers, TradingState},
    market_facts::{Hours, PriceSource, Universe},
    order::RunKey,
    plan::{Approval, Plan},
    portfolio::Portfolio,
    symbol::Symbol,
    valuation::{self, Reference, Valuation, ValuationError},
};

/// What a day's desk starts with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Run the client order ids are made for; its mode is the desk's.
    pub run: RunKey,
    /// Account the configuration names.
    pub account: String,
    /// Today's session.
    pub hours: Hours,
    /// Positions and cash at the open.
    pub opening: Portfolio,
    /// Closes, equity and high-water mark of before today.
    pub reference: Reference,
    /// What may be traded.
    pub universe: Universe,
    /// The limits.
    pub limits: Limits,
    /// Terms of the simulated broker.
    pub terms: Terms,
}

/// The desk of one day, shared by all agents.
pub struct Desk {
    inner: Mutex<State>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Desk")
            .field("state", &state.session.state)
            .field("plans", &state.plans.len())
            .field("broker", &state.broker)
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens the desk, in state ACTIVE.
    ///
    /// # Errors
    ///
    /// [`LimitsError::Hash`] for limits that cannot be hashed.
    pub fn new(
        setup: Setup,
        prices: Arc<dyn PriceSource + Send + Sync>,
    ) -> Result<Self, LimitsError> {
        let Setup { run, account, hours, opening, reference, universe, limits, terms } = setup;
        let mode = run.mode;
        let limits_hash = limits.hash()?;
        let at_broker =
            Account { mode, hours, opening: opening.clone(), universe: universe.clone() };
        let broker = SimBroker::new(at_broker, terms, Arc::clone(&prices));
        let session = Session {
            state: TradingState::Active,
            mode,
            broker_mode: broker.mode(),
            account,
            hours: Some(hours),
        };
        let state = State {
            run,
            session,
            hours,
            book: opening.clone(),
            opening,
            booked: BTreeSet::new(),
            reference,
            universe,
            limits,
            limits_hash,
            regime: Multipliers::ONE,
            prices,
            broker,
            plans: IndexMap::new(),
            approvals: BTreeMap::new(),
            history: History::default(),
            halted: BTreeSet::new(),
            changes: Vec::new(),
            switch: Arc::new(()),
        };
        Ok(Self { inner: Mutex::new(state) })
    }

    /// The state, if nobody holds it now.
    pub(super) fn try_lock(&self) -> Option<MutexGuard<'_, State>> {
        match self.inner.try_lock() {
            Ok(state) => Some(state),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The state, for one call. A panic elsewhere leaves whole values behind, as every change of
    /// them ends in one assignment; so a poisoned lock is taken all the same.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything behind the lock.
pub(super) struct State {
    pub(super) run: RunKey,
    pub(super) session: Session,
    pub(super) hours: Hours,
    /// Our own book: opening plus the fills booked so far.
    pub(super) book: Portfolio,
    pub(super) opening: Portfolio,
    /// Execution ids booked, so that no fill counts twice.
    pub(super) booked: BTreeSet<String>,
    pub(super) reference: Reference,
    pub(super) universe: Universe,
    pub(super) limits: Limits,
    pub(super) limits_hash: String,
    pub(super) regime: Multipliers,
    pub(super) prices: Arc<dyn PriceSource + Send + Sync>,
    pub(super) broker: SimBroker,
    pub(super) plans: IndexMap<String, Plan>,
    pub(super) approvals: BTreeMap<String, Approval>,
    pub(super) history: History,
    pub(super) halted: BTreeSet<Symbol>,
    pub(super) changes: Vec<StateChange>,
    /// What keeps orders in from outside; looked at before each send.
    pub(super) switch: Arc<dyn KillSwitch>,
}

impl State {
    /// Books the broker's fills up to `at` that are not booked yet.
    pub(super) fn sync(&mut self, at: DateTime<Utc>) {
        for fill in self.broker.fills(at) {
            if !self.booked.contains(&fill.exec_id) && self.book.apply(&fill).is_ok() {
                self.booked.insert(fill.exec_id);
            }
        }
    }

    /// Price in USD of `symbol` at `at`; from the close on, the official close.
    pub(super) fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal> {
        let px = if at >= self.hours.close {
            self.prices.close(symbol, self.hours.date)
        } else if at < self.hours.open {
            self.reference.previous_close.get(symbol).copied()
        } else {
            self.prices.price(symbol, at)
        };
        px.filter(|px| *px > Decimal::ZERO)
    }

    /// Prices in USD of every name that has one at `at`; before the open, previous closes.
    pub(super) fn prices(&self, at: DateTime<Utc>) -> BTreeMap<Symbol, Decimal> {
        let names = self.universe.keys().chain(self.book.positions.keys());
        names.filter_map(|name| Some((name.clone(), self.price(name, at)?))).collect()
    }

    /// The same as quotes of today's session; none before the open, as closes of yesterday are old.
    pub(super) fn quotes(&self, at: DateTime<Utc>) -> BTreeMap<Symbol, Quote> {
        if at < self.hours.open {
            return BTreeMap::new();
        }
        let session = self.hours.date;
        self.prices(at).into_iter().map(|(name, px)| (name, Quote { px, at, session })).collect()
    }

    /// The book at `at`, valued; raises the high-water mark.
    pub(super) fn value(&mut self, at: DateTime<Utc>) -> Result<Valuation, ValuationError> {
        self.sync(at);
        let valued = valuation::value(&self.book, &self.prices(at), &self.reference)?;
        let high = self.reference.high_water.map_or(valued.equity, |h| h.max(valued.equity));
        self.reference.high_water = Some(high);
        Ok(valued)
    }

    /// What the gate looks at, for an order sent at `send_at`.
    pub(super) fn context<'a>(
        &'a self,
        market: &'a Market,
        approved: Option<(&'a Plan, &'a Approval)>,
        send_at: DateTime<Utc>,
        parent: Option<ParentUse>,
    ) -> Context<'a> {
        Context {
            at: market.at,
            send_at,
            session: &self.session,
            limits: &self.limits,
            regime: self.regime,
            approved,
            universe: &self.universe,
            book: &self.book,
            working: &market.working,
            quotes: &market.quotes,
            halted: Some(&self.halted),
            day_return: market.day_return,
            drawdown: market.drawdown,
            history: &self.history,
            parent,
        }
    }

    /// The market as the gate sees it at `at`.
    pub(super) fn market(&mut self, at: DateTime<Utc>) -> Market {
        let valued = self.value(at).ok();
        Market {
            at,
            quotes: self.quotes(at),
            working: self.broker.working(at),
            day_return: valued.as_ref().and_then(|v| v.pnl_1d_frac),
            drawdown: valued.as_ref().and_then(|v| v.drawdown),
        }
    }
}

/// Inputs of the gate that change with every moment and order.
#[derive(Debug, Clone)]
pub(super) struct Market {
    pub(super) at: DateTime<Utc>,
    pub(super) quotes: BTreeMap<Symbol, Quote>,
    pub(super) working: Vec<Working>,
    pub(super) day_return: Option<f64>,
    pub(super) drawdown: Option<f64>,
}
