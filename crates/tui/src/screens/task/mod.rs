//! The detail of one task.

pub(crate) mod model;
