//! Our books against the broker's: what differs, how badly, and what must stop because of it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    money,
    order::{ClOrdId, Fill},
    pretrade::WorkingOrder,
    symbol::Symbol,
};

/// What one side says of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountStatement {
    /// Cash in USD.
    pub cash: Decimal,
    /// Shares by name; a name left out is flat.
    pub positions: BTreeMap<Symbol, i64>,
    /// Orders that may still fill.
    pub working: Vec<WorkingOrder>,
    /// Fills of the day.
    pub fills: Vec<Fill>,
    /// Names the broker says it has closed out itself.
    pub liquidated: BTreeSet<Symbol>,
}

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BreakClass {
    /// The broker has a fill we have not booked: to be applied from the broker.
    MissingFill,
    /// The broker works an order that is not ours: never cancelled by us.
    ExternalOrder,
    /// Shares differ and no fill explains it.
    QtyBreak,
    /// Cash differs by more than the tolerance.
    CashBreak,
    /// Shares differ by a simple ratio and nothing was traded: perhaps a split.
    CorpActionSuspect,
    /// The broker closed a position out.
    BrokerLiquidation,
    /// We think an order works, the broker does not: it ended before we heard of it.
    LateCancel,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileBreak {
    /// Its kind.
    pub class: BreakClass,
    /// The name; `None` for cash.
    pub symbol: Option<Symbol>,
    /// What we have.
    pub ours: String,
    /// What the broker has.
    pub theirs: String,
    /// Size in USD at the given prices; 0 where it has none.
    pub usd: Decimal,
}

/// What follows from the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileVerdict {
    /// No difference.
    Clean,
    /// Differences with a known remedy; trading goes on outside the blocked names.
    Minor,
    /// No new orders until someone has looked.
    Block,
}

/// The outcome of a reconciliation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Differences, in order of kind and name.
    pub breaks: Vec<ReconcileBreak>,
    /// Names, orders and fills that agree.
    pub matched: usize,
    /// Cash of the broker less ours, in USD, after missing fills are booked.
    pub cash_diff: Decimal,
    /// What follows.
    pub verdict: ReconcileVerdict,
    /// Names in which no new order may go out.
    pub blocked: BTreeSet<Symbol>,
    /// Fills to book from the broker, in order of time.
    pub to_apply: Vec<Fill>,
}

/// What differences are measured with.
#[derive(Debug, Clone, Copy)]
pub struct BreakScale<'a> {
    /// Equity in USD.
    pub equity: Decimal,
    /// Prices in USD; a name without one weighs as if the break were the whole equity.
    pub prices: &'a BTreeMap<Symbol, Decimal>,
}

/// Breaks that together exceed this fraction of equity stop the account: 1 %.
const ACCOUNT_STOP: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Compares `ours` with `theirs`.
#[must_use]
pub fn reconcile_statements(
    ours: &AccountStatement,
    theirs: &AccountStatement,
    scale: &BreakScale<'_>,
) -> Reconciliation {
    let mut out = Reconciliation {
        breaks: Vec::new(),
        matched: 0,
        cash_diff: Decimal::ZERO,
        verdict: ReconcileVerdict::Clean,
        blocked: BTreeSet::new(),
        to_apply: Vec::new(),
    };
    let mut booked = ours.clone();
    fills(&mut booked, theirs, &mut out);
    positions(&booked, theirs, scale, &mut out);
    orders(ours, theirs, &mut out);
    cash(&booked, theirs, scale, &mut out);
    out.breaks
        .sort_by(|a, b| (a.class, &a.symbol, &a.theirs).cmp(&(b.class, &b.symbol, &b.theirs)));
    out.verdict = verdict(&out.breaks, scale);
    out
}

fn verdict(breaks: &[ReconcileBreak], scale: &BreakScale<'_>) -> ReconcileVerdict {
    let worst = breaks.iter().map(|b| match b.class {
        BreakClass::MissingFill | BreakClass::ExternalOrder | BreakClass::LateCancel => {
            ReconcileVerdict::Minor
        }
        BreakClass::QtyBreak
        | BreakClass::CashBreak
        | BreakClass::CorpActionSuspect
        | BreakClass::BrokerLiquidation => ReconcileVerdict::Block,
    });
    let total: Decimal = breaks.iter().map(|b| b.usd).sum();
    let stop = total > ACCOUNT_STOP * scale.equity;
    worst.chain(stop.then_some(ReconcileVerdict::Block)).max().unwrap_or(ReconcileVerdict::Clean)
}

