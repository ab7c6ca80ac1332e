//! The desk's orders as reported to operators.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::{
    order_log::{CancelRequest, OrderPhase, OrderRecord},
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{CancelOutcome, OrderView},
    money,
    order::{Fill, OrderState},
    sizing::expected_bps,
    trade_plan::TradePlan,
};
use engine::{OrderReport, ReportedOrder, ReportedPosition, ReportedState};

impl Desk {
    /// Returns the orders as they stand at `at`; `None` at once while another call holds the desk.
    #[must_use]
    pub fn try_report(&self, at: DateTime<Utc>) -> Option<OrderReport> {
        let state = self.try_lock()?;
        let positions = state.position_rows(at);
        if state.memory.ledger.is_empty() {
            return Some(OrderReport { positions, ..OrderReport::default() });
        }
        let fault = state.broker.advance_to(at).err().map(|error| error.to_string());
        let fills = state.fills(at);
        let reported = state.orders(at).into_iter().filter_map(|view| {
            let record = state.memory.ledger.get(&view.order.id)?;
            Some(state.order_row(record, &view, &fills))
        });
        Some(OrderReport { orders: reported.collect(), fault, positions })
    }
}

impl DeskState {
    /// Lists the open positions at prices of the minute: a report that changes with every price would be sent
    /// to every console each second.
    fn position_rows(&self, at: DateTime<Utc>) -> Vec<ReportedPosition> {
        let prices = self.prices(at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at));
        let open = self.memory.book.positions.iter().filter(|(_, held)| held.qty != 0);
        let rows = open.map(|(symbol, held)| {
            let closes = &self.memory.reference.previous_close;
            let px = prices.get(symbol).or_else(|| closes.get(symbol)).copied();
            let px = px.or_else(|| held.avg_cost()).unwrap_or_default();
            let value = money::to_f64(money::signed_value(held.qty, px));
            let bps = self.universe.get(symbol).and_then(|known| expected_bps(known, held.qty));
            ReportedPosition {
                symbol: symbol.to_string(),
                qty: held.qty,
                value,
                exit_cost: bps.map(|bps| value.abs() * bps / 1e4),
            }
        });
        rows.collect()
    }

    fn order_row(&self, record: &OrderRecord, view: &OrderView, fills: &[Fill]) -> ReportedOrder {
        let own: Vec<&Fill> = fills.iter().filter(|fill| fill.order == view.order.id).collect();
        let paid: Decimal = own.iter().map(|fill| fill.price * Decimal::from(fill.qty)).sum();
        let qty: i64 = own.iter().map(|fill| fill.qty).sum();
        let state = reported_state(view.state);
        let cancelled = record.cancel.as_ref().and_then(|cancel| cancel.outcome.map(|(at, _)| at));
        let plan = self.memory.plans.get(&view.order.plan_hash);
        ReportedOrder {
            id: view.order.id.to_string(),
            plan: plan.map_or_else(String::new, TradePlan::root_prefix),
            symbol: view.order.intent.symbol.to_string(),
            side: view.order.intent.side.to_string(),
            ordered: view.order.intent.qty,
            filled: view.filled,
            leaves: view.leaves,
            average: money::ratio_to_f64(paid, Decimal::from(qty)),
            state,
            since: record.logged.at,
            ended: view.state.is_final().then(|| {
                let last = view.last_fill_at.max(cancelled).unwrap_or(view.acked_at);
                last.max(view.acked_at)
            }),
            word: last_word(record, view.state, own.last().copied()),
        }
    }
}

const fn reported_state(state: OrderState) -> ReportedState {
    match state {
        OrderState::IntentLogged => ReportedState::Logged,
        OrderState::Sent => ReportedState::Sent,
        OrderState::Acked => ReportedState::Acked,
        OrderState::Partial => ReportedState::Partial,
        OrderState::Filled => ReportedState::Filled,
        OrderState::Cancelled => ReportedState::Cancelled,
        OrderState::Rejected => ReportedState::Rejected,
        OrderState::Expired => ReportedState::Expired,
        OrderState::Unknown => ReportedState::Unknown,
    }
}

/// Returns the last word of the broker about an order.
fn last_word(record: &OrderRecord, state: OrderState, fill: Option<&Fill>) -> String {
    if let Some(cancel) = &record.cancel {
        return cancel_word(cancel);
    }
    let filled = |fill: &Fill| format!("fill {} @ {}", fill.qty, fill.price.normalize());
    match &record.stage {
        OrderPhase::Logged => "not sent".into(),
        OrderPhase::Cancelled => "cancelled before it was sent".into(),
        OrderPhase::Sent { .. } => "no reply yet".into(),
        OrderPhase::InDoubt { why, absent, .. } if absent.is_empty() => why.clone(),
        OrderPhase::InDoubt { why, absent, .. } => {
            format!("{why}; unknown to the broker in {} of {} probes", absent.len(), absent.len())
        }
        OrderPhase::Acked(ack) => match (&ack.reason, fill) {
            (Some(reason), _) => reason.clone(),
            (None, Some(fill)) => filled(fill),
            (None, None) if state == OrderState::Rejected => "reject, no reason given".into(),
            (None, None) => "ack".into(),
        },
    }
}

fn cancel_word(cancel: &CancelRequest) -> String {
    match cancel.outcome {
        None => "cancel sent, no reply yet".into(),
        Some((_, CancelOutcome::Cancelled { leaves })) => format!("cancelled, {leaves} sh left"),
        Some((_, CancelOutcome::TooLate(state))) => format!("cancel too late: {state}"),
        Some((_, CancelOutcome::PendingCancel)) => "cancel refused: closing auction".into(),
        Some((_, CancelOutcome::Unknown)) => "cancel refused: order unknown".into(),
        Some((_, CancelOutcome::NoAnswer)) => "no reply to the cancel".into(),
    }
}
