//! The desk's own record of its orders: how far each got, as far as we were told.

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::fact::{LoggedOrder, OrderEvent};
use crate::trading::{
    broker::{BrokerAck, CancelOutcome, OrderView},
    money,
    order::{ClOrdId, Fill, OrderSource, OrderState, OrderType},
    pretrade::{AutoPlan, OrderHistory, SentOrder},
    trade_plan::ApprovedBy,
};

/// Orders by their ids, in the order in which they were written down.
pub(super) type OrderLog = IndexMap<ClOrdId, OrderRecord>;

/// Times after an order became unknown at which the broker is asked for it, in seconds; the last
/// one repeats.
const POLLS: [i64; 4] = [1, 3, 10, 30];

/// Polls in a row that do not know an order, after which a simulated broker has never had it.
const ABSENT: usize = 3;

/// One order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrderRecord {
    pub(super) logged: LoggedOrder,
    pub(super) stage: OrderPhase,
    pub(super) cancel: Option<CancelRequest>,
}

/// How far an order got.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum OrderPhase {
    /// Written down; it never left.
    Logged,
    /// It was leaving when its sender died: whether it arrived is asked at the broker.
    Sent { at: DateTime<Utc> },
    /// It left, and what became of it is not known.
    InDoubt { since: DateTime<Utc>, why: String, absent: Vec<DateTime<Utc>> },
    /// The broker answered, or never had it.
    Acked(BrokerAck),
    /// Withdrawn before it left.
    Cancelled,
}

/// A wish to withdraw an order, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CancelRequest {
    pub(super) asked: DateTime<Utc>,
    /// With when it was given.
    pub(super) outcome: Option<(DateTime<Utc>, CancelOutcome)>,
}

impl OrderRecord {
    pub(super) fn new(logged: LoggedOrder) -> Self {
        Self { logged, stage: OrderPhase::Logged, cancel: None }
    }

    /// Takes in what happened to it. A stage is only ever followed by a later one, but for an order that
    /// was on its way when its sender died and never arrived: it is as it was before it left.
    pub(super) fn apply(&mut self, step: OrderEvent) {
        match step {
            OrderEvent::Sent { at } if self.stage == OrderPhase::Logged => {
                self.stage = OrderPhase::Sent { at }
            }
            OrderEvent::Unknown { at, why } if matches!(self.stage, OrderPhase::Sent { .. }) => {
                self.stage = OrderPhase::InDoubt { since: at, why, absent: Vec::new() };
            }
            OrderEvent::NotFound { at } => {
                if let OrderPhase::InDoubt { absent, .. } = &mut self.stage {
                    absent.push(at);
                }
            }
            OrderEvent::NotArrived { .. } if matches!(self.stage, OrderPhase::Sent { .. }) => {
                self.stage = OrderPhase::Logged;
            }
            OrderEvent::Acked(ack) => match self.stage {
                OrderPhase::Logged | OrderPhase::Sent { .. } | OrderPhase::InDoubt { .. } => {
                    self.stage = OrderPhase::Acked(ack);
                }
                OrderPhase::Acked(_) | OrderPhase::Cancelled => {}
            },
            OrderEvent::CancelRequested { at } => {
                self.cancel = Some(CancelRequest { asked: at, outcome: None });
            }
            OrderEvent::CancelAcked { at, outcome } => {
                if self.stage == OrderPhase::Logged {
                    self.stage = OrderPhase::Cancelled;
                }
                let asked = self.cancel.as_ref().map_or(at, |cancel| cancel.asked);
                self.cancel = Some(CancelRequest { asked, outcome: Some((at, outcome)) });
            }
            OrderEvent::Blocked { .. }
            | OrderEvent::Intent(_)
            | OrderEvent::Sent { .. }
            | OrderEvent::Unknown { .. }
            | OrderEvent::NotArrived { .. }
            | OrderEvent::Suppressed => {}
        }
    }

    pub(super) fn id(&self) -> &ClOrdId {
        &self.logged.placement.order.id
    }

    /// Shares of all slices that go out.
    pub(super) fn sent_qty(&self) -> i64 {
        self.logged.placement.slices.iter().map(|slice| slice.qty).sum()
    }

    /// Whether it went out, arrived or not.
    pub(super) const fn was_sent(&self) -> bool {
        match self.stage {
            OrderPhase::Sent { .. } | OrderPhase::InDoubt { .. } | OrderPhase::Acked(_) => true,
            OrderPhase::Logged | OrderPhase::Cancelled => false,
        }
    }

    /// How often the broker did not know it.
    pub(super) fn times_absent(&self) -> usize {
        match &self.stage {
            OrderPhase::InDoubt { absent, .. } => absent.len(),
            OrderPhase::Logged
            | OrderPhase::Sent { .. }
            | OrderPhase::Acked(_)
            | OrderPhase::Cancelled => 0,
        }
    }

    /// Whether it left and its fate is open.
    pub(super) const fn is_in_doubt(&self) -> bool {
        match self.stage {
            OrderPhase::Sent { .. } | OrderPhase::InDoubt { .. } => true,
            OrderPhase::Logged | OrderPhase::Acked(_) | OrderPhase::Cancelled => false,
        }
    }

    /// Whether the broker has answered it.
    pub(super) const fn broker_ack(&self) -> Option<&BrokerAck> {
        match &self.stage {
            OrderPhase::Acked(ack) => Some(ack),
            OrderPhase::Logged
            | OrderPhase::Sent { .. }
            | OrderPhase::InDoubt { .. }
            | OrderPhase::Cancelled => None,
        }
    }

