//! The pulse screen and the wall display.

pub(crate) mod view;
