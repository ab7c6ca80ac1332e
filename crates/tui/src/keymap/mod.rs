//! Everything a person can ask of the console, in one table, and which keys ask for it.
//!
//! Dispatcher, footer, help, palette, command line, `bellwether keys` and the checks of a keys file
//! all read [`ROWS`]; there is no second list.

mod binding;
mod export;
mod key_sequence;
#[expect(clippy::module_inception, reason = "it holds the type `Keymap`")]
mod keymap;
mod keys_file;
mod profile;
mod scope;
mod screen_help;
mod table;

pub use binding::Binding;
pub(super) use export::guard_text;
pub use export::{keys_file_yaml, markdown_page, text_page, to_json};
pub use key_sequence::KeySequence;
pub(super) use keymap::action_title;
pub use keymap::{BindingSource, BoundKeys, KeyMatch, Keymap};
pub use keys_file::{CODES, read_keys_file};
pub use profile::KeyProfile;
pub use scope::KeyScope;
pub use screen_help::screen_help;
pub use table::ROWS;
