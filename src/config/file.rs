//! The configuration file: nested keys to dotted ones, each with its line and column.

use std::ops::Range;

use super::{Given, Origin, Problem};
use crate::yaml::{self, Content, Document, Entry, Node, Source};

/// Looked for in the current folder when no other file is named.
pub const NAME: &str = "bellwether.yaml";

/// What a file gives, and what is wrong with it as a file. Whether keys and values make sense is
/// for [`super::resolve()`] to say. A key without a value gives nothing; a file of comments alone is sound.
#[must_use]
pub fn read(name: &str, text: &str) -> (Vec<Given>, Vec<Problem>) {
    let mut found = Found { given: Vec::new(), problems: Vec::new() };
    if text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
        return (found.given, found.problems);
    }
    match yaml::parse(name, text).map(Document::into_parts) {
        Err(problems) => found.problems.extend(problems.iter().map(told)),
        Ok((root, sink)) => {
            let source = sink.source().clone();
            found.problems.extend(sink.into_problems().iter().map(told));
            found.walk("", &root.span, &root, &source);
        }
    }
    (found.given, found.problems)
}

struct Found {
    given: Vec<Given>,
    problems: Vec<Problem>,
}

impl Found {
    /// Takes the value of `key`, which stands at `span`, or everything below it. The nesting is
    /// as deep as [`yaml::DEPTH_MAX`] allows.
    fn walk(&mut self, key: &str, span: &Range<usize>, node: &Node, source: &Source) {
        let text = match &node.content {
            Content::Map(entries) => {
                for entry in entries {
                    self.walk(&below(key, entry), &entry.key_span, &entry.value, source);
                }
                return;
            }
            Content::Null => return,
            Content::Flag(flag) => Some(flag.to_string()),
            Content::Number(number) => Some(number.to_string()),
            Content::Text(text) => Some(text.clone()),
            Content::List(_) => None,
        };
        let (line, column) = source.line_column(span.start);
        let origin = Origin::File { name: source.name().to_string(), line, column };
        match text {
            Some(text) if !key.is_empty() => {
                self.given.push(Given { key: key.into(), text, origin });
            }
            Some(_) | None => {
                let subject = if key.is_empty() { "the file".into() } else { yaml::shown(key) };
                let wanted = if key.is_empty() { "lines `key: value`" } else { "one value" };
                let message = format!("{subject} is {}: expected {wanted}", node.kind());
                self.problems.push(Problem { origin, message });
            }
        }
    }
}

/// The dotted key of an entry of `key`; at the top nothing stands before it.
fn below(key: &str, entry: &Entry) -> String {
    if key.is_empty() { entry.key.clone() } else { format!("{key}.{}", entry.key) }
}

fn told(problem: &yaml::Problem) -> Problem {
    let (line, column) = (problem.place.line, problem.place.column);
    let help = problem.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let origin = Origin::File { name: problem.file().to_string(), line, column };
    Problem { origin, message: format!("{}{help}", problem.message) }
}
