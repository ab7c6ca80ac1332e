//! Identifiers of tasks, stages, agents and task types, validated when parsed.
//!
//! An id is always well formed: [`Id::parse`] is the only way to make one, and serde uses it too.

use std::{borrow::Borrow, fmt, marker::PhantomData, sync::Arc};

use serde::{Deserialize, Serialize};

/// The kind of thing an id names; carries no data.
pub trait IdKind {
    /// The word for the kind in messages.
    const WORD: &'static str;
}

/// The marker of [`TaskId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {}
/// The marker of [`StageId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageKind {}
/// The marker of [`AgentId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentKind {}
/// The marker of [`TaskType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {}

impl IdKind for TaskKind {
    const WORD: &'static str = "task";
}
impl IdKind for StageKind {
    const WORD: &'static str = "stage";
}
impl IdKind for AgentKind {
    const WORD: &'static str = "agent";
}
impl IdKind for TypeKind {
    const WORD: &'static str = "task type";
}

/// The name of one task, unique across all stages of a day.
pub type TaskId = Id<TaskKind>;
/// The name of a stage of a day.
pub type StageId = Id<StageKind>;
/// The name of an agent.
pub type AgentId = Id<AgentKind>;
/// The name of a kind of work that an agent can do.
pub type TaskType = Id<TypeKind>;

/// A `snake_case` word: a letter, followed by letters, digits and underscores.
///
/// Letters of any script are accepted, so that a desk may name tasks in its own language; control
/// characters, blanks and punctuation are not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[serde(bound(serialize = "K: Clone", deserialize = "K: IdKind"))]
pub struct Id<K>(Arc<str>, PhantomData<K>);

impl<K: IdKind> Id<K> {
    /// Longest id accepted, in characters: screens show ids whole in a 40-column pane.
    pub const LEN_MAX: usize = 40;

    /// Validates `text` and makes an id of it.
    ///
    /// # Errors
    ///
    /// [`IdError`] if `text` is empty, longer than [`Self::LEN_MAX`], or not a lower-case word of
    /// ASCII letters, digits and underscores that begins with a letter.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fault = |fault| IdError { kind: K::WORD, text: text.chars().take(60).collect(), fault };
        let first = text.chars().next().ok_or_else(|| fault(IdFault::Empty))?;
        if text.chars().count() > Self::LEN_MAX {
            return Err(fault(IdFault::TooLong));
        }
        // Letters of other scripts can look the same: two tasks could not be told apart.
        let sound = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
        if !first.is_ascii_lowercase() || !text.chars().all(sound) {
            return Err(fault(IdFault::InvalidChars));
        }
        Ok(Self(text.into(), PhantomData))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl<K: IdKind + Ord> Borrow<str> for Id<K> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<K: IdKind> TryFrom<String> for Id<K> {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl<K> From<Id<K>> for String {
    fn from(id: Id<K>) -> Self {
        id.0.as_ref().into()
    }
}

/// The reason for which a text is not a valid id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot name a {kind}: {fault}")]
pub struct IdError {
    kind: &'static str,
    text: String,
    fault: IdFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum IdFault {
    #[error("a name has at least one letter")]
    Empty,
    #[error("a name has at most {} characters", TaskId::LEN_MAX)]
    TooLong,
    #[error("a name is one lower_case word of a-z, 0-9 and _ that begins with a letter")]
    InvalidChars,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_lower_case_word() {
        for good in ["a", "risk_assessment", "t1", "x".repeat(40).as_str()] {
            assert_eq!(TaskId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "1st",
            "_x",
            "Risk",
            "a b",
            "a-b",
            "a/b",
            "a\u{1b}[2J",
            "分析",
            "t\u{430}sk",
            &"x".repeat(41),
        ] {
            assert!(TaskId::parse(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn serde_goes_through_the_same_check() {
        assert!(serde_json::from_str::<AgentId>(r#""Not One""#).is_err());
        let id: AgentId = serde_json::from_str(r#""economist""#).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""economist""#);
    }
}
