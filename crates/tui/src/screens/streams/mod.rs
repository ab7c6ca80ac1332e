//! The event and log screens.

pub(crate) mod list;
pub(crate) mod view;
