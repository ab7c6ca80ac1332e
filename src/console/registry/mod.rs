//! Everything a person can ask of the console, in one table, and which keys ask for it.
//!
//! Dispatcher, footer, help, palette, command line, `bellwether keys` and the checks of a keys file
//! all read [`ROWS`]; there is no second list.
mod about;
mod keymap;
mod keys;
mod page;
mod profile;
mod remap;
mod row;
mod scope;
mod table;

pub use about::about;
pub(super) use keymap::word;
pub use keymap::{Bound, Found, Keymap, Source};
pub use keys::Keys;
pub(super) use page::guard;
pub use page::{json, page, text, yaml};
pub use profile::Profile;
pub use remap::{CODES, read};
pub use row::Row;
pub use scope::Scope;
pub use table::ROWS;
