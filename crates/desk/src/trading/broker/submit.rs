//! How the simulated broker takes an order and gives one back; equal asks have equal effects.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    faults::OrderFault,
    sim::{BrokerError, SimBroker},
    ticket::{BrokerAck, BrokerTicket, CancelOutcome, Placement},
};
use crate::trading::{
    order::{ClOrdId, Fill, Order, OrderState, OrderType},
    twap::TwapSlice,
};

impl SimBroker {
    /// What submitting does; `trouble` is what goes wrong with it.
    pub(super) fn accept_order(
        &mut self,
        mut placement: Placement,
        at: DateTime<Utc>,
        trouble: Option<&OrderFault>,
    ) -> Result<BrokerAck, BrokerError> {
        let id = placement.order.id.clone();
        if let Some(known) = self.tickets.get(&id) {
            self.suppressed += 1;
            let ack = BrokerAck { duplicate: true, ..known.ack.clone() };
            return if ack.at > at { Err(BrokerError::NoAnswer) } else { Ok(ack) };
        }
        self.asked += 1;
        let mut slow = TimeDelta::zero();
        match trouble {
            Some(OrderFault::OrderLost) => return Err(BrokerError::NoAnswer),
            Some(OrderFault::Disconnect(length)) => {
                self.cuts.push((at, length.to_delta()));
                return Err(BrokerError::Disconnected);
            }
            Some(OrderFault::SlowAck(by)) => slow = by.to_delta(),
            Some(
                OrderFault::AckLost
                | OrderFault::DuplicateAck
                | OrderFault::Reject(_)
                | OrderFault::PartialFill(_),
            )
            | None => {}
        }
        let heard = at + slow;
        if placement.slices.is_empty() {
            placement.slices = vec![self.single_slice(&placement.order, heard)];
        }
        let reason = if let Some(OrderFault::Reject(why)) = trouble {
            Some(why.clone())
        } else {
            self.refusal(&placement, at)
        };
        let state = if reason.is_some() { OrderState::Rejected } else { OrderState::Acked };
        let ack = BrokerAck { id: id.clone(), state, at: heard, reason, duplicate: false };
        let fills = if ack.reason.is_some() {
            Vec::new()
        } else {
            self.fills_of(&placement, heard, trouble)
        };
        self.tickets
            .insert(id, BrokerTicket { placement, ack: ack.clone(), fills, cancelled: None });
        match trouble {
            Some(OrderFault::AckLost) => Err(BrokerError::NoAnswer),
            Some(OrderFault::SlowAck(_)) => {
                self.late.push(ack);
                Err(BrokerError::NoAnswer)
            }
            Some(OrderFault::DuplicateAck) => {
                self.late.push(ack.clone());
                Ok(ack)
            }
            Some(
                OrderFault::OrderLost
                | OrderFault::Disconnect(_)
                | OrderFault::Reject(_)
                | OrderFault::PartialFill(_),
            )
            | None => Ok(ack),
        }
    }

    /// The fills an order will get, less those that something keeps from happening.
    fn fills_of(
        &mut self,
        placement: &Placement,
        at: DateTime<Utc>,
        trouble: Option<&OrderFault>,
    ) -> Vec<Fill> {
        let mut used = std::mem::take(&mut self.used);
        let mut fills = self.market(placement.participation).fills(placement, at, &mut used);
        self.used = used;
        if let Some(OrderFault::PartialFill(percent)) = trouble {
            let all: i64 = fills.iter().map(|fill| fill.qty).sum();
            let mut room = all * i64::from(*percent) / 100;
            let mut dropped = Vec::new();
            for fill in &mut fills {
                let kept = fill.qty.min(room);
                room -= kept;
                dropped.push(Fill { qty: fill.qty - kept, ..fill.clone() });
                fill.qty = kept;
            }
            fills.retain(|fill| fill.qty > 0);
            self.release(&dropped);
        }
        fills
    }

    /// The one slice of an order that is not sliced: from now until the session is over.
    ///
    /// It outlasts the close by a moment, since the auction fills at the close itself.
    fn single_slice(&self, order: &Order, at: DateTime<Utc>) -> TwapSlice {
        let until = if order.intent.kind.at_close() {
            self.hours.close + TimeDelta::milliseconds(1)
        } else {
            self.hours.close
        };
        TwapSlice { child: 1, qty: order.intent.qty, from: at, until }
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
            return match self.market(placement.participation).cost_bps(order) {
                Some(_) => None,
                None => Some(format!("{} has no known volume or volatility", intent.symbol)),
            };
        };
        Some(text)
    }

    /// What cancelling does.
    pub(super) fn cancel_order(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        let (cutoff, close) = (self.hours.close_cutoff(), self.hours.close);
        let Some(ticket) = self.tickets.get_mut(id) else { return CancelOutcome::Unknown };
        let state = ticket.state(at);
        if state.is_final() {
            return CancelOutcome::TooLate(state);
        }
        if ticket.placement.order.intent.kind.at_close() && at > cutoff && at < close {
            return CancelOutcome::PendingCancel;
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
            let key = (fill.symbol.clone(), self.market(1.0).interval_index(fill.at));
            if let Some(taken) = self.used.get_mut(&key) {
                *taken -= fill.qty;
            }
        }
    }
}
