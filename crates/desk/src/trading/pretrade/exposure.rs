//! Checks 13 to 16 and 20: what the book would look like, and whether new risk is welcome today.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{check::OrderChecks, code::CheckCode};
use crate::trading::{
    money,
    symbol::{Side, Symbol},
};

pub(super) fn check_exposure(desk: &mut OrderChecks<'_>) {
    if desk.reducing {
        return;
    }
    match PostTradeExposure::after_order(desk) {
        Some(exposure) => {
            exposure.position(desk);
            exposure.totals(desk);
            exposure.sector(desk);
            exposure.cash(desk);
            exposure.turnover(desk);
        }
        None => {
            for code in [
                CheckCode::MaxPosition,
                CheckCode::Gross,
                CheckCode::Net,
                CheckCode::Sector,
                CheckCode::BuyingPower,
                CheckCode::TurnoverDay,
            ] {
                desk.fail_closed(code, "a held or working name has no price, or equity is 0");
            }
        }
    }
    orders_day(desk);
    losses(desk);
}

/// The book if this order and all working ones fill, each side on its own: the worst case.
struct PostTradeExposure {
    equity: Decimal,
    /// Worst absolute value in USD by name.
    worst: BTreeMap<Symbol, Decimal>,
    /// Value in USD of all names if only the buys fill.
    net_high: Decimal,
    /// Value in USD of all names if only the sells fill.
    net_low: Decimal,
}

impl PostTradeExposure {
    fn after_order(desk: &OrderChecks<'_>) -> Option<Self> {
        let context = desk.context;
        let intent = &desk.order.intent;
        let equity = context.equity()?;
        let mut ends: BTreeMap<&Symbol, (i64, i64)> = BTreeMap::new();
        for (symbol, held) in &context.book.positions {
            ends.insert(symbol, (held.qty, held.qty));
        }
        let going = context.working.iter().map(|order| (&order.symbol, order.side, order.leaves));
        for (symbol, side, qty) in going.chain([(&intent.symbol, intent.side, intent.qty)]) {
            let (high, low) = ends.entry(symbol).or_default();
            match side {
                Side::Buy => *high = high.saturating_add(qty),
                Side::Sell => *low = low.saturating_sub(qty),
            }
        }
        let mut after = Self {
            equity,
            worst: BTreeMap::new(),
            net_high: Decimal::ZERO,
            net_low: Decimal::ZERO,
        };
        for (symbol, (high, low)) in ends {
            let px = context.quotes.get(symbol)?.px;
            let (high, low) = (money::signed_value(high, px), money::signed_value(low, px));
            after.worst.insert(symbol.clone(), high.abs().max(low.abs()));
            after.net_high += high;
            after.net_low += low;
        }
        Some(after)
    }

    /// Reports `usd` above `frac` of equity.
    fn compare(&self, desk: &mut OrderChecks<'_>, code: CheckCode, usd: Decimal, frac: Decimal) {
        let most = self.equity * frac;
        if usd > most {
            let text = format!(
                "${usd:.2} with all working orders filled > {frac} × ${:.2} = ${most:.2}",
                self.equity
            );
            desk.add_hard(code, (format!("${usd:.2}"), format!("${most:.2}")), text);
        }
    }

    fn position(&self, desk: &mut OrderChecks<'_>) {
        let symbol = &desk.order.intent.symbol;
        let usd = self.worst.get(symbol).copied().unwrap_or_default();
        self.compare(desk, CheckCode::MaxPosition, usd, desk.context.limits.position_max);
    }

    fn totals(&self, desk: &mut OrderChecks<'_>) {
        let (limits, factor) = (desk.context.limits, desk.context.regime.clamped().gross);
        let gross: Decimal = self.worst.values().sum();
        self.compare(desk, CheckCode::Gross, gross, limits.gross_max * factor);
        let net = self.net_high.max(-self.net_low);
        self.compare(desk, CheckCode::Net, net, limits.net_max * factor);
    }

