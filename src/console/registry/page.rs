//! The registry as a page of Markdown, for `bellwether keys` and `assets/keys.md`.

use super::{Keymap, ROWS, Scope};

/// Every key, where it holds, what it does and what stands before it.
#[must_use]
pub fn page(keymap: &Keymap) -> String {
    let mut page = String::from("# Keys\n");
    for scope in Scope::ALL {
        page.push_str("\n## ");
        page.push_str(scope.title());
        page.push_str("\n\n| key | action | does | guard |\n|---|---|---|---|\n");
        for row in ROWS.iter().filter(|row| row.scope == scope) {
            let keys: Vec<_> =
                keymap.chords(row).iter().map(|chord| format!("`{}`", chord.label())).collect();
            let (id, help, guard) = (row.id, row.help, row.tier.word());
            let line = format!("| {} | `{id}` | {help} | {guard} |\n", keys.join(" "));
            page.push_str(&line);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_keys_shows_every_row() {
        let page = page(&Keymap::default());
        assert!(ROWS.iter().all(|row| page.contains(row.help)), "{page}");
    }
}
