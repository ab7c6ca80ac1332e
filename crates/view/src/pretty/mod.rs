//! JSON for reading: indented, foldable by depth, safe for a terminal line by line.

mod print;

pub use print::{DEPTH_MAX, LINES_MAX, PrettyLine, plain_lines, pretty_lines};
