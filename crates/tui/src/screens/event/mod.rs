//! The detail of one event.

pub(crate) mod model;
