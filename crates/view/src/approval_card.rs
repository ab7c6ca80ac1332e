//! What an approval is about: the orders a task checked, as a table a person can say yes or no to.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde::Deserialize;

use super::format;
use engine::TaskResult;

/// The part of a checked plan's `data` that the card reads; what else is in it stands on the
/// screen of the task.
#[derive(Deserialize)]
pub(super) struct CheckedPlan {
    #[serde(default)]
    pub(super) plan_hash: Option<String>,
    pub(super) orders: Vec<ApprovalOrderLine>,
    totals: OrderTotals,
    #[serde(default)]
    dropped: Vec<DroppedOrderInput>,
    approval: ApprovalDemands,
}

/// One order of a checked plan.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct ApprovalOrderLine {
    #[serde(default)]
    pub(super) intent_id: Option<u32>,
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) qty: i64,
    pub(super) ref_px: Decimal,
    pub(super) notional: Decimal,
    w_now: Option<f64>,
    w_after: Option<f64>,
    adds_risk: bool,
    gate: String,
    #[serde(default)]
    why: String,
}

#[derive(Deserialize)]
struct OrderTotals {
    orders: usize,
    notional: Decimal,
    turnover_one_way: f64,
    risk_adding: usize,
}

#[derive(Deserialize)]
struct DroppedOrderInput {
    symbol: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct ApprovalDemands {
    #[serde(default)]
    demands: Vec<String>,
    large_orders: bool,
}

/// Rows of a card that are no orders: the sum, who wants a person, what was taken out, the head of
/// the table and what it leaves out.
pub const CARD_FRAME: usize = 5;

/// The orders of a checked plan, line by line, at most `most` of them, largest first; what was
/// taken out, and why a person is asked. `None` when the output holds no checked orders.
#[must_use]
pub fn approval_card(result: &TaskResult, most: usize) -> Option<Vec<String>> {
    let mut checked = CheckedPlan::deserialize(result.data()?).ok()?;
    let mut lines = card_heading(&checked);
    if checked.orders.is_empty() {
        return Some(lines);
    }
    lines.push(COLUMNS.into());
    checked.orders.sort_by_key(|line| std::cmp::Reverse(line.notional));
    // To say that one is left out takes the line that would show it.
    let most = if checked.orders.len() == most + 1 { most + 1 } else { most };
    lines.extend(checked.orders.iter().take(most).map(order_row));
    let rest = checked.orders.len().saturating_sub(most);
    if rest > 0 {
        lines.push(format!("and {}", format::count_noun(count_to_u64(rest), "more order")));
    }
    Some(lines)
}

/// The columns of an order.
pub(super) const COLUMNS: &str = "SIDE NAME     QTY    PRICE  NOTIONAL   NOW>AFTER  RISK WHY";

/// Returns what stands above the orders: their sum, what was taken out, why a person is asked.
pub(super) fn card_heading(checked: &CheckedPlan) -> Vec<String> {
    let totals = &checked.totals;
    let adding = match totals.risk_adding {
        0 => String::new(),
        1 => ", 1 adds risk".into(),
        n => format!(", {n} add risk"),
    };
    let passed = checked.orders.iter().filter(|line| line.gate == "pass").count();
    let mut lines = vec![format!(
        "{}, ${}, turnover {:.1}%{adding}; pre-trade checks: {passed} of {} pass",
        format::count_noun(count_to_u64(totals.orders), "order"),
        format_thousands(totals.notional.round()),
        totals.turnover_one_way * 100.0,
        checked.orders.len() + checked.dropped.len(),
    )];
    for out in &checked.dropped {
        let text =
            format!("removed by pre-trade checks: {} ({})", out.symbol, out.codes.join(", "));
        lines.push(format::sanitize(&text).into_owned());
    }
    let large = checked.approval.large_orders.then(|| "large orders".to_owned());
    let why: Vec<_> = checked.approval.demands.iter().cloned().chain(large).collect();
    if !why.is_empty() {
        let text = format!("approval required: {}", why.join(", ").replace('_', " "));
        lines.push(format::sanitize(&text).into_owned());
    }
    lines
}

impl ApprovalOrderLine {
    /// The same order of fewer shares, and what it comes to.
    pub(super) fn trimmed_to(&self, shares: i64) -> Self {
        if shares == self.qty {
            return self.clone();
        }
        let part = Decimal::from(shares) / Decimal::from(self.qty.max(1));
        let moved = |(now, after): (f64, f64)| {
            let part = part.to_f64().unwrap_or(1.0);
            now + (after - now) * part
        };
        Self {
            qty: shares,
            notional: Decimal::from(shares) * self.ref_px,
            w_after: self.w_now.zip(self.w_after).map(moved),
            why: format!("of {}; {}", format_thousands(self.qty.into()), self.why),
            ..self.clone()
        }
    }
}

pub(super) fn order_row(line: &ApprovalOrderLine) -> String {
    let share = |part: Option<f64>| {
        // Rounded before it is written, lest a trace below nothing be written as -0.0.
        let percent = part.map(|part| (part * 1_000.0).round() / 10.0 + 0.0);
        percent.map_or_else(|| "   -".into(), |percent| format!("{percent:>4.1}"))
    };
    let refused = if line.gate == "pass" { "" } else { "check: " };
    let verdict = if refused.is_empty() { "" } else { line.gate.as_str() };
    let text = format!(
        "{:<4} {:<5} {:>6} {:>8.2} {:>9}  {}>{}%  {} {refused}{verdict}{}",
        line.side,
        line.symbol,
        format_thousands(line.qty.into()),
        line.ref_px,
        format_thousands(line.notional.round()),
        share(line.w_now),
        share(line.w_after),
        if line.adds_risk { "adds" } else { "cuts" },
        line.why,
    );
    format::sanitize(&text).trim_end().to_owned()
}

pub(super) fn count_to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A whole number with commas: `1,234,567`.
pub(super) fn format_thousands(number: Decimal) -> String {
    let digits = number.abs().to_string();
    let grouped: Vec<_> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    let sign = if number.is_sign_negative() && !number.is_zero() { "-" } else { "" };
    format!("{sign}{}", grouped.join(","))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;

    fn approval_card(output: &Value, most: usize) -> Option<Vec<String>> {
        let output = Arc::new(output.clone());
        super::approval_card(&TaskResult { output, ..TaskResult::without_data("") }, most)
    }

    fn checked_orders() -> Value {
        let order = |symbol: &str, side: &str, qty: i64, price: &str, notional: &str| {
            json!({
                "symbol": symbol, "side": side, "qty": qty, "ref_px": price,
                "notional": notional, "w_now": 0.0899, "w_after": 0.0401, "adds_risk": side == "buy",
                "gate": "pass", "why": "score +0.04", "intent_id": 1,
            })
        };
        json!({ "data": {
            "orders": [
                order("PG", "buy", 125, "82", "10250"),
                order("AAPL", "sell", 1247, "39.95", "49817.65"),
            ],
            "totals": { "orders": 2, "notional": "60067.65", "turnover_one_way": 0.03, "risk_adding": 1 },
            "dropped": [{ "symbol": "XOM", "codes": ["max_order"] }],
            "approval": { "needed": true, "demands": ["risk_adding"], "large_orders": true },
        } })
    }

    #[test]
    fn a_card_names_every_order_what_it_is_worth_and_what_the_gate_said() {
        insta::assert_snapshot!(approval_card(&checked_orders(), 12).unwrap().join("\n"), @r#"
        2 orders, $60,068, turnover 3.0%, 1 adds risk; pre-trade checks: 2 of 3 pass
        removed by pre-trade checks: XOM (max_order)
        approval required: risk adding, large orders
        SIDE NAME     QTY    PRICE  NOTIONAL   NOW>AFTER  RISK WHY
        sell AAPL   1,247    39.95    49,818   9.0> 4.0%  cuts score +0.04
        buy  PG       125    82.00    10,250   9.0> 4.0%  adds score +0.04
        "#);
        let cut = approval_card(&checked_orders(), 0).unwrap();
        assert_eq!(cut.last().map(String::as_str), Some("and 2 more orders"));
        assert_eq!(
            approval_card(&checked_orders(), 1),
            approval_card(&checked_orders(), 2),
            "one left out would save no line"
        );
    }

    #[test]
    fn what_holds_no_orders_is_no_card_and_a_hostile_name_changes_no_line() {
        assert_eq!(approval_card(&Value::Null, 9), None);
        assert_eq!(approval_card(&json!({ "data": { "orders": 7 } }), 9), None);
        let mut evil = checked_orders();
        evil["data"]["orders"][0]["symbol"] = json!("A\x1b[2J\nB");
        let lines = approval_card(&evil, 12).unwrap();
        assert!(lines.iter().all(|line| !line.chars().any(char::is_control)), "{lines:?}");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown = |n: i64| format_thousands(n.into());
        assert_eq!(
            [0, 12, 999, 1_000, -1_234_567].map(shown),
            ["0", "12", "999", "1,000", "-1,234,567"]
        );
    }
}
