//! Approving a part of a plan: which orders are asked about, whether terms fit them, and what they come
//! to. What does not fit is told before anybody is asked to agree; the desk would refuse it as well.

use rust_decimal::Decimal;
use serde::Deserialize as _;

use super::{
    approval_card::{
        ApprovalOrderLine, COLUMNS, CheckedPlan, card_heading, count_to_u64, format_thousands,
        order_row,
    },
    format,
};
use engine::{ApprovalTerms, ReviewedPlan, RunState, TaskResult};
use planning::plan::TaskIx;

/// One order that a person is asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalOrder {
    /// Its number in the plan.
    pub number: u32,
    /// Its shares as planned.
    pub qty: i64,
    line: ApprovalOrderLine,
}

impl ApprovalOrder {
    /// Returns what it trades: `AAPL`.
    #[must_use]
    pub fn symbol(&self) -> String {
        format::sanitize(&self.line.symbol).into_owned()
    }

    /// The order as a row under `Asked::columns`, of so many shares.
    #[must_use]
    pub fn table_row(&self, shares: i64) -> String {
        format!("{:>3} {}", self.number, order_row(&self.line.trimmed_to(shares)))
    }

    /// The order in a sentence, and what of it is sent.
    fn sentence(&self, sent: Option<i64>) -> String {
        let shares = sent.unwrap_or(self.qty);
        let what = match sent {
            None => "left out: ".to_owned(),
            Some(shares) if shares < self.qty => {
                format!("trimmed from {} sh: ", format_thousands(self.qty.into()))
            }
            Some(_) => String::new(),
        };
        let text = format!(
            "order #{}: {what}{} {} sh {} at {:.2}, ${}",
            self.number,
            self.line.side,
            format_thousands(shares.into()),
            self.line.symbol,
            self.line.ref_px,
            format_thousands(self.notional(shares).round()),
        );
        format::sanitize(&text).into_owned()
    }

    fn notional(&self, shares: i64) -> Decimal {
        self.line.trimmed_to(shares).notional
    }
}

/// The orders that a task asks a person about, each by its number.
#[derive(Debug, Clone, PartialEq)]
pub struct OrdersForApproval {
    /// The trade plan of the orders.
    pub of: ReviewedPlan,
    /// They, the largest first.
    pub parts: Vec<ApprovalOrder>,
    /// The heading lines of the card.
    pub head: Vec<String>,
}

/// Returns what a task asks about, where that is one plan of numbered orders.
#[must_use]
pub fn orders_for_approval(run: &RunState, task: TaskIx) -> Option<OrdersForApproval> {
    let above = run.plan().tasks.get(task.at())?.dependencies.iter();
    let outcomes = above.filter_map(|dependency| run.task(dependency.on).outcome.as_ref());
    let mut plans = outcomes.filter_map(|outcome| from_result(outcome));
    let first = plans.next()?;
    // The numbers of two plans would be no names.
    plans.next().is_none().then_some(first)
}

