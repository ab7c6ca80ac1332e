//! What may be traded: plans proposed, approved whole or in part, trimmed, rejected.

use std::io;

use super::{
    fact::{DeskFact, TradePlanRejection},
    state::Desk,
};
use crate::trading::{
    order::ClOrdIdError,
    trade_plan::{Approval, TradePlan},
};

/// Why the desk does not act on a plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// No plan with that hash was proposed.
    #[error("no plan has hash `{0}`")]
    UnknownPlan(String),
    /// The plan was changed after it was frozen.
    #[error("plan `{0}` does not match its hash")]
    PlanChanged(String),
    /// The plan holds a number that cannot be written down.
    #[error("plan `{0}` holds a weight that is no number")]
    NoNumber(String),
    /// Nobody approved it.
    #[error("plan `{0}` is not approved")]
    NotApproved(String),
    /// Somebody rejected it; another plan is needed.
    #[error("plan `{plan}` was rejected by {by}: {reason}")]
    Rejected {
        /// The plan.
        plan: String,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Nobody rejects a plan without saying why.
    #[error("rejecting a plan needs a reason")]
    NoReason,
    /// An approval speaks of an intent that the plan does not have.
    #[error("plan `{plan}` has no intent {intent}")]
    UnknownIntent {
        /// The plan.
        plan: String,
        /// Number of the intent.
        intent: u32,
    },
    /// An approval trims to what is no smaller trade.
    #[error(
        "intent {intent} is for {qty} shares: it can be trimmed to 1 to {qty}, not to {wanted}"
    )]
    Trim {
        /// Number of the intent.
        intent: u32,
        /// Shares of the intent.
        qty: i64,
        /// Shares wanted.
        wanted: i64,
    },
    /// Its parts make no client order id.
    #[error("intent {intent} gets no client order id")]
    Id {
        /// Number of the intent.
        intent: u32,
        /// What is wrong with the id.
        source: ClOrdIdError,
    },
    /// The desk's log cannot be written, so nothing was done.
    #[error("the desk's log cannot be written, so nothing was done")]
    Log(#[from] io::Error),
}

impl Desk {
    /// Takes a plan for approval. Proposing it again changes nothing.
    ///
    /// # Errors
    ///
    /// `DeskError::Changed` when the plan does not match its hash, [`DeskError::NoNumber`] or
    /// [`DeskError::Log`] when it cannot be written down.
    pub fn submit_plan(&self, plan: TradePlan) -> Result<(), DeskError> {
        if !plan.is_intact() {
            return Err(DeskError::PlanChanged(plan.plan_id));
        }
        if !plan.orders.iter().all(|intent| intent.parent_target_w.is_finite()) {
            return Err(DeskError::NoNumber(plan.plan_id));
        }
        let mut state = self.lock();
        if state.memory.plans.contains_key(plan.hash()) {
            return Ok(());
        }
        Ok(state.append_fact(DeskFact::Proposed(plan))?)
    }

    /// Notes an approval; a later one for the same plan replaces it. It may leave intents out and
    /// trim others; it never reaches beyond the plan, and another plan needs another approval.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when no such plan was proposed, it was rejected, or the approval does not fit it.
    pub fn record_approval(&self, approval: Approval) -> Result<(), DeskError> {
        let mut state = self.lock();
        let Some(plan) = state.memory.plans.get(&approval.plan_hash) else {
            return Err(DeskError::UnknownPlan(approval.plan_hash));
        };
        if let Some(no) = state.memory.rejections.get(&approval.plan_hash) {
            let (plan, by, reason) = (plan.plan_id.clone(), no.by.clone(), no.reason.clone());
            return Err(DeskError::Rejected { plan, by, reason });
        }
        for number in approval.intents.iter().chain(approval.trims.keys()) {
            let missing =
                || DeskError::UnknownIntent { plan: plan.plan_id.clone(), intent: *number };
            let intent = plan.intent(*number).ok_or_else(missing)?;
            let wanted = approval.trims.get(number).copied().unwrap_or(intent.qty);
            if !(1..=intent.qty).contains(&wanted) {
                return Err(DeskError::Trim { intent: *number, qty: intent.qty, wanted });
            }
        }
        if state.memory.approvals.get(&approval.plan_hash) == Some(&approval) {
            return Ok(());
        }
        Ok(state.append_fact(DeskFact::Approved(approval))?)
    }

    /// Takes an approval back, and gives it; orders already sent stay. It holds no longer even where
    /// that cannot be written down yet.
    pub fn revoke(&self, plan_hash: &str) -> Option<Approval> {
        let mut state = self.lock();
        let had = state.memory.approvals.get(plan_hash).cloned();
        if had.is_some() {
            state.record_fact(DeskFact::Revoked(plan_hash.to_owned()));
        }
        had
    }

    /// Says no to a plan, for good: its approval is void and it gets no other.
    ///
    /// # Errors
    ///
    /// [`DeskError::UnknownPlan`], or [`DeskError::NoReason`].
    pub fn record_rejection(&self, no: TradePlanRejection) -> Result<(), DeskError> {
        let mut state = self.lock();
        if !state.memory.plans.contains_key(&no.plan_hash) {
            return Err(DeskError::UnknownPlan(no.plan_hash));
        }
        if no.reason.trim().is_empty() {
            return Err(DeskError::NoReason);
        }
        state.record_fact(DeskFact::Rejected(no));
        Ok(())
    }
}
