//! Everything a person can ask of the console, in one table, and which keys ask for it.
//!
//! Dispatcher, footer, help, palette, command line, `bellwether keys` and the checks of a keys file
//! all read [`ROWS`]; there is no second list.
mod keymap;
mod page;
mod row;
mod scope;
mod table;

pub use keymap::Keymap;
pub(super) use keymap::{tier, word};
pub use page::page;
pub use row::{Row, Tier};
pub use scope::Scope;
pub use table::ROWS;
