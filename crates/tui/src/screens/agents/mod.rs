//! The agents screen and the detail of one agent.

pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod view;
