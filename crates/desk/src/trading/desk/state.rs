//! What stands behind the desk's lock: what it knows, the broker it talks to, and its log.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{
    fact::DeskFact,
    kill_switch::KillSwitch,
    memory::DeskMemory,
    order_log::{self, OrderRecord},
    trading_state::TradingStateChange,
};
use crate::trading::{
    broker::{BrokerError, OrderView, SimBroker},
    durable_log::DurableLog,
    instruments::{Instruments, PriceSource, SessionHours},
    limits::TradingState,
    order::{ClOrdId, OrderState},
    pretrade::{CheckContext, OrderHistory, ParentUse, Quote, WorkingOrder},
    symbol::Symbol,
    trade_plan::{Approval, TradePlan},
    valuation::{self, Valuation, ValuationError},
};

/// The desk of one day, shared by all agents.
pub struct Desk {
    inner: Mutex<DeskState>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Desk")
            .field("state", &state.memory.session.state)
            .field("plans", &state.memory.plans.len())
            .field("broker", &state.broker)
            .field("log", &state.log)
            .finish_non_exhaustive()
    }
}

impl Desk {
    pub(super) fn from_state(state: DeskState) -> Self {
        Self { inner: Mutex::new(state) }
    }

    /// The state, if nobody holds it now.
    pub(super) fn try_lock(&self) -> Option<MutexGuard<'_, DeskState>> {
        match self.inner.try_lock() {
            Ok(state) => Some(state),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The state, for one call. A panic elsewhere leaves whole values behind, as every change of
    /// them ends in one assignment; so a poisoned lock is taken all the same.
    pub(super) fn lock(&self) -> MutexGuard<'_, DeskState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything behind the lock.
pub(super) struct DeskState {
    pub(super) memory: DeskMemory,
    pub(super) hours: SessionHours,
    pub(super) universe: Instruments,
    pub(super) prices: Arc<dyn PriceSource + Send + Sync>,
    pub(super) broker: SimBroker,
    pub(super) log: DurableLog<DeskFact>,
    /// The latest moment anything was asked at.
    pub(super) last: DateTime<Utc>,
    /// What keeps orders in from outside; looked at before each send.
    pub(super) switch: Arc<dyn KillSwitch>,
}

/// An order that was answered, as it stands while the broker cannot be asked: what is not booked may have
/// filled.
fn as_unheard(mut view: OrderView, line: &OrderRecord) -> OrderView {
    match view.state {
        OrderState::Filled | OrderState::Cancelled | OrderState::Rejected => {}
        OrderState::Expired
        | OrderState::IntentLogged
        | OrderState::Sent
        | OrderState::Acked
        | OrderState::Partial
        | OrderState::Unknown => {
            view.state = OrderState::Unknown;
            view.leaves = line.sent_qty() - view.filled;
        }
    }
    view
}

impl DeskState {
    /// Writes a fact and takes it in; a fact that cannot be written does not hold.
    pub(super) fn append_fact(&mut self, fact: DeskFact) -> io::Result<()> {
        let written = self.flush_log().and_then(|()| self.log.write_now(&fact, fact.durability()));
        if written.is_ok() {
            self.memory.apply(fact);
        } else {
            self.halt_unwritten();
        }
        written
    }

    /// Takes in a fact that holds whether it can be written or not: what was learnt, and brakes.
    pub(super) fn record_fact(&mut self, fact: DeskFact) {
        // What cannot be settled now stays to be settled.
        let _still_failing = self.flush_log();
        self.log.write_deferred(&fact, fact.durability());
        self.memory.apply(fact);
        if self.log.last_error().is_some() {
            self.halt_unwritten();
        }
    }

    fn flush_log(&mut self) -> io::Result<()> {
        for missed in self.log.reconcile_after_failure()? {
            self.memory.apply(missed);
        }
        Ok(())
    }

    /// A desk that cannot write sends nothing, and stays so until somebody re-arms it.
    fn halt_unwritten(&mut self) {
        let from = self.memory.session.state;
        if from < TradingState::Halted {
            let why = self.log.last_error().unwrap_or_default();
            let reason = format!("the desk's log cannot be written: {why}");
            let (at, by, to) = (self.last, "desk".into(), TradingState::Halted);
            let change = DeskFact::State(TradingStateChange { at, from, to, by, reason });
            self.log.write_deferred(&change, change.durability());
            self.memory.apply(change);
        }
    }

    /// Price in USD of `symbol` at `at`; from the close on, the official close.
    pub(super) fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal> {
        let px = if at >= self.hours.close {
            self.prices.close(symbol, self.hours.date)
        } else if at < self.hours.open {
            self.memory.reference.previous_close.get(symbol).copied()
        } else {
            self.prices.price(symbol, at)
        };
        px.filter(|px| *px > Decimal::ZERO)
    }

    /// Prices in USD of every name that has one at `at`; before the open, previous closes.
    pub(super) fn prices(&self, at: DateTime<Utc>) -> BTreeMap<Symbol, Decimal> {
        let names = self.universe.keys().chain(self.memory.book.positions.keys());
        names.filter_map(|name| Some((name.clone(), self.price(name, at)?))).collect()
    }

    /// Prices as quotes of today's session; none before the open, as closes of yesterday are old.
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
        let valued =
            valuation::value_book(&self.memory.book, &self.prices(at), &self.memory.reference)?;
        if self.memory.reference.high_water.is_none_or(|high| high < valued.equity) {
            self.record_fact(DeskFact::HighWater(valued.equity));
        }
        Ok(valued)
    }

    /// Our orders as they stand at `at`: by what the broker says of those it has answered, by our own
    /// record of the others. While it cannot be asked, how far they are is not known, unless our record
    /// shows that nothing more can happen to them.
    pub(super) fn orders(&self, at: DateTime<Utc>) -> Vec<OrderView> {
        let theirs: Result<Vec<OrderView>, BrokerError> = self.broker.orders(at);
        let away = theirs.is_err();
        let theirs: BTreeMap<ClOrdId, OrderView> =
            theirs.into_iter().flatten().map(|view| (view.order.id.clone(), view)).collect();
        let lines = self.memory.ledger.values().filter(|line| line.logged.at <= at);
        lines
            .map(|line| match (line.broker_ack(), theirs.get(line.id())) {
                (Some(_), Some(view)) => view.clone(),
                (Some(_), None) if away => {
                    as_unheard(line.view(self.memory.fills.values(), at), line)
                }
                (Some(_), None) | (None, _) => line.view(self.memory.fills.values(), at),
            })
            .collect()
    }

    /// Our orders that may still fill at `at`. One in doubt counts whole; one that never left does not.
    pub(super) fn working_orders(&self, at: DateTime<Utc>) -> Vec<WorkingOrder> {
        let open = self.orders(at).into_iter();
        let open = open.filter(|v| !v.state.is_final() && v.state != OrderState::IntentLogged);
        open.map(|view| view.working_order()).collect()
    }

    /// What the gate looks at, for an order sent at `send_at`.
    pub(super) fn check_context<'a>(
        &'a self,
        market: &'a MarketSnapshot,
        approved: Option<(&'a TradePlan, &'a Approval)>,
        send_at: DateTime<Utc>,
        parent: Option<ParentUse>,
    ) -> CheckContext<'a> {
        CheckContext {
            at: market.at,
            send_at,
            session: &self.memory.session,
            limits: &self.memory.limits,
            regime: self.memory.regime,
            approved,
            universe: &self.universe,
            book: &self.memory.book,
            working: &market.working,
            quotes: &market.quotes,
            halted: Some(&self.memory.halted),
            day_return: market.day_return,
            drawdown: market.drawdown,
            history: &market.history,
            parent,
        }
    }

    /// The market as the gate sees it at `at`, and what was sent before, all but the order `except`.
    pub(super) fn market_snapshot(
        &mut self,
        at: DateTime<Utc>,
        except: Option<&ClOrdId>,
    ) -> MarketSnapshot {
        let valued = self.value(at).ok();
        MarketSnapshot {
            at,
            quotes: self.quotes(at),
            working: self.working_orders(at),
            day_return: valued.as_ref().and_then(|v| v.pnl_1d_frac),
            drawdown: valued.as_ref().and_then(|v| v.drawdown),
            history: order_log::order_history(&self.memory.ledger, &self.memory.fills, except),
        }
    }
}

/// Inputs of the gate that change with every moment and order.
#[derive(Debug, Clone)]
pub(super) struct MarketSnapshot {
    pub(super) at: DateTime<Utc>,
    pub(super) quotes: BTreeMap<Symbol, Quote>,
    pub(super) working: Vec<WorkingOrder>,
    pub(super) day_return: Option<f64>,
    pub(super) drawdown: Option<f64>,
    pub(super) history: OrderHistory,
}
