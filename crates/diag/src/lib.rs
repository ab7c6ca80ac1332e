//! Reads YAML into located values and reports every problem with file, line and column.
//!
//! This crate must never know what a file means, nor any other crate of the workspace. It is the
//! only crate that depends on a YAML library: `serde_yaml` decides the value of a scalar,
//! `saphyr-parser` its position. Callers walk the tree with [`MappingReader`] and report problems
//! to a [`DiagnosticCollector`], so that an operator sees all problems of a file at once instead of
//! only the first.

mod code;
mod collector;
mod diagnostic;
mod limits;
mod mapping;
mod node;
mod parse;
mod render;
mod scalar;
mod source;
mod text;
mod tree_builder;

pub use code::{BAD_WORD, CONTROL_CHARACTER, MISSING_KEY, OUT_OF_RANGE, UNKNOWN_KEY, WRONG_TYPE};
pub use code::{CODES, DiagnosticCode};
pub use collector::DiagnosticCollector;
pub use diagnostic::{Diagnostic, DiagnosticSeverity, RelatedSpan, SourceSpan};
pub use limits::{DEPTH_MAX, FILE_BYTES_MAX, NODES_MAX};
pub use mapping::MappingReader;
pub use node::{MappingEntry, NodeContent, YamlNode};
pub use parse::{YamlDocument, deserialize, parse, text_of};
pub use render::{RenderStyle, render};
pub use source::SourceText;
pub use text::{is_unsafe_char, list_of, nearest, quote, safe_name};
