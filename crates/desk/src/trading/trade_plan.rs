//! Trade plans: intents frozen under a hash, and the approval that names that hash.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{instruments::TradingMode, order::TradeIntent};

/// JSON with sorted keys and no blanks: equal values give equal text, so they hash alike.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            let fields: Vec<String> = keys
                .into_iter()
                .map(|key| {
                    let name = Value::String(key.clone());
                    format!("{name}:{}", canonical_json(map.get(key).unwrap_or(&Value::Null)))
                })
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical_json).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// SHA-256 of the canonical JSON of `value`, 64 lower-case hex digits.
///
/// # Errors
///
/// What serde says of a value that is no JSON.
pub fn hash_of<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let text = canonical_json(&serde_json::to_value(value)?);
    Ok(Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(hex, "{byte:02x}");
        hex
    }))
}

/// Intents of one decision, frozen. Any change makes another hash and voids the approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TradePlan {
    /// Name of the plan within its run.
    pub plan_id: String,
    /// Session the plan is for.
    pub session_date: NaiveDate,
    /// Mode the plan was made in.
    pub mode: TradingMode,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Hash of the limits it was made under.
    pub limits_hash: String,
    /// What is to be traded, sells first.
    pub orders: Vec<TradeIntent>,
    /// SHA-256 of all fields above, as canonical JSON.
    #[serde(rename = "plan_hash")]
    hash: String,
}

/// Everything of a plan but its hash.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TradePlanDraft {
    /// Name of the plan within its run.
    pub plan_id: String,
    /// Session the plan is for.
    pub session_date: NaiveDate,
    /// Mode the plan was made in.
    pub mode: TradingMode,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Hash of the limits it was made under.
    pub limits_hash: String,
    /// What is to be traded, sells first.
    pub orders: Vec<TradeIntent>,
}

/// Why a draft is no plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TradePlanError {
    /// Two intents with one number would get one client order id.
    #[error("plan `{plan}` has two intents numbered {intent}")]
    DuplicateIntent {
        /// The plan.
        plan: String,
        /// The number.
        intent: u32,
    },
    /// A number that JSON does not have, such as a weight that is not finite.
    #[error("plan `{plan}` cannot be written as JSON")]
    Json {
        /// The plan.
        plan: String,
        /// What serde said.
        source: serde_json::Error,
    },
}

impl TradePlan {
    /// Freezes a draft. Prices are normalised first, so `50.0` and `50.00` hash alike.
    ///
    /// # Errors
    ///
    /// `PlanError` when two intents share a number or a value is no JSON.
    pub fn finalize(mut draft: TradePlanDraft) -> Result<Self, TradePlanError> {
        let mut seen = BTreeSet::new();
        for intent in &mut draft.orders {
            if !seen.insert(intent.intent_id) {
                return Err(TradePlanError::DuplicateIntent {
                    plan: draft.plan_id,
                    intent: intent.intent_id,
                });
            }
            intent.ref_px = intent.ref_px.normalize();
            intent.limit_px = intent.limit_px.map(|px| px.normalize());
        }
        let hash = match hash_of(&draft) {
            Ok(hash) => hash,
            Err(source) => return Err(TradePlanError::Json { plan: draft.plan_id, source }),
        };
        let TradePlanDraft { plan_id, session_date, mode, created_at, limits_hash, orders } = draft;
        Ok(Self { plan_id, session_date, mode, created_at, limits_hash, orders, hash })
    }

    /// The hash fixed when the plan was frozen.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the name of the `number`th remainder of this plan: shares of it that did not trade.
    #[must_use]
    pub(crate) fn remainder_id(&self, number: usize) -> String {
        format!("{} remainder {number} of {}", self.plan_id, self.hash_prefix())
    }

    /// Returns the first digits of the hash of the plan that was approved: of a remainder, those of
    /// the plan that it remains of.
    pub(super) fn root_prefix(&self) -> String {
        let root =
            self.plan_id.split_once(" remainder ").and_then(|(_, rest)| rest.split_once(" of "));
        root.map_or_else(|| self.hash_prefix(), |(_, prefix)| prefix.to_owned())
    }

    fn hash_prefix(&self) -> String {
        self.hash.chars().take(12).collect()
    }

    /// Whether the fields still make the hash; false for a plan changed after freezing.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let draft = TradePlanDraft {
            plan_id: self.plan_id.clone(),
            session_date: self.session_date,
            mode: self.mode,
            created_at: self.created_at,
            limits_hash: self.limits_hash.clone(),
            orders: self.orders.clone(),
        };
        hash_of(&draft).is_ok_and(|hash| hash == self.hash)
    }

    /// The intent numbered `intent_id`.
    #[must_use]
    pub fn intent(&self, intent_id: u32) -> Option<&TradeIntent> {
        self.orders.iter().find(|intent| intent.intent_id == intent_id)
    }
}

