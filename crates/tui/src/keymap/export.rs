//! The registry in writing, for `bellwether keys`: a page, a table, JSON, and a keys file to edit.

use std::fmt::Write as _;

use serde_json::{Value, json as object};

use super::{Binding, KeyScope, KeySequence, Keymap};
use engine::control::RiskTier;

/// What stands between a key and its act, in the words of the help. A target may ask for more.
#[must_use]
pub(crate) const fn guard_text(tier: RiskTier) -> &'static str {
    match tier {
        RiskTier::View => "",
        RiskTier::Brake => "brake",
        RiskTier::Confirm => "y/n",
        RiskTier::Review => "preview, reason",
        RiskTier::HighRisk => "preview, reason, typed phrase",
    }
}

/// Every key, where it holds, what it does and what stands before it, as Markdown.
#[must_use]
pub fn markdown_page(keymap: &Keymap) -> String {
    let mut page = String::from("# Keys\n");
    for scope in KeyScope::ALL {
        page.push_str("\n## ");
        page.push_str(scope.title());
        page.push_str("\n\n| key | action | does | guard |\n|---|---|---|---|\n");
        for (row, keys) in in_scope(keymap, scope) {
            let keys: Vec<_> =
                keys.iter().map(|keys| format!("`{}`", keys.label().replace('|', "\\|"))).collect();
            let (id, help, guard) = (row.id, row.help, guard_text(row.tier));
            // A String takes everything that is written to it; so below.
            let _ = writeln!(page, "| {} | `{id}` | {help} | {guard} |", keys.join(" "));
        }
    }
    page
}

/// The same for a terminal, with who says so where it is not the table.
#[must_use]
pub fn text_page(keymap: &Keymap) -> String {
    let mut text = format!("profile {}\n", keymap.profile().as_str());
    for scope in KeyScope::ALL {
        let _ = writeln!(text, "\n{}", scope.title());
        for (row, keys) in in_scope(keymap, scope) {
            let keys: Vec<_> = keys.iter().map(KeySequence::label).collect();
            let source = keymap.bound_keys(row).map(|bound| bound.source.to_string());
            let source = source.filter(|source| source != "default table");
            let source = source.map(|source| format!("  [{source}]")).unwrap_or_default();
            let guard = match row.tier.as_str() {
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
pub fn to_json(keymap: &Keymap) -> Value {
    let rows = keymap.bindings().map(|(row, bound)| {
        object!({
            "id": row.id,
            "scope": row.scope.title(),
            "keys": bound.keys.iter().map(KeySequence::label).collect::<Vec<_>>(),
            "source": bound.source.to_string(),
            "tier": row.tier.as_str(),
            "title": row.title,
            "help": row.help,
            "palette": row.is_offered(),
        })
    });
    object!({ "profile": keymap.profile().as_str(), "keys": rows.collect::<Vec<_>>() })
}

/// A keys file with every action, to take lines from. Read back, it means the same.
#[must_use]
pub fn keys_file_yaml(keymap: &Keymap) -> String {
    let mut text = format!("profile: {}\nkeys:\n", keymap.profile().as_str());
    for scope in KeyScope::ALL {
        let _ = writeln!(text, "  # {}", scope.title());
        for (row, keys) in in_scope(keymap, scope) {
            // Quoted as JSON, which YAML reads: many keys are signs of YAML.
            let keys: Vec<_> =
                keys.iter().map(|keys| object!(keys.ascii_label()).to_string()).collect();
            let _ = writeln!(text, "  {}: [{}] # {}", row.id, keys.join(", "), row.help);
        }
    }
    text
}

fn in_scope(
    keymap: &Keymap,
    scope: KeyScope,
) -> impl Iterator<Item = (&'static Binding, &[KeySequence])> {
    keymap.bindings().filter(move |(row, _)| row.scope == scope).map(|(row, b)| (row, &b.keys[..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::{KeyProfile, ROWS, read_keys_file};

    #[test]
    fn every_writing_shows_every_row() {
        let keymap = Keymap::default();
        for written in [
            markdown_page(&keymap),
            text_page(&keymap),
            keys_file_yaml(&keymap),
            to_json(&keymap).to_string(),
        ] {
            let lacks = |row: &&Binding| !written.contains(row.help) || !written.contains(row.id);
            assert_eq!(ROWS.iter().find(lacks).map(|row| row.id), None);
        }
    }

    #[test]
    fn the_keys_file_that_is_printed_means_the_keys_it_was_printed_from() {
        for profile in KeyProfile::ALL {
            let keymap = Keymap::from_profile(profile);
            let back = read_keys_file("keys.yaml", &keys_file_yaml(&keymap), None).unwrap();
            let keys = |keymap: &Keymap| {
                keymap.bindings().map(|(_, b)| b.keys.clone()).collect::<Vec<_>>()
            };
            assert_eq!(keys(&back), keys(&keymap), "{profile:?}");
        }
    }
}
