//! Checks 17 to 19 and 21: how the order fits with the others the desk has sent.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{check::OrderChecks, code::CheckCode, context::WorkingOrder};
use crate::trading::{symbol::Side, trade_plan::ApprovedBy};

/// Plans this far apart count as repeating each other.
const REPEAT_WINDOW: TimeDelta = TimeDelta::minutes(30);

pub(super) fn check_order_flow(desk: &mut OrderChecks<'_>) {
    rate(desk);
    if !desk.reducing {
        check_repeats(desk);
    }
    cumulative(desk);
    self_cross(desk);
}

fn rate(desk: &mut OrderChecks<'_>) {
    let (context, limits) = (desk.context, desk.context.limits);
    for (seconds, most) in [(1, limits.orders_second_max), (60, limits.orders_minute_max)] {
        let window = TimeDelta::seconds(seconds);
        let near = |sent: &&crate::trading::pretrade::SentOrder| {
            (context.send_at - sent.at).abs() < window
        };
        let count = context.history.sent.iter().filter(near).count();
        if u32::try_from(count).is_ok_and(|count| count >= most) || count > 1_000_000 {
            let text = format!("{count} orders within {seconds} s, at most {most}");
            desk.add_hard(CheckCode::Rate, (count, most), text);
        }
    }
}

fn check_repeats(desk: &mut OrderChecks<'_>) {
    let (order, context) = (desk.order, desk.context);
    let by_rule = context.approved.is_some_and(|(_, approval)| match approval.by {
        ApprovedBy::Policy => true,
        ApprovedBy::FourEyes | ApprovedBy::SelfApproved => false,
    });
    if !by_rule {
        return;
    }
    let mut plans: BTreeSet<&str> = context
        .history
        .auto_plans
        .iter()
        .filter(|plan| plan.symbol == order.intent.symbol && plan.side == order.intent.side)
        .filter(|plan| context.at - plan.at < REPEAT_WINDOW)
        .map(|plan| plan.plan_hash.as_str())
        .collect();
    plans.insert(&order.plan_hash);
    let (count, most) = (plans.len(), context.limits.repeated_plans);
    if u32::try_from(count).is_ok_and(|count| count >= most) {
        let text = format!(
            "{count} automatically approved plans {} {} within {} minutes",
            order.intent.side,
            order.intent.symbol,
            REPEAT_WINDOW.num_minutes()
        );
        desk.add_hard(CheckCode::RepeatedExecution, (count, most), text);
    }
}

fn cumulative(desk: &mut OrderChecks<'_>) {
    match (desk.order.parent.is_some(), desk.context.parent) {
        (false, _) => {}
        (true, None) => desk.fail_closed(CheckCode::CumulativeParent, "the parent is not known"),
        (true, Some(parent)) => {
            let sum = parent.used.saturating_add(desk.order.intent.qty);
            if sum > parent.qty {
                let text = format!(
                    "{} sh filled or working + {} sh = {sum} sh > {} sh of the parent",
                    parent.used, desk.order.intent.qty, parent.qty
                );
                desk.add_hard(CheckCode::CumulativeParent, (sum, parent.qty), text);
            }
        }
    }
}

fn self_cross(desk: &mut OrderChecks<'_>) {
    let intent = &desk.order.intent;
    let opposite = |order: &&WorkingOrder| {
        order.symbol == intent.symbol && order.side == intent.side.opposite()
    };
    let crosses = |order: &&WorkingOrder| match (intent.limit_px, order.limit_px) {
        (Some(own), Some(other)) => match intent.side {
            Side::Buy => own >= other,
            Side::Sell => own <= other,
        },
        // Without a limit any price is taken.
        (None, _) | (_, None) => true,
    };
    if let Some(other) = desk.context.working.iter().filter(opposite).find(crosses) {
        let text = format!(
            "{} would trade with our own {} of {} {}",
            intent.side, other.side, other.leaves, other.symbol
        );
        desk.add_hard(CheckCode::SelfCross, (&other.id, "no crossing order"), text);
    }
}
