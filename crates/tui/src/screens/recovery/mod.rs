//! The recovery screen: decisions about each task after a crash.

pub(crate) mod model;
pub(crate) mod view;
