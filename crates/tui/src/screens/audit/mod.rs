//! The audit trail screen.

pub(crate) mod model;
pub(crate) mod view;
