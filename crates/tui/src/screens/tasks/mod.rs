//! The tasks screen.

pub(crate) mod view;
