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
    factor: f64,
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
            factor: 1.0,
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

    /// Sets the regime's factor on the participation, 0 to 1, for orders submitted from now on.
    pub fn set_participation(&mut self, factor: f64) {
        self.factor = if factor.is_nan() { 0.0 } else { factor.clamp(0.0, 1.0) };
    }

    fn market(&self) -> Market<'_> {
        Market {
            terms: &self.terms,
            hours: &self.hours,
            universe: &self.universe,
            prices: self.prices.as_ref(),
            factor: self.factor,
        }
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
                factor: self.factor,
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
            return match self.market().cost_bps(order) {
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
            let key = (fill.symbol.clone(), self.market().interval(fill.at));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::{
        market_facts::Instrument,
        order::{Intent, Source, Tif},
        symbol::Side,
        testing::{self, dec, hours, minute},
    };

    fn broker(start: &str, step: &str, adv: f64) -> SimBroker {
        let known = Instrument { adv20: Some(adv), sigma_1d: Some(0.0), ..Instrument::default() };
        let universe =
            ["AAA", "ZZZ"].map(|n| (testing::symbol(n), known.clone())).into_iter().collect();
        let opening = Portfolio::opening(dec("100000"), &std::collections::BTreeMap::new());
        let account = Account { mode: Mode::Sim, hours: hours(), opening, universe };
        SimBroker::new(account, Terms::default(), testing::line(start, step))
    }

    fn order(id: &str, change: impl FnOnce(&mut Intent)) -> Placement {
        let mut intent = testing::intent("AAA", 100, "50");
        change(&mut intent);
        let order = Order {
            id: ClOrdId::parse(id).unwrap(),
            parent: None,
            intent,
            mode: Mode::Sim,
            account: "demo".into(),
            plan_hash: String::new(),
            source: Source::Plan,
        };
        Placement { order, slices: Vec::new() }
    }

    fn limit(px: &str) -> impl FnOnce(&mut Intent) {
        let px = dec(px);
        move |intent| (intent.kind, intent.limit_px) = (OrderType::Limit, Some(px))
    }

    #[test]
    fn a_limit_is_filled_once_the_path_goes_a_tick_beyond_it() {
        // The path falls from $50 by a cent a minute: $49.90 after ten.
        let mut broker = broker("50", "-0.01", 1e6);
        broker.submit(vec![order("A", limit("49.90"))], minute(0));
        let fills = broker.fills(hours().close);
        assert_eq!(fills.len(), 1);
        assert!(fills[0].at >= minute(11) && fills[0].price == dec("49.90"), "{fills:?}");
        let id = ClOrdId::parse("A").unwrap();
        assert_eq!(broker.order(&id, minute(10)).unwrap().state, OrderState::Acked);
        assert_eq!(broker.order(&id, minute(12)).unwrap().state, OrderState::Filled);
        broker.submit(vec![order("B", limit("46.11"))], minute(12));
        let id = ClOrdId::parse("B").unwrap();
        assert_eq!(broker.order(&id, hours().close).unwrap().state, OrderState::Expired);
    }

    #[test]
    fn no_more_than_a_tenth_of_an_interval_is_filled_and_orders_share_it() {
        // 7,800 shares a day are 100 in five minutes, a tenth of which is 10.
        let mut broker = broker("50", "0", 7_800.0);
        let big = |id| order(id, |intent| intent.qty = 25);
        broker.submit(vec![big("A"), big("B")], minute(0));
        for k in 0..5 {
            let filled: i64 = broker.fills(minute(5 * k + 4)).iter().map(|fill| fill.qty).sum();
            assert_eq!(filled, 10 * (k + 1));
        }
        assert_eq!(broker.book(minute(60)).qty(&testing::symbol("AAA")), 50);
    }

    #[test]
    fn a_cancel_gives_its_volume_back_to_others() {
        let mut broker = broker("50", "0", 7_800.0);
        let big = |id| order(id, |intent| intent.qty = 500);
        broker.submit(vec![big("A")], minute(0));
        let id = ClOrdId::parse("A").unwrap();
        assert_eq!(broker.cancel(&id, minute(2)), CancelOutcome::Cancelled { leaves: 490 });
        assert_eq!(broker.cancel(&id, minute(3)), CancelOutcome::TooLate(OrderState::Cancelled));
        broker.submit(vec![big("B")], minute(4));
        let later = broker.fills(minute(9));
        assert_eq!(later.iter().map(|fill| fill.qty).collect::<Vec<_>>(), [10, 10]);
        assert_eq!(broker.cancel(&ClOrdId::parse("C").unwrap(), minute(5)), CancelOutcome::Unknown);
    }

    #[test]
    fn a_missing_price_never_fills() {
        let mut broker = broker("50", "0", 1e6);
        let none = order("A", |intent| intent.symbol = testing::symbol("ZZZ"));
        assert_eq!(broker.submit(vec![none], minute(0))[0].state, OrderState::Acked);
        assert_eq!(broker.fills(hours().close), []);
    }

    #[test]
    fn closing_orders_fill_at_the_close_and_are_frozen_after_the_cutoff() {
        let mut broker = broker("50", "0.01", 1e6);
        let moc = |id| order(id, |intent| intent.kind = OrderType::Moc);
        broker.submit(vec![moc("A"), moc("B")], minute(300));
        let (a, b) = (ClOrdId::parse("A").unwrap(), ClOrdId::parse("B").unwrap());
        assert!(matches!(broker.cancel(&a, minute(379)), CancelOutcome::Cancelled { .. }));
        assert_eq!(broker.cancel(&b, minute(381)), CancelOutcome::Frozen);
        assert_eq!(broker.fills(minute(389)), []);
        let fills = broker.fills(hours().close);
        // One basis point above the close of $53.90, half the spread.
        assert_eq!((fills.len(), fills[0].price), (1, dec("53.9054")));
        assert_eq!(broker.submit(vec![moc("C")], minute(381))[0].state, OrderState::Rejected);
    }

    #[test]
    fn what_makes_no_sense_is_rejected_with_a_reason_and_stays_rejected() {
        let mut broker = broker("50", "0", 1e6);
        let bad = vec![
            order("A", |intent| intent.qty = 0),
            order("B", |intent| intent.kind = OrderType::Limit),
            order("C", |intent| intent.symbol = testing::symbol("QQQ")),
            Placement {
                slices: vec![Slice { child: 1, qty: 101, from: minute(1), until: minute(9) }],
                ..order("D", |_| {})
            },
        ];
        for ack in broker.submit(bad, minute(1)) {
            assert!(ack.state == OrderState::Rejected && ack.reason.is_some(), "{ack:?}");
        }
        let late = broker.submit(vec![order("E", |intent| intent.side = Side::Sell)], minute(390));
        assert_eq!(late[0].state, OrderState::Rejected);
        let again = broker.submit(vec![order("A", |intent| intent.tif = Tif::Ioc)], minute(2));
        assert!(again[0].duplicate && again[0].state == OrderState::Rejected);
    }
}
