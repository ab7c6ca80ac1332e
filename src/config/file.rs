//! The configuration file: nested keys to dotted ones, each with its line and column.

use super::{ConfigError, Given};

/// Looked for in the current folder when no other file is named.
pub const NAME: &str = "bellwether.yaml";

pub fn read(_name: &str, _text: &str) -> Result<Vec<Given>, ConfigError> {
    Ok(vec![])
}
