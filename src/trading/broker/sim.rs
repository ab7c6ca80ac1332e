//! The broker the desk talks to: takes orders and cancels, and answers questions about a moment.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::{
    matching::{Market, Terms, Used},
    ticket::{Ack, CancelOutcome, OrderView, Placement, Ticket},
};
use crate::{
    math,
    trading::{
        gate::Working,
        market_facts::{Hours, Mode, PriceSource, Universe},
        order::{ClOrdId, Fill, Order, OrderState, OrderType},
        portfolio::Portfolio,
        twap::{Schedule, Slice},
    },
};

/// An account at the simulated broker for one session.
///
/// Fills are computed when an order is submitted and lie ahead in virtual time; every question takes
/// a moment and sees only what happened up to then. Callers ask about moments that do not run
/// backwards, since a cancel changes what lies ahead of it and nothing behind it.
pub struct SimBroker {
    terms: Terms,
    mode: Mode,
    hours: Hours,
    opening: Portfolio,
    universe: Universe,
    prices: Arc<dyn PriceSource + Send + Sync>,
    tickets: IndexMap<ClOrdId, Ticket>,
    used: Used,
    suppressed: u32,
}

/// What a broker account starts the session with.
pub struct Account {
    /// Simulated or paper.
    pub mode: Mode,
    /// Today's session.
    pub hours: Hours,
    /// Positions and cash at the open.
    pub opening: Portfolio,
    /// Names and their volumes.
    pub universe: Universe,
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
    /// Opens `account` under `terms`, with prices from `prices`.
    #[must_use]
    pub fn new(account: Account, terms: Terms, prices: Arc<dyn PriceSource + Send + Sync>) -> Self {
        let Account { mode, hours, opening, universe } = account;
        Self {
            terms,
            mode,
            hours,
            opening,
            universe,
            prices,
            tickets: IndexMap::new(),
            used: Used::new(),
            suppressed: 0,
        }
    }

    /// The mode the connection reports.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// How many orders were suppressed because their id was known.
    #[must_use]
    pub const fn suppressed(&self) -> u32 {
        self.suppressed
    }

    /// The slices of a TWAP order over `schedule`, the same for the same id and seed.
    #[must_use]
    pub fn slice(&self, order: &Order, schedule: &Schedule) -> Vec<Slice> {
        let seed = math::seed_from(order.id.as_str()) ^ self.terms.seed;
        let lot = self.universe.get(&order.intent.symbol).map_or(1, |known| known.lot);
        schedule.slices(order.intent.qty, lot, seed)
    }

    /// Takes orders at `at`. An id that is known gets its first answer again, and nothing is sent.
    pub fn submit(&mut self, placements: Vec<Placement>, at: DateTime<Utc>) -> Vec<Ack> {
        placements.into_iter().map(|placement| self.place(placement, at)).collect()
    }

    fn place(&mut self, mut placement: Placement, at: DateTime<Utc>) -> Ack {
        let id = placement.order.id.clone();
        if let Some(known) = self.tickets.get(&id) {
            self.suppressed += 1;
            return Ack { duplicate: true, ..known.ack.clone() };
        }
        if placement.slices.is_empty() {
            placement.slices = vec![self.whole(&placement.order, at)];
        }
        let reason = self.refusal(&placement, at);
        let state = if reason.is_some() { OrderState::Rejected } else { OrderState::Acked };
        let ack = Ack { id: id.clone(), state, at, reason, duplicate: false };
        let fills = if ack.reason.is_some() {
            Vec::new()
        } else {
            let market = Market {
                terms: &self.terms,
                hours: &self.hours,
                universe: &self.universe,
                prices: self.prices.as_ref(),
            };
            market.fills(&placement, at, &mut self.used)
        };
        self.tickets.insert(id, Ticket { placement, ack: ack.clone(), fills, cancelled: None });
        ack
    }

    /// The one slice of an order that is not sliced: from now until the session is over.
    ///
    /// It outlasts the close by a moment, since the auction fills at the close itself.
    fn whole(&self, order: &Order, at: DateTime<Utc>) -> Slice {
        let until = if order.intent.kind.at_close() {
            self.hours.close + chrono::TimeDelta::milliseconds(1)
        } else {
            self.hours.close
        };
        Slice { child: 1, qty: order.intent.qty, from: at, until }
    }

