//! The broker the desk talks to: takes orders and cancels, and answers questions about a moment.

use std::{fmt, io, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    faults::{BrokerFaults, FaultPeriodKind, OrderFault, is_within},
    matching::{PromisedVolume, SimBrokerRules, SimMarket},
    ticket::{BrokerAck, BrokerTicket, CancelOutcome, OrderQueryResult, OrderView, Placement},
};
use crate::trading::{
    durable_log::DurableLog,
    instruments::{Instruments, PriceSource, SessionHours, TradingMode},
    order::{ClOrdId, Fill, Order},
    portfolio::Portfolio,
    pretrade::WorkingOrder,
    reconcile::AccountStatement,
    twap::{TwapSchedule, TwapSlice},
};
use engine::{
    math,
    port::{Durability, FactLog},
};

/// An account at the simulated broker for one session.
///
/// Fills are computed when an order is submitted and lie ahead in virtual time; every question takes
/// a moment and sees only what happened up to then. Callers ask about moments that do not run
/// backwards, since a cancel changes what lies ahead of it and nothing behind it.
///
/// What it was asked is in its log before it happens; opened on the same log it is the same again.
pub struct SimBroker {
    pub(super) terms: SimBrokerRules,
    pub(super) mode: TradingMode,
    pub(super) hours: SessionHours,
    pub(super) opening: Portfolio,
    pub(super) universe: Instruments,
    pub(super) prices: Arc<dyn PriceSource + Send + Sync>,
    pub(super) tickets: IndexMap<ClOrdId, BrokerTicket>,
    pub(super) used: PromisedVolume,
    /// Orders that were sent here, arrived or not.
    pub(super) asked: u32,
    pub(super) suppressed: u32,
    /// When the connection was lost with an order, and for how long.
    pub(super) cuts: Vec<(DateTime<Utc>, TimeDelta)>,
    /// Answers that arrive by themselves, each at the moment it bears.
    pub(super) late: Vec<BrokerAck>,
    faults: BrokerFaults,
    log: DurableLog<BrokerRequest>,
}

/// What a broker account starts the session with.
#[derive(Debug, Clone)]
pub struct BrokerAccount {
    /// Simulated or paper.
    pub mode: TradingMode,
    /// Today's session.
    pub hours: SessionHours,
    /// Positions and cash at the open.
    pub opening: Portfolio,
    /// Names and their volumes.
    pub universe: Instruments,
}

/// Why the broker did not answer. Both leave open what became of what was asked: a refusal is an
/// answer and no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// There is no connection.
    #[error("the broker cannot be reached")]
    Disconnected,
    /// The answer did not come in time.
    #[error("the broker did not answer in time")]
    NoAnswer,
}

/// What the broker was asked that changes something, as its log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BrokerRequest {
    /// The account, first of all.
    Open { opening: Portfolio, terms: SimBrokerRules },
    /// To take an order; with what went wrong then.
    Submit { placement: Placement, at: DateTime<Utc>, trouble: Option<OrderFault> },
    /// To withdraw one.
    Cancel { id: ClOrdId, at: DateTime<Utc> },
}

