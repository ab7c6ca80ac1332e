//! Functions that turn bytes into a YAML document: size, encoding, syntax, and two parsers that
//! must agree.

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::{
    Diagnostic, DiagnosticCollector, FILE_BYTES_MAX, NodeContent, SourceText, WRONG_TYPE, YamlNode,
    code,
    tree_builder::{build_tree, report_syntax_error},
};

/// A parsed YAML file with the problems found so far.
#[derive(Debug)]
pub struct YamlDocument {
    root: YamlNode,
    sink: DiagnosticCollector,
}

impl YamlDocument {
    /// Returns the outermost value.
    #[must_use]
    pub fn root(&self) -> &YamlNode {
        &self.root
    }

    /// Returns the outermost value and the collector with the problems found so far.
    #[must_use]
    pub fn into_parts(self) -> (YamlNode, DiagnosticCollector) {
        (self.root, self.sink)
    }
}

/// Decodes the bytes of a file as text.
///
/// # Errors
///
/// A single problem: the file is too large, or not UTF-8.
pub fn text_of(source_name: &str, bytes: &[u8]) -> Result<String, Vec<Diagnostic>> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(vec![too_large(source_name, bytes.len())]);
    }
    str::from_utf8(bytes).map(Into::into).map_err(|error| {
        let (sound, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
        // Only the valid part can be shown in the message.
        let source = SourceText::new(source_name, &String::from_utf8_lossy(sound));
        let at = source.text().len();
        let byte = rest.first().copied().unwrap_or(0);
        let message = format!("the file is not UTF-8: byte 0x{byte:02X} has no meaning here");
        let mut problem = Diagnostic::new(code::NOT_UTF8, &source, &(at..at), message);
        problem.with_help("save it as UTF-8");
        vec![problem]
    })
}

/// Parses `text`, called `source_name` in messages.
///
/// # Errors
///
/// Every problem found, if no value results. Problems that leave a usable value (such as a repeated
/// key) are in the collector returned by [`YamlDocument::into_parts`].
pub fn parse(source_name: &str, text: &str) -> Result<YamlDocument, Vec<Diagnostic>> {
    if text.len() > FILE_BYTES_MAX {
        return Err(vec![too_large(source_name, text.len())]);
    }
    let source = SourceText::new(source_name, text);
    let mut sink = DiagnosticCollector::new(&source);
    control_characters(&source, &mut sink);
    if sink.has_errors() {
        return Err(sink.into_problems());
    }
    let root = build_tree(&source, &mut sink);
    let root = match root {
        Some(root) if !root.is_null() => root,
        Some(_) | None => {
            if !sink.has_errors() {
                sink.report(code::EMPTY, &(0..0), "the file is empty".into());
            }
            return Err(sink.into_problems());
        }
    };
    if !sink.has_errors() {
        second_reading(&source, &root, &mut sink);
    }
    Ok(YamlDocument { root, sink })
}

/// Deserializes `text` into a type that implements `Deserialize`.
///
/// # Errors
///
/// Every YAML problem of the text; otherwise the first reason for which it is not a `T`, with its
/// position. Files written by hand are better read with [`MappingReader`](super::MappingReader),
/// which reports all problems.
pub fn deserialize<T: DeserializeOwned>(
    source_name: &str,
    text: &str,
) -> Result<T, Vec<Diagnostic>> {
    let (root, mut sink) = parse(source_name, text)?.into_parts();
    if sink.has_errors() {
        return Err(sink.into_problems());
    }
    // The JSON tree is not used here, because its deserializer accepts a list for a struct.
    let source = SourceText::new(source_name, text);
    serde_yaml::from_str(source.text()).map_err(|error| {
        let (at, message) = error_position(&source, &error);
        let span = if at == 0 { root.span.clone() } else { at..at };
        sink.report(WRONG_TYPE, &span, message);
        sink.into_problems()
    })
}

/// Returns the position of a `serde_yaml` error and its message without the position.
fn error_position(source: &SourceText, error: &serde_yaml::Error) -> (usize, String) {
    let at = error.location().map_or(0, |place| source.byte_offset(place.line(), place.column()));
    let text = error.to_string();
    (at, text.split(" at line ").next().unwrap_or(&text).to_owned())
}

fn too_large(name: &str, bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; at most {FILE_BYTES_MAX} are read");
    let mut problem =
        Diagnostic::new(code::TOO_LARGE, &SourceText::new(name, ""), &(0..0), message);
    problem.with_help("split it: overlays are files of their own");
    problem
}

/// Refuses raw control characters, which are never intended and which parsers treat differently:
/// one takes NUL for the end of the file, another U+0085 for the end of a line.
fn control_characters(source: &SourceText, sink: &mut DiagnosticCollector) {
    let odd = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    for (at, c) in source.text().char_indices().filter(|(_, c)| odd(c)) {
        let message = format!("the file has the control character U+{:04X}", u32::from(c));
        sink.report(code::RAW_CONTROL, &(at..at + c.len_utf8()), message).with_help("remove it");
    }
}

/// Parses the whole text with `serde_yaml` too and refuses the file if the results differ. A file
/// that two parsers read differently could order one thing here and another in a desk's script.
fn second_reading(source: &SourceText, root: &YamlNode, sink: &mut DiagnosticCollector) {
    match serde_yaml::from_str::<Value>(source.text()) {
        Ok(value) => {
            if let Some(node) = differs(root, &value) {
                let message = "two YAML parsers read this differently".into();
                sink.report(code::SYNTAX, &node.span, message)
                    .with_help("write it in simpler YAML");
            }
        }
        Err(error) => {
            let (at, info) = error_position(source, &error);
            report_syntax_error(source, at, &info, sink);
        }
    }
}

/// Returns the first value on which the two parsers differ.
fn differs<'n>(node: &'n YamlNode, value: &Value) -> Option<&'n YamlNode> {
    match (&node.content, value) {
        (NodeContent::List(items), Value::Sequence(values)) if items.len() == values.len() => {
            items.iter().zip(values).find_map(|(item, value)| differs(item, value))
        }
        (NodeContent::Map(entries), Value::Mapping(pairs)) if entries.len() == pairs.len() => {
            entries.iter().zip(pairs).find_map(|(entry, (key, value))| {
                // A key such as `2024` is text here and a number for `serde_yaml`.
                let same = key.as_str().is_none_or(|key| key == entry.key);
                if same { differs(&entry.value, value) } else { Some(&entry.value) }
            })
        }
        (NodeContent::Null, Value::Null) => None,
        (NodeContent::Bool(a), Value::Bool(b)) if a == b => None,
        (NodeContent::Text(a), Value::String(b)) if a == b => None,
        (NodeContent::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        _ => Some(node),
    }
}
