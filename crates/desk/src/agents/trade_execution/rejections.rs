//! Orders the broker rejected: the reasons it gave, for the result of a task and its alerts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    agents::job::count_noun,
    trading::{desk::IntentOutcome, order::OrderState, trade_plan::TradePlan},
};
use engine::{Failure, FailureKind};

/// Rejected orders of one plan.
pub(super) struct Rejections {
    /// Symbols by the broker's reason.
    by_reason: BTreeMap<String, Vec<String>>,
    /// Number of rejected orders.
    pub(super) count: usize,
    /// Number of orders the broker answered.
    answered: usize,
}

impl Rejections {
    /// Collects the rejected orders among those of `plan` that were sent.
    pub(super) fn from_outcomes(plan: &TradePlan, sent: &[IntentOutcome]) -> Self {
        let (mut by_reason, mut count) = (BTreeMap::<String, Vec<String>>::new(), 0);
        let acks = || sent.iter().filter_map(|one| Some((one.intent_id, one.ack.as_ref()?)));
        for (number, ack) in acks().filter(|(_, ack)| ack.state == OrderState::Rejected) {
            let reason = ack.reason.clone().unwrap_or_else(|| "no reason given".into());
            let symbol = plan.intent(number).map(|intent| intent.symbol.to_string());
            by_reason.entry(reason).or_default().extend(symbol);
            count += 1;
        }
        Self { by_reason, count, answered: acks().count() }
    }

    /// Returns whether the broker rejected every order it answered.
    pub(super) const fn is_total(&self) -> bool {
        self.count > 0 && self.count == self.answered
    }

    /// The reasons with the symbols they are about, as in `account restricted (AAPL, KO)`.
    pub(super) fn reasons(&self) -> String {
        let lines =
            self.by_reason.iter().map(|(reason, names)| format!("{reason} ({})", names.join(", ")));
        lines.collect::<Vec<_>>().join("; ")
    }

    /// The failure of an attempt all of whose orders were rejected.
    pub(super) fn into_failure(self) -> Failure {
        let text = format!(
            "the broker rejected {}: {}; retry sends them again once the cause is gone",
            match self.count {
                1 => "the only order".to_owned(),
                n => format!("all {n} orders"),
            },
            self.reasons(),
        );
        Failure::new(FailureKind::Rejected, text)
    }

    /// One warning alert for each reason.
    pub(super) fn alerts(&self) -> Vec<Value> {
        let alerts = self.by_reason.iter().map(|(reason, names)| {
            let text = format!(
                "the broker rejected {}: {reason} ({})",
                count_noun(names.len(), "order"),
                names.join(", ")
            );
            json!({ "severity": "warning", "code": "order_rejected", "key": text, "text": text })
        });
        alerts.collect()
    }
}
