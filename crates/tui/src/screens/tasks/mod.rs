//! The tasks screen.

pub(crate) mod list;
pub(crate) mod view;