    /// Why the broker does not take an order.
    fn refusal(&self, placement: &Placement, at: DateTime<Utc>) -> Option<String> {
        let (order, intent) = (&placement.order, &placement.order.intent);
        let total = placement.slices.iter().try_fold(0_i64, |sum, s| sum.checked_add(s.qty));
        let sound = placement.slices.iter().all(|slice| slice.qty > 0);
        let needs_limit = matches!(intent.kind, OrderType::Limit | OrderType::Loc);
        let text = if order.mode != self.mode {
            format!("order is for {}, the account is {}", order.mode, self.mode)
        } else if !self.universe.contains_key(&intent.symbol) {
            format!("{} is not known here", intent.symbol)
        } else if intent.qty <= 0 || !sound {
            "a quantity is not above 0".into()
        } else if total.is_none_or(|total| total > intent.qty) {
            format!("slices exceed their parent of {} shares", intent.qty)
        } else if needs_limit && intent.limit_px.is_none() {
            "a limit order without a limit".into()
        } else if !self.hours.is_open(at) {
            format!("the session is closed at {at}")
        } else if intent.kind.at_close() && at > self.hours.close_cutoff() {
            format!("orders for the close were taken until {}", self.hours.close_cutoff())
        } else {
            let market = Market {
                terms: &self.terms,
                hours: &self.hours,
                universe: &self.universe,
                prices: self.prices.as_ref(),
            };
            return match market.cost_bps(order) {
                Some(_) => None,
                None => Some(format!("{} has no known volume or volatility", intent.symbol)),
            };
        };
        Some(text)
    }

    /// Withdraws an order: fills after `at` do not happen, fills up to `at` stay.
    pub fn cancel(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        let (cutoff, close) = (self.hours.close_cutoff(), self.hours.close);
        let Some(ticket) = self.tickets.get_mut(id) else { return CancelOutcome::Unknown };
        let state = ticket.state(at);
        if state.is_final() {
            return CancelOutcome::TooLate(state);
        }
        if ticket.placement.order.intent.kind.at_close() && at > cutoff && at < close {
            return CancelOutcome::Frozen;
        }
        let view = ticket.view(at);
        let (kept, dropped): (Vec<Fill>, Vec<Fill>) =
            std::mem::take(&mut ticket.fills).into_iter().partition(|fill| fill.at <= at);
        ticket.fills = kept;
        ticket.cancelled = Some(at);
        self.release(&dropped);
        CancelOutcome::Cancelled { leaves: view.leaves }
    }

    /// Gives back the volume of fills that will not happen.
    fn release(&mut self, dropped: &[Fill]) {
        for fill in dropped {
            let market = Market {
                terms: &self.terms,
                hours: &self.hours,
                universe: &self.universe,
                prices: self.prices.as_ref(),
            };
            let key = (fill.symbol.clone(), market.interval(fill.at));
            if let Some(taken) = self.used.get_mut(&key) {
                *taken -= fill.qty;
            }
        }
    }

    /// Withdraws every order that may still fill; answers in order of submission.
    pub fn cancel_all(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let open: Vec<ClOrdId> = self
            .tickets
            .iter()
            .filter(|(_, ticket)| !ticket.state(at).is_final())
            .map(|(id, _)| id.clone())
            .collect();
        open.into_iter().map(|id| (id.clone(), self.cancel(&id, at))).collect()
    }

    /// The order with `id` as it stands at `at`: the one way out of an unknown outcome.
    #[must_use]
    pub fn order(&self, id: &ClOrdId, at: DateTime<Utc>) -> Option<OrderView> {
        self.tickets.get(id).filter(|ticket| ticket.ack.at <= at).map(|ticket| ticket.view(at))
    }

    /// Every order answered up to `at`, in order of submission.
    #[must_use]
    pub fn orders(&self, at: DateTime<Utc>) -> Vec<OrderView> {
        let known = self.tickets.values().filter(|ticket| ticket.ack.at <= at);
        known.map(|ticket| ticket.view(at)).collect()
    }

    /// Orders that may still fill at `at`, in order of submission.
    #[must_use]
    pub fn working(&self, at: DateTime<Utc>) -> Vec<Working> {
        let open = self.orders(at).into_iter().filter(|view| !view.state.is_final());
        open.map(|view| view.working()).collect()
    }

    /// Fills up to `at`, in order of time, then of execution id.
    #[must_use]
    pub fn fills(&self, at: DateTime<Utc>) -> Vec<Fill> {
        let all = self.tickets.values().flat_map(|ticket| &ticket.fills);
        let mut fills: Vec<Fill> = all.filter(|fill| fill.at <= at).cloned().collect();
        fills.sort_by(|a, b| (a.at, &a.exec_id).cmp(&(b.at, &b.exec_id)));
        fills
    }

    /// Positions and cash at `at`, from the opening and the fills up to then.
    #[must_use]
    pub fn book(&self, at: DateTime<Utc>) -> Portfolio {
        let mut book = self.opening.clone();
        for fill in self.fills(at) {
            // The matching makes only fills with shares and a price, far below all size limits.
            let booked = book.apply(&fill);
            debug_assert!(booked.is_ok(), "the broker made a fill that cannot be booked");
        }
        book
    }
}