/// How an approval came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovedBy {
    /// Another person than the one who made the plan.
    FourEyes,
    /// The one operator of a single-operator desk; shown in the report.
    SelfApproved,
    /// A rule of the configuration; repeated executions are counted.
    Policy,
}

/// Someone's word that a plan may be traded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Hash of the plan approved.
    pub plan_hash: String,
    /// Who.
    pub approver: String,
    /// How it came about.
    pub by: ApprovedBy,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// First moment at which it no longer holds.
    pub expires: DateTime<Utc>,
    /// Numbers of the intents approved; the rest of the plan is not.
    pub intents: BTreeSet<u32>,
    /// Shares, by number of intent, where fewer are approved than planned.
    #[serde(default)]
    pub trims: BTreeMap<u32, i64>,
    /// Why.
    pub reason: String,
}

impl Approval {
    /// How long an approval holds: ten minutes.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

    /// Approves all of `plan` at `at`.
    #[must_use]
    pub fn of_whole_plan(
        plan: &TradePlan,
        approver: &str,
        by: ApprovedBy,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            plan_hash: plan.hash().into(),
            approver: approver.into(),
            by,
            at,
            expires: at + Self::LIFETIME,
            intents: plan.orders.iter().map(|intent| intent.intent_id).collect(),
            trims: BTreeMap::new(),
            reason: String::new(),
        }
    }

    /// Shares of `intent` that may be traded: as planned, or as trimmed; never more than planned.
    #[must_use]
    pub fn approved_quantity(&self, intent: &TradeIntent) -> i64 {
        self.trims.get(&intent.intent_id).map_or(intent.qty, |trim| intent.qty.min(*trim))
    }

    /// Whether intent `intent_id` of the plan with `plan_hash` may be traded at `at`.
    #[must_use]
    pub fn covers(&self, plan_hash: &str, intent_id: u32, at: DateTime<Utc>) -> bool {
        self.plan_hash == plan_hash
            && self.at <= at
            && at < self.expires
            && self.intents.contains(&intent_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::testing;

    #[test]
    fn canonical_json_sorts_keys_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{"b":[{"d":1,"c":"x\"y"}],"a":null}"#).unwrap();
        assert_eq!(canonical_json(&value), r#"{"a":null,"b":[{"c":"x\"y","d":1}]}"#);
    }

    #[test]
    fn remainder_names_the_plan_that_was_approved() {
        let plan = testing::plan(&[testing::intent("AAA", 10, "50")]);
        let mut rest = testing::plan(&[testing::intent("AAA", 4, "50")]);
        assert_ne!(plan.root_prefix(), rest.root_prefix());
        rest.plan_id = plan.remainder_id(2);
        assert_eq!(rest.root_prefix(), plan.root_prefix());
        assert!(plan.hash().starts_with(&plan.root_prefix()));
    }

    #[test]
    fn any_change_to_a_plan_voids_its_hash_and_trailing_zeros_do_not() {
        let plan = testing::plan(&[testing::intent("AAA", 10, "50.0")]);
        let same = testing::plan(&[testing::intent("AAA", 10, "50.000")]);
        assert_eq!(plan.hash(), same.hash());
        assert_eq!(plan.hash().len(), 64);
        assert!(plan.is_intact());
        let mut changed = plan.clone();
        changed.orders[0].qty += 1;
        assert!(!changed.is_intact());
        let other = testing::plan(&[testing::intent("AAA", 11, "50.0")]);
        assert_ne!(plan.hash(), other.hash());
    }

    #[test]
    fn an_approval_covers_its_own_plan_and_intents_for_ten_minutes() {
        let plan = testing::plan(&[testing::intent("AAA", 10, "50")]);
        let at = plan.created_at;
        let mut approval = Approval::of_whole_plan(&plan, "ana", ApprovedBy::FourEyes, at);
        assert!(approval.covers(plan.hash(), 1, at));
        assert!(!approval.covers(plan.hash(), 2, at));
        assert!(!approval.covers("other", 1, at));
        assert!(!approval.covers(plan.hash(), 1, at + Approval::LIFETIME));
        assert!(!approval.covers(plan.hash(), 1, at - TimeDelta::seconds(1)));
        approval.intents.clear();
        assert!(!approval.covers(plan.hash(), 1, at));
    }

    #[test]
    fn two_intents_with_one_number_are_no_plan() {
        let twice = vec![testing::intent("AAA", 1, "5"), testing::intent("BBB", 1, "5")];
        let draft = TradePlanDraft { orders: twice, ..testing::draft() };
        assert!(matches!(
            TradePlan::finalize(draft),
            Err(TradePlanError::DuplicateIntent { intent: 1, .. })
        ));
    }
}