impl fmt::Debug for SimBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimBroker")
            .field("mode", &self.mode)
            .field("hours", &self.hours)
            .field("orders", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

impl SimBroker {
    /// Opens `account` under `terms`, with prices from `prices`, on what `log` remembers: an account
    /// that was opened before keeps the positions and terms it was opened with.
    ///
    /// # Errors
    ///
    /// A log that cannot be read or written.
    pub fn open(
        account: BrokerAccount,
        terms: SimBrokerRules,
        prices: Arc<dyn PriceSource + Send + Sync>,
        (log, faults): (Box<dyn FactLog>, BrokerFaults),
    ) -> io::Result<Self> {
        let BrokerAccount { mode, hours, opening, universe } = account;
        let (log, known) = DurableLog::open(log)?;
        let mut broker = Self {
            terms,
            mode,
            hours,
            opening,
            universe,
            prices,
            tickets: IndexMap::new(),
            used: PromisedVolume::new(),
            asked: 0,
            suppressed: 0,
            cuts: Vec::new(),
            late: Vec::new(),
            faults,
            log,
        };
        if known.is_empty() {
            let (opening, terms) = (broker.opening.clone(), broker.terms.clone());
            broker.log.write_now(
                &BrokerRequest::Open { opening, terms },
                Durability::SurvivesPowerLoss,
            )?;
        }
        for ask in known {
            broker.replay(ask);
        }
        Ok(broker)
    }

    fn replay(&mut self, ask: BrokerRequest) {
        match ask {
            BrokerRequest::Open { opening, terms } => (self.opening, self.terms) = (opening, terms),
            // What was answered then was answered then.
            BrokerRequest::Submit { placement, at, trouble } => {
                drop(self.accept_order(placement, at, trouble.as_ref()));
            }
            BrokerRequest::Cancel { id, at } => drop(self.cancel_order(&id, at)),
        }
    }

    /// Writes down what is asked. What cannot be written has not been asked.
    fn log_request(&mut self, ask: &BrokerRequest) -> Result<(), BrokerError> {
        let missed =
            self.log.reconcile_after_failure().map_err(|_unreadable| BrokerError::Disconnected)?;
        for ask in missed {
            self.replay(ask);
        }
        self.log
            .write_now(ask, Durability::SurvivesPowerLoss)
            .map_err(|_unwritten| BrokerError::Disconnected)
    }

    /// The mode the connection reports.
    #[must_use]
    pub const fn mode(&self) -> TradingMode {
        self.mode
    }

    /// How many orders were suppressed because their id was known.
    #[must_use]
    pub const fn duplicates_suppressed(&self) -> u32 {
        self.suppressed
    }

    pub(super) fn market(&self, participation: f64) -> SimMarket<'_> {
        SimMarket {
            terms: &self.terms,
            hours: &self.hours,
            universe: &self.universe,
            prices: self.prices.as_ref(),
            factor: if participation.is_nan() { 0.0 } else { participation.clamp(0.0, 1.0) },
        }
    }

    /// The slices of a TWAP order over `schedule`, the same for the same id and seed.
    #[must_use]
    pub fn slice(&self, order: &Order, schedule: &TwapSchedule) -> Vec<TwapSlice> {
        let seed = math::seed_from(order.id.as_str()) ^ self.terms.seed;
        let lot = self.universe.get(&order.intent.symbol).map_or(1, |known| known.lot);
        schedule.slices(order.intent.qty, lot, seed)
    }

    /// Whether the broker can be asked at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`].
    pub fn advance_to(&self, at: DateTime<Utc>) -> Result<(), BrokerError> {
        let spells = self.faults.active_at(self.hours.open, at);
        let mut cuts = self.cuts.iter();
        let cut = self.log.last_error().is_some()
            || cuts.any(|(from, length)| is_within(*from, *length, at))
            || spells.into_iter().any(|spell| *spell == FaultPeriodKind::Disconnect);
        if cut { Err(BrokerError::Disconnected) } else { Ok(()) }
    }

    /// Takes an order at `at`. An id that is known gets its first answer again, and nothing is sent.
    ///
    /// # Errors
    ///
    /// [`BrokerError`]; whether the order was taken is then to be asked by its id.
    pub fn submit(
        &mut self,
        placement: Placement,
        at: DateTime<Utc>,
    ) -> Result<BrokerAck, BrokerError> {
        self.advance_to(at)?;
        let id = &placement.order.id;
        let known = self.tickets.contains_key(id);
        let trouble = if known { None } else { self.faults.for_order(self.asked + 1, id) };
        self.log_request(&BrokerRequest::Submit {
            placement: placement.clone(),
            at,
            trouble: trouble.clone(),
        })?;
        self.accept_order(placement, at, trouble.as_ref())
    }

    /// Withdraws an order: fills after `at` do not happen, fills up to `at` stay.
    ///
    /// # Errors
    ///
    /// [`BrokerError`]; whether it was withdrawn is then not known.
    pub fn cancel(
        &mut self,
        id: &ClOrdId,
        at: DateTime<Utc>,
    ) -> Result<CancelOutcome, BrokerError> {
        self.advance_to(at)?;
        self.log_request(&BrokerRequest::Cancel { id: id.clone(), at })?;
        Ok(self.cancel_order(id, at))
    }

    /// What is known of the order with `id`: the one way out of an unknown outcome.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`].
    pub fn query(&self, id: &ClOrdId, at: DateTime<Utc>) -> Result<OrderQueryResult, BrokerError> {
        self.advance_to(at)?;
        Ok(match self.tickets.get(id) {
            None => OrderQueryResult::NotFound,
            Some(ticket) if ticket.ack.at > at => OrderQueryResult::Pending,
            Some(ticket) => OrderQueryResult::Found(ticket.ack.clone()),
        })
    }

    /// Answers that came by themselves up to `at`, each once.
    pub fn drain_late_acks(&mut self, at: DateTime<Utc>) -> Vec<BrokerAck> {
        if self.late.is_empty() || self.advance_to(at).is_err() {
            return Vec::new();
        }
        self.late.extract_if(.., |ack| ack.at <= at).collect()
    }

    /// The order with `id` as it stands at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`].
    pub fn order(&self, id: &ClOrdId, at: DateTime<Utc>) -> Result<Option<OrderView>, BrokerError> {
        self.advance_to(at)?;
        Ok(self.tickets.get(id).map(|ticket| ticket.view(at)))
    }

    /// Every order taken, in order of submission, as it stands at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`].
    pub fn orders(&self, at: DateTime<Utc>) -> Result<Vec<OrderView>, BrokerError> {
        self.advance_to(at)?;
        Ok(self.tickets.values().map(|ticket| ticket.view(at)).collect())
    }

    /// Fills up to `at`, in order of time, then of execution id.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`].
    pub fn fills(&self, at: DateTime<Utc>) -> Result<Vec<Fill>, BrokerError> {
        self.advance_to(at)?;
        Ok(self.filled(at))
    }

    fn filled(&self, at: DateTime<Utc>) -> Vec<Fill> {
        let all = self.tickets.values().flat_map(|ticket| &ticket.fills);
        let mut fills: Vec<Fill> = all.filter(|fill| fill.at <= at).cloned().collect();
        fills.sort_by(|a, b| (a.at, &a.exec_id).cmp(&(b.at, &b.exec_id)));
        fills
    }

    /// What the broker says of the account at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Disconnected`]: an account that cannot be asked about is not flat.
    pub fn statement(&self, at: DateTime<Utc>) -> Result<AccountStatement, BrokerError> {
        self.advance_to(at)?;
        let book = self.book(at);
        let mut positions = book.shares();
        for spell in self.faults.active_at(self.hours.open, at) {
            if let FaultPeriodKind::PositionMismatch { symbol, shares } = spell {
                positions.insert(symbol.clone(), *shares);
            }
        }
        Ok(AccountStatement {
            cash: book.cash,
            positions,
            working: self.working_orders(at),
            fills: self.filled(at),
            ..AccountStatement::default()
        })
    }

    /// Orders that may still fill at `at`, in order of submission.
    fn working_orders(&self, at: DateTime<Utc>) -> Vec<WorkingOrder> {
        let views = self.tickets.values().map(|ticket| ticket.view(at));
        views.filter(|view| !view.state.is_final()).map(|view| view.working_order()).collect()
    }

    /// Positions and cash at `at`, from the opening and the fills up to then.
    pub(super) fn book(&self, at: DateTime<Utc>) -> Portfolio {
        let mut book = self.opening.clone();
        for fill in self.filled(at) {
            // The matching makes only fills with shares and a price, far below all size limits.
            let booked = book.book_fill(&fill);
            debug_assert!(booked.is_ok(), "the broker made a fill that cannot be booked");
        }
        book
    }
}
