//! Checks 1 to 9: may an order of this kind, for this name, go out now at all.

use chrono::TimeDelta;
use rust_decimal::Decimal;

use super::{check::OrderChecks, code::CheckCode};
use crate::trading::{
    instruments::{TradePermission, TradingMode},
    limits::TradingState,
    money,
    order::{OrderSource, OrderType},
    symbol::Side,
};

/// Orders for the close go out this long before the exchange's own cut-off.
const CUTOFF_MARGIN: TimeDelta = TimeDelta::seconds(60);

pub(super) fn check_admission(desk: &mut OrderChecks<'_>) {
    trading_state(desk);
    mode(desk);
    approval(desk);
    duplicate(desk);
    symbol(desk);
    session(desk);
    halted(desk);
    stale(desk);
    quantity(desk);
}

fn trading_state(desk: &mut OrderChecks<'_>) {
    let state = desk.context.session.state;
    let by_hand = match desk.order.source {
        OrderSource::Manual | OrderSource::ManualRetyped => true,
        OrderSource::Plan => false,
    };
    let (passes, needed) = match state {
        TradingState::Active => (true, "any order"),
        TradingState::ReduceOnly => (desk.reducing, "risk-reducing orders only"),
        TradingState::Halted => (desk.reducing && by_hand, "exits ordered by hand only"),
        TradingState::Killed => (false, "no orders"),
    };
    if !passes {
        let effect = if desk.reducing { "reduces" } else { "adds" };
        let text = format!("state {state} lets {needed} pass; this order {effect} risk");
        desk.add_hard(CheckCode::TradingState, (state, needed), text);
    }
}

fn mode(desk: &mut OrderChecks<'_>) {
    let (order, session) = (desk.order, desk.context.session);
    let modes = format!("{}/{}/{}", order.mode, session.mode, session.broker_mode);
    if order.mode != session.mode || session.mode != session.broker_mode {
        let text = format!("order/session/broker are in modes {modes}");
        desk.add_hard(CheckCode::ModeMismatch, (modes, "one mode"), text);
    }
    if order.account != session.account {
        let text = format!("order is for `{}`, the desk for `{}`", order.account, session.account);
        desk.add_hard(CheckCode::ModeMismatch, (&order.account, &session.account), text);
    }
}

fn approval(desk: &mut OrderChecks<'_>) {
    let (order, context) = (desk.order, desk.context);
    let Some((plan, approval)) = context.approved else {
        let text = "no approved plan holds this order".into();
        desk.add_hard(CheckCode::PlanNotApproved, ("none", "an approved plan"), text);
        return;
    };
    let intent = &order.intent;
    if plan.hash() != order.plan_hash || !plan.is_intact() {
        let text = format!("the plan is not the one with hash {}", order.plan_hash);
        desk.add_hard(CheckCode::PlanNotApproved, (plan.hash(), &order.plan_hash), text);
    } else if !approval.covers(plan.hash(), intent.intent_id, context.at) {
        let observed = format!("{} to {}", approval.at, approval.expires);
        let text = format!("intent {} is not approved at {}", intent.intent_id, context.at);
        desk.add_hard(CheckCode::PlanNotApproved, (observed, context.at), text);
    }
    let planned = plan.intent(intent.intent_id);
    let same = planned.is_some_and(|planned| {
        let qty = approval.approved_quantity(planned);
        let whole = order.parent.is_some() || qty == intent.qty;
        planned.symbol == intent.symbol && planned.side == intent.side && whole && intent.qty <= qty
    });
    if !same {
        let text = format!("intent {} of the plan is another trade", intent.intent_id);
        desk.add_hard(CheckCode::PlanNotApproved, ("another trade", "the planned one"), text);
    }
    check_price_move(desk);
}

/// The reference price may move by less than half the collar before the plan needs a fresh look.
fn check_price_move(desk: &mut OrderChecks<'_>) {
    let Some(quote) = desk.quote else {
        return desk.fail_closed(CheckCode::PlanNotApproved, "no quote");
    };
    let then = desk.order.intent.ref_px;
    let known = desk.context.universe.get(&desk.order.intent.symbol);
    let atr = known.and_then(|known| known.atr_frac).and_then(money::from_f64);
    let most = desk.context.limits.price_collar(atr) / Decimal::TWO;
    match (quote.px - then).abs().checked_div(then) {
        Some(moved) if moved < most => {}
        Some(moved) => {
            let text = format!(
                "price moved from ${then} to ${}: {:.3}% is not below half the collar, {:.3}%",
                quote.px,
                moved * Decimal::ONE_HUNDRED,
                most * Decimal::ONE_HUNDRED,
            );
            desk.add_hard(CheckCode::PlanNotApproved, (moved.round_dp(6), most), text);
        }
        None => desk.fail_closed(CheckCode::PlanNotApproved, "the reference price is 0"),
    }
}

fn duplicate(desk: &mut OrderChecks<'_>) {
    let (order, history) = (desk.order, desk.context.history);
    if history.ids.contains(&order.id) {
        let text = format!("{} was used before", order.id);
        desk.add_hard(CheckCode::DuplicateId, (&order.id, "an unused id"), text);
    }
    let window = TimeDelta::seconds(desk.context.limits.duplicate_s);
    let (family, intent) = (order.parent.as_ref().unwrap_or(&order.id), &order.intent);
    let twin = history.sent.iter().find(|sent| {
        sent.family != *family
            && sent.symbol == intent.symbol
            && sent.side == intent.side
            && sent.qty == intent.qty
            && (desk.context.send_at - sent.at).abs() < window
    });
    if let Some(twin) = twin {
        let text = format!(
            "{} {} {} equals {} within {} s",
            intent.side,
            intent.qty,
            intent.symbol,
            twin.family,
            window.num_seconds()
        );
        desk.add_hard(CheckCode::DuplicateIntent, (&twin.family, "no equal order"), text);
    }
}

