//! Closing positions: which of them, and what that is estimated to cost.

use super::propose_commit::{not_armed_reason, propose};
use crate::{
    model::Model,
    msg::Effect,
    popup::{CommandDialog, DialogItem, DialogTarget, ItemChoice},
};
use engine::{AlertSeverity, Command, OrderReport, ReportedPosition, TradingState};
use view::{format, orders::usd_text};

/// Asks which positions are closed; all of them unless another line is chosen.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    if let Some(why) = not_armed_reason(model) {
        model.set_status(AlertSeverity::Warning, why);
        return Vec::new();
    }
    if model.orders.positions.is_empty() {
        model.set_status(AlertSeverity::Info, "no position is open");
        return Vec::new();
    }
    let active =
        model.run.as_ref().is_some_and(|run| run.trading_status().state == TradingState::Active);
    let items = choices(&model.orders, active);
    let dialog = CommandDialog {
        items,
        ..CommandDialog::new(0, "flatten".into(), DialogTarget::OneOf, model.wall)
    };
    propose(model, dialog)
}

/// One line for all positions and one for each, with what is sold and at what estimated cost.
fn choices(report: &OrderReport, active: bool) -> Vec<DialogItem> {
    let all = &report.positions;
    let value: f64 = all.iter().map(|position| position.value.abs()).sum();
    let known: Option<f64> = all.iter().map(|position| position.exit_cost).sum();
    let every = DialogItem {
        pick: ItemChoice::OneOf(vec![Command::Flatten { symbol: None }]),
        on: true,
        text: format!(
            "all {}",
            format::count_noun(u64::try_from(all.len()).unwrap_or(u64::MAX), "position")
        ),
        consequence: format!(
            "{}{}",
            worth(value, known),
            if active { "; trading becomes REDUCE_ONLY" } else { "" }
        ),
    };
    let each = all.iter().map(|position| {
        let symbol = Some(position.symbol.clone());
        DialogItem {
            pick: ItemChoice::OneOf(vec![Command::Flatten { symbol }]),
            on: false,
            text: format!("{} {}", trade(position), position.symbol),
            consequence: worth(position.value.abs(), position.exit_cost),
        }
    });
    std::iter::once(every).chain(each).collect()
}

fn trade(position: &ReportedPosition) -> String {
    let side = if position.qty > 0 { "sell" } else { "buy" };
    format!("{side} {}", position.qty.unsigned_abs())
}

fn worth(value: f64, cost: Option<f64>) -> String {
    let cost = cost.map_or_else(
        || "cost unknown: no daily volume".to_owned(),
        |cost| format!("about {} to trade", usd_text(cost)),
    );
    format!("{}, {cost}", usd_text(value))
}
