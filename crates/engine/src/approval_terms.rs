//! For which part of a plan of orders an approval is given.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The part of what it asks about for which an approval is given, and of which plan that is. Empty, it is
/// for all of whatever is asked.
///
/// The engine knows no orders: it refuses what makes no sense whatever the plan is, and hands the rest
/// on. Whoever sends the orders refuses what does not fit the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalTerms {
    /// The plan it was read on. Another plan is not approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ReviewedPlan>,
    /// Numbers of the orders approved; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<BTreeSet<u32>>,
    /// Shares, by number of the order, where fewer are approved than planned. Written as pairs: what is
    /// inside a command has no numbers for keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "pairs")]
    pub trims: BTreeMap<u32, i64>,
}

/// The plan of orders that somebody had before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedPlan {
    /// Its hash.
    pub plan: String,
    /// How many orders it has.
    pub orders: u32,
}

/// Orders named in words; the others are counted.
const NAMED_MAX: usize = 12;

impl ApprovalTerms {
    /// Whether nothing is said beside the yes, not even of which plan it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether they are for all of it, untrimmed.
    #[must_use]
    pub fn covers_all(&self) -> bool {
        self.only.is_none() && self.trims.is_empty()
    }

    /// Whether an order is approved, were it in the plan.
    #[must_use]
    pub fn includes_order(&self, number: u32) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&number))
    }

    /// Why they make no sense, whatever the plan is, and what would.
    #[must_use]
    pub fn validate(&self) -> Option<(String, &'static str)> {
        if self.only.as_ref().is_some_and(BTreeSet::is_empty) {
            return Some(("no order of it would be approved".into(), "reject it instead"));
        }
        for (number, shares) in &self.trims {
            if *shares < 1 {
                let why = format!("order #{number} cannot be trimmed to {shares} shares");
                return Some((why, "leave the order out instead"));
            }
            if !self.includes_order(*number) {
                let why = format!("order #{number} is trimmed and left out");
                return Some((why, "trim it or leave it out"));
            }
        }
        None
    }

    /// In words: `3 of 5 orders: #1, #2, #4; #2 trimmed to 50 shares`. `None` when they are for all of it.
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        if self.covers_all() {
            return None;
        }
        let all = self.of.as_ref().map(|of| of.orders);
        let which = match (&self.only, all) {
            (None, None) => "all orders".to_owned(),
            (None, Some(all)) => format!("all of {}", orders(all)),
            (Some(only), all) => {
                let names = join_names(only.iter().map(|number| format!("#{number}")).collect());
                let count = only.len();
                match all {
                    Some(all) => format!("{count} of {}: {names}", orders(all)),
                    None => format!("only {names}"),
                }
            }
        };
        if self.trims.is_empty() {
            return Some(which);
        }
        let one = |(number, shares): (&u32, &i64)| {
            let plural = if *shares == 1 { "" } else { "s" };
            format!("#{number} trimmed to {shares} share{plural}")
        };
        Some(format!("{which}; {}", join_names(self.trims.iter().map(one).collect())))
    }
}

fn orders(count: u32) -> String {
    format!("{count} order{}", if count == 1 { "" } else { "s" })
}

fn join_names(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED_MAX);
    names.truncate(NAMED_MAX);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// A map as pairs. A number that is there twice has no meaning, and is no map.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<u32, i64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<u32, i64>, D::Error> {
        let mut map = BTreeMap::new();
        for (number, shares) in Vec::<(u32, i64)>::deserialize(deserializer)? {
            if map.insert(number, shares).is_some() {
                return Err(D::Error::custom(format!("order {number} is trimmed twice")));
            }
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Command;
    use planning::plan::TaskIx;

    fn terms(only: Option<&[u32]>, trims: &[(u32, i64)], orders: Option<u32>) -> ApprovalTerms {
        ApprovalTerms {
            of: orders.map(|orders| ReviewedPlan { plan: "ab".into(), orders }),
            only: only.map(|only| only.iter().copied().collect()),
            trims: trims.iter().copied().collect(),
        }
    }

    #[test]
    fn terms_are_told_in_words_and_none_where_all_is_approved() {
        assert_eq!(ApprovalTerms::default().describe(), None);
        let told = |terms: ApprovalTerms| terms.describe().unwrap();
        assert_eq!(
            told(terms(Some(&[1, 2, 4]), &[(2, 50)], Some(5))),
            "3 of 5 orders: #1, #2, #4; #2 trimmed to 50 shares"
        );
        assert_eq!(told(terms(Some(&[3]), &[], None)), "only #3");
        assert_eq!(told(terms(None, &[(1, 1)], Some(1))), "all of 1 order; #1 trimmed to 1 share");
        let many: Vec<u32> = (1..=20).collect();
        assert!(told(terms(Some(&many), &[], Some(30))).ends_with("#12 and 8 more"));
    }

    #[test]
    fn what_makes_no_sense_of_any_plan_is_told_with_what_would() {
        let why = |terms: ApprovalTerms| terms.validate().map(|(why, _)| why);
        assert_eq!(why(terms(Some(&[1]), &[(1, 5)], None)), None);
        assert!(why(terms(Some(&[]), &[], None)).unwrap().contains("no order"));
        assert!(why(terms(None, &[(1, 0)], None)).unwrap().contains("0 shares"));
        assert!(why(terms(None, &[(1, -5)], None)).unwrap().contains("-5 shares"));
        assert!(why(terms(Some(&[1]), &[(2, 5)], None)).unwrap().contains("left out"));
    }

    #[test]
    fn an_approval_as_a_whole_is_written_as_it_always_was_and_one_in_part_comes_back() {
        let whole = json!({ "verb": "approve", "task": 3 });
        let approve = |terms| Command::Approve { task: TaskIx(3), terms };
        assert_eq!(serde_json::to_value(approve(ApprovalTerms::default())).unwrap(), whole);
        assert_eq!(
            serde_json::from_value::<Command>(whole).unwrap(),
            approve(ApprovalTerms::default())
        );
        let part = approve(terms(Some(&[1, 2]), &[(2, 50)], Some(5)));
        let text = serde_json::to_string(&part).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), part);
        let twice = r#"{"verb":"approve","task":3,"terms":{"trims":[[2,50],[2,60]]}}"#;
        assert!(serde_json::from_str::<Command>(twice).is_err());
    }
}
