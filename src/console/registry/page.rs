//! The registry in writing, for `bellwether keys`: a page, a table, JSON, and a keys file to edit.

use std::fmt::Write as _;

use serde_json::{Value, json as object};

use super::{Keymap, Keys, Row, Scope};
use crate::acting::Tier;

/// What stands between a key and its act, in the words of the help. A target may ask for more.
#[must_use]
pub(in crate::console) const fn guard(tier: Tier) -> &'static str {
    match tier {
        Tier::Look => "",
        Tier::Brake => "brake",
        Tier::Confirm => "asks y or n",
        Tier::Careful => "shows its plan",
        Tier::Grave => "plan, reason, phrase",
    }
}

/// Every key, where it holds, what it does and what stands before it, as Markdown.
#[must_use]
pub fn page(keymap: &Keymap) -> String {
    let mut page = String::from("# Keys\n");
    for scope in Scope::ALL {
        page.push_str("\n## ");
        page.push_str(scope.title());
        page.push_str("\n\n| key | action | does | guard |\n|---|---|---|---|\n");
        for (row, keys) in in_scope(keymap, scope) {
            let keys: Vec<_> =
                keys.iter().map(|keys| format!("`{}`", keys.label().replace('|', "\\|"))).collect();
            let (id, help, guard) = (row.id, row.help, guard(row.tier));
            // A String takes everything that is written to it; so below.
            let _ = writeln!(page, "| {} | `{id}` | {help} | {guard} |", keys.join(" "));
        }
    }
    page
}

/// The same for a terminal, with who says so where it is not the table.
#[must_use]
pub fn text(keymap: &Keymap) -> String {
    let mut text = format!("profile {}\n", keymap.profile().word());
    for scope in Scope::ALL {
        let _ = writeln!(text, "\n{}", scope.title());
        for (row, keys) in in_scope(keymap, scope) {
            let keys: Vec<_> = keys.iter().map(Keys::label).collect();
            let source = keymap.bound(row).map(|bound| bound.source.to_string());
            let source = source.filter(|source| source != "default table");
            let source = source.map(|source| format!("  [{source}]")).unwrap_or_default();
            let guard = match row.tier.word() {
                "" => String::new(),
                word => format!(" ({word})"),
            };
            let keys = if keys.is_empty() { format!(":{}", row.id) } else { keys.join("  ") };
            let _ = writeln!(text, "  {keys:20} {:18} {}{guard}{source}", row.id, row.help);
        }
    }
    text
}

/// One object per action.
#[must_use]
pub fn json(keymap: &Keymap) -> Value {
    let rows = keymap.all().map(|(row, bound)| {
        object!({
            "id": row.id,
            "scope": row.scope.title(),
            "keys": bound.keys.iter().map(Keys::label).collect::<Vec<_>>(),
            "source": bound.source.to_string(),
            "tier": row.tier.word(),
            "title": row.title,
            "help": row.help,
            "palette": row.offered(),
        })
    });
    object!({ "profile": keymap.profile().word(), "keys": rows.collect::<Vec<_>>() })
}

/// A keys file with every action, to take lines from. Read back, it means the same.
#[must_use]
pub fn yaml(keymap: &Keymap) -> String {
    let mut text = format!("profile: {}\nkeys:\n", keymap.profile().word());
    for scope in Scope::ALL {
        let _ = writeln!(text, "  # {}", scope.title());
        for (row, keys) in in_scope(keymap, scope) {
            // Quoted as JSON, which YAML reads: many keys are signs of YAML.
            let keys: Vec<_> = keys.iter().map(|keys| object!(keys.ascii()).to_string()).collect();
            let _ = writeln!(text, "  {}: [{}] # {}", row.id, keys.join(", "), row.help);
        }
    }
    text
}

fn in_scope(keymap: &Keymap, scope: Scope) -> impl Iterator<Item = (&'static Row, &[Keys])> {
    keymap.all().filter(move |(row, _)| row.scope == scope).map(|(row, b)| (row, &b.keys[..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::registry::{Profile, ROWS, read};

    #[test]
    fn every_writing_shows_every_row() {
        let keymap = Keymap::default();
        for written in [page(&keymap), text(&keymap), yaml(&keymap), json(&keymap).to_string()] {
            let lacks = |row: &&Row| !written.contains(row.help) || !written.contains(row.id);
            assert_eq!(ROWS.iter().find(lacks).map(|row| row.id), None);
        }
    }

    #[test]
    fn the_keys_file_that_is_printed_means_the_keys_it_was_printed_from() {
        for profile in Profile::ALL {
            let keymap = Keymap::of(profile);
            let back = read("keys.yaml", &yaml(&keymap), None).unwrap();
            let keys =
                |keymap: &Keymap| keymap.all().map(|(_, b)| b.keys.clone()).collect::<Vec<_>>();
            assert_eq!(keys(&back), keys(&keymap), "{profile:?}");
        }
    }
}
