//! Reader for the keys of one mapping, which reports unknown and missing keys.

use std::ops::Range;

use super::{
    DiagnosticCollector, MISSING_KEY, MappingEntry, UNKNOWN_KEY, YamlNode, list_of, nearest, quote,
};

/// A mapping whose keys are being read.
///
/// The accepted keys are those that were requested, so no second list of keys can become outdated.
#[derive(Debug)]
pub struct MappingReader<'n> {
    entries: &'n [MappingEntry],
    span: Range<usize>,
    what: String,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'n> MappingReader<'n> {
    /// Starts reading `node`, called `what` in messages (`a task`). Problems of the mapping as a
    /// whole are shown at `span`.
    pub fn open(
        node: &'n YamlNode,
        span: &Range<usize>,
        what: &str,
        sink: &mut DiagnosticCollector,
    ) -> Option<Self> {
        let entries = node.read_mapping(&format!("a mapping with the keys of {what}"), sink)?;
        let (asked, missing) = (Vec::new(), Vec::new());
        Some(Self { entries, span: span.clone(), what: what.into(), asked, missing })
    }

    /// Returns the entry `key`, or `None` if it is absent or empty.
    pub fn get(&mut self, key: &'static str) -> Option<&'n MappingEntry> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key && !entry.value.is_null())
    }

    /// Returns the entry `key`; [`finish`](Self::finish) reports a problem if it is absent.
    pub fn required(&mut self, key: &'static str) -> Option<&'n MappingEntry> {
        let found = self.get(key);
        if found.is_none() {
            self.missing.push(key);
        }
        found
    }

    /// Returns the place at which problems of the whole mapping are shown.
    #[must_use]
    pub fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Reports every unknown and every missing key. An unknown key close to a missing one is taken
    /// for a misspelling of it, so that one mistake gives one problem.
    pub fn finish(self, sink: &mut DiagnosticCollector) {
        let mut slips = Vec::new();
        let unknown = self.entries.iter().filter(|e| !self.asked.contains(&e.key.as_str()));
        for entry in unknown {
            let message = format!("{} has no key {}", self.what, quote(&entry.key));
            let near = nearest(&entry.key, self.asked.iter().copied());
            slips.extend(near);
            let problem = sink.report(UNKNOWN_KEY, &entry.key_span, message);
            problem.label("unknown key");
            match near {
                Some(_) => problem.with_suggestion(near),
                None => {
                    problem.with_help(format!("accepted: {}", list_of(self.asked.iter().copied())))
                }
            };
        }
        for key in self.missing.iter().filter(|key| !slips.contains(key)) {
            let message = format!("{} has no `{key}`", self.what);
            sink.report(MISSING_KEY, &self.span, message).label(format!("`{key}` is missing"));
        }
    }
}
