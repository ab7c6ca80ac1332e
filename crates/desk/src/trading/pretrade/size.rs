//! Checks 10 to 12 and 22: is the order itself of a sound size and price.

use rust_decimal::Decimal;

use super::{check::OrderChecks, code::CheckCode};
use crate::trading::{instruments::Instrument, money, order::OrderSource};
use engine::math;

pub(super) fn check_size(desk: &mut OrderChecks<'_>) {
    notional(desk);
    collar(desk);
    if !desk.reducing && desk.order.parent.is_none() {
        volume(desk);
    }
    fat_finger(desk);
}

fn notional(desk: &mut OrderChecks<'_>) {
    if desk.sliced_exit() {
        return;
    }
    let code = CheckCode::MaxOrderNotional;
    let Some(px) = desk.quote.map(|quote| quote.px) else {
        return desk.fail_closed(code, "no reference price");
    };
    let Some(equity) = desk.context.equity() else {
        return desk.fail_closed(code, "equity is not known");
    };
    let (limits, regime) = (desk.context.limits, desk.context.regime);
    let most = limits.order_max(equity, &regime);
    let observed = desk.order.notional(px);
    if observed > most {
        let text = format!(
            "{} sh × ${px} = ${observed:.2} > min(${}, {} × ${equity:.2}) × {} = ${most:.2}",
            desk.order.intent.qty,
            limits.order_usd_max,
            limits.order_frac_max,
            regime.clamped().order_notional,
        );
        desk.add_hard(code, (format!("${observed:.2}"), format!("${most:.2}")), text);
    }
}

fn collar(desk: &mut OrderChecks<'_>) {
    let Some(limit) = desk.order.intent.limit_px else { return };
    let Some(px) = desk.quote.map(|quote| quote.px).filter(|px| *px > Decimal::ZERO) else {
        return desk.fail_closed(CheckCode::PriceCollar, "no reference price");
    };
    let known = desk.context.universe.get(&desk.order.intent.symbol);
    let Some(known) = known else {
        return desk.fail_closed(CheckCode::PriceCollar, "the name is not in the universe");
    };
    // Without an ATR the narrowest collar holds; it never widens for want of data.
    let collar = desk.context.limits.price_collar(known.atr_frac.and_then(money::from_f64));
    let band = if known.luld_tier == 1 { Decimal::new(5, 2) } else { Decimal::new(10, 2) };
    let most = collar.min(band);
    let away = (limit - px).abs() / px;
    if away > most {
        let text = format!(
            "|${limit} − ${px}| / ${px} = {:.3}% > {:.3}%",
            away * Decimal::ONE_HUNDRED,
            most * Decimal::ONE_HUNDRED
        );
        desk.add_hard(CheckCode::PriceCollar, (away.round_dp(6), most), text);
    }
}

fn volume(desk: &mut OrderChecks<'_>) {
    let intent = &desk.order.intent;
    let adv = desk.context.universe.get(&intent.symbol).and_then(Instrument::average_daily_volume);
    let share = adv.and_then(|adv| math::checked_div(math::int_to_float(intent.qty), adv));
    let Some((share, adv)) = share.zip(adv) else {
        return desk.fail_closed(CheckCode::MaxAdv, "the daily volume is not known");
    };
    let (soft, hard) = (desk.context.limits.adv_soft, desk.context.limits.adv_hard);
    let text = |most: f64| {
        format!(
            "{} sh / {adv:.0} sh a day = {:.3}% > {:.3}%",
            intent.qty,
            share * 100.0,
            most * 100.0
        )
    };
    if share > hard {
        desk.add_hard(CheckCode::MaxAdv, (share, hard), text(hard));
    } else if share > soft {
        desk.add_soft(CheckCode::MaxAdv, (share, soft), text(soft));
    }
}

/// Manual orders are measured against the median of the last this many.
const MANUAL_ORDERS: usize = 20;

fn fat_finger(desk: &mut OrderChecks<'_>) {
    match desk.order.source {
        OrderSource::Plan | OrderSource::ManualRetyped => return,
        OrderSource::Manual => {}
    }
    let intent = &desk.order.intent;
    let earlier = desk.context.history.manual_qty.get(&intent.symbol);
    let recent = earlier.map(|all| &all[all.len().saturating_sub(MANUAL_ORDERS)..]);
    let mut sorted = recent.unwrap_or_default().to_vec();
    sorted.sort_unstable();
    let factor = desk.context.limits.fat_finger_factor;
    match sorted.get(sorted.len() / 2) {
        Some(median) if intent.qty <= median.saturating_mul(factor) => {}
        Some(median) => {
            let most = median.saturating_mul(factor);
            let text = format!(
                "{} sh > {factor} × {median} sh, the median by hand: type the quantity again",
                intent.qty
            );
            desk.add_soft(CheckCode::FatFingerManual, (intent.qty, most), text);
        }
        None => {
            let text = "first manual order in this name: type the quantity again".into();
            desk.add_soft(CheckCode::FatFingerManual, (intent.qty, "an earlier order"), text);
        }
    }
}
