//! In whose time a moment is shown: the market's, UTC, the operator's own, or how long ago.

mod style;

pub use style::{LocalOffset, TimeFormat, TimeStyle};
