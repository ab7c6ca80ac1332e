//! Filters kept under a name, for each list its own, and how they stand in a file.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::Pane;
use view::{filter::Filter, format};

/// Filters by list and name. Every text in it is a filter that was read without a fault.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedFilters {
    lists: BTreeMap<&'static str, BTreeMap<String, String>>,
}

/// The reason a text is not a valid list of saved filters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the saved filters cannot be read: {0}")]
pub struct SavedFiltersError(String);

impl SavedFilters {
    /// Longest name, in characters.
    pub const NAME_MAX: usize = 40;
    /// Most filters of one list.
    pub const FILTERS_MAX: usize = 100;

    /// Reads what `SavedFilters::text` wrote: a JSON object of lists, each an object of names and
    /// filters. Lists that are not known and filters that make no sense are left out, so that a file
    /// of another version harms nothing.
    ///
    /// # Errors
    ///
    /// `SavedError` when the text is not of that form at all.
    pub fn parse(text: &str) -> Result<Self, SavedFiltersError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| SavedFiltersError(error.to_string()))?;
        let Value::Object(all) = value else {
            return Err(SavedFiltersError("a JSON object is expected".into()));
        };
        let mut saved = Self::default();
        for (list, filters) in &all {
            let known =
                Pane::ALL.map(|pane| pane.list().name()).into_iter().find(|known| known == list);
            let Some((list, filters)) = known.zip(filters.as_object()) else { continue };
            for (name, filter) in filters {
                if let Some(filter) = filter.as_str() {
                    // What cannot be kept is left out; see above.
                    let _ = saved.insert(list, name, filter);
                }
            }
        }
        Ok(saved)
    }

    /// As it stands in a file.
    #[must_use]
    pub fn to_json_text(&self) -> String {
        let object = |filters: &BTreeMap<String, String>| {
            let texts =
                filters.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str())));
            Value::Object(texts.collect())
        };
        let lists = self.lists.iter().map(|(list, all)| ((*list).to_owned(), object(all)));
        format!("{:#}\n", Value::Object(lists.collect()))
    }

    /// The filters of a list, by name.
    pub(crate) fn for_pane(&self, pane: Pane) -> impl Iterator<Item = (&str, &str)> {
        let filters = self.lists.get(pane.list().name()).into_iter().flatten();
        filters.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Keeps a filter under a name; one of that name is replaced. The error says in words why not.
    pub(super) fn set(&mut self, pane: Pane, name: &str, filter: &str) -> Result<(), String> {
        self.insert(pane.list().name(), name, filter)
    }

    fn insert(&mut self, list: &'static str, name: &str, filter: &str) -> Result<(), String> {
        let name = format::safe_to(name.trim(), Self::NAME_MAX).into_owned();
        if name.is_empty() {
            return Err("a saved filter needs a name".into());
        }
        Filter::parse(filter).map_err(|error| error.to_string())?;
        let filters = self.lists.entry(list).or_default();
        if filters.len() >= Self::FILTERS_MAX && !filters.contains_key(&name) {
            return Err(format!("{} filters are saved already", Self::FILTERS_MAX));
        }
        filters.insert(name, filter.trim().to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_read_again_each_list_its_own() {
        let mut saved = SavedFilters::default();
        saved.set(Pane::Tasks, " mine ", "state:failed agent:port*").unwrap();
        saved.set(Pane::Log, "mine", "level>=error").unwrap();
        saved.set(Pane::Tasks, "mine", "\"a b\" !/x\\/y/").unwrap();
        let again = SavedFilters::parse(&saved.to_json_text()).unwrap();
        assert_eq!(again, saved);
        assert_eq!(again.for_pane(Pane::Tasks).collect::<Vec<_>>(), [("mine", "\"a b\" !/x\\/y/")]);
        assert_eq!(again.for_pane(Pane::Events).count(), 0);
    }

    #[test]
    fn a_filter_that_makes_no_sense_is_neither_saved_nor_read() {
        let mut saved = SavedFilters::default();
        assert!(saved.set(Pane::Tasks, "bad", "stat:failed").is_err());
        assert!(saved.set(Pane::Tasks, "  ", "word").is_err());
        let text =
            r#"{"tasks": {"bad": "stat:x", "good": "x", "odd": 3}, "elsewhere": {"a": "b"}}"#;
        let read = SavedFilters::parse(text).unwrap();
        assert_eq!(read.for_pane(Pane::Tasks).collect::<Vec<_>>(), [("good", "x")]);
        for broken in ["", "[]", "{", "7"] {
            assert!(SavedFilters::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_list_is_never_fuller_than_it_may_be() {
        let mut saved = SavedFilters::default();
        for n in 0..SavedFilters::FILTERS_MAX {
            saved.set(Pane::Tasks, &n.to_string(), "x").unwrap();
        }
        assert!(saved.set(Pane::Tasks, "one more", "x").is_err());
        assert!(saved.set(Pane::Tasks, "7", "y").is_ok(), "a known name is replaced");
    }
}
