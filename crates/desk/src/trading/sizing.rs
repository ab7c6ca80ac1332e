//! From target weights to whole-share trades: lots, no-trade band, turnover cap, cash buffer.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    instruments::{Instrument, Instruments},
    money::{self, ratio_to_f64},
    portfolio::Portfolio,
    slippage,
    symbol::{Side, Symbol},
};
use engine::math;

/// How trades are cut to size (formula 21). Fractions are of equity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SizingRules {
    /// Smaller trades than this many USD are not worth a ticket.
    pub min_notional_usd: Decimal,
    /// Nor are smaller trades than this fraction of equity.
    pub min_notional_frac: Decimal,
    /// Weights nearer to their target than this are left alone; exits are not.
    pub band: f64,
    /// Fraction of equity that stays in cash.
    pub cash_buffer: Decimal,
    /// Largest one-way turnover, Σ|Δ|·px/(2E), of risk-adding and reducing trades together.
    pub turnover_cap: Decimal,
    /// Largest risk-adding trade in USD; what goes beyond is left for another day.
    pub max_order_usd: Option<Decimal>,
}

impl Default for SizingRules {
    fn default() -> Self {
        Self {
            min_notional_usd: Decimal::from(500),
            min_notional_frac: Decimal::new(1, 3),
            band: 0.005,
            cash_buffer: Decimal::new(25, 4),
            turnover_cap: Decimal::new(25, 2),
            max_order_usd: None,
        }
    }
}

/// The state a sizing starts from.
#[derive(Debug, Clone, Copy)]
pub struct SizingInputs<'a> {
    /// The book held.
    pub book: &'a Portfolio,
    /// Equity in USD, above 0.
    pub equity: Decimal,
    /// Target weights, as fractions. A held name without a target is left alone; 0 is an exit.
    pub targets: &'a BTreeMap<Symbol, f64>,
    /// Price in USD of each name.
    pub prices: &'a BTreeMap<Symbol, Decimal>,
    /// Lots, volumes, volatilities.
    pub universe: &'a Instruments,
}

/// One trade, in whole shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizedTrade {
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// Shares, above 0.
    pub qty: i64,
    /// Price in USD it was sized at.
    pub ref_px: Decimal,
    /// Value in USD at that price.
    pub notional: Decimal,
    /// Weight aimed at.
    pub target_w: f64,
    /// Whether it only makes the position smaller.
    pub reducing: bool,
}

impl SizedTrade {
    fn signed(&self) -> Decimal {
        Decimal::from(self.side.sign()) * self.notional
    }

    /// Cuts a risk-adding trade to `factor` of itself, in whole lots, never up.
    fn shrink(&mut self, factor: Decimal, lot: i64) {
        let keep = self.notional * factor.clamp(Decimal::ZERO, Decimal::ONE);
        self.qty = money::shares(keep, self.ref_px, lot).unwrap_or(0).min(self.qty);
        self.notional = money::signed_value(self.qty, self.ref_px);
    }
}

/// A name that is not traded, or not in full, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedTrade {
    /// The name.
    pub symbol: Symbol,
    /// Why, in a phrase.
    pub reason: String,
}

/// The trades of one decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizingResult {
    /// Sells before buys, each in order of ticker.
    pub trades: Vec<SizedTrade>,
    /// What was left out or cut, in order of ticker.
    pub skipped: Vec<SkippedTrade>,
    /// Σ|Δ|·px / (2E).
    pub turnover_one_way: f64,
    /// Cash in USD once all trades are done at their reference prices.
    pub cash_after: Decimal,
    /// Expected cost in basis points of the traded notional; `None` where a volume is missing.
    pub est_cost_bps: Option<f64>,
}

/// Sizes trades from the book toward the targets.
#[must_use]
pub fn size_trades(inputs: &SizingInputs<'_>, rules: &SizingRules) -> SizingResult {
    let mut skipped = Vec::new();
    let mut trades = Vec::new();
    for (symbol, target) in inputs.targets {
        match trade(inputs, rules, (symbol, *target), &mut skipped) {
            Ok(Some(trade)) => trades.push(trade),
            Ok(None) => {}
            Err(reason) => skipped.push(SkippedTrade { symbol: symbol.clone(), reason }),
        }
    }
    for symbol in inputs.book.positions.keys().filter(|name| !inputs.targets.contains_key(*name)) {
        let reason = "held without a target: left alone".into();
        skipped.push(SkippedTrade { symbol: symbol.clone(), reason });
    }
    cap_turnover(inputs, rules, &mut trades, &mut skipped);
    cap_cash(inputs, rules, &mut trades, &mut skipped);
    trades.retain(|trade| {
        let worth = trade.qty > 0 && trade.notional >= floor(inputs.equity, rules);
        if !worth {
            let reason = "too small once cut".into();
            skipped.push(SkippedTrade { symbol: trade.symbol.clone(), reason });
        }
        worth
    });
    trades.sort_by(|a, b| (a.side, &a.symbol).cmp(&(b.side, &b.symbol)));
    skipped.sort_by(|a, b| (&a.symbol, &a.reason).cmp(&(&b.symbol, &b.reason)));
    let turned: Decimal = trades.iter().map(|trade| trade.notional).sum();
    SizingResult {
        turnover_one_way: ratio_to_f64(turned, inputs.equity * Decimal::TWO).unwrap_or(0.0),
        cash_after: inputs.book.cash - trades.iter().map(SizedTrade::signed).sum::<Decimal>(),
        est_cost_bps: cost_bps(inputs.universe, &trades),
        trades,
        skipped,
    }
}

