//! The profiles: sets of keys for hands that know another program.
//!
//! A profile names the rows whose keys it sets; all others keep those of the table. What it gives a
//! key to, that key means: rows of the table lose the keys that would clash with it, and are found
//! in the palette if they have no other.

use super::{BindingSource, BoundKeys, KeySequence, Keymap, ROWS};

/// A set of keys to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum KeyProfile {
    /// The table.
    #[default]
    Default,
    /// As in vi: `g g`, `^f`, `Z Z`.
    Vim,
    /// No key with Control, for those who sit inside tmux or screen.
    NoCtrl,
    /// As in Emacs: `^n`, `A-v`, `^x ^c`.
    Emacs,
}

/// Rows and their keys.
type ProfileTable = &'static [(&'static str, &'static [&'static str])];

const VIM: ProfileTable = &[
    ("move.top", &["g g", "home"]),
    ("move.bottom", &["G", "end"]),
    ("move.page_down", &["pgdn", "ctrl-d", "ctrl-f"]),
    ("move.page_up", &["pgup", "ctrl-u", "ctrl-b"]),
    ("pane.next", &["tab", "g t", "ctrl-w w"]),
    ("pane.previous", &["backtab", "g T", "ctrl-w W"]),
    ("pane.zoom", &["+", "ctrl-w o"]),
    ("history.back", &["[", "ctrl-o"]),
    ("console.leave", &["q", "Z Z", "Z Q"]),
];

const NO_CTRL: ProfileTable = &[
    ("palette.open", &[";"]),
    ("anywhere.interrupt", &["f10"]),
    ("anywhere.redraw", &["f5"]),
    ("anywhere.suspend", &["f12"]),
];

const EMACS: ProfileTable = &[
    ("move.down", &["ctrl-n", "down", "j"]),
    ("move.up", &["ctrl-p", "up", "k"]),
    ("move.page_down", &["ctrl-v", "pgdn"]),
    ("move.page_up", &["alt-v", "pgup"]),
    ("move.top", &["alt-<", "home"]),
    ("move.bottom", &["alt->", "end"]),
    ("view.filter", &["ctrl-s", "/"]),
    ("go.back", &["ctrl-g", "esc", "left", "backspace"]),
    ("pane.next", &["tab", "ctrl-x o"]),
    ("pane.zoom", &["+", "ctrl-x 1"]),
    ("pane.unzoom", &["_", "ctrl-x 0"]),
    ("history.back", &["[", "ctrl-x left"]),
    ("history.forward", &["]", "ctrl-x right"]),
    ("history.last", &["-", "ctrl-x b"]),
    ("palette.open", &["alt-x"]),
    ("console.leave", &["ctrl-x ctrl-c", "q"]),
    ("dialog.next", &["tab", "right", "down", "ctrl-n", "ctrl-f"]),
    ("dialog.previous", &["backtab", "left", "up", "ctrl-p", "ctrl-b"]),
    ("dialog.close", &["esc", "ctrl-g", "q"]),
    ("text.next", &["tab", "down", "ctrl-n"]),
    ("text.previous", &["backtab", "up", "ctrl-p"]),
    ("text.close", &["esc", "ctrl-g"]),
    ("text.page_down", &["pgdn", "ctrl-v"]),
    ("text.page_up", &["pgup", "alt-v"]),
    ("command.older", &["up", "ctrl-p"]),
    ("command.newer", &["down", "ctrl-n"]),
    ("command.close", &["esc", "ctrl-g"]),
];

impl KeyProfile {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Default, Self::Vim, Self::NoCtrl, Self::Emacs];

    /// Its name in a keys file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Vim => "vim",
            Self::NoCtrl => "no-ctrl",
            Self::Emacs => "emacs",
        }
    }

    const fn table(self) -> ProfileTable {
        match self {
            Self::Default => &[],
            Self::Vim => VIM,
            Self::NoCtrl => NO_CTRL,
            Self::Emacs => EMACS,
        }
    }
}

/// The keys of a profile.
pub(super) fn profile_keymap(profile: KeyProfile) -> Keymap {
    let own = |id: &str| profile.table().iter().find(|(row, _)| *row == id);
    let read =
        |text: &&str| text.parse::<KeySequence>().expect("a test reads every key of every profile");
    let mut bound: Vec<BoundKeys> = ROWS
        .iter()
        .map(|row| {
            if let Some((_, keys)) = own(row.id) {
                let keys = keys.iter().map(read).collect();
                BoundKeys { keys, source: BindingSource::Profile(profile) }
            } else {
                let keys = row.chords.iter().copied().map(KeySequence::from).collect();
                BoundKeys { keys, source: BindingSource::Table }
            }
        })
        .collect();
    let taken: Vec<_> = ROWS
        .iter()
        .zip(&bound)
        .filter(|(_, bound)| bound.source != BindingSource::Table)
        .flat_map(|(row, bound)| bound.keys.iter().cloned().map(|keys| (row.scope, keys)))
        .collect();
    for (row, bound) in
        ROWS.iter().zip(&mut bound).filter(|(_, b)| b.source == BindingSource::Table)
    {
        bound.keys.retain(|keys| {
            let lost = taken
                .iter()
                .any(|(scope, other)| scope.overlaps(row.scope) && keys.conflicts_with(other));
            let control = keys.chords().iter().any(|chord| chord.holds_control());
            !(lost || control && profile == KeyProfile::NoCtrl)
        });
    }
    Keymap { profile, bound }
}

#[cfg(test)]
mod tests {
    use super::{super::keys_file, *};
    use crate::keymap::Binding;

    #[test]
    fn a_profile_names_rows_there_are_and_keys_there_are() {
        for profile in KeyProfile::ALL {
            for (id, keys) in profile.table() {
                assert!(Binding::by_id(id).is_some(), "{profile:?}: {id}");
                assert!(
                    keys.iter().all(|key| key.parse::<KeySequence>().is_ok()),
                    "{profile:?}: {id}"
                );
            }
        }
    }

    #[test]
    fn no_profile_gives_a_key_two_meanings_or_takes_the_halt_away() {
        for profile in KeyProfile::ALL {
            let keymap = Keymap::from_profile(profile);
            assert_eq!(keys_file::keymap_problems(&keymap), Vec::<String>::new(), "{profile:?}");
        }
    }

    #[test]
    fn in_every_profile_a_row_has_a_key_or_a_place_in_the_palette() {
        for profile in KeyProfile::ALL {
            let keymap = Keymap::from_profile(profile);
            for (row, bound) in keymap.bindings() {
                assert!(!bound.keys.is_empty() || row.is_offered(), "{profile:?}: {}", row.id);
            }
        }
    }

    #[test]
    fn every_profile_leaves_every_list_movable_and_every_dialog_closable() {
        let needed = ["move.down", "move.up", "dialog.close", "text.close", "help.open"];
        for profile in KeyProfile::ALL {
            let keymap = Keymap::from_profile(profile);
            for id in needed.iter().chain(&["command.open", "console.leave", "command.close"]) {
                let row = Binding::by_id(id).expect("a row of the table");
                assert!(!keymap.keys_of(row).is_empty(), "{profile:?}: {id}");
            }
        }
    }

    #[test]
    fn without_control_means_without_control() {
        let keymap = Keymap::from_profile(KeyProfile::NoCtrl);
        let all =
            keymap.bindings().flat_map(|(_, bound)| &bound.keys).flat_map(KeySequence::chords);
        let all: Vec<_> = all.collect();
        assert!(!all.iter().any(|chord| chord.holds_control()));
        assert!(all.len() > 50, "{}", all.len());
    }
}
