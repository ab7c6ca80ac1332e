//! YAML text in, a tree of values with their places in the text out, or every problem found.
//!
//! The only folder that names a YAML crate. `serde_yaml` says what a value is, `saphyr-parser`
//! where it stands. Readers of a file walk the tree with [`Fields`] and put what they dislike
//! into a [`Sink`], so that a person sees all problems of a file at once and not the first.

mod code;
mod events;
mod fields;
mod limits;
mod names;
mod node;
mod parse;
mod problem;
mod render;
mod scalar;
mod sink;
mod source;

pub use code::{BAD_WORD, CONTROL_CHARACTER, MISSING_KEY, OUT_OF_RANGE, UNKNOWN_KEY, WRONG_TYPE};
pub use code::{CODES, Code};
pub use fields::Fields;
pub use limits::{DEPTH_MAX, FILE_BYTES_MAX, NODES_MAX};
pub use names::{list_of, nearest, safe_name, shown};
pub use node::{Content, Entry, Node};
pub use parse::{Document, parse, read, text_of};
pub use problem::{Place, Problem, Related, Severity};
pub use render::{Look, render};
pub use sink::Sink;
pub use source::Source;