fn floor(equity: Decimal, rules: &SizingRules) -> Decimal {
    rules.min_notional_usd.max(rules.min_notional_frac * equity)
}

fn lot(universe: &Instruments, symbol: &Symbol) -> i64 {
    universe.get(symbol).map_or(1, |known| known.lot.max(1))
}

/// The trade of one name before the caps on the whole, or why there is none.
fn trade(
    inputs: &SizingInputs<'_>,
    rules: &SizingRules,
    (symbol, target): (&Symbol, f64),
    skipped: &mut Vec<SkippedTrade>,
) -> Result<Option<SizedTrade>, String> {
    let px = *inputs.prices.get(symbol).ok_or("no price")?;
    let lot = lot(inputs.universe, symbol);
    let weight = money::from_f64(target).ok_or("target is no finite weight")?;
    let want = money::shares(weight * inputs.equity, px, lot).ok_or("target cannot be sized")?;
    let held = inputs.book.quantity(symbol);
    let delta = want - held;
    if delta == 0 {
        return Ok(None);
    }
    let reducing = want.abs() < held.abs() && want.signum() * held.signum() >= 0;
    let now = ratio_to_f64(money::signed_value(held, px), inputs.equity).ok_or("equity is 0")?;
    if want != 0 && (now - target).abs() < rules.band {
        let drift = (now - target) * 100.0;
        return Err(format!("drift {drift:+.2} pp is inside the band"));
    }
    let side = if delta > 0 { Side::Buy } else { Side::Sell };
    let mut trade = SizedTrade {
        symbol: symbol.clone(),
        side,
        qty: delta.abs(),
        ref_px: px,
        notional: money::signed_value(delta.abs(), px),
        target_w: target,
        reducing,
    };
    if trade.notional < floor(inputs.equity, rules) {
        return Err(format!("${:.2} is below the smallest trade", trade.notional));
    }
    if let Some(most) = rules.max_order_usd.filter(|most| trade.notional > *most)
        && !reducing
    {
        let reason = format!("${:.2} cut to the largest order, ${most}", trade.notional);
        skipped.push(SkippedTrade { symbol: symbol.clone(), reason });
        trade.shrink(most / trade.notional, lot);
    }
    Ok(Some(trade))
}

/// Scales risk-adding trades so that turnover stays under its cap; reducing ones never wait.
fn cap_turnover(
    inputs: &SizingInputs<'_>,
    rules: &SizingRules,
    trades: &mut [SizedTrade],
    skipped: &mut Vec<SkippedTrade>,
) {
    let room = rules.turnover_cap * inputs.equity * Decimal::TWO;
    let sum = |reducing: bool| -> Decimal {
        trades.iter().filter(|t| t.reducing == reducing).map(|t| t.notional).sum()
    };
    let (exits, entries) = (sum(true), sum(false));
    if exits + entries <= room || entries.is_zero() {
        return;
    }
    let factor = (room - exits).max(Decimal::ZERO) / entries;
    for trade in trades.iter_mut().filter(|trade| !trade.reducing) {
        trade.shrink(factor, lot(inputs.universe, &trade.symbol));
        let reason = format!("scaled by {factor:.4} to the turnover cap");
        skipped.push(SkippedTrade { symbol: trade.symbol.clone(), reason });
    }
}

/// Scales risk-adding buys so that the cash buffer stays.
fn cap_cash(
    inputs: &SizingInputs<'_>,
    rules: &SizingRules,
    trades: &mut [SizedTrade],
    skipped: &mut Vec<SkippedTrade>,
) {
    let adding = |trade: &&SizedTrade| trade.side == Side::Buy && !trade.reducing;
    let buys: Decimal = trades.iter().filter(adding).map(|trade| trade.notional).sum();
    let others: Decimal = trades.iter().filter(|t| !adding(t)).map(SizedTrade::signed).sum();
    let room = inputs.book.cash - others - rules.cash_buffer * inputs.equity;
    if buys <= room || buys.is_zero() {
        return;
    }
    let factor = room.max(Decimal::ZERO) / buys;
    for trade in trades.iter_mut().filter(|t| t.side == Side::Buy && !t.reducing) {
        trade.shrink(factor, lot(inputs.universe, &trade.symbol));
        let reason = format!("scaled by {factor:.4} to keep the cash buffer");
        skipped.push(SkippedTrade { symbol: trade.symbol.clone(), reason });
    }
}

