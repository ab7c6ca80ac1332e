//! One entry of the audit trail, its one way of being written, and its hash.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What is to be entered: an act of a person or a decision of the machine.
///
/// Texts are as people, agents and files wrote them: unsafe to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDraft {
    /// When, UTC.
    pub ts_utc: DateTime<Utc>,
    /// The run it belongs to, by name.
    pub run: String,
    /// The number of the run's event that it tells of; none for what happened outside a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_seq: Option<u64>,
    /// Who: an operator's name, `policy …`, `agent …`, or `engine`.
    pub actor: String,
    /// What kind of act, as events are named: `operator_acted`, `gate_closed`, …
    pub kind: String,
    /// What it is about: `task risk_check`, `stage intraday`, `agent economist`, `alert 17`, `run`.
    pub subject: String,
    /// How things stood before, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// How they stand after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Why, as they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The number of the event of the same run that brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_seq: Option<u64>,
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the trail, from 1, without gaps.
    pub seq: u64,
    /// What it tells.
    #[serde(flatten)]
    pub act: EntryDraft,
    /// The hash of the entry before it.
    pub prev: String,
    /// SHA-256 of `prev` and everything else, lower-case hex.
    pub hash: String,
}

/// Where a trail ends: the number of its last entry and that entry's hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailHead {
    /// Number of the last entry; 0 before the first.
    pub seq: u64,
    /// Its hash; before the first, what the first is chained to.
    pub hash: String,
}

impl fmt::Display for TrailHead {
    /// As it is noted down: `17:9f86d081…`, the hash whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for TrailHead {
    type Err = String;

    /// Reads what [`Head`] displays.
    fn from_str(text: &str) -> Result<Self, String> {
        let told = || "a head is a number, a colon and 64 hexadecimal digits: 17:9f86…".to_owned();
        let (seq, hash) = text.split_once(':').ok_or_else(told)?;
        let hexadecimal = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().ok().filter(|_| hexadecimal).ok_or_else(told)?;
        Ok(Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

impl AuditEntry {
    /// The entry after `head`.
    pub(super) fn chained_to(head: &TrailHead, act: EntryDraft) -> Self {
        let (seq, prev) = (head.seq.saturating_add(1), head.hash.clone());
        let act = EntryDraft { before: act.before.map(exact), after: act.after.map(exact), ..act };
        let mut entry = Self { seq, act, prev, hash: String::new() };
        entry.hash = entry.expected_hash();
        entry
    }

    /// The entry as a line of the trail, without the line's end.
    ///
    /// # Panics
    ///
    /// Never: an entry has no keys but texts.
    #[must_use]
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("an entry has no keys but texts")
    }

    /// What its hash must be.
    ///
    /// # Panics
    ///
    /// Never: an entry has no keys but texts.
    #[must_use]
    pub fn expected_hash(&self) -> String {
        let mut rest = serde_json::to_value(self).expect("an entry has no keys but texts");
        if let Value::Object(fields) = &mut rest {
            fields.remove("prev");
            fields.remove("hash");
        }
        rest.sort_all_objects();
        sha256(&format!("{}{rest}", self.prev))
    }

    /// The head of a trail that ends here.
    #[must_use]
    pub fn head(&self) -> TrailHead {
        TrailHead { seq: self.seq, hash: self.hash.clone() }
    }
}

/// SHA-256 of a text, lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// Numbers with a fraction become text: not every reader reads them back to the last digit.
fn exact(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => Value::String(number.to_string()),
        Value::Array(values) => Value::Array(values.into_iter().map(exact).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, exact(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft() -> EntryDraft {
        EntryDraft {
            ts_utc: "2018-12-19T14:30:00Z".parse().unwrap(),
            run: "2018-12-19-standard-1".into(),
            event_seq: Some(7),
            actor: "anna".into(),
            kind: "gate_closed".into(),
            subject: "the engine".into(),
            before: None,
            after: Some(json!({ "mode": "drain", "factor": 0.1 })),
            reason: Some("VIX über 40".into()),
            cause_seq: None,
        }
    }

    #[test]
    fn the_hash_is_that_of_prev_and_the_sorted_rest() {
        let entry = AuditEntry::chained_to(&TrailHead { seq: 0, hash: "ab".into() }, draft());
        let text = "ab{\"actor\":\"anna\",\"after\":{\"factor\":\"0.1\",\"mode\":\"drain\"},\
                    \"event_seq\":7,\"kind\":\"gate_closed\",\"reason\":\"VIX über 40\",\
                    \"run\":\"2018-12-19-standard-1\",\"seq\":1,\"subject\":\"the engine\",\
                    \"ts_utc\":\"2018-12-19T14:30:00Z\"}";
        assert_eq!(entry.hash, sha256(text));
        assert_eq!(entry.expected_hash(), entry.hash);
    }

    #[test]
    fn a_line_reads_back_as_the_entry_and_has_no_end_of_its_own() {
        let entry = AuditEntry::chained_to(&TrailHead { seq: 0, hash: String::new() }, draft());
        let line = entry.to_line();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<AuditEntry>(&line).unwrap(), entry);
    }

    #[test]
    fn a_head_reads_back_as_it_is_noted_and_nothing_else_does() {
        let head = TrailHead { seq: 17, hash: sha256("abc") };
        assert_eq!(head.to_string().parse(), Ok(head));
        for text in ["", "17", "17:", "17:abc", "x:", ":", &format!("-1:{}", sha256("abc"))] {
            assert!(text.parse::<TrailHead>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_digest_of_a_text_is_the_well_known_one() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), abc);
    }
}
