//! The order blotter.

pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod view;
