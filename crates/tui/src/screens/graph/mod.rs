//! The graph screen: tasks and their dependencies.

pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod view;
