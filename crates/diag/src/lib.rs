//! YAML text in, a tree of values with their places in the text out, or every problem found.
//!
//! The only folder that names a YAML crate. `serde_yaml` says what a value is, `saphyr-parser`
//! where it stands. Readers of a file walk the tree with [`Fields`] and put what they dislike
//! into a [`Sink`], so that a person sees all problems of a file at once and not the first.

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
pub use text::{list_of, nearest, quote, safe_name};