fn from_result(result: &TaskResult) -> Option<OrdersForApproval> {
    let checked = CheckedPlan::deserialize(result.data()?).ok()?;
    let plan = checked.plan_hash.clone()?;
    let head = card_heading(&checked);
    let part = |line: ApprovalOrderLine| {
        Some(ApprovalOrder { number: line.intent_id?, qty: line.qty, line })
    };
    let mut parts: Vec<ApprovalOrder> =
        checked.orders.into_iter().map(part).collect::<Option<_>>()?;
    parts.sort_by_key(|part| (std::cmp::Reverse(part.line.notional), part.number));
    let mut numbers: Vec<u32> = parts.iter().map(|part| part.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let orders = u32::try_from(parts.len()).ok()?;
    let known = numbers.len() == parts.len() && !parts.is_empty();
    known.then_some(OrdersForApproval { of: ReviewedPlan { plan, orders }, parts, head })
}

impl OrdersForApproval {
    /// The head of the rows of `Part::row`.
    #[must_use]
    pub fn columns() -> String {
        format!("  # {COLUMNS}")
    }

    /// Terms for these numbers and trims, bound to this plan.
    ///
    /// # Errors
    ///
    /// Why they do not fit, and what would.
    pub fn approval_terms(&self, wanted: ApprovalTerms) -> Result<ApprovalTerms, String> {
        if let Some((why, remedy)) = wanted.validate() {
            return Err(format!("{why}; {remedy}"));
        }
        let named = wanted.only.iter().flatten().chain(wanted.trims.keys());
        for number in named {
            if self.part(*number).is_none() {
                return Err(format!("the plan has no order #{number}: {}", self.numbers()));
            }
        }
        let mut terms = ApprovalTerms { of: Some(self.of.clone()), ..wanted };
        for (number, shares) in &terms.trims {
            let qty = self.part(*number).map_or(0, |part| part.qty);
            if *shares > qty {
                let all = format_thousands(qty.into());
                return Err(format!("order #{number} is for {all} shares: a trim only reduces"));
            }
        }
        // What names all, and all of each, is the whole of it.
        terms.trims.retain(|number, shares| self.part(*number).is_none_or(|it| *shares < it.qty));
        if terms.only.as_ref().is_some_and(|only| only.len() == self.parts.len()) {
            terms.only = None;
        }
        Ok(terms)
    }

    fn part(&self, number: u32) -> Option<&ApprovalOrder> {
        self.parts.iter().find(|part| part.number == number)
    }

    fn numbers(&self) -> String {
        let mut all: Vec<u32> = self.parts.iter().map(|part| part.number).collect();
        all.sort_unstable();
        match all.as_slice() {
            [one] => format!("it has #{one}"),
            [first, .., last] if all.len() > 12 => {
                format!("it has {} from #{first} to #{last}", all.len())
            }
            some => {
                let names: Vec<_> = some.iter().map(|number| format!("#{number}")).collect();
                format!("it has {}", names.join(", "))
            }
        }
    }

    /// Returns what would be sent, before and after the terms: orders, shares, notional.
    #[must_use]
    pub fn totals_text(&self, terms: &ApprovalTerms) -> String {
        total_text(self.parts.iter().map(|part| (part, Self::shares(part, terms))))
    }

    fn shares(part: &ApprovalOrder, terms: &ApprovalTerms) -> Option<i64> {
        let trimmed = terms.trims.get(&part.number).copied().unwrap_or(part.qty);
        terms.includes_order(part.number).then_some(trimmed.min(part.qty))
    }

    /// The orders line by line, at most `most`: what is sent of each under the terms, and the sum.
    #[must_use]
    pub fn describe_lines(&self, terms: &ApprovalTerms, most: usize) -> Vec<String> {
        let one = |part: &ApprovalOrder| part.sentence(Self::shares(part, terms));
        let mut lines: Vec<_> = self.parts.iter().take(most).map(one).collect();
        let more = self.parts.len().saturating_sub(most);
        if more > 0 {
            lines.push(format!("and {}", format::count_noun(count_to_u64(more), "more order")));
        }
        lines.push(format!("sends {}", self.totals_text(terms)));
        lines
    }
}

/// Returns what orders come to, each with the shares that are sent of it, or left out: as a whole,
/// and what it is now where that is less.
pub fn total_text<'a>(orders: impl Iterator<Item = (&'a ApprovalOrder, Option<i64>)>) -> String {
    let (mut before, mut after) = (OrderTotal::default(), OrderTotal::default());
    for (part, sent) in orders {
        before.add(part, part.qty);
        if let Some(shares) = sent {
            after.add(part, shares);
        }
    }
    if before == after {
        let orders = format::count_noun(before.orders, "order");
        return format!("{orders}, {} sh, ${}", before.shares(), before.notional());
    }
    format!(
        "{} of {}, {} -> {} sh, ${} -> ${}",
        after.orders,
        format::count_noun(before.orders, "order"),
        before.shares(),
        after.shares(),
        before.notional(),
        after.notional(),
    )
}

#[derive(Default, PartialEq)]
struct OrderTotal {
    orders: u64,
    shares: Decimal,
    notional: Decimal,
}

impl OrderTotal {
    fn add(&mut self, part: &ApprovalOrder, shares: i64) {
        self.orders += 1;
        self.shares += Decimal::from(shares);
        self.notional += part.notional(shares);
    }

    fn shares(&self) -> String {
        format_thousands(self.shares)
    }

