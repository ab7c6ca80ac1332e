//! From bytes to a document: size, encoding, syntax, and two readers that must agree.

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::{
    Content, FILE_BYTES_MAX, Node, Problem, Sink, Source, WRONG_TYPE, code,
    events::{syntax, tree},
};

/// A file that is YAML, with what is already known to be wrong with it.
#[derive(Debug)]
pub struct Document {
    root: Node,
    sink: Sink,
}

impl Document {
    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The outermost value, and the sink in which the problems found so far already are.
    #[must_use]
    pub fn into_parts(self) -> (Node, Sink) {
        (self.root, self.sink)
    }
}

/// Makes text of the bytes of a file.
///
/// # Errors
///
/// The one problem that stands against reading it: too large, or not UTF-8.
pub fn text_of(source_name: &str, bytes: &[u8]) -> Result<String, Vec<Problem>> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(vec![too_large(source_name, bytes.len())]);
    }
    str::from_utf8(bytes).map(Into::into).map_err(|error| {
        let (sound, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
        // The sound part is shown; what follows cannot be.
        let source = Source::new(source_name, &String::from_utf8_lossy(sound));
        let at = source.text().len();
        let byte = rest.first().copied().unwrap_or(0);
        let message = format!("the file is not UTF-8: byte 0x{byte:02X} has no meaning here");
        let mut problem = Problem::new(code::NOT_UTF8, &source, &(at..at), message);
        problem.help("save it as UTF-8");
        vec![problem]
    })
}

/// Reads `text`, called `source_name` in messages.
///
/// # Errors
///
/// Every problem found, when there is no value to go on with. Problems that leave a value (a key
/// given twice) are in the sink of [`Document::into_parts`].
pub fn parse(source_name: &str, text: &str) -> Result<Document, Vec<Problem>> {
    if text.len() > FILE_BYTES_MAX {
        return Err(vec![too_large(source_name, text.len())]);
    }
    let source = Source::new(source_name, text);
    let mut sink = Sink::new(&source);
    control_characters(&source, &mut sink);
    if sink.failed() {
        return Err(sink.into_problems());
    }
    let root = tree(&source, &mut sink);
    let root = match root {
        Some(root) if !root.is_null() => root,
        Some(_) | None => {
            if !sink.failed() {
                sink.report(code::EMPTY, &(0..0), "the file is empty".into());
            }
            return Err(sink.into_problems());
        }
    };
    if !sink.failed() {
        second_reading(&source, &root, &mut sink);
    }
    Ok(Document { root, sink })
}

/// Reads `text` into a type that knows by itself how it is written.
///
/// # Errors
///
/// Every problem of the text as YAML; or else the first reason why it is no `T`, which is shown at
/// the head of the file, as the type does not say where it stopped. Read with [`Fields`](super::Fields)
/// what people write by hand.
pub fn read<T: DeserializeOwned>(source_name: &str, text: &str) -> Result<T, Vec<Problem>> {
    let (root, mut sink) = parse(source_name, text)?.into_parts();
    if sink.failed() {
        return Err(sink.into_problems());
    }
    serde_json::from_value(root.json()).map_err(|error| {
        sink.report(WRONG_TYPE, &root.span, error.to_string());
        sink.into_problems()
    })
}

fn too_large(name: &str, bytes: usize) -> Problem {
    let message = format!("the file has {bytes} bytes; at most {FILE_BYTES_MAX} are read");
    let mut problem = Problem::new(code::TOO_LARGE, &Source::new(name, ""), &(0..0), message);
    problem.help("split it: overlays are files of their own");
    problem
}

/// A raw control character is never meant: one parser takes NUL for the end of the file, another
/// U+0085 for the end of a line.
fn control_characters(source: &Source, sink: &mut Sink) {
    let odd = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    for (at, c) in source.text().char_indices().filter(|(_, c)| odd(c)) {
        let message = format!("the control character U+{:04X} stands in the file", u32::from(c));
        sink.report(code::RAW_CONTROL, &(at..at + c.len_utf8()), message).help("take it out");
    }
}

/// Lets `serde_yaml` read the whole text too. A file two readers understand differently could
/// order one thing on this screen and another in somebody's script: it is refused.
fn second_reading(source: &Source, root: &Node, sink: &mut Sink) {
    match serde_yaml::from_str::<Value>(source.text()) {
        Ok(value) => {
            if let Some(node) = differs(root, &value) {
                let message = "two readers of YAML understand this differently".into();
                sink.report(code::SYNTAX, &node.span, message).help("write it more plainly");
            }
        }
        Err(error) => {
            let at =
                error.location().map_or(0, |place| source.offset(place.line(), place.column()));
            let text = error.to_string();
            let info = text.split(" at line ").next().unwrap_or(&text);
            syntax(source, at, info, sink);
        }
    }
}

/// The first value on which the two readings differ.
fn differs<'n>(node: &'n Node, value: &Value) -> Option<&'n Node> {
    match (&node.content, value) {
        (Content::List(items), Value::Sequence(values)) if items.len() == values.len() => {
            items.iter().zip(values).find_map(|(item, value)| differs(item, value))
        }
        (Content::Map(entries), Value::Mapping(pairs)) if entries.len() == pairs.len() => {
            entries.iter().zip(pairs).find_map(|(entry, (key, value))| {
                // A key such as `2024` is text to us and a number to the other.
                let same = key.as_str().is_none_or(|key| key == entry.key);
                if same { differs(&entry.value, value) } else { Some(&entry.value) }
            })
        }
        (Content::Null, Value::Null) => None,
        (Content::Flag(a), Value::Bool(b)) if a == b => None,
        (Content::Text(a), Value::String(b)) if a == b => None,
        (Content::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        _ => Some(node),
    }
}
