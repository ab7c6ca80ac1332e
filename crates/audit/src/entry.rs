//! Audit entries, their canonical text, and their hashes.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use engine::Actor;

/// The kind of actor, which a name cannot imitate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorType {
    /// A person.
    Operator,
    /// A rule of the program that acts for a person.
    Policy,
    Agent,
    Engine,
}

impl From<&Actor> for ActorType {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Operator(_) => Self::Operator,
            Actor::Policy(_) => Self::Policy,
        }
    }
}

/// The content of an audit entry: an operator's command or an automatic decision.
///
/// Texts are unescaped input from operators, agents and files: unsafe to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDraft {
    /// Time of the event, UTC.
    pub ts_utc: DateTime<Utc>,
    /// The id of the run.
    pub run: String,
    /// The number of the run's event from which the entry is derived; `None` outside a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_seq: Option<u64>,
    /// The operator's name, `policy …`, `agent …`, or `engine`.
    pub actor: String,
    /// The kind of that actor; `None` in trails begun under the first rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_type: Option<ActorType>,
    /// The kind of entry, named like events: `operator_acted`, `gate_closed`, …
    pub kind: String,
    /// The subject: `task risk_check`, `stage intraday`, `agent economist`, `alert 17`, `run`.
    pub subject: String,
    /// The state before the event, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The state after the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The reason given by the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The number of the event of the same run that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_seq: Option<u64>,
}

/// An entry of the chain, with its number and hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its position in the trail, from 1, without gaps.
    pub seq: u64,
    #[serde(flatten)]
    pub act: EntryDraft,
    /// The hash of the previous entry.
    pub prev: String,
    /// SHA-256 of `prev` and the content, in lower-case hex.
    pub hash: String,
}

/// The end of a trail: number and hash of its last entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailHead {
    /// Number of the last entry; 0 before the first.
    pub seq: u64,
    /// Hash of the last entry; before the first, the hash to which the first is chained.
    pub hash: String,
}

impl fmt::Display for TrailHead {
    /// Writes number and full hash: `17:9f86d081…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for TrailHead {
    type Err = String;

    /// Parses the displayed form of a [`TrailHead`].
    fn from_str(text: &str) -> Result<Self, String> {
        let told = || "a head is a number, a colon and 64 hexadecimal digits: 17:9f86…".to_owned();
        let (seq, hash) = text.split_once(':').ok_or_else(told)?;
        let hexadecimal = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().ok().filter(|_| hexadecimal).ok_or_else(told)?;
        Ok(Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

impl AuditEntry {
    /// Creates the entry that follows `head`.
    pub(super) fn chained_to(head: &TrailHead, act: EntryDraft) -> Self {
        let (seq, prev) = (head.seq.saturating_add(1), head.hash.clone());
        let act = EntryDraft { before: act.before.map(exact), after: act.after.map(exact), ..act };
        let mut entry = Self { seq, act, prev, hash: String::new() };
        entry.hash = entry.expected_hash();
        entry
    }

    /// Returns the entry as a line of the trail, without line break.
    ///
    /// # Panics
    ///
    /// Never: all keys of an entry are texts.
    #[must_use]
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("all keys of an entry are texts")
    }

    /// Returns the hash computed from the content.
    ///
    /// # Panics
    ///
    /// Never: all keys of an entry are texts.
    #[must_use]
    pub fn expected_hash(&self) -> String {
        let mut rest = serde_json::to_value(self).expect("all keys of an entry are texts");
        if let Value::Object(fields) = &mut rest {
            fields.remove("prev");
            fields.remove("hash");
        }
        rest.sort_all_objects();
        sha256(&format!("{}{rest}", self.prev))
    }

    /// Returns the head of a trail that ends with this entry.
    #[must_use]
    pub fn head(&self) -> TrailHead {
        TrailHead { seq: self.seq, hash: self.hash.clone() }
    }
}

/// Returns the SHA-256 of a text in lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// Converts numbers with a fraction to text, because not every JSON parser preserves their last
/// digit.
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
            actor_type: Some(ActorType::Operator),
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
        let text = "ab{\"actor\":\"anna\",\"actor_type\":\"operator\",\"after\":{\"factor\":\"0.1\",\"mode\":\"drain\"},\
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