    fn notional(&self) -> String {
        format_thousands(self.notional.round())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;

    fn from_output(output: Value) -> Option<OrdersForApproval> {
        from_result(&TaskResult { output: Arc::new(output), ..TaskResult::without_data("") })
    }

    fn plan() -> OrdersForApproval {
        let order = |number: u32, symbol: &str, qty: i64, notional: &str| {
            json!({
                "intent_id": number, "symbol": symbol, "side": "buy", "qty": qty, "ref_px": "10",
                "notional": notional, "w_now": 0.01, "w_after": 0.03, "adds_risk": true,
                "gate": "pass", "why": "score",
            })
        };
        let data = json!({
            "plan_hash": "ab",
            "orders": [order(1, "AAA", 100, "1000"), order(2, "BBB", 400, "4000"), order(4, "CCC", 50, "500")],
            "totals": { "orders": 3, "notional": "5500", "turnover_one_way": 0.03, "risk_adding": 3 },
            "approval": { "large_orders": false },
        });
        from_output(json!({ "data": data })).unwrap()
    }

    fn terms(only: Option<&[u32]>, trims: &[(u32, i64)]) -> ApprovalTerms {
        let only = only.map(|only| only.iter().copied().collect());
        ApprovalTerms { of: None, only, trims: trims.iter().copied().collect() }
    }

    #[test]
    fn terms_that_fit_are_bound_to_the_plan_whether_for_a_part_or_for_all_of_it() {
        let plan = plan();
        let fits = |only, trims| plan.approval_terms(terms(only, trims)).unwrap();
        let part = fits(Some(&[1, 2]), &[(2, 50)]);
        assert_eq!(
            part,
            ApprovalTerms { of: Some(plan.of.clone()), ..terms(Some(&[1, 2]), &[(2, 50)]) }
        );
        let whole = ApprovalTerms { of: Some(plan.of.clone()), ..ApprovalTerms::default() };
        assert!(whole.covers_all() && whole.describe().is_none());
        assert_eq!(fits(None, &[]), whole);
        assert_eq!(fits(Some(&[1, 2, 4]), &[(2, 400)]), whole);
        assert_eq!(fits(Some(&[1, 2, 4]), &[(2, 399)]).only, None);
    }

    #[test]
    fn what_does_not_fit_the_plan_is_told_with_what_would() {
        let plan = plan();
        let why = |only, trims| plan.approval_terms(terms(only, trims)).unwrap_err();
        assert_eq!(why(Some(&[3]), &[]), "the plan has no order #3: it has #1, #2, #4");
        assert_eq!(why(None, &[(9, 1)]), "the plan has no order #9: it has #1, #2, #4");
        assert_eq!(why(None, &[(2, 401)]), "order #2 is for 400 shares: a trim only reduces");
        assert!(why(None, &[(2, 0)]).contains("leave the order out"));
        assert!(why(Some(&[]), &[]).contains("reject it instead"));
    }

    #[test]
    fn what_is_sent_is_told_before_and_after() {
        let plan = plan();
        assert_eq!(plan.totals_text(&ApprovalTerms::default()), "3 orders, 550 sh, $5,500");
        insta::assert_snapshot!(plan.describe_lines(&terms(Some(&[1, 2]), &[(2, 50)]), 9).join("\n"), @"
        order #2: trimmed from 400 sh: buy 50 sh BBB at 10.00, $500
        order #1: buy 100 sh AAA at 10.00, $1,000
        order #4: left out: buy 50 sh CCC at 10.00, $500
        sends 2 of 3 orders, 550 -> 150 sh, $5,500 -> $1,500
        ");
        assert!(plan.describe_lines(&ApprovalTerms::default(), 1)[1].contains("2 more orders"));
    }

    #[test]
    fn orders_without_numbers_or_with_one_twice_are_no_parts() {
        let mut data = json!({
            "plan_hash": "ab", "orders": [], "approval": { "large_orders": false },
            "totals": { "orders": 0, "notional": "0", "turnover_one_way": 0.0, "risk_adding": 0 },
        });
        let whole = |data: &Value| from_output(json!({ "data": data }));
        assert_eq!(whole(&data), None);
        let line = json!({
            "symbol": "AAA", "side": "buy", "qty": 1, "ref_px": "10", "notional": "10",
            "w_now": null, "w_after": null, "adds_risk": true, "gate": "pass",
        });
        let numbered = |n: u32| {
            let mut line = line.clone();
            line["intent_id"] = json!(n);
            line
        };
        data["orders"] = json!([line]);
        assert_eq!(whole(&data), None);
        data["orders"] = json!([numbered(1), numbered(1)]);
        assert_eq!(whole(&data), None);
        data["orders"] = json!([numbered(1), numbered(2)]);
        assert!(whole(&data).is_some());
    }
}