/// Books the broker's fills we miss; a fill of ours the broker does not know stays in our quantity
/// and shows as a break of it.
fn fills(booked: &mut AccountStatement, theirs: &AccountStatement, out: &mut Reconciliation) {
    let known: BTreeSet<&str> = booked.fills.iter().map(|fill| fill.exec_id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut missing: Vec<Fill> = Vec::new();
    for fill in &theirs.fills {
        // A broker may report one execution twice; it is still one.
        if !seen.insert(fill.exec_id.as_str()) {
            continue;
        }
        if known.contains(fill.exec_id.as_str()) {
            out.matched += 1;
        } else {
            missing.push(fill.clone());
        }
    }
    missing.sort_by(|a, b| (a.at, &a.exec_id).cmp(&(b.at, &b.exec_id)));
    for fill in &missing {
        *booked.positions.entry(fill.symbol.clone()).or_insert(0) += fill.signed_qty();
        booked.cash -= fill.cash_paid() + fill.fee;
        out.breaks.push(ReconcileBreak {
            class: BreakClass::MissingFill,
            symbol: Some(fill.symbol.clone()),
            ours: "-".into(),
            theirs: format!("{} {} {} at ${}", fill.exec_id, fill.side, fill.qty, fill.price),
            usd: Decimal::ZERO,
        });
    }
    booked.fills.extend(missing.iter().cloned());
    out.to_apply = missing;
}

fn positions(
    booked: &AccountStatement,
    theirs: &AccountStatement,
    scale: &BreakScale<'_>,
    out: &mut Reconciliation,
) {
    let names: BTreeSet<&Symbol> = booked.positions.keys().chain(theirs.positions.keys()).collect();
    for symbol in names {
        let of = |side: &AccountStatement| side.positions.get(symbol).copied().unwrap_or(0);
        let (own, other) = (of(booked), of(theirs));
        if own == other {
            out.matched += 1;
            continue;
        }
        let traded = booked.fills.iter().any(|fill| fill.symbol == *symbol);
        let class = if theirs.liquidated.contains(symbol) {
            BreakClass::BrokerLiquidation
        } else if !traded && simple_ratio(own, other) {
            BreakClass::CorpActionSuspect
        } else {
            BreakClass::QtyBreak
        };
        let diff = other.saturating_sub(own).saturating_abs();
        let usd =
            scale.prices.get(symbol).map_or(scale.equity, |px| money::signed_value(diff, *px));
        out.blocked.insert(symbol.clone());
        out.breaks.push(ReconcileBreak {
            class,
            symbol: Some(symbol.clone()),
            ours: format!("{own} sh"),
            theirs: format!("{other} sh"),
            usd,
        });
    }
}

/// Whether `b / a` is n:m with small n and m, as after a split.
fn simple_ratio(a: i64, b: i64) -> bool {
    let (a, b) = (i128::from(a), i128::from(b));
    let split = |(n, m): &(i128, i128)| a * n == b * m;
    a.signum() * b.signum() == 1
        && [(2, 1), (3, 1), (4, 1), (5, 1), (10, 1), (20, 1), (3, 2), (4, 3), (5, 4)]
            .into_iter()
            .flat_map(|(n, m)| [(n, m), (m, n)])
            .any(|ratio| split(&ratio))
}

fn orders(ours: &AccountStatement, theirs: &AccountStatement, out: &mut Reconciliation) {
    let ids = |side: &AccountStatement| -> BTreeSet<ClOrdId> {
        side.working.iter().map(|order| order.id.clone()).collect()
    };
    let (own, other) = (ids(ours), ids(theirs));
    out.matched += own.intersection(&other).count();
    for order in theirs.working.iter().filter(|order| !own.contains(&order.id)) {
        out.blocked.insert(order.symbol.clone());
        out.breaks.push(order_break(BreakClass::ExternalOrder, order));
    }
    for order in ours.working.iter().filter(|order| !other.contains(&order.id)) {
        out.breaks.push(order_break(BreakClass::LateCancel, order));
    }
}

fn order_break(class: BreakClass, order: &WorkingOrder) -> ReconcileBreak {
    let text = format!("{} {} {} working", order.id, order.side, order.leaves);
    let external = class == BreakClass::ExternalOrder;
    let (ours, theirs) = if external { ("-".into(), text) } else { (text, "-".into()) };
    ReconcileBreak { class, symbol: Some(order.symbol.clone()), ours, theirs, usd: Decimal::ZERO }
}

fn cash(
    booked: &AccountStatement,
    theirs: &AccountStatement,
    scale: &BreakScale<'_>,
    out: &mut Reconciliation,
) {
    out.cash_diff = theirs.cash - booked.cash;
    let tolerance = Decimal::ONE.max(scale.equity / Decimal::from(10_000));
    if out.cash_diff.abs() <= tolerance {
        out.matched += 1;
        return;
    }
    out.breaks.push(ReconcileBreak {
        class: BreakClass::CashBreak,
        symbol: None,
        ours: format!("${:.2}", booked.cash),
        theirs: format!("${:.2}", theirs.cash),
        usd: out.cash_diff.abs(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::{symbol::Side, testing};

    fn statement(cash: &str, held: &[(&str, i64)]) -> AccountStatement {
        let positions = held.iter().map(|(name, qty)| (testing::symbol(name), *qty)).collect();
        AccountStatement { cash: testing::dec(cash), positions, ..AccountStatement::default() }
    }

    fn run(ours: &AccountStatement, theirs: &AccountStatement) -> Reconciliation {
        let prices = BTreeMap::from([(testing::symbol("AAA"), testing::dec("10"))]);
        reconcile_statements(
            ours,
            theirs,
            &BreakScale { equity: testing::dec("1000000"), prices: &prices },
        )
    }

    fn classes(out: &Reconciliation) -> Vec<BreakClass> {
        out.breaks.iter().map(|b| b.class).collect()
    }

    #[test]
    fn a_missing_fill_explains_shares_and_cash_and_is_booked_once() {
        let fill = testing::fill("AAA", Side::Buy, 10, "10");
        let ours = statement("1000", &[]);
        let mut theirs = statement("900", &[("AAA", 10)]);
        theirs.fills = vec![fill.clone(), fill.clone()];
        let out = run(&ours, &theirs);
        assert_eq!(
            (classes(&out), out.verdict),
            (vec![BreakClass::MissingFill], ReconcileVerdict::Minor)
        );
        assert_eq!((out.to_apply, out.cash_diff), (vec![fill], Decimal::ZERO));
    }

    #[test]
    fn shares_without_a_fill_block_and_a_simple_ratio_is_suspected_to_be_a_split() {
        let out = run(&statement("0", &[("AAA", 10)]), &statement("0", &[("AAA", 13)]));
        assert_eq!(
            (classes(&out), out.verdict),
            (vec![BreakClass::QtyBreak], ReconcileVerdict::Block)
        );
        assert_eq!(out.breaks[0].usd, testing::dec("30"));
        assert!(out.blocked.contains("AAA"));
        let out = run(&statement("0", &[("AAA", 10)]), &statement("0", &[("AAA", 40)]));
        assert_eq!(classes(&out), [BreakClass::CorpActionSuspect]);
        let mut theirs = statement("0", &[]);
        theirs.liquidated.insert(testing::symbol("AAA"));
        let out = run(&statement("0", &[("AAA", 10)]), &theirs);
        assert_eq!(classes(&out), [BreakClass::BrokerLiquidation]);
        assert_eq!(
            run(&statement("0", &[("AAA", 10)]), &statement("0", &[])).verdict,
            ReconcileVerdict::Block
        );
    }

    #[test]
    fn cash_differs_only_beyond_a_basis_point_of_equity() {
        let out = run(&statement("1000", &[]), &statement("1100", &[]));
        assert_eq!(out.verdict, ReconcileVerdict::Clean);
        assert_eq!(out.cash_diff, testing::dec("100"));
        let out = run(&statement("1000", &[]), &statement("1100.01", &[]));
        assert_eq!(
            (classes(&out), out.verdict),
            (vec![BreakClass::CashBreak], ReconcileVerdict::Block)
        );
    }

    #[test]
    fn an_order_that_is_not_ours_blocks_its_name_and_one_they_lost_does_not() {
        let order = |id: &str| WorkingOrder {
            id: ClOrdId::parse(id).unwrap(),
            symbol: testing::symbol("AAA"),
            side: Side::Buy,
            leaves: 5,
            limit_px: None,
        };
        let ours =
            AccountStatement { working: vec![order("A"), order("B")], ..statement("0", &[]) };
        let theirs =
            AccountStatement { working: vec![order("B"), order("C")], ..statement("0", &[]) };
        let out = run(&ours, &theirs);
        assert_eq!(classes(&out), [BreakClass::ExternalOrder, BreakClass::LateCancel]);
        assert_eq!(out.verdict, ReconcileVerdict::Minor);
        assert!(out.blocked.contains("AAA"));
        let out = run(&ours, &AccountStatement { working: vec![order("A"), order("B")], ..theirs });
        assert_eq!(out.verdict, ReconcileVerdict::Clean);
    }
}
