//! The world outside the program: a ledger of what agents did to it. It outlives every crash.

use std::collections::BTreeMap;

use bellwether::planning::{plan::TaskIx, time::Span, workflow::EffectClass};
use chrono::{DateTime, Utc};

/// An effect that happened.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) task: TaskIx,
    pub(crate) attempt: u32,
    pub(crate) effect: EffectClass,
    /// From when on whoever asks for it is told that it happened.
    pub(crate) seen_from: DateTime<Utc>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    /// By idempotency key.
    effects: BTreeMap<String, Vec<Applied>>,
    /// Under which key an attempt was asked for.
    keys: BTreeMap<(TaskIx, u32), String>,
    /// Whether the world forgets that it did something under a key before: a broken broker.
    pub(crate) forgetful: bool,
}

impl Outside {
    /// An agent was asked for an attempt under a key.
    pub(crate) fn asked(&mut self, attempt: (TaskIx, u32), key: &str) {
        self.keys.insert(attempt, key.to_owned());
    }

    /// Something happens, `shows` before the world says so. What is keyed the world does once.
    pub(crate) fn apply(
        &mut self,
        key: &str,
        (task, attempt): (TaskIx, u32),
        effect: EffectClass,
        (at, shows): (DateTime<Utc>, Span),
    ) {
        let known = self.effects.entry(key.to_owned()).or_default();
        if effect == EffectClass::Idempotent && !known.is_empty() && !self.forgetful {
            return;
        }
        known.push(Applied { task, attempt, effect, seen_from: at + shows.to_delta() });
    }

    /// Whether an attempt itself did something.
    pub(crate) fn did(&self, attempt: (TaskIx, u32)) -> bool {
        self.all().any(|(_, applied)| (applied.task, applied.attempt) == attempt)
    }

    /// Whether something happened under the key of an attempt: the truth, known to whoever looks
    /// into the world by themselves.
    pub(crate) fn happened(&self, attempt: (TaskIx, u32)) -> bool {
        self.key(attempt).is_some_and(|key| self.effects.contains_key(key))
    }

    /// Whether the world says at `at` that something happened under a key.
    pub(crate) fn says(&self, key: &str, at: DateTime<Utc>) -> bool {
        let known = self.effects.get(key).into_iter().flatten();
        known.into_iter().any(|applied| applied.seen_from <= at)
    }

    /// Under which key an attempt was asked for, if it reached an agent.
    pub(crate) fn key(&self, attempt: (TaskIx, u32)) -> Option<&str> {
        self.keys.get(&attempt).map(String::as_str)
    }

    /// Every effect with its key, by key, in the order they happened.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Applied)> {
        self.effects.iter().flat_map(|(key, list)| list.iter().map(move |one| (key.as_str(), one)))
    }

    /// Every key with how often something happened under it.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, &[Applied])> {
        self.effects.iter().map(|(key, list)| (key.as_str(), list.as_slice()))
    }
}
