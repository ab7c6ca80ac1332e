//! The configuration file: nested keys to dotted ones, each with its line and column.

use std::ops::Range;

use super::{RawSetting, SettingOrigin, SettingProblem};
use diag::{MappingEntry, NodeContent, SourceText, YamlDocument, YamlNode};

/// Looked for in the current folder when no other file is named.
pub const NAME: &str = "bellwether.yaml";

/// What a file gives, and what is wrong with it as a file. Whether keys and values make sense is
/// for [`super::resolve()`] to say. A key without a value gives nothing; a file of comments alone is sound.
#[must_use]
pub fn read_config_file(name: &str, text: &str) -> (Vec<RawSetting>, Vec<SettingProblem>) {
    let mut found = FileReader { given: Vec::new(), problems: Vec::new() };
    if text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
        return (found.given, found.problems);
    }
    match diag::parse(name, text).map(YamlDocument::into_parts) {
        Err(problems) => found.problems.extend(problems.iter().map(to_setting_problem)),
        Ok((root, sink)) => {
            let source = sink.source().clone();
            found.problems.extend(sink.into_problems().iter().map(to_setting_problem));
            found.walk("", &root.span, &root, &source);
        }
    }
    (found.given, found.problems)
}

struct FileReader {
    given: Vec<RawSetting>,
    problems: Vec<SettingProblem>,
}

impl FileReader {
    /// Takes the value of `key`, which stands at `span`, or everything below it. The nesting is
    /// as deep as `yaml::DEPTH_MAX` allows.
    fn walk(&mut self, key: &str, span: &Range<usize>, node: &YamlNode, source: &SourceText) {
        let text = match &node.content {
            NodeContent::Map(entries) => {
                for entry in entries {
                    self.walk(&nested_key(key, entry), &entry.key_span, &entry.value, source);
                }
                return;
            }
            NodeContent::Null => return,
            NodeContent::Bool(flag) => Some(flag.to_string()),
            NodeContent::Number(number) => Some(number.to_string()),
            NodeContent::Text(text) => Some(text.clone()),
            NodeContent::List(_) => None,
        };
        let (line, column) = source.line_column(span.start);
        let origin = SettingOrigin::File { name: source.name().to_string(), line, column };
        match text {
            Some(text) if !key.is_empty() => {
                self.given.push(RawSetting { key: key.into(), text, origin });
            }
            Some(_) | None => {
                let subject = if key.is_empty() { "the file".into() } else { diag::quote(key) };
                let wanted = if key.is_empty() { "lines `key: value`" } else { "one value" };
                let message = format!("{subject} is {}: expected {wanted}", node.kind());
                self.problems.push(SettingProblem { origin, message });
            }
        }
    }
}

/// The dotted key of an entry of `key`; at the top nothing stands before it.
fn nested_key(key: &str, entry: &MappingEntry) -> String {
    if key.is_empty() { entry.key.clone() } else { format!("{key}.{}", entry.key) }
}

fn to_setting_problem(problem: &diag::Diagnostic) -> SettingProblem {
    let (line, column) = (problem.place.line, problem.place.column);
    let help = problem.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let origin = SettingOrigin::File { name: problem.source_name().to_string(), line, column };
    SettingProblem { origin, message: format!("{}{help}", problem.message) }
}