    /// Whether somebody wants it withdrawn and the broker has not said that it is.
    pub(super) fn to_cancel(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| cancel.outcome.is_none())
    }

    /// Whether the broker's not knowing it counts at `at`: answers too close together are one.
    pub(super) fn absence_counts_at(&self, at: DateTime<Utc>) -> bool {
        let OrderPhase::InDoubt { since, absent, .. } = &self.stage else { return false };
        let after = |n: usize| {
            let last = POLLS.len() - 1;
            TimeDelta::seconds(POLLS.get(n.min(last)).copied().unwrap_or_default())
        };
        let n = absent.len();
        let gap = absent.last().map_or(*since, |last| *last + (after(n) - after(n - 1)));
        at >= gap.max(*since + after(n))
    }

    /// Why it never was at the broker, once that is proven; for a broker that settles in seconds.
    pub(super) fn proven_absent(&self) -> Option<String> {
        let OrderPhase::InDoubt { since, why, absent } = &self.stage else { return None };
        let asked: Vec<String> =
            absent.iter().map(|at| at.format("%H:%M:%S").to_string()).collect();
        (asked.len() >= ABSENT).then(|| {
            let since = since.format("%H:%M:%S");
            let asked = asked.join(", ");
            format!(
                "never arrived: {why} at {since}; not known when asked by its id at {asked} UTC"
            )
        })
    }

    /// How it stands at `at` by what we were told and `fills` that we booked.
    pub(super) fn view<'a>(
        &self,
        fills: impl Iterator<Item = &'a Fill>,
        at: DateTime<Utc>,
    ) -> OrderView {
        let own: Vec<Fill> =
            fills.filter(|fill| fill.order == *self.id() && fill.at <= at).cloned().collect();
        let (filled, qty) = (own.iter().map(|fill| fill.qty).sum::<i64>(), self.sent_qty());
        let (state, acked_at, leaves) = match &self.stage {
            OrderPhase::Acked(ack) => {
                let cancelled = self.cancel.as_ref().and_then(CancelRequest::withdrawn_at);
                return OrderView::from_parts(
                    self.logged.placement.clone(),
                    ack.clone(),
                    own,
                    cancelled,
                    at,
                );
            }
            OrderPhase::Logged => (OrderState::IntentLogged, self.logged.at, 0),
            OrderPhase::Cancelled => (OrderState::Cancelled, self.logged.at, 0),
            OrderPhase::Sent { at } => (OrderState::Sent, *at, qty - filled),
            OrderPhase::InDoubt { since, .. } => (OrderState::Unknown, *since, qty - filled),
        };
        let order = self.logged.placement.order.clone();
        let last_fill_at = own.iter().map(|fill| fill.at).max();
        OrderView { order, state, filled, leaves, acked_at, last_fill_at }
    }
}

impl CancelRequest {
    fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        match self.outcome {
            Some((at, CancelOutcome::Cancelled { .. })) => Some(at),
            Some((
                _,
                CancelOutcome::TooLate(_)
                | CancelOutcome::PendingCancel
                | CancelOutcome::Unknown
                | CancelOutcome::NoAnswer,
            ))
            | None => None,
        }
    }
}

/// Returns the orders sent before, for the checks of later orders; all but the order `except`. Shares
/// that were rejected, or cancelled before they traded, do not count.
pub(super) fn order_history(
    ledger: &OrderLog,
    fills: &IndexMap<String, Fill>,
    except: Option<&ClOrdId>,
) -> OrderHistory {
    let mut history = OrderHistory::default();
    for line in ledger.values().filter(|line| Some(line.id()) != except) {
        let rejected = line.broker_ack().is_some_and(|ack| ack.state == OrderState::Rejected);
        let cancelled = line.cancel.as_ref().and_then(CancelRequest::withdrawn_at);
        let own = fills.values().filter(|fill| fill.order == *line.id());
        let filled: i64 = own.map(|fill| fill.qty).sum();
        let traded = if rejected || cancelled.is_some() {
            filled
        } else {
            line.logged.placement.order.intent.qty
        };
        let until = if rejected { Some(DateTime::<Utc>::MIN_UTC) } else { cancelled };
        note(&mut history, &line.logged, (traded, until));
    }
    history
}

/// Adds an order of which `traded` shares count, and the slices that left before `until`.
fn note(
    history: &mut OrderHistory,
    logged: &LoggedOrder,
    (traded, until): (i64, Option<DateTime<Utc>>),
) {
    let (order, slices) = (&logged.placement.order, &logged.placement.slices);
    let intent = &order.intent;
    history.ids.insert(order.id.clone());
    history.orders += 1;
    history.traded_usd += money::signed_value(traded, intent.ref_px.max(Decimal::ZERO));
    for slice in slices {
        if intent.kind == OrderType::Twap
            && let Ok(child) = order.id.slice_id(slice.child)
        {
            history.ids.insert(child);
        }
        if until.is_some_and(|until| slice.from >= until) {
            continue;
        }
        history.sent.push(SentOrder {
            family: order.id.clone(),
            symbol: intent.symbol.clone(),
            side: intent.side,
            qty: slice.qty,
            at: slice.from,
        });
    }
    match order.source {
        OrderSource::Plan => {}
        OrderSource::Manual | OrderSource::ManualRetyped => {
            history.manual_qty.entry(intent.symbol.clone()).or_default().push(intent.qty);
        }
    }
    if logged.by == ApprovedBy::Policy {
        history.auto_plans.push(AutoPlan {
            plan_hash: order.plan_hash.clone(),
            symbol: intent.symbol.clone(),
            side: intent.side,
            at: logged.at,
        });
    }
}
