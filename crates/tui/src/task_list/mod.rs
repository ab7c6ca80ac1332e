//! The list of tasks: kept in order by what changed.

mod list;
#[cfg(test)]
mod properties;

pub(super) use list::{ColumnSet, TaskList};