    fn sector(&self, desk: &mut OrderChecks<'_>) {
        let universe = desk.context.universe;
        let sector = |symbol: &Symbol| universe.get(symbol).and_then(|known| known.sector.as_ref());
        let Some(own) = sector(&desk.order.intent.symbol) else {
            return desk.fail_closed(CheckCode::Sector, "the sector is not known");
        };
        let mut usd = Decimal::ZERO;
        for (symbol, value) in &self.worst {
            match sector(symbol) {
                Some(other) if other == own => usd += value,
                Some(_) => {}
                None => {
                    let missing = format!("the sector of {symbol} is not known");
                    return desk.fail_closed(CheckCode::Sector, &missing);
                }
            }
        }
        let factor = desk.context.regime.clamped().gross;
        self.compare(desk, CheckCode::Sector, usd, desk.context.limits.sector_max * factor);
    }

    fn cash(&self, desk: &mut OrderChecks<'_>) {
        let context = desk.context;
        if desk.order.intent.side == Side::Sell {
            return;
        }
        let Some(px) = desk.price() else {
            return desk.fail_closed(CheckCode::BuyingPower, "no price");
        };
        let cost = desk.order.notional(px);
        let reserved: Decimal = context
            .working
            .iter()
            .filter(|order| order.side == Side::Buy)
            .filter_map(|order| {
                let quote = context.quotes.get(&order.symbol).map(|quote| quote.px);
                Some(money::signed_value(order.leaves, order.limit_px.or(quote)?))
            })
            .sum();
        let buffer = context.limits.cash_buffer * self.equity;
        let room = context.book.cash - reserved - buffer;
        if cost > room {
            let text = format!(
                "cost ${cost:.2} > cash ${:.2} − working buys ${reserved:.2} − buffer \
                 ${buffer:.2} = ${room:.2}",
                context.book.cash
            );
            desk.add_hard(
                CheckCode::BuyingPower,
                (format!("${cost:.2}"), format!("${room:.2}")),
                text,
            );
        }
    }

    fn turnover(&self, desk: &mut OrderChecks<'_>) {
        // A slice was counted with its parent.
        if desk.order.parent.is_some() {
            return;
        }
        let Some(px) = desk.quote.map(|quote| quote.px) else { return };
        let turned = (desk.context.history.traded_usd + desk.order.notional(px)) / Decimal::TWO;
        let most = desk.context.limits.turnover_max * self.equity;
        if turned > most {
            let text = format!("one-way turnover of the day ${turned:.2} > ${most:.2}");
            desk.add_soft(
                CheckCode::TurnoverDay,
                (format!("${turned:.2}"), format!("${most:.2}")),
                text,
            );
        }
    }
}

fn orders_day(desk: &mut OrderChecks<'_>) {
    let (count, most) = (desk.context.history.orders, desk.context.limits.orders_day_max);
    if desk.order.parent.is_none() && count >= most {
        let text = format!("{count} orders today, at most {most}");
        desk.add_soft(CheckCode::OrdersDay, (count, most), text);
    }
}

fn losses(desk: &mut OrderChecks<'_>) {
    let (loss, fall) = (desk.context.limits.daily_loss_max, desk.context.limits.drawdown_max);
    match desk.context.day_return.filter(|r| r.is_finite()) {
        None => desk.fail_closed(CheckCode::DailyLoss, "the profit of the day is not known"),
        Some(day) if day <= -loss => {
            let text =
                format!("{:.2}% today, new risk stops at −{:.2}%", day * 100.0, loss * 100.0);
            desk.add_hard(CheckCode::DailyLoss, (day, -loss), text);
        }
        Some(_) => {}
    }
    match desk.context.drawdown.filter(|r| r.is_finite()) {
        None => desk.fail_closed(CheckCode::Drawdown, "the high-water mark is not known"),
        Some(down) if down >= fall => {
            let text = format!(
                "{:.2}% below the high, new risk stops at {:.2}%",
                down * 100.0,
                fall * 100.0
            );
            desk.add_hard(CheckCode::Drawdown, (down, fall), text);
        }
        Some(_) => {}
    }
}
