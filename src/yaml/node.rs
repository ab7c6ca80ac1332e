//! One value of a file with its place, and how to read it as what it should be.

use std::ops::{Range, RangeInclusive};

use serde_json::{Map, Number, Value};

use super::{
    BAD_WORD, CONTROL_CHARACTER, OUT_OF_RANGE, Sink, WRONG_TYPE, list_of,
    names::{nearest, shown, unsafe_on_screen},
};

/// One value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of the text; for a value left empty, those of its key.
    pub span: Range<usize>,
    /// The value.
    pub content: Content,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A finite number.
    Number(Number),
    /// Text, quoted or not. `yes`, `no` and `09:30` are text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file, no key twice.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Flag(_) => "true or false",
            Content::Number(_) => "a number",
            Content::Text(_) => "text",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
        }
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// The value without places.
    #[must_use]
    pub fn json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Flag(flag) => Value::Bool(*flag),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => Value::Array(items.iter().map(Self::json).collect()),
            Content::Map(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.json()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// Notes that `what` was expected here.
    pub fn wrong_type(&self, what: &str, sink: &mut Sink) {
        let found = self.kind();
        let problem =
            sink.report(WRONG_TYPE, &self.span, format!("expected {what}, found {found}"));
        problem.label(found);
        if what == "text" && matches!(self.content, Content::Flag(_) | Content::Number(_)) {
            problem.help("put it in quotes if it is meant as text");
        }
    }

    /// The text, if it is one that may be shown on a screen.
    pub fn text(&self, sink: &mut Sink) -> Option<&str> {
        let Content::Text(text) = &self.content else {
            self.wrong_type("text", sink);
            return None;
        };
        if let Some(c) = text.chars().find(|c| unsafe_on_screen(*c)) {
            let message =
                format!("{} holds the control character U+{:04X}", shown(text), u32::from(c));
            sink.report(CONTROL_CHARACTER, &self.span, message).help("take it out");
            return None;
        }
        Some(text)
    }

    /// Text or a number as it would be written, for values like `300` and `5m`.
    pub fn plain(&self, what: &str, sink: &mut Sink) -> Option<String> {
        match &self.content {
            Content::Number(number) => Some(number.to_string()),
            Content::Text(_) => self.text(sink).map(Into::into),
            Content::Null | Content::Flag(_) | Content::List(_) | Content::Map(_) => {
                self.wrong_type(what, sink);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self, sink: &mut Sink) -> Option<bool> {
        if let Content::Flag(flag) = self.content {
            return Some(flag);
        }
        self.wrong_type("`true` or `false`", sink);
        None
    }

    /// A whole number in `range`.
    pub fn whole(&self, range: RangeInclusive<u32>, sink: &mut Sink) -> Option<u32> {
        let Content::Number(number) = &self.content else {
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

    /// A number above zero and at most `max`.
    pub fn above_zero(&self, max: f64, sink: &mut Sink) -> Option<f64> {
        let Content::Number(number) = &self.content else {
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

    /// The value that goes with the word written here; case does not matter.
    pub fn word<T: Copy>(&self, words: &[(&str, T)], sink: &mut Sink) -> Option<T> {
        let text = self.text(sink)?;
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        if found.is_none() {
            let all = || words.iter().map(|(word, _)| *word);
            let message = format!("{} is not accepted here", shown(text));
            let problem = sink.report(BAD_WORD, &self.span, message);
            problem.label(format!("expected {}", list_of(all()))).suggest(nearest(text, all()));
        }
        found.map(|(_, value)| *value)
    }

    /// The items of a list.
    pub fn list(&self, what: &str, sink: &mut Sink) -> Option<&[Self]> {
        if let Content::List(items) = &self.content {
            return Some(items);
        }
        self.wrong_type(what, sink);
        None
    }

    /// The entries of a mapping.
    pub fn map(&self, what: &str, sink: &mut Sink) -> Option<&[Entry]> {
        if let Content::Map(entries) = &self.content {
            return Some(entries);
        }
        self.wrong_type(what, sink);
        None
    }
}
