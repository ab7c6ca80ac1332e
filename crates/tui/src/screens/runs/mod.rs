//! The runs screen: recorded runs to open, replay or compare.

pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod view;
