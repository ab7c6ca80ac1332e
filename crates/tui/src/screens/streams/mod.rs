//! The event and log screens.

pub(crate) mod view;
