//! The list of tasks: kept in order by what changed.

#[cfg(test)]
mod law;
mod tasks;

pub(super) use tasks::{TaskList, Width};