fn symbol(desk: &mut OrderChecks<'_>) {
    let intent = &desk.order.intent;
    let Some(known) = desk.context.universe.get(&intent.symbol) else {
        let text = format!("{} is not in the universe", intent.symbol);
        return desk.add_hard(CheckCode::SymbolUnknown, (&intent.symbol, "a known name"), text);
    };
    let free = desk.context.book.quantity(&intent.symbol)
        - desk.context.leaves_quantity(&intent.symbol, Side::Sell);
    let short = intent.side == Side::Sell && intent.qty > free;
    match known.permission {
        TradePermission::Restricted => {
            let text = format!("{} is on the restricted list", intent.symbol);
            desk.add_hard(CheckCode::Restricted, ("restricted", "unrestricted"), text);
        }
        TradePermission::LongOnly if short => {
            let text = format!(
                "selling {} of {free} free shares is a short sale of {}",
                intent.qty, intent.symbol
            );
            desk.add_hard(CheckCode::NotShortable, (intent.qty, free), text);
        }
        TradePermission::LongOnly | TradePermission::Shortable => {}
    }
}

fn session(desk: &mut OrderChecks<'_>) {
    let at = desk.context.send_at;
    let Some(hours) = desk.context.session.hours else {
        let text = "there is no session today".into();
        return desk.add_hard(CheckCode::SessionClosed, (at, "a session"), text);
    };
    let span = format!("{} to {}", hours.open, hours.close);
    if !hours.is_open(at) {
        let text = format!("{at} is outside the session, {span}");
        desk.add_hard(CheckCode::SessionClosed, (at, span), text);
    } else if desk.order.intent.kind.at_close() && at > hours.close_cutoff() - CUTOFF_MARGIN {
        let last = hours.close_cutoff() - CUTOFF_MARGIN;
        let text = format!("orders for the close go out until {last}, it is {at}");
        desk.add_hard(CheckCode::CutoffPassed, (at, last), text);
    }
}

fn halted(desk: &mut OrderChecks<'_>) {
    match desk.context.halted {
        None => desk.fail_closed(CheckCode::SymbolHalted, "halts and pauses are not known"),
        Some(names) if names.contains(&desk.order.intent.symbol) => {
            let text = format!("trading in {} is halted", desk.order.intent.symbol);
            desk.add_hard(CheckCode::SymbolHalted, ("halted", "trading"), text);
        }
        Some(_) => {}
    }
}

fn stale(desk: &mut OrderChecks<'_>) {
    let (context, quote) = (desk.context, desk.quote);
    let Some(quote) = quote.filter(|quote| quote.px > Decimal::ZERO) else {
        return desk.fail_closed(CheckCode::StalePrice, "no reference price");
    };
    let age = (context.at - quote.at).num_seconds();
    let most = context.limits.quote_age_s;
    match context.session.mode {
        TradingMode::Live if !(0..=most).contains(&age) => {
            let text = format!("quote is {age} s old, at most {most} s");
            desk.add_hard(CheckCode::StalePrice, (age, most), text);
        }
        TradingMode::Live => {}
        TradingMode::DryRun | TradingMode::Sim | TradingMode::Paper => {
            let today = context.session.hours.map(|hours| hours.date);
            if Some(quote.session) != today || age < 0 {
                let text = format!("price is of session {}, at {}", quote.session, quote.at);
                desk.add_hard(CheckCode::StalePrice, (quote.session, "today's session"), text);
            }
        }
    }
}

fn quantity(desk: &mut OrderChecks<'_>) {
    let intent = &desk.order.intent;
    let most = desk.context.limits.order_qty_max;
    let lot = desk.context.universe.get(&intent.symbol).map_or(1, |known| known.lot.max(1));
    if intent.qty <= 0 {
        let text = format!("{} shares is no quantity", intent.qty);
        desk.add_hard(CheckCode::QtyInvalid, (intent.qty, "more than 0"), text);
    } else if intent.qty > most && !desk.sliced_exit() {
        let text = format!("{} shares > {most} shares", intent.qty);
        desk.add_hard(CheckCode::QtyInvalid, (intent.qty, most), text);
    }
    // What is left over after a split may be odd, and must be sellable.
    if intent.qty % lot != 0 && !desk.reducing {
        let text = format!("{} shares is no multiple of lots of {lot}", intent.qty);
        desk.add_hard(CheckCode::QtyInvalid, (intent.qty, lot), text);
    }
    let (kind, limited) = (intent.kind, intent.limit_px.is_some_and(|px| px > Decimal::ZERO));
    let needs_limit = match kind {
        OrderType::Limit | OrderType::Loc => true,
        OrderType::Market | OrderType::Moc | OrderType::Twap => false,
    };
    if !limited && (needs_limit || intent.limit_px.is_some()) {
        let text = "a limit order needs a limit above $0".into();
        desk.add_hard(CheckCode::QtyInvalid, ("no limit price", "a limit price"), text);
    }
}
