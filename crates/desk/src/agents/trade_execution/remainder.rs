//! The trade plan a task sends, and the remainders of it: shares that were approved, sent and did not
//! trade, as trade plans of their own.
//!
//! An order keeps its id for ever, so one that was cancelled or rejected cannot be sent again. A retry
//! sends its remaining shares as a new order of a remainder, once the broker's books agree with ours.

use std::collections::BTreeMap;

use super::{approval, plan_orders, reconcile::break_lines};
use crate::{
    agents::job::{TaskContext, bad_data, business_rejection},
    trading::{
        broker::OrderView,
        desk::{IntentOutcome, OrderOutcome},
        order::{OrderState, TradeIntent},
        reconcile::ReconcileVerdict,
        trade_plan::{Approval, TradePlan, TradePlanDraft},
    },
};
use engine::{Failure, FailureKind};

/// An approved trade plan and its remainders, oldest first.
pub(super) struct PlanChain {
    pub(super) original: TradePlan,
    remainders: Vec<TradePlan>,
}

impl PlanChain {
    /// Returns the plan the task sends, with the remainders made of it so far.
    ///
    /// # Errors
    ///
    /// Not found when no task proposed a plan.
    pub(super) fn of_task(job: &TaskContext<'_>) -> Result<Self, Failure> {
        let (original, _) = plan_orders::plan_of(job)?;
        let all: BTreeMap<String, TradePlan> = job
            .desk()
            .trade_plans()
            .into_iter()
            .map(|(plan, _)| (plan.plan_id.clone(), plan))
            .collect();
        let numbered = (1..).map_while(|number| all.get(&original.remainder_id(number)));
        let remainders = numbered.cloned().collect();
        Ok(Self { original, remainders })
    }

    /// The plan whose orders are sent now.
    pub(super) fn current(&self) -> &TradePlan {
        self.remainders.last().unwrap_or(&self.original)
    }

    /// Returns whether `hash` is the hash of the plan or of a remainder.
    pub(super) fn contains(&self, hash: &str) -> bool {
        self.original.hash() == hash || self.remainders.iter().any(|plan| plan.hash() == hash)
    }

    /// Returns the approval of the current plan, recording it first where it is missing. An approval
    /// that expired before any order was sent is taken from the operator's answer again; the engine
    /// starts no task on an answer that is stale.
    pub(super) fn approve(&self, job: &TaskContext<'_>) -> Result<Approval, Failure> {
        let hash = self.current().hash();
        let known = job.desk().trade_plan(hash).and_then(|(_, approval)| approval);
        let unused = || job.desk().outcomes(hash).iter().all(IntentOutcome::is_new);
        let known = known.filter(|approval| job.now() < approval.expires || !unused());
        match (known, self.remainders.last()) {
            (Some(approval), _) => Ok(approval),
            (None, None) => approval::approve(job, &self.original),
            (None, Some(last)) => approval::approve_remainder(job, (&self.original, last)),
        }
    }

    /// Intents of the plan with their approved shares that have not traded as of the orders `views`.
    pub(super) fn unfilled_intents(
        &self,
        job: &TaskContext<'_>,
        views: &[OrderView],
    ) -> Vec<TradeIntent> {
        let wanted = approval::wanted(job, &self.original);
        let open = self.original.orders.iter().filter_map(|intent| {
            let own = views.iter().filter(|v| v.order.intent.intent_id == intent.intent_id);
            let filled: i64 = own.map(|view| view.filled).sum();
            let qty = wanted.get(&intent.intent_id).copied().unwrap_or(0) - filled;
            (qty > 0).then(|| TradeIntent { qty, ..intent.clone() })
        });
        open.collect()
    }

    /// Returns whether an order of the current plan was cancelled before it was filled.
    pub(super) fn is_interrupted(&self, job: &TaskContext<'_>, views: &[OrderView]) -> bool {
        let current = self.current().hash();
        let mut own = views.iter().filter(|view| view.order.plan_hash == current);
        own.any(|view| {
            view.state == OrderState::Cancelled
                && job.desk().cancel_outcome(&view.order.id).is_some()
        })
    }

    /// Proposes the shares that were sent and did not trade as a new remainder, priced as of now. Does
    /// nothing while an order of the current plan may still fill or is in doubt, or when its unsent
    /// orders can be sent under the ids they have.
    ///
    /// # Errors
    ///
    /// Rejected when the broker's books differ from ours, transient when they cannot be compared.
    pub(super) fn propose_remainder(&mut self, job: &TaskContext<'_>) -> Result<(), Failure> {
        let outcomes = job.desk().order_outcomes(self.current().hash(), job.now());
        let unclear =
            |(_, outcome): &(_, OrderOutcome)| matches!(outcome, OrderOutcome::InDoubt(_));
        if outcomes.iter().any(unclear) || (outcomes.is_empty() && self.remainders.is_empty()) {
            return Ok(());
        }
        let views = plan_orders::of_chain(job, self, job.now());
        let own = views.iter().filter(|view| view.order.plan_hash == self.current().hash());
        let working = |v: &OrderView| !v.state.is_final() && v.state != OrderState::IntentLogged;
        if own.clone().any(working) {
            return Ok(());
        }
        let unsent = !job.desk().unsent_intents(self.current().hash()).is_empty();
        if !outcomes.is_empty() && unsent && !self.is_interrupted(job, &views) {
            return Ok(());
        }
        let mut orders = self.unfilled_intents(job, &views);
        if orders.is_empty() {
            return Ok(());
        }
        require_equal_books(job)?;
        let prices = job.desk().prices(job.now());
        for intent in &mut orders {
            if let Some(px) = prices.get(&intent.symbol) {
                (intent.ref_px, intent.ref_ts) = (*px, job.now());
            }
        }
        let draft = TradePlanDraft {
            plan_id: self.original.remainder_id(self.remainders.len() + 1),
            session_date: self.original.session_date,
            mode: self.original.mode,
            created_at: job.now(),
            limits_hash: job.desk().limits().1,
            orders,
        };
        let plan = TradePlan::finalize(draft).map_err(|error| bad_data(error.to_string()))?;
        job.desk().submit_plan(plan.clone()).map_err(|error| bad_data(error.to_string()))?;
        self.remainders.push(plan);
        Ok(())
    }
}

/// Compares our books with the broker's and books missing fills; nothing is sent on books that differ.
fn require_equal_books(job: &TaskContext<'_>) -> Result<(), Failure> {
    let theirs = job.desk().broker_statement(job.now()).map_err(|error| {
        let text = format!("the remainder was not sent: no statement of the broker: {error}");
        Failure::new(FailureKind::Transient, text)
    })?;
    let found = job.desk().reconcile(&theirs, job.now());
    if found.verdict == ReconcileVerdict::Block {
        let breaks = break_lines(&found).join("; ");
        return Err(business_rejection(format!(
            "the remainder was not sent: books differ: {breaks}; reconcile, then retry"
        )));
    }
    job.desk().book_missing(&found);
    Ok(())
}
