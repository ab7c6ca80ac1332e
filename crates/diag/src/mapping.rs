//! A mapping read key by key, which notices the keys nobody asked for.

use std::ops::Range;

use super::{
    DiagnosticCollector, MISSING_KEY, MappingEntry, UNKNOWN_KEY, YamlNode, list_of, nearest, quote,
};

/// A mapping under reading.
///
/// The keys it accepts are those it was asked for: there is no second list to forget.
#[derive(Debug)]
pub struct MappingReader<'n> {
    entries: &'n [MappingEntry],
    span: Range<usize>,
    what: String,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'n> MappingReader<'n> {
    /// Starts reading `node`, which is `what` in messages (`a task`); problems of the mapping as a
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

    /// The entry `key`; none if it is absent or left empty.
    pub fn get(&mut self, key: &'static str) -> Option<&'n MappingEntry> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key && !entry.value.is_null())
    }

    /// The entry `key`, whose absence [`finish`](Self::finish) notes as a problem.
    pub fn required(&mut self, key: &'static str) -> Option<&'n MappingEntry> {
        let found = self.get(key);
        if found.is_none() {
            self.missing.push(key);
        }
        found
    }

    /// Where problems of the mapping as a whole are shown.
    #[must_use]
    pub fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Notes every key that was not asked for and every one that is missing. A key that is nearly
    /// the missing one is taken for it, so that one slip is one problem.
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
