//! The dry-run screen: the day as simulated beforehand.

pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod view;
