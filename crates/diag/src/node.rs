//! Located YAML values and typed access to their contents.

use std::ops::{Range, RangeInclusive};

use serde_json::{Map, Number, Value};

use super::{
    BAD_WORD, CONTROL_CHARACTER, DiagnosticCollector, OUT_OF_RANGE, WRONG_TYPE, list_of,
    text::{is_unsafe_char, nearest, quote},
};

/// A value and its position in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct YamlNode {
    /// Byte range of the value; for an empty value, that of its key.
    pub span: Range<usize>,
    pub content: NodeContent,
}

/// The content of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeContent {
    /// An empty value, `~` or `null`.
    Null,
    /// The plain word `true` or `false`.
    Bool(bool),
    Number(Number),
    /// Text, quoted or not; `yes`, `no` and `09:30` are text.
    Text(String),
    List(Vec<YamlNode>),
    /// A mapping in the order of the file, without repeated keys.
    Map(Vec<MappingEntry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingEntry {
    pub key: String,
    /// Byte range of the key.
    pub key_span: Range<usize>,
    pub value: YamlNode,
}

impl YamlNode {
    /// Returns the type of the value, in words for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.content {
            NodeContent::Null => "nothing",
            NodeContent::Bool(_) => "true or false",
            NodeContent::Number(_) => "a number",
            NodeContent::Text(_) => "text",
            NodeContent::List(_) => "a list",
            NodeContent::Map(_) => "a mapping",
        }
    }

    /// Returns whether the value is empty or null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.content, NodeContent::Null)
    }

    /// Returns the value as JSON, without positions.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.content {
            NodeContent::Null => Value::Null,
            NodeContent::Bool(flag) => Value::Bool(*flag),
            NodeContent::Number(number) => Value::Number(number.clone()),
            NodeContent::Text(text) => Value::String(text.clone()),
            NodeContent::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeContent::Map(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// Reports that `what` was expected here.
    pub fn wrong_type(&self, what: &str, sink: &mut DiagnosticCollector) {
        let found = self.kind();
        let problem =
            sink.report(WRONG_TYPE, &self.span, format!("expected {what}, found {found}"));
        problem.label(found);
        if what == "text" && matches!(self.content, NodeContent::Bool(_) | NodeContent::Number(_)) {
            problem.with_help("put it in quotes if it is meant as text");
        }
    }

    /// Returns the text, if it has no characters that are unsafe on a screen.
    pub fn read_text(&self, sink: &mut DiagnosticCollector) -> Option<&str> {
        let NodeContent::Text(text) = &self.content else {
            self.wrong_type("text", sink);
            return None;
        };
        if let Some(c) = text.chars().find(|c| is_unsafe_char(*c)) {
            let message =
                format!("{} has the control character U+{:04X}", quote(text), u32::from(c));
            sink.report(CONTROL_CHARACTER, &self.span, message).with_help("remove it");
            return None;
        }
        Some(text)
    }

    /// Returns text, or a number as it would be written, for values such as `300` and `5m`.
    pub fn read_scalar_text(&self, what: &str, sink: &mut DiagnosticCollector) -> Option<String> {
        match &self.content {
            NodeContent::Number(number) => Some(number.to_string()),
            NodeContent::Text(_) => self.read_text(sink).map(Into::into),
            NodeContent::Null
            | NodeContent::Bool(_)
            | NodeContent::List(_)
            | NodeContent::Map(_) => {
                self.wrong_type(what, sink);
                None
            }
        }
    }

    /// Reads `true` or `false`.
    pub fn read_bool(&self, sink: &mut DiagnosticCollector) -> Option<bool> {
        if let NodeContent::Bool(flag) = self.content {
            return Some(flag);
        }
        self.wrong_type("`true` or `false`", sink);
        None
    }

    /// Reads a whole number in `range`.
    pub fn read_integer(
        &self,
        range: RangeInclusive<u32>,
        sink: &mut DiagnosticCollector,
    ) -> Option<u32> {
        let NodeContent::Number(number) = &self.content else {
            self.wrong_type("a whole number", sink);
            return None;
        };
        let whole = number.as_u64().and_then(|n| u32::try_from(n).ok());
        let inside = whole.filter(|n| range.contains(n));
        if inside.is_none() {
            let (low, high) = (range.start(), range.end());
            let message = format!("{number} is not a whole number from {low} to {high}");
            sink.report(OUT_OF_RANGE, &self.span, message);
        }
        inside
    }

    /// Reads a number above zero and at most `max`.
    pub fn above_zero(&self, max: f64, sink: &mut DiagnosticCollector) -> Option<f64> {
        let NodeContent::Number(number) = &self.content else {
            self.wrong_type("a number", sink);
            return None;
        };
        let inside = number.as_f64().filter(|n| *n > 0.0 && *n <= max);
        if inside.is_none() {
            let message = format!("{number} is not above 0 and at most {max}");
            sink.report(OUT_OF_RANGE, &self.span, message);
        }
        inside
    }

    /// Returns the value paired with the word written here, ignoring case.
    pub fn read_keyword<T: Copy>(
        &self,
        words: &[(&str, T)],
        sink: &mut DiagnosticCollector,
    ) -> Option<T> {
        let text = self.read_text(sink)?;
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        if found.is_none() {
            let all = || words.iter().map(|(word, _)| *word);
            let message = format!("{} is not accepted here", quote(text));
            let problem = sink.report(BAD_WORD, &self.span, message);
            problem
                .label(format!("expected {}", list_of(all())))
                .with_suggestion(nearest(text, all()));
        }
        found.map(|(_, value)| *value)
    }

    /// Returns the items of a list.
    pub fn read_list(&self, what: &str, sink: &mut DiagnosticCollector) -> Option<&[Self]> {
        if let NodeContent::List(items) = &self.content {
            return Some(items);
        }
        self.wrong_type(what, sink);
        None
    }

    /// Returns the entries of a mapping.
    pub fn read_mapping(
        &self,
        what: &str,
        sink: &mut DiagnosticCollector,
    ) -> Option<&[MappingEntry]> {
        if let NodeContent::Map(entries) = &self.content {
            return Some(entries);
        }
        self.wrong_type(what, sink);
        None
    }
}