/// Expected cost of `qty` shares in basis points by the square-root law, where the facts are there.
#[must_use]
pub fn expected_bps(known: &Instrument, qty: i64) -> Option<f64> {
    let q = math::int_to_float(qty);
    slippage::square_root_bps(
        q,
        known.average_daily_volume()?,
        known.sigma_1d?,
        slippage::SPREAD_BPS,
    )
}

fn cost_bps(universe: &Instruments, trades: &[SizedTrade]) -> Option<f64> {
    let (mut cost, mut all) = (0.0, 0.0);
    for trade in trades {
        let notional = money::to_f64(trade.notional);
        cost += expected_bps(universe.get(&trade.symbol)?, trade.qty)? * notional;
        all += notional;
    }
    if trades.is_empty() { Some(0.0) } else { math::checked_div(cost, all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        book: Portfolio,
        prices: BTreeMap<Symbol, Decimal>,
    }

    fn name(text: &str) -> Symbol {
        Symbol::parse(text).unwrap()
    }

    fn case() -> Case {
        let d = Decimal::from;
        let held = BTreeMap::from([(name("AAA"), (1_000, d(100))), (name("BBB"), (2_000, d(50)))]);
        Case {
            book: Portfolio::opening(d(800_000), &held),
            prices: ["AAA", "BBB", "CCC"].map(name).into_iter().zip([100, 50, 20].map(d)).collect(),
        }
    }

    fn size_case(case: &Case, targets: &[(&str, f64)], rules: &SizingRules) -> SizingResult {
        let targets = targets.iter().map(|(text, w)| (name(text), *w)).collect();
        let universe = Instruments::new();
        let inputs = SizingInputs {
            book: &case.book,
            equity: Decimal::from(1_000_000),
            targets: &targets,
            prices: &case.prices,
            universe: &universe,
        };
        size_trades(&inputs, rules)
    }

    #[test]
    fn sells_come_before_buys_and_each_in_order_of_ticker() {
        let out = size_case(
            &case(),
            &[("AAA", 0.15), ("BBB", 0.0), ("CCC", 0.05)],
            &SizingRules::default(),
        );
        let order: Vec<_> = out.trades.iter().map(|t| (t.side, t.symbol.as_str())).collect();
        assert_eq!(order, [(Side::Sell, "BBB"), (Side::Buy, "AAA"), (Side::Buy, "CCC")]);
    }

    #[test]
    fn the_turnover_cap_scales_entries_and_never_an_exit() {
        let rules = SizingRules { turnover_cap: Decimal::new(10, 2), ..SizingRules::default() };
        let out = size_case(&case(), &[("AAA", 0.0), ("BBB", 0.1), ("CCC", 0.5)], &rules);
        assert_eq!(out.trades[0].qty, 1_000, "the exit is whole");
        assert!(out.turnover_one_way <= 0.10 + 1e-12, "{}", out.turnover_one_way);
        assert!(out.turnover_one_way > 0.0999);
        let none = SizingRules { turnover_cap: Decimal::new(1, 2), ..SizingRules::default() };
        let out = size_case(&case(), &[("AAA", 0.0), ("CCC", 0.5)], &none);
        assert_eq!(out.trades.len(), 1, "only the exit is left");
    }

    #[test]
    fn names_without_a_target_price_or_drift_are_left_alone_and_said_so() {
        let out = size_case(&case(), &[("AAA", 0.102), ("ZZZ", 0.1)], &SizingRules::default());
        assert_eq!(out.trades, []);
        let said: Vec<_> = out.skipped.iter().map(|s| s.symbol.as_str()).collect();
        assert_eq!(said, ["AAA", "BBB", "ZZZ"]);
    }

    #[test]
    fn buys_stop_at_the_cash_buffer() {
        let rules = SizingRules { turnover_cap: Decimal::from(9), ..SizingRules::default() };
        let out = size_case(&case(), &[("AAA", 0.1), ("CCC", 0.9)], &rules);
        assert!(out.cash_after >= Decimal::from(2_500), "{}", out.cash_after);
        assert!(out.cash_after < Decimal::from(2_600));
    }

    #[test]
    fn an_entry_above_the_largest_order_is_cut_and_an_exit_is_not() {
        let rules =
            SizingRules { max_order_usd: Some(Decimal::from(30_000)), ..SizingRules::default() };
        let out = size_case(&case(), &[("AAA", 0.0), ("CCC", 0.1)], &rules);
        let sizes: Vec<_> = out.trades.iter().map(|t| t.qty).collect();
        assert_eq!(sizes, [1_000, 1_500]);
    }
}
