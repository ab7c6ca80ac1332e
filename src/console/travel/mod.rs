//! Looking back: a run as it was at any of its moments, while the live one goes on underneath.

mod go;
mod kept;
mod record;
mod rehearsed;
mod still;

pub(super) use go::{go, live, open, refuses, tick};
pub(super) use kept::{Key, Kind, Travel};
pub use record::Record;
pub use rehearsed::Rehearsed;
pub(super) use still::{Of, Still};
