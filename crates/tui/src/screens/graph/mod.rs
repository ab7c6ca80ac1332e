//! The graph screen: tasks and their dependencies.

pub(crate) mod model;
pub(crate) mod view;
